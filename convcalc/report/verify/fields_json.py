"""JSON of `verify --receptive-field`, schema ``convcalc/receptive-field/1``."""

from typing import Any

from convcalc.report.drawing.encode import encoded, head
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.verify.view import axis_of, number
from convcalc.verify.observed_fields import Field, Fields

SCHEMA = "convcalc/receptive-field/1"


def render(found: Fields, palette: Palette = PLAIN) -> str:
    """Every field, and for each output the input positions that moved it."""
    network = found.analysis.network
    first = {
        **head(SCHEMA, network),
        "agrees": found.agrees,
        "input": list(network.steps[0].output or ()),
    }
    entries = ",\n  ".join(encoded(_entry(found, one)) for one in found.fields)
    return f'{encoded(first)[:-1]},\n "fields": [\n  {entries}]}}\n'


def _entry(found: Fields, one: Field) -> dict[str, Any]:
    return {
        "layer": one.layer,
        "axis": axis_of(found, one),
        "predicted": {
            "size": one.receptive_field.size,
            "stride": number(one.receptive_field.stride),
            "padding": number(one.receptive_field.padding),
            **({"estimated": True} if one.receptive_field.is_estimate else {}),
        },
        "observed": {
            "size": one.largest,
            "outputs": [None if seen is None else list(seen) for seen in one.seen],
        },
        "whole": len(one.whole) if one.comparable else None,
        "judged": one.comparable,
        "agrees": not one.faults,
        "faults": list(one.faults),
    }

"""`verify --receptive-field`: text, and JSON of schema ``convcalc/receptive-field/1``."""

from typing import Any

from convcalc import __version__
from convcalc.layers.base import Rational
from convcalc.report.drawing.columns import Column, lay_out
from convcalc.report.drawing.encode import encoded
from convcalc.report.drawing.palette import Palette
from convcalc.shapes import axis_names, written
from convcalc.verify.fields import Field, Fields

SCHEMA = "convcalc/receptive-field/1"

_COLUMNS = (
    Column("layer"),
    Column("axis"),
    Column("predicted", right=True),
    Column("stride", right=True),
    Column("padding", right=True),
    Column("observed", right=True),
    Column("", rank=1),
    Column("outputs", right=True),
    Column("whole field", right=True),
)
_SHOWN = 5  #: faults of one axis that are told


def fields_text(found: Fields, palette: Palette) -> str:
    """A line an axis of each layer, then what differs."""
    network = found.analysis.network
    name = palette.paint(network.name or network.source.path, "title")
    shape = written(network.steps[0].output or ())
    mark = "\u2713" if palette.unicode else "ok"
    rows = [
        (
            one.layer,
            _axis(found, one),
            str(one.receptive_field.size),
            _number(one.receptive_field.stride),
            _number(one.receptive_field.padding),
            str(one.largest),
            "differs" if one.faults else mark if one.judged else "about",
            str(len(one.seen)),
            str(len(one.whole)) if one.judged else "?",
        )
        for one in found.fields
    ]
    lines = [f"{name}  input {shape}, lit place by place", "", *lay_out(_COLUMNS, rows, palette)]
    lines += [""]
    for one in found.fields:
        head = palette.paint(f"{one.layer}, {_axis(found, one)}", "error")
        lines += [f"{head}: {fault}" for fault in one.faults[:_SHOWN]]
        more = len(one.faults) - _SHOWN
        lines += [f"{head}: {more} more outputs differ"] if more > 0 else []
    if found.agrees:
        lines.append(
            "No output moves with an input outside its field, and every end of a field that"
        )
        lines.append("lies inside the input moves it.")
    cut = [one for one in found.fields if one.judged and not one.whole]
    if cut:
        lines.append(f"Every field of {cut[0].layer} reaches over the border of this input: the")
        lines.append("whole of it shows at a larger --input.")
    return "\n".join(lines) + "\n"


def fields_json(found: Fields) -> str:
    """Every field, and for each output the input positions that moved it."""
    network = found.analysis.network
    head = {
        "schema": SCHEMA,
        "convcalc": __version__,
        "name": network.name,
        "path": network.source.path,
        "agrees": found.agrees,
        "input": list(network.steps[0].output or ()),
    }
    entries = ",\n  ".join(encoded(_entry(found, one)) for one in found.fields)
    return f'{encoded(head)[:-1]},\n "fields": [\n  {entries}]}}\n'


def _entry(found: Fields, one: Field) -> dict[str, Any]:
    return {
        "layer": one.layer,
        "axis": _axis(found, one),
        "predicted": {
            "size": one.receptive_field.size,
            "stride": _plain(one.receptive_field.stride),
            "padding": _plain(one.receptive_field.padding),
        },
        "observed": {
            "size": one.largest,
            "outputs": [None if seen is None else list(seen) for seen in one.seen],
        },
        "whole": len(one.whole) if one.judged else None,
        "judged": one.judged,
        "agrees": not one.faults,
        "faults": list(one.faults),
    }


def _axis(found: Fields, one: Field) -> str:
    return axis_names(len(found.analysis.network.steps[0].output or ()) - 1)[one.axis]


def _plain(value: Rational) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _number(value: Rational) -> str:
    return f"{_plain(value):.4g}"

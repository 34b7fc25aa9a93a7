"""JSON of `verify --equivalence`, schema ``convcalc/equivalence/1``, additions only."""

from typing import Any

from convcalc.report.drawing.encode import encoded, head, measured
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.verify.json import origin_object
from convcalc.shapes import elements
from convcalc.verify.equivalence import Equivalence
from convcalc.verify.slide import Comparison

SCHEMA = "convcalc/equivalence/1"


def render(found: Equivalence, palette: Palette = PLAIN) -> str:
    """Everything the text says, unrounded."""
    forms, borders = found.forms, found.forms.borders
    analysis, names = forms.analysis, [step.name for step in forms.analysis.network.steps]
    first = {
        **head(SCHEMA, analysis.network),
        "agrees": found.agrees,
        "dtype": analysis.settings.dtype,
        **origin_object(found.origin),
        "tolerance": found.tolerance,
        "input": list(analysis.network.steps[0].output or ()),
        "image": list(forms.larger.network.steps[0].output or ()),
        "output": list(forms.larger.output or ()),
        "own_input_error": measured(found.form_error),
        "identical": borders.identical,
        "padded": list(borders.padded),
        "elsewhere": list(borders.elsewhere),
        "volume": {
            "layer": names[borders.source],
            "positions": elements(borders.volume),
            "without_padding": len(borders.inner),
            "error": measured(found.inner_error),
        },
    }
    maps = ",\n  ".join(encoded(_comparison(one)) for one in found.maps)
    return f'{encoded(first)[:-1]},\n "maps": [\n  {maps}]}}\n'


def _comparison(one: Comparison) -> dict[str, Any]:
    return {
        "stride": list(one.stride),
        "map": list(one.map),
        "positions": one.positions,
        "passes": one.passes,
        "error": measured(one.error),
        "mean_error": measured(one.mean_error),
        "same_best": one.same_best,
        "macs": {"passes": one.pass_macs, "crops": one.crop_macs},
        "average": {
            "best": one.average.best,
            "score": measured(one.average.score),
            "crops_best": one.average.crops_best,
            "error": measured(one.average.error),
        },
        "milliseconds": {
            "passes": round(one.pass_seconds * 1e3, 3),
            "crops": round(one.crop_seconds * 1e3, 3),
        },
    }

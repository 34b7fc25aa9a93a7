"""JSON of `sizes`, schema ``convcalc/sizes/1``."""

from convcalc.report.drawing.encode import encoded, head
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.sizes.view import SizesView
from convcalc.shapes import Shape, axis_names
from convcalc.sizes.legal import Objector
from convcalc.sizes.resize import inputs_with, resizable

SCHEMA = "convcalc/sizes/1"


def render(view: SizesView, palette: Palette = PLAIN) -> str:
    """Numbers for square inputs, lists of sizes in the order of `axes` for others."""
    network, found, _, square = view

    def value(spatial: Shape) -> int | list[int]:
        return spatial[0] if square else list(spatial)

    def objectors(group: tuple[Objector, ...]) -> list[dict[str, object]]:
        return [
            {
                "layer": o.layer,
                "sizes": [value(size) for size in o.sizes],
                "example": {"size": value(o.example), "message": o.reason},
            }
            for o in group
        ]

    going, held = inputs_with(network, resizable(network))
    object_ = {
        **head(SCHEMA, network),
        "axes": list(axis_names(len(going[0].output or ()) - 1)),
        "exact": [value(size) for size in found.exact],
        "accepted": [value(size) for size in found.accepted],
        "minimum": value(found.minimum) if found.minimum else None,
        "step": found.step,
        "mixed": found.mixed,
        "varied": [step.name for step in going],
        "held": [{"name": step.name, "shape": list(step.output or ())} for step in held],
        "forbidden": objectors(found.forbidden),
        "rounded": objectors(found.rounded),
    }
    return encoded(object_) + "\n"

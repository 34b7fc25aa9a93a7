"""`verify --against`: a net and an ONNX file, layer by layer, as JSON."""

from convcalc.report.drawing.encode import encoded_page, measured
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.verify.view import AgainstView


def render(view: AgainstView, palette: Palette = PLAIN) -> str:
    """Every layer with its difference."""
    found = {
        "net": view.net,
        "against": view.model,
        "agrees": all(layer.agrees for layer in view.layers),
        "seed": view.seed,
        "layers": [
            {
                "name": layer.name,
                "difference": None if layer.why else measured(layer.difference),
                "agrees": layer.agrees,
                **({"why": layer.why} if layer.why else {}),
            }
            for layer in view.layers
        ],
        "notes": list(view.notes),
    }
    return encoded_page(found) + "\n"

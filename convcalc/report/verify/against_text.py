"""`verify --against`: a net and an ONNX file, layer by layer, as text."""

from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.verify.view import AgainstView

_MOST = 20


def render(view: AgainstView, palette: Palette = PLAIN) -> str:
    """How many layers agree, and those that do not; the first of them is where to look."""
    layers = view.layers
    wrong = [layer for layer in layers if not layer.agrees]
    largest = max(layer.difference for layer in layers)
    what = f"the same weights and input, seed {view.seed}"
    lines = [f"{view.net} against {view.model} in onnxruntime, {what}", ""]
    if wrong:
        lines.append(f"{len(wrong)} of {len(layers)} layers differ by more than 1e-4:")
        for layer in wrong[:_MOST]:
            lines += hung(
                f"  {layer.name}: ", layer.why or f"{layer.difference:.2g}", palette.width
            )
        if len(wrong) > _MOST:
            lines.append(f"  and {len(wrong) - _MOST} more")
        if view.notes:
            lines += ["", f"what import notes of {view.model}, and numbers differ by it:"]
            for note in view.notes:
                lines += hung("  ", note, palette.width)
    else:
        text = f"all {len(layers)} layers agree: they differ by {largest:.1g} of their largest"
        lines.append(f"{text} number at most")
    return "\n".join(lines) + "\n"

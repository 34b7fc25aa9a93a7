"""`verify --against`: a net and an ONNX file, layer by layer, as text and as JSON."""

from collections.abc import Sequence
from typing import Protocol

from convcalc.report.drawing.encode import encoded_page, measured

_MOST = 20


class Layer(Protocol):
    """One layer in both."""

    @property
    def name(self) -> str: ...
    @property
    def difference(self) -> float: ...
    @property
    def agrees(self) -> bool: ...


def against_text(net: str, model: str, layers: Sequence[Layer]) -> str:
    """How many layers agree, and those that do not; the first of them is where to look."""
    wrong = [layer for layer in layers if not layer.agrees]
    largest = max(layer.difference for layer in layers)
    lines = [f"{net} against {model} in onnxruntime, the same weights and input", ""]
    if wrong:
        lines.append(f"{len(wrong)} of {len(layers)} layers differ by more than 1e-4:")
        lines += [f"  {layer.name}: {layer.difference:.2g}" for layer in wrong[:_MOST]]
        if len(wrong) > _MOST:
            lines.append(f"  and {len(wrong) - _MOST} more")
    else:
        text = f"all {len(layers)} layers agree: they differ by {largest:.1g} of their largest"
        lines.append(f"{text} number at most")
    return "\n".join(lines) + "\n"


def against_json(net: str, model: str, layers: Sequence[Layer]) -> str:
    """The same as JSON."""
    found = {
        "net": net,
        "against": model,
        "agrees": all(layer.agrees for layer in layers),
        "layers": [
            {
                "name": layer.name,
                "difference": measured(layer.difference),
                "agrees": layer.agrees,
            }
            for layer in layers
        ],
    }
    return encoded_page(found) + "\n"

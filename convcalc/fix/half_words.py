"""Half of a window as a formula: a block's argument may give each call another window."""

from convcalc.layers.windowed import Windowed
from convcalc.network.record import Step
from convcalc.spec.edit import options_at
from convcalc.tree.nodes import Mapping, Scalar


def half_word(step: Step, layer: Windowed) -> str:
    """``=k//2`` for a kernel ``=k``, ``=d`` for 3 taps with the dilation ``=d``; '' for neither.

    Of a layer in a block alone: elsewhere a number fits, as the formula has one value.
    """
    options = options_at(step)
    if not step.place.calls or options is None:
        return ""
    kernel, dilation = (_formula(options, layer, key) for key in ("kernel", "dilation"))
    taps, distances = set(layer.kernel), set(getattr(layer, "dilation", (1,)))
    if kernel and dilation:
        return f"={dilation}*({kernel} - 1)//2"
    if kernel and len(distances) == 1:
        (distance,) = distances
        return f"={kernel}//2" if distance == 1 else f"={distance}*({kernel} - 1)//2"
    if dilation and len(taps) == 1:
        (size,) = taps
        return f"={dilation}" if size == 3 else f"={size // 2}*{dilation}"
    return ""


def _formula(options: Mapping, layer: Windowed, key: str) -> str:
    """What an option is set to, where that is a formula: in brackets, unless it is a name."""
    letter = next((option.letter for option in layer.options() if option.key == key), "")
    node = options.get(key) or (options.get(letter) if letter else None)
    text = node.text[1:].strip() if isinstance(node, Scalar) and node.text[:1] == "=" else ""
    return text if not text or text.isidentifier() else f"({text})"

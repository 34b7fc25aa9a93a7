"""Padding that no author means: wider than half of the window, or than what arrives.

PyTorch refuses the first for pools. Imported only where something is wrong.
"""

from convcalc.layers.base import SizeFinding
from convcalc.layers.windowed import Windowed
from convcalc.shapes import Shape
from convcalc.window import Rounding, Window


def exceeds_half(layer: Windowed, spatial: Shape) -> bool:
    """Whether both sides have more than half of the window, or one a whole window of padding.

    One more at the end is what a stride may need that leaves a remainder.
    """
    return any(
        min(w.begin, w.end) > w.extent // 2 or max(w.begin, w.end) >= w.extent
        for w in _windows(layer, spatial)
    )


def outweighs(layer: Windowed, spatial: Shape) -> bool:
    """Whether a side has more than what arrives, other than to keep the size of that."""
    return any(
        side > window.size and 2 * side != window.extent - 1
        for window in _windows(layer, spatial)
        for side in (window.begin, window.end)
    )


def _windows(layer: Windowed, spatial: Shape) -> tuple[Window, ...]:
    windows = layer.windows(spatial, Rounding.FLOOR)
    return () if isinstance(windows, SizeFinding) else windows

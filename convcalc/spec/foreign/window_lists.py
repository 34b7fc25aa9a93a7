"""A list behind a class of windows with a number for each axis: `MaxPooling2D: [2, 1]`.

It may be the class's first argument, a window of 2x1, or its arguments in order, a kernel and a
stride. Imported only where something is wrong.
"""

import re

from convcalc.shapes import Shape


def axes_of(word: str, shape: Shape | None) -> int:
    """The axes that a class works along, by its own number or by what arrives; 0 where unknown.

    >>> axes_of("nn.MaxPool3d", None), axes_of("MaxPool", (8, 8, 3))
    (3, 2)
    """
    match = re.search(r"([123])[dD]\Z", word)
    return int(match[1]) if match else len(shape or (0,)) - 1


def either(word: str, in_order: str, window: str, sizes: list[str]) -> tuple[str, ...]:
    """Help for a list of `sizes`; () where its arguments in order are what it certainly means.

    Args:
        word: the class.
        in_order: the entry of its arguments in order, '' where they are none.
        window: the entry of the list as the window, '' where it is none.
        sizes: the numbers of the list, as they are written.
    """
    if not window or not in_order or window == in_order:
        return ()
    if _pads_too_much(sizes):
        return (f"write `{window}` in place of `{word}`",)
    said = f"in order, as arguments of a call, `{in_order}`"
    return (f"{said}; a window of {'x'.join(sizes)} is `{window}`",)


def _pads_too_much(sizes: list[str]) -> bool:
    """Whether kernel, stride and padding in order are what the tools refuse: over half a kernel."""
    return len(sizes) > 2 and 2 * float(sizes[2]) > float(sizes[0])

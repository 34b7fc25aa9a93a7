"""The nearest values of an option, and the nearest inputs, for which every window is exact."""

from collections.abc import Callable, Iterator
from math import lcm

from convcalc.layers.base import SizeFinding
from convcalc.layers.pool import Pool
from convcalc.layers.windowed import Windowed
from convcalc.shapes import Shape
from convcalc.window import Rounding, slide

_FARTHEST = 512  #: how far from the given value a repair is looked for


def exact_on_all(layer: Windowed, spatial: Shape) -> bool:
    """Whether the windows of an input with these spatial sizes leave no remainder on any axis."""
    windows = layer.windows(spatial, Rounding.EXACT)
    return not isinstance(windows, SizeFinding) and all(w.exact for w in windows)


def _reach(layer: Windowed, spatial: Shape) -> int:
    """How far from its own a kernel or a padding that is exact on every axis is, if there is one.

    Where the window fits, remainders come again with each stride: of all axes, with their multiple.
    """
    plan = layer.geometry(spatial)
    if isinstance(layer.pad, str) or isinstance(plan, SizeFinding):
        return _FARTHEST
    least = 2 * min(map(min, plan.pad))
    short = [
        dilation * (kernel - 1) + 1 - size - least
        for size, kernel, dilation in zip(spatial, plan.kernel, plan.dilation, strict=True)
    ]
    return max(0, *short) + max(plan.kernel) - min(plan.kernel) + lcm(*plan.stride)


def _around(start: int, minimum: int, reach: int) -> Iterator[tuple[int, ...]]:
    """Values around `start`, nearest first; the two at one distance come together."""
    for distance in range(1, min(_FARTHEST, reach + 1)):
        pair = tuple(v for v in (start - distance, start + distance) if v >= minimum)
        if pair:
            yield pair


def _first(start: int, minimum: int, reach: int, fits: Callable[[int], bool]) -> tuple[int, ...]:
    for pair in _around(start, minimum, reach):
        found = tuple(value for value in pair if fits(value))
        if found:
            return found
    return ()


def nearest_values(
    layer: Windowed, spatial: Shape, option: str, given: Shape, minimum: int
) -> tuple[Shape, ...]:
    """The nearest single value that is exact on every axis; else the nearest an axis.

    Values that the axes have apart stay apart: 1x7 is not repaired as 2x2.
    """
    strided = option == "stride"  # of 1 every window is exact that fits at all
    reach = _reach(layer, spatial)
    alike = len(set(given)) == 1
    square = alike and _first(
        given[0],
        minimum,
        given[0] if strided else reach,
        lambda v: exact_on_all(layer.replace(**{option: (v,)}), spatial),
    )
    if square:
        return tuple((value,) for value in square)
    plan = layer.geometry(spatial)
    if isinstance(plan, SizeFinding):
        return ()
    lower, upper = [], []
    for size, kernel, stride, (begin, end), dilation in zip(spatial, *plan, strict=True):

        def fits(
            value: int, at: tuple[int, ...] = (size, kernel, stride, begin, end, dilation)
        ) -> bool:
            size, kernel, stride, begin, end, dilation = at
            if option == "kernel":
                kernel = value
            else:
                stride = value
            return slide(size, kernel, stride, begin, end, dilation).exact

        now = kernel if option == "kernel" else stride
        found = (now,) if fits(now) else _first(now, minimum, now if strided else reach, fits)
        if not found:
            return ()
        lower.append(found[0])
        upper.append(found[0] if alike else found[-1])
    return tuple(dict.fromkeys((tuple(lower), tuple(upper))))


def lies_side_by_side(layer: Windowed, spatial: Shape) -> bool:
    """Whether a layer with weights steps by its window, as the stem of a vision transformer."""
    plan = layer.geometry(spatial)
    if isinstance(plan, SizeFinding) or isinstance(layer, Pool) or {*plan.dilation} != {1}:
        return False
    return plan.kernel == plan.stride and min(plan.kernel) > 1


def nearest_paddings(
    layer: Windowed, spatial: Shape, given: tuple[tuple[int, int], ...]
) -> tuple[Shape, ...]:
    """The nearest symmetric padding; where there is none, more or less of it at the ends.

    Of windows that lie side by side none comes first, however far: patches have no padding.
    """
    if isinstance(layer.pad, str):
        return ()
    reach = _reach(layer, spatial)
    symmetric = _first(
        given[0][0], 0, reach, lambda p: exact_on_all(layer.replace(pad=(p,)), spatial)
    )
    if symmetric:
        bare = lies_side_by_side(layer, spatial)
        bare = bare and exact_on_all(layer.replace(pad=(0,)), spatial)
        return tuple((value,) for value in dict.fromkeys((0, *symmetric) if bare else symmetric))
    windows = layer.windows(spatial, Rounding.EXACT)
    if isinstance(windows, SizeFinding):
        return ()
    wider: list[int] = []
    narrower: list[int] = []
    for window in windows:
        short = window.extent - window.size - window.begin - window.end
        more = short if short > 0 else -window.remainder % window.stride
        less = window.remainder if short <= 0 and window.remainder <= window.end else -more
        wider += [window.begin, window.end + more]
        narrower += [window.begin, window.end - less]
    now = [side for window in windows for side in (window.begin, window.end)]
    found = {
        tuple(sides): sum(abs(a - b) for a, b in zip(sides, now, strict=True))
        for sides in (narrower, wider)
    }
    least = min(found.values())
    return tuple(sides for sides, distance in found.items() if distance == least)


def nearest_inputs(layer: Windowed, spatial: Shape) -> tuple[Shape, ...]:
    """The nearest smaller and larger input for which every axis is exact."""
    found = []
    reach = min(_FARTHEST, _reach(layer, spatial) + 1)
    for direction in (-1, 1):
        sizes = []
        for axis, size in enumerate(spatial):
            for distance in range(reach):
                other = size + direction * distance
                trial = (*spatial[:axis], other, *spatial[axis + 1 :])
                windows = layer.windows(trial, Rounding.EXACT) if other > 0 else None
                if windows is None or isinstance(windows, SizeFinding):
                    break
                if windows[axis].exact:
                    sizes.append(other)
                    break
        if len(sizes) == len(spatial):
            found.append(tuple(sizes))
    return tuple(dict.fromkeys(found))

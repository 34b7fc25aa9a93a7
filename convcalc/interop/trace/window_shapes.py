"""The shapes of what slides windows: convolutions and pools. They are slid by `convcalc.window`."""

from collections.abc import Callable, Sequence
from typing import Any

from convcalc.interop.covering import covers
from convcalc.interop.trace.tensors import Op
from convcalc.shapes import Shape
from convcalc.window import Rounding, rounded_up, same_padding, slide, unslide

Attrs = dict[str, Any]
Shapes = Sequence[Shape | None]
Rule = Callable[[Shapes, Attrs], Shape | None]


class ShapeError(Exception):
    """The inputs of an operation do not fit; says why."""


def sides(attrs: Attrs, spatial: Shape, kernel: Shape) -> tuple[tuple[int, int], ...]:
    """(begin, end) an axis: as given, or worked out for ``same``."""
    pads = attrs["pads"]
    if pads == "same":
        strides, dilations = attrs["stride"], attrs.get("dilation") or (1,) * len(spatial)
        return tuple(map(same_padding, spatial, kernel, strides, dilations))
    return tuple(pads)


def windowed(spatial: Shape, kernel: Shape, attrs: Attrs, rounding: Rounding) -> Shape:
    """The spatial sizes after a sliding window.

    Raises:
        ShapeError: the window does not fit.
    """
    if len(kernel) != len(spatial):
        raise ShapeError(f"a window of {len(kernel)} axes over {len(spatial)}")
    result = []
    dilations = attrs.get("dilation") or (1,) * len(spatial)
    pads = sides(attrs, spatial, kernel)
    for size, taps, stride, (begin, end), dilation in zip(
        spatial, kernel, attrs["stride"], pads, dilations, strict=True
    ):
        if min(taps, stride, dilation) < 1 or min(begin, end) < 0:
            raise ShapeError("kernel, stride and dilation are at least 1, padding at least 0")
        window = slide(size, taps, stride, begin, end, dilation, rounding)
        found = 1 if rounding is Rounding.CEIL and covers(window) else window.output
        if found is None:
            raise ShapeError(f"window {taps} does not fit: input {size} + {begin + end} padding")
        result.append(found)
    return tuple(result)


def dropped(op: Op) -> bool:
    """Whether a pool that rounds up leaves out a last window, since it would begin in the padding.

    ONNX's own inference of shapes counts that window, its kernels do not.
    """
    x, attrs = (op.inputs or [None])[0], op.attrs
    if op.kind != "pool" or not attrs.get("ceil") or x is None or x.shape is None:
        return False
    pads = sides(attrs, x.shape[2:], attrs["kernel"])
    axes = zip(x.shape[2:], attrs["kernel"], attrs["stride"], pads, attrs["dilation"], strict=False)
    slid = [slide(size, taps, by, *pair, gap, Rounding.CEIL) for size, taps, by, pair, gap in axes]
    return any(rounded_up(one) != one.output and not covers(one) for one in slid)


def _divided(groups: int, **counts: int) -> None:
    """Whether what a convolution reads and makes can be shared out among its groups.

    Raises:
        ShapeError: it cannot.
    """
    if groups < 1:
        raise ShapeError(f"{groups} groups, a convolution has 1 or more")
    for what, count in counts.items():
        if count % groups:
            raise ShapeError(
                f"{groups} groups do not divide {count} {what}: leaves {count % groups}"
            )


def _conv(inputs: Shapes, attrs: Attrs) -> Shape | None:
    x, weight = inputs[0], inputs[1]
    if x is None or weight is None:
        return None
    if len(x) < 3 or len(weight) != len(x):
        raise ShapeError(f"an input of {len(x)} axes and a weight of {len(weight)}")
    _divided(attrs["groups"], channels=x[1], filters=weight[0])
    if x[1] != weight[1] * attrs["groups"]:
        raise ShapeError(f"{x[1]} channels arrive, the weight reads {weight[1] * attrs['groups']}")
    return (x[0], weight[0], *windowed(x[2:], weight[2:], attrs, Rounding.FLOOR))


def _conv_transpose(inputs: Shapes, attrs: Attrs) -> Shape | None:
    x, weight = inputs[0], inputs[1]
    if x is None or weight is None:
        return None
    if x[1] != weight[0]:
        raise ShapeError(f"{x[1]} channels arrive, the weight reads {weight[0]}")
    _divided(attrs["groups"], channels=x[1])
    sizes = tuple(
        unslide(size, taps, stride, begin, end, dilation, more)
        for size, taps, stride, (begin, end), dilation, more in zip(
            x[2:],
            weight[2:],
            attrs["stride"],
            attrs["pads"],
            attrs["dilation"],
            attrs["output_pad"],
            strict=True,
        )
    )
    return (x[0], weight[1] * attrs["groups"], *sizes)


def _pool(inputs: Shapes, attrs: Attrs) -> Shape | None:
    x = inputs[0]
    assert x is not None, "the caller checks the first input"
    rounding = Rounding.CEIL if attrs.get("ceil") else Rounding.FLOOR
    return (*x[:2], *windowed(x[2:], attrs["kernel"], attrs, rounding))


def _adaptive(inputs: Shapes, attrs: Attrs) -> Shape | None:
    x = inputs[0]
    assert x is not None, "the caller checks the first input"
    return (*x[:2], *attrs["output"])


WINDOWS: dict[str, Rule] = {
    "conv": _conv,
    "conv_transpose": _conv_transpose,
    "pool": _pool,
    "adaptive_pool": _adaptive,
}

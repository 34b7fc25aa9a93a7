"""What Caffe cuts: slices, crops, and windows that lie beyond their input."""

from itertools import pairwise
from typing import Any

from convcalc.interop.covering import CUT, around
from convcalc.interop.flat import Builder
from convcalc.interop.read.caffe.axes import either
from convcalc.interop.read.caffe.typed import TextFields
from convcalc.interop.refusals import NoKindError
from convcalc.layers.option import RejectedError
from convcalc.shapes import Shape


def beyond(
    builder: Builder, item: int, shape: Shape, options: dict[str, Any], name: str
) -> list[str]:
    """The note where Caffe has a window that lies beyond the input: it drops one beside padding.

    Sizes rounded up leave no rows over but those before a window that would read nothing.
    """
    output = builder.shape(item)
    if any(options["pad"]) or "rounding" in options or not output:
        return []
    axes = zip(shape[:-1], output, options["kernel"], options["stride"], strict=False)
    if all(size <= (count - 1) * stride + kernel for size, count, kernel, stride in axes):
        return []
    return [f"{name} has a last window beyond its input in Caffe, which reads nothing: not counted"]


def cut(options: dict[str, Any], shape: Shape) -> list[str]:
    """Cut a pool's windows that are larger than its input, and the note of that.

    Args:
        options: the pool's, which are changed; one number an axis.
        shape: its input, channels last; () where it is unknown.
    """
    if len(shape) < 2 or "kernel" not in options or "rounding" in options:
        return []
    kernel, stride, pads = (options[name] for name in ("kernel", "stride", "pad"))
    if min(*kernel, *stride) < 1 or min(pads) < 0:  # refused as an option
        return []
    sides = tuple((side, side) for side in pads)
    fitting, _ = around(shape[:-1], kernel, stride, sides, (1,) * len(kernel))
    options["kernel"] = fitting
    return [] if fitting == kernel else [CUT]


def slices(builder: Builder, layer: TextFields, name: str, read: int) -> list[int]:
    """Slice along the channels, at points or evenly."""
    tops = len(layer.words("top"))
    fields = layer.inner("slice_param")
    if either(fields, "axis", "slice_dim") != 1:
        raise NoKindError("Slice along positions")
    shape = builder.shape(read)
    if not shape:
        raise RejectedError("what it slices has no size: a layer before it does not fit")
    channels = shape[-1]
    points = list(fields.ints("slice_point"))
    if not points:
        if channels % tops:  # where Caffe stops
            raise layer.fail("top", f"{tops}, and {channels} channels do not split evenly")
        points = [channels * i // tops for i in range(1, tops)]
    bounds = [0, *points, channels]
    if len(bounds) != tops + 1 or any(start >= stop for start, stop in pairwise(bounds)):
        raise layer.fail("slice_point", points)
    return [
        builder.add(
            "slice",
            {"start": start, "stop": 0 if stop == channels else stop},
            (read,),
            f"{name}.{i}",
            name,
        )
        for i, (start, stop) in enumerate(pairwise(bounds), 1)
    ]


def crop(builder: Builder, layer: TextFields, name: str, reads: list[int]) -> int:
    """Crop to the size of another blob, from an offset."""
    fields = layer.inner("crop_param")
    if len(reads) != 2 or fields.integer("axis", 2) not in {2, 1}:
        raise NoKindError("Crop of other axes than height and width")
    if fields.integer("axis", 2) == 1 and len({builder.shape(i)[-1] for i in reads}) > 1:
        raise NoKindError("Crop of the channels")
    have, want = (builder.shape(item)[:-1] for item in reads)
    if len(have) != len(want):
        raise NoKindError("Crop to the size of a volume of other axes")
    offsets, axes = fields.ints("offset") or (0,), len(have) + 2 - fields.integer("axis", 2)
    if len(offsets) not in {1, axes} or (axes > len(have) and offsets[0]):
        raise layer.fail("crop_param", list(offsets))
    offsets = offsets * len(have) if len(offsets) == 1 else offsets[-len(have) :]
    sides: list[int] = []
    for size, wanted, offset in zip(have, want, offsets, strict=True):
        if not 0 <= offset <= size - wanted:
            raise layer.fail("crop_param", offset)
        sides += [offset, size - wanted - offset]
    if not any(sides):
        return reads[0]
    return builder.add("crop", {"sides": tuple(sides)}, (reads[0],), name)

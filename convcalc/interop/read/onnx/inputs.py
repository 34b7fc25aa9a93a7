"""The inputs of an ONNX file: their shapes, and the numbers that stand in for some."""

from convcalc.findings import plain
from convcalc.interop.flat import NoInputError, UnreadableError
from convcalc.interop.read.onnx.proto import Input
from convcalc.interop.read.sizes import fitted
from convcalc.interop.trace.tensors import Tensor
from convcalc.shapes import Shape


def refuse_unlike(value: Input, array: Tensor) -> None:
    """An input that the file has numbers for, which stand in where nobody gives others.

    Raises:
        UnreadableError: they are not what the input says: no tool takes the file.
    """
    shape = array.shape or ()
    fits = len(shape) == len(value.shape) and all(
        dim in {None, size} for dim, size in zip(value.shape, shape, strict=True)
    )
    if value.sized and not fits:
        said = ", ".join("?" if dim is None else str(dim) for dim in value.shape)
        text = f"input {plain(value.name[:200])} has the axes ({said})"
        raise UnreadableError(f"{text}, its tensor {tuple(shape)}")
    if value.dtype and array.dtype and value.dtype != array.dtype:
        text = f"input {plain(value.name[:200])} is of {value.dtype}"
        raise UnreadableError(f"{text}, its tensor of {array.dtype}")


def input_shape(value: Input, given: Shape | None, inputs: int) -> Shape:
    """The shape of an input with its batch axis, `given` channels last where axes are open."""
    shape = value.shape
    if len(shape) < 2:
        if not shape:
            why = "is one number without axes, which no layer here reads: export with it fixed"
            why = why if value.sized else "has no shape: export with one"
            raise UnreadableError(f"input {plain(value.name)!r} {why}")
        return tuple(dim or 1 for dim in shape)
    batch, *rest = shape
    axes = list(rest)
    if given is not None and inputs == 1:
        axes = list(fitted(axes, given))
    if None in axes:
        at = axes.index(None)
        name = f" ({plain(value.axes[at + 1])})" if value.axes[at + 1] else ""
        advice = "give it with --input HxWxC"
        if inputs > 1:
            advice = f"export with one, --input is for one input and there are {inputs}"
        text = f"axis {at + 1}{name} of input {plain(value.name)!r} has no fixed size: {advice}"
        raise (NoInputError if inputs == 1 else UnreadableError)(text)
    return (batch or 1, *(dim for dim in axes if dim is not None))

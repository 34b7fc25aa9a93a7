"""Padding as operations: negative sides cut, the others pad what is left."""

from collections.abc import Callable, Sequence

from convcalc.interop.trace.tensors import Tensor

#: adds one operation to the trace: its kind, what it reads, its attributes
Emit = Callable[..., Tensor]


def padded(
    op: Emit,
    x: Tensor,
    before: Sequence[int],
    after: Sequence[int],
    mode: str,
    value: float,
    copies: bool = False,
    stated: str = "number",
) -> Tensor | None:
    """The tensor with its sides padded or cut; None where a mode copies what others cut.

    ONNX cuts before it pads, PyTorch after it: with zeros that is the same.

    Args:
        op: adds one operation to the trace.
        x: what is padded.
        before: how much goes before each axis; what is negative is cut.
        after: how much goes behind it.
        mode: what goes there.
        value: the number, with the mode ``constant``.
        stated: how the file states the sides: as a number, or one that is open.
        copies: whether the tool copies what it pads by nothing, as it does with mirrored edges.
    """
    result = x
    cut = min((*before, *after), default=0) < 0
    more = max((*before, *after), default=0) > 0
    if cut and more and mode != "constant":
        return None
    for axis, (first, last) in enumerate(zip(before, after, strict=True)):
        if first < 0 or last < 0:
            size = (result.shape or ())[axis]
            start, stop = max(-first, 0), size + min(last, 0)
            result = op(
                "slice", [result], axis=axis, start=start, stop=stop, step=1, copied=not more
            )
    if cut and not more:
        return result
    sides = {"before": [max(s, 0) for s in before], "after": [max(s, 0) for s in after]}
    if not more:
        value = 0.0  # padding by nothing puts no number anywhere
    copies = copies or mode != "constant"
    return op("pad", [result], **sides, mode=mode, value=value, copies=copies, stated=stated)

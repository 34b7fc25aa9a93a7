"""Shape: the sizes of a tensor as numbers."""

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.onnx.proto import OnnxNode
from convcalc.interop.trace.tensors import FOLLOWS, MULTIPLE, Tensor


def sizes(node: OnnxNode, x: Tensor | None, open_batch: bool) -> Tensor | None:
    """What Shape makes; None where an attribute says something else.

    Args:
        node: the node.
        x: its input.
        open_batch: whether the file leaves the batch open: the first size follows it then, or all
            of a volume whose batch lies elsewhere.

    Raises:
        UnreadableError: an attribute is of another type.
    """
    if x is None or x.shape is None:  # of something without a kind, which is named itself
        return Tensor("", None)
    start, end = node.attrs.get("start", 0), node.attrs.get("end", len(x.shape))
    if not isinstance(start, int) or not isinstance(end, int):
        raise UnreadableError(f"node {plain(node.name)} (Shape): its ends are not integers")
    if node.attrs.keys() - {"start", "end"}:
        return None
    cut = x.shape[start:end]
    made = Tensor("", (len(cut),), cut, dtype="int64")
    made.measured = x.measured if x.constant else frozenset({x})
    if open_batch and (not x.constant or x.of_batch):
        if x.constant or not x.batch_first:
            made.of_batch = dict.fromkeys(range(len(cut)), FOLLOWS)
        elif 0 in range(len(x.shape))[start:end]:
            made.of_batch = {0: MULTIPLE}
    return made

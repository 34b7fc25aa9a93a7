"""What constants that were worked out were made from."""

from convcalc.findings import plain
from convcalc.interop.read.onnx.proto import OnnxNode
from convcalc.interop.trace.tensors import Op, Tensor

#: what leaves the numbers of constants, or part of them, in their order
_KEEPING = {
    **dict.fromkeys(("Identity", "Cast", "CastLike"), "identity"),
    **dict.fromkeys(("Reshape", "Flatten", "Squeeze", "Unsqueeze"), "reshape"),
    **dict.fromkeys(("Slice", "Split"), "part"),
}


def worked_out(node: OnnxNode, inputs: list[Tensor | None], made: list[Tensor]) -> None:
    """Let constants know what they were made from: equal ones are the same weights."""
    attrs = dict(node.attrs)
    first = inputs[0] if inputs else None
    kind = _KEEPING.get(node.op, f"worked out by {node.op}")
    if node.op == "Transpose" and first is not None and first.shape is not None:
        kind = "transpose"
        attrs.setdefault("perm", tuple(range(len(first.shape)))[::-1])
    Op(kind, inputs, attrs, made, plain(node.name), node.op)

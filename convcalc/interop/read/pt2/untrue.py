"""What a program's file states of the volumes of its calls, held against what they make.

The run of a program follows its file: sizes, number types, how numbers lie. A file says these as
it likes, and PyTorch works them out anew: what cannot be true is not known.
"""

from convcalc.findings import plain
from convcalc.interop.read.floats import PT2_FLOATS
from convcalc.interop.read.pt2.allocated import OWN, VIEWS, base
from convcalc.interop.read.pt2.recorded import Node, Recorded
from convcalc.interop.read.pt2.strides import is_dense
from convcalc.shapes import written

#: how the names of operators begin that compute with floats alone
_OF_FLOATS = (
    *("conv", "linear", "mm", "bmm", "matmul", "addmm", "batch_norm", "_native", "native"),
    *("layer_norm", "group_norm", "instance_norm", "avg_pool", "adaptive_avg", "_adaptive_avg"),
)
_CASTS = frozenset(("_to_copy", "zeros_like", "ones_like", "full_like", "lift_fresh_copy"))


def untrue(recorded: Recorded, node: Node) -> str:
    """What the file states of an output that the call does not make, in words; '' for nothing."""
    first = recorded.tensors.get(node.outputs[0]) if node.outputs else None
    for name in node.outputs:
        lies, tensor = recorded.lies(name), recorded.tensors.get(name)
        if name != node.outputs[0] and tensor is first:
            continue  # statistics of a norm, which nothing reads
        made = tensor.shape if tensor is not None and not recorded.resized else None
        called = plain(name[:80])
        if lies is None:
            continue
        if made is not None and lies.shape != made:
            return f"{called}, of which the file says {written(lies.shape)} and not {written(made)}"
        given = recorded.lies(node.x)
        if base(node) in VIEWS and given is not None and lies.dtype != given.dtype:
            return f"{called}, a view of another number type"
        if base(node) not in OWN:
            continue
        if not is_dense(lies.shape, lies.strides):
            return f"{called}, whose numbers lie apart"
        floats = given is not None and given.dtype in PT2_FLOATS and base(node) not in _CASTS
        floats = floats or base(node).startswith(_OF_FLOATS)
        if floats and name == node.outputs[0] and lies.dtype not in PT2_FLOATS:
            return f"{called}, which has no floats"
    return ""

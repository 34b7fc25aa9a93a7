"""What a program's file states of how the numbers of volumes lie, held against what calls make.

The run of a program follows its file in that. A file says it as it likes, and PyTorch works it out
anew: what cannot be true is not known. Sizes and number types are held in `held`.
"""

from convcalc.findings import plain
from convcalc.interop.read.floats import PT2_FLOATS
from convcalc.interop.read.pt2.allocated import OWN, base
from convcalc.interop.read.pt2.held import CASTS
from convcalc.interop.read.pt2.recorded import Node, Recorded
from convcalc.interop.read.pt2.strides import is_dense

#: how the names of operators begin that compute with floats alone
_OF_FLOATS = (
    *("conv", "linear", "mm", "bmm", "matmul", "addmm", "batch_norm", "_native", "native"),
    *("layer_norm", "group_norm", "instance_norm", "avg_pool", "adaptive_avg", "_adaptive_avg"),
)


def untrue(recorded: Recorded, node: Node) -> str:
    """What the file states of an output that the call does not make, in words; '' for nothing."""
    first = recorded.tensors.get(node.outputs[0]) if node.outputs else None
    for name in node.outputs if base(node) in OWN else ():
        if name != node.outputs[0] and recorded.tensors.get(name) is first:
            continue  # statistics of a norm, which nothing reads
        lies, given, called = recorded.lies(name), recorded.lies(node.x), plain(name[:80])
        if lies is None:
            continue
        if not is_dense(lies.shape, lies.strides):
            return f"{called}, whose numbers lie apart"
        floats = given is not None and given.dtype in PT2_FLOATS and base(node) not in CASTS
        floats = floats or base(node).startswith(_OF_FLOATS)
        if floats and name == node.outputs[0] and lies.dtype not in PT2_FLOATS:
            return f"{called}, which has no floats"
    return ""

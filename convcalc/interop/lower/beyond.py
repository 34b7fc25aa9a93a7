"""What a source has beside the layers: learned arrays that none has, work on weights in a run."""

from math import prod
from typing import TYPE_CHECKING

from convcalc.interop.trace.tensors import Op, needed_by
from convcalc.network.beyond import Beyond
from convcalc.shapes import Shape

if TYPE_CHECKING:
    from convcalc.interop.lower.lowering import Lowering

#: operators without a kind that multiply weights with one another
_PRODUCTS = frozenset(
    """
        mm bmm matmul addmm baddbmm mv dot vdot matrix_exp linalg_householder_product
        MatMul Gemm Einsum
    """.split()  # noqa: SIM905
)
_KINDS = frozenset(("linear", "matmul", "conv", "conv_transpose"))


def beyond(low: "Lowering", own: int | None) -> tuple[Beyond, ...]:
    """What of a source no layer counts.

    Args:
        low: the net, lowered.
        own: the parameters of the layers.
    """
    found = []
    lacking = 0 if own is None or low.unfold else low.weights.learned - own
    if lacking > 0:
        why = f"the source has {low.weights.learned:,} learned parameters"
        found.append(Beyond("params", lacking, why))
    needed = needed_by(low.trace.outputs)
    products = [op for op in low.trace.ops if id(op) in needed and _multiplies(op)]
    if products:
        counts = [_macs(op) for op in products]
        known = [count for count in counts if count is not None]
        more = sum(known) if len(known) == len(counts) else None
        held = "" if more is None else f", {more:,} MACs more"
        why = f"{products[0].name} is worked out of weights alone at each run there{held}"
        found.append(Beyond("macs", more, why))
    if numbers := low.weights.made_numbers:
        why = f"weights of {numbers:,} numbers, worked out at each run there, are not counted"
        totals = ("training_memory", *(() if low.trace.run else ("inference_memory",)))
        found += [Beyond(total, None, why) for total in totals]
    return tuple(found)


def _multiplies(op: Op) -> bool:
    """Whether an operation makes a weight with products of others."""
    if not op.output.constant or op.output.value is not None:
        return False
    return op.kind in _KINDS or (
        op.kind == "unsupported" and op.source.rpartition(".")[2] in _PRODUCTS
    )


def _macs(op: Op) -> int | None:
    """The products that it adds up; None where that is not known."""
    given: list[Shape] = [one.shape for one in op.inputs if one is not None and one.shape]
    made, named = op.output.shape, op.source.rpartition(".")[2]
    if made is None or len(given) < 2:
        return None
    match named if op.kind == "unsupported" else op.kind:
        case "linear" | "matmul" | "mm" | "bmm":
            return prod(made) * given[0][-1]
        case "baddbmm" | "addmm":
            return prod(made) * given[1][-1] if len(given) > 2 else None
        case "mv" | "dot" | "vdot":
            return prod(given[0])
        case "conv":
            return prod(made) * prod(given[1][1:])
        case "conv_transpose":
            return prod(given[0]) * prod(given[1][1:])
        case _:
            return None

"""Why a product of matrices has no layer kind, and what says the same to be read."""

from convcalc.interop.trace.tensors import Tensor


def unread_product(name: str, left: Tensor | None, right: Tensor | None) -> str:
    """The reason, for the operator `name`; what is not there counts as a weight.

    >>> unread_product("matmul", Tensor("x", (1, 4, 8)), Tensor("y", (1, 8, 4)))
    'matmul of two activations'
    """
    if left is not None and right is not None and not left.constant and not right.constant:
        return f"{name} of two activations"
    if left is not None and not left.constant:
        rank = len((right and right.shape) or ())
        of = {0: "of no known size", 1: "of one axis"}.get(rank, "of several matrices")
        return f"{name} with a weight {of}"
    read = "one on the right of channels last is read, and a convolution of 1x1"
    return f"{name} with a weight on the left: {read}"

"""Volumes and weights with which an operator of a model file is read."""

from convcalc.interop.trace.tensors import Tensor

X = Tensor("x", (1, 4, 8, 8))
ROW = Tensor("row", (1, 4))
#: an argument that no operator has
STATES = "unheard_of"


def weight(*shape: int) -> Tensor:
    return Tensor("w", shape, None, frozenset({f"w{shape}"}))

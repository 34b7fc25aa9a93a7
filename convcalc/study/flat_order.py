"""In which order an ONNX file lays a volume's numbers in a row: channels first or channels last."""

from collections.abc import Mapping
from typing import Any

_FLATTENS = frozenset({"Flatten", "Reshape", "Squeeze"})

#: what makes a vector
_VECTORS = frozenset({"Flatten", "Gemm"})

#: what reads and makes [N, C, H, W], whatever was before it
_CHANNELS_FIRST = frozenset(
    """
        Conv ConvTranspose MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool
        BatchNormalization InstanceNormalization LRN DepthToSpace SpaceToDepth Resize Upsample
    """.split()  # noqa: SIM905
)


def flat_channels_last(makers: Mapping[str, Any], tensor: str, first: bool) -> bool:
    """Whether a flattened tensor has its numbers position by position, channels last.

    Args:
        makers: the node that makes each tensor.
        tensor: its name.
        first: whether the file's input has its channels first.
    """
    flat, turned, node, left = False, 0, makers.get(tensor), len(makers)
    while node is not None and left:  # a damaged file may go in a circle
        left -= 1
        if turned and node.op_type in _VECTORS:
            return turned % 2 == 0  # made a sequence: import takes it so that turning it helps
        if node.op_type in _FLATTENS:
            flat = True
        elif flat and node.op_type in _CHANNELS_FIRST:
            return turned % 2 == 1
        elif flat and node.op_type == "Transpose":
            perm = [list(a.ints) for a in node.attribute if a.name == "perm"]
            if perm and len(perm[0]) > 3:
                return bool(perm[0][-1] == 1) is (turned % 2 == 0)
            turned += perm == [[0, 2, 1]]  # there and back alike: what was before it says which
        node = makers.get(node.input[0]) if node.input else None
    return (not first) is (turned % 2 == 0)

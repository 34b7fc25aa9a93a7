"""What a GPU holds beside the tensors, as `analyze` and `fit` say it."""

from convcalc.memory.device import extra_bytes
from convcalc.report.drawing.units import size


def overhead(context: int) -> str:
    """What is added to a run's bytes on a device with a CUDA context of so many.

    >>> overhead(400 << 20)
    '400 MiB of CUDA context and 8.00 MiB of cuBLAS'
    """
    return f"{size(context)} of CUDA context and {size(extra_bytes(context) - context)} of cuBLAS"

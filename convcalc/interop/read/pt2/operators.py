"""The one table of ATen operators that are read, family by family."""

from convcalc.interop.read.pt2 import arithmetic, cutting, decomposed, shaping, windows
from convcalc.interop.read.pt2.node import Handler

#: arguments that change neither sizes nor numbers
FREE = frozenset(
    (
        "cudnn_enable",
        "cudnn_enabled",
        "copy",
        "device",
        "generator",
        "implicit",
        "inplace",
        "layout",
        "memory_format",
        "momentum",
        "non_blocking",
        "pin_memory",
        "train",
        "training",
    )
)

OPERATORS: dict[str, Handler] = {
    **windows.TABLE,
    **arithmetic.TABLE,
    **cutting.TABLE,
    **shaping.TABLE,
    **decomposed.TABLE,
}

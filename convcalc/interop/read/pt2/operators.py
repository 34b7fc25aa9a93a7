"""The one table of ATen operators that are read, family by family."""

from convcalc.interop.read.pt2 import arithmetic, decomposed, shaping, windows
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
    **shaping.TABLE,
    **decomposed.TABLE,
}

#: calls of a part of the program below which something else holds: how it is exported without
WRAPPED = {
    "torch.ops.higher_order.wrap_with_set_grad_enabled": (
        "export the model with no torch.no_grad() or torch.enable_grad() in its forward(): "
        "requires_grad_(False) on a part of it freezes that as well"
    ),
    "torch.ops.higher_order.wrap_with_autocast": (
        "export the model with no torch.autocast() in its forward()"
    ),
}

"""What a handler is: an operation of a trace to the volume of its layer."""

from collections.abc import Callable

from convcalc.interop.lower.layout import (
    Volume,
)
from convcalc.interop.lower.lowering import Lowering
from convcalc.interop.trace.tensors import Op

Handler = Callable[[Lowering, Op], Volume | None]

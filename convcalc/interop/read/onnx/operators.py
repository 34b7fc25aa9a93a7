"""The one table of ONNX operators, family by family."""

from convcalc.interop.read.onnx import arithmetic, quantized, shaping, windows
from convcalc.interop.read.onnx.node import Handler

#: what ONNX calls its own domain
DOMAINS = frozenset({"", "ai.onnx"})

OPERATORS: dict[str, Handler] = {
    **windows.TABLE,
    **arithmetic.TABLE,
    **shaping.TABLE,
    **quantized.TABLE,
}

"""The one table of kinds as ONNX operators, family by family; a kind that is missing has none."""

from convcalc.interop.write.onnx import activations, norms, shaping, windows, written_out
from convcalc.interop.write.onnx.node import Writer

TABLE: dict[str, Writer] = {
    **windows.TABLE,
    **norms.TABLE,
    **activations.TABLE,
    **shaping.TABLE,
    **written_out.TABLE,
}

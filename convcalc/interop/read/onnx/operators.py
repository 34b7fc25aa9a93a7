"""The one table of ONNX operators, family by family."""

from convcalc.interop.read.onnx import arithmetic, quantized, sequences, shaping, typed, windows
from convcalc.interop.read.onnx.node import Handler

#: attributes that change neither sizes nor numbers of a net that is run
FREE = frozenset(
    (
        "consumed_inputs",
        "is_test",
        "momentum",
        "seed",
        "stash_type",
        "storage_order",
        "training_mode",
    )
)

OPERATORS: dict[str, Handler] = {
    **windows.TABLE,
    **arithmetic.TABLE,
    **shaping.TABLE,
    **typed.TABLE,
    **sequences.TABLE,
    **quantized.TABLE,
}

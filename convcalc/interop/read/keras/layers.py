"""The one table of Keras's layer classes, family by family."""

from convcalc.interop.read.keras import activations, norms, operators, shaping, windows
from convcalc.interop.read.keras.asked import Handler

#: of classes in `keras.layers`
CLASSES: dict[str, Handler] = {
    **windows.TABLE,
    **norms.TABLE,
    **activations.TABLE,
    **shaping.TABLE,
}

#: of all classes, operators included
HANDLERS: dict[str, Handler] = {**CLASSES, **operators.TABLE}

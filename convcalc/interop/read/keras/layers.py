"""The one table of Keras's layer classes, family by family."""

from convcalc.interop.read.keras import activations, norms, shaping, windows
from convcalc.interop.read.keras.asked import Handler

CLASSES: dict[str, Handler] = {
    **windows.TABLE,
    **norms.TABLE,
    **activations.TABLE,
    **shaping.TABLE,
}

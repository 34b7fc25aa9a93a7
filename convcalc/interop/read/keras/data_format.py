"""Where the channels of a Keras model are: its layers' `data_format`."""

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.keras.models import Model


def channels_first(model: Model) -> bool:
    """Whether a model has its channels first, as its layers say.

    Raises:
        UnreadableError: some have, some have not, or a layer says neither.
    """
    found = set()
    waiting = [model]
    while waiting:
        current = waiting.pop()
        for layer in current.layers:
            if layer.model is not None:
                waiting.append(layer.model)
            elif "data_format" in layer.config.values:
                order = layer.config.text("data_format", "channels_last")
                if order not in {"channels_first", "channels_last"}:
                    raise layer.config.fail("data_format")
                found |= {order} if layer.cls != "Flatten" else set()
    if found == {"channels_first"}:
        return True
    if "channels_first" in found:
        raise UnreadableError("some layers have their channels first, some last")
    return False

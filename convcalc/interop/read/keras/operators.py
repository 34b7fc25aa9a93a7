"""Keras's operators between layers: `x + y`, `x * 2`, `keras.ops.maximum(x, y)`."""

from collections.abc import Callable

from convcalc.interop.read.keras import activations
from convcalc.interop.read.keras.asked import Asked, Handler, Part, Parts
from convcalc.interop.read.keras.origin import OPERATOR
from convcalc.interop.refusals import NoKindError


def _of_two(kind: str) -> Callable[[Asked], Parts]:
    def handler(asked: Asked) -> Parts:
        asked.refuse_values()
        if len(asked.shapes) != 2:
            raise NoKindError(f"{asked.cls} of one volume")
        return [Part(kind, {})]

    return handler


def _multiply(asked: Asked) -> Parts:
    number = _number(asked)
    return _of_two("multiply")(asked) if number is None else [Part("scale", {"by": number})]


def _divide(asked: Asked) -> Parts:
    number = _number(asked)
    if not number or asked.call.value_first:
        asked.refuse_values()
        raise NoKindError(f"{asked.cls} of two volumes")
    return [Part("scale", {"by": 1 / number})]


def _number(asked: Asked) -> float | None:
    """The one number beside one volume."""
    if len(asked.shapes) != 1 or len(asked.call.values) != 1:
        return None
    ((_, value),) = asked.call.values
    return float(value) if type(value) in {int, float} else None


def _concatenate(asked: Asked) -> Parts:
    asked.refuse_values()
    if not asked.channel_axis(default=0):
        raise NoKindError(f"{asked.cls} along positions")
    return [Part("concat", {})]


def _softmax(asked: Asked) -> Parts:
    asked.refuse_values()
    return activations.TABLE["Softmax"](asked)


_TABLE: dict[str, Handler] = {
    "Add": _of_two("add"),
    "Subtract": _of_two("subtract"),
    "Multiply": _multiply,
    "Maximum": _of_two("maximum"),
    "TrueDivide": _divide,
    "Concatenate": _concatenate,
    "Softmax": _softmax,
}
TABLE: dict[str, Handler] = {f"{OPERATOR}{name}": handler for name, handler in _TABLE.items()}

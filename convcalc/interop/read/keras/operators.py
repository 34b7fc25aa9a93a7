"""Keras's operators between layers: `x + y`, `x * 2`, `keras.ops.maximum(x, y)`."""

import math
from collections.abc import Callable

from convcalc.interop.read.keras import activations
from convcalc.interop.read.keras.asked import Asked, Handler, Part, Parts
from convcalc.interop.read.keras.items import item
from convcalc.interop.read.keras.origin import OPERATOR
from convcalc.interop.read.keras.pads import pad
from convcalc.interop.read.keras.shaping import reshape
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
    if not number or _is_first(asked):
        asked.refuse_values()
        raise NoKindError(f"{asked.cls} of two volumes")
    return [Part("scale", {"by": 1 / number})]


def _add(asked: Asked) -> Parts:
    """`x + y`; `x + 1` changes no size, and no layer here adds a number."""
    number = _number(asked)
    if number is None:
        return _of_two("add")(asked)
    if number:
        asked.notes.append("an addition of a number left out")
    return []


def _subtract(asked: Asked) -> Parts:
    """`x - y`, `x - 1` as `x + 1`; `1 - x` is a new volume, as a factor makes one."""
    number = _number(asked)
    if number is None:
        return _of_two("subtract")(asked)
    if not _is_first(asked):
        if number:
            asked.notes.append("a subtraction of a number left out")
        return []
    if number:
        asked.notes.append("a number that a volume is taken from is left out")
    return [Part("scale", {"by": -1.0})]


def _number(asked: Asked) -> float | None:
    """The one number beside one volume: finite, since no layer is left of what others make."""
    if len(asked.shapes) != 1 or len(asked.call.values) != 1:
        return None
    ((_, value),) = asked.call.values
    try:
        number = float(value) if type(value) in {int, float} else math.nan
    except OverflowError:  # of hundreds of digits
        return None
    return number if math.isfinite(number) else None


def _is_first(asked: Asked) -> bool:
    """Whether the number comes before the volume: by its name where the file gives one."""
    ((name, _),) = asked.call.values
    return name == "x1" if name in {"x1", "x2"} else asked.call.value_first


def _concatenate(asked: Asked) -> Parts:
    asked.refuse_values()
    if not asked.channel_axis(default=0):
        raise NoKindError(f"{asked.cls} along {'positions' if asked.axes else 'the batch'}")
    return [Part("concat", {})]


def _softmax(asked: Asked) -> Parts:
    asked.refuse_values()
    return activations.TABLE["Softmax"](asked)


def _reshape(asked: Asked) -> Parts:
    asked.refuse_values()
    return reshape(asked)


def _activation(kind: str) -> Handler:
    def handler(asked: Asked) -> Parts:
        asked.refuse_values()
        return [Part(kind, {})]

    return handler


def _leaky(asked: Asked) -> Parts:
    asked.refuse_values()
    return [Part("leaky_relu", {"negative_slope": asked.config.number("negative_slope", 0.2)})]


def _elu(asked: Asked) -> Parts:
    asked.refuse_values()
    return activations.TABLE["ELU"](asked)


def _gelu(asked: Asked) -> Parts:
    asked.refuse_values()
    if asked.config.flag("approximate", True):
        asked.notes.append("gelu in its tanh form is written as gelu: sizes are equal")
    return [Part("gelu", {})]


def _over_positions(kind: str) -> Handler:
    """A mean or maximum: a layer where it is over all positions and no other axis."""

    def handler(asked: Asked) -> Parts:
        asked.refuse_values()
        axes, rank = asked.config.ints("axis"), asked.axes + 2
        positions = range(2, rank) if asked.first else range(1, rank - 1)
        found = {asked.config.placed(axis, rank) for axis in axes or ()}
        if not asked.axes or found != set(positions):
            raise NoKindError(f"{asked.cls} over other axes than all positions")
        kept = asked.config.flag("keepdims", False)
        return [Part(kind, {}), *([] if kept else [Part("flatten", {})])]

    return handler


#: functions of one volume without arguments
_FUNCTIONS = {
    "Relu": "relu",
    "Relu6": "relu6",
    "Selu": "selu",
    "Silu": "silu",
    "HardSilu": "hard_swish",
    "HardSigmoid": "hard_sigmoid",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
}

_TABLE: dict[str, Handler] = {
    **{name: _activation(kind) for name, kind in _FUNCTIONS.items()},
    "LeakyRelu": _leaky,
    "Elu": _elu,
    "Gelu": _gelu,
    "GetItem": item,
    "Mean": _over_positions("global_avg_pool"),
    "Max": _over_positions("global_max_pool"),
    "Add": _add,
    "Subtract": _subtract,
    "Multiply": _multiply,
    "Maximum": _of_two("maximum"),
    "TrueDivide": _divide,
    "Concatenate": _concatenate,
    "Pad": pad,
    "Reshape": _reshape,
    "Softmax": _softmax,
}
TABLE: dict[str, Handler] = {f"{OPERATOR}{name}": handler for name, handler in _TABLE.items()}

"""Keras's activations: layers of their own, and the names inside other layers."""

from convcalc.interop.read.keras.asked import Asked, Handler, Part, Parts
from convcalc.interop.refusals import NoKindError

_ACTIVATIONS: dict[str, str] = {
    "relu": "relu",
    "relu6": "relu6",
    "elu": "elu",
    "selu": "selu",
    "gelu": "gelu",
    "silu": "silu",
    "swish": "silu",
    "mish": "mish",
    "hard_silu": "hard_swish",
    "hard_swish": "hard_swish",
    "hard_sigmoid": "hard_sigmoid",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softmax": "softmax",
    "leaky_relu": "leaky_relu",
}


def activation(value: object) -> Parts:
    """The layer of an activation by its name, or of a configured one."""
    if isinstance(value, dict):
        name = value.get("class_name", "")
        inner = value.get("config")
        if name == "function" and isinstance(inner, str):
            return activation(inner)
        if isinstance(inner, dict) and isinstance(name, str):
            values = {"config": inner}["config"]
            lowered = {"ReLU": "relu", "Swish": "silu", "LeakyReLU": "leaky_relu"}.get(name)
            return activation(inner.get("name") if lowered is None else lowered) if values else []
        value = name
    if value in {None, "linear"}:
        return []
    if value not in _ACTIVATIONS:
        raise NoKindError(f"activation {str(value)[:60]}")
    kind = _ACTIVATIONS[str(value)]
    return [Part(kind, {"negative_slope": 0.2} if kind == "leaky_relu" else {})]


def after(asked: Asked) -> Parts:
    """The activation that a layer has beside its own work."""
    return activation(asked.config.get("activation"))


def _relu(asked: Asked) -> Parts:
    config = asked.config
    slope, top = config.number("negative_slope", 0.0), config.get("max_value")
    if config.number("threshold", 0.0):
        raise NoKindError("ReLU with a threshold")
    if top not in {None, 6} or (top is not None and slope):
        raise NoKindError(f"ReLU up to {str(top)[:20]}")
    if top is not None:
        return [Part("relu6", {})]
    return [Part("leaky_relu", {"negative_slope": slope}) if slope else Part("relu", {})]


def _leaky(asked: Asked) -> Parts:
    key = "alpha" if "alpha" in asked.config.values else "negative_slope"
    return [Part("leaky_relu", {"negative_slope": asked.config.number(key, 0.3)})]


def _prelu(asked: Asked) -> Parts:
    shared = asked.config.ints("shared_axes")
    if asked.axes and (shared is None or len(shared) != asked.axes):
        raise NoKindError("PReLU with a slope for each position")
    return [Part("prelu", {"slopes": "channel"}, True)]


def _elu(asked: Asked) -> Parts:
    return [Part("elu", {"alpha": asked.config.number("alpha", 1.0)})]


def _activation(asked: Asked) -> Parts:
    return after(asked)


def _softmax(asked: Asked) -> Parts:
    if not asked.channel_axis():
        raise NoKindError("Softmax over positions")
    return [Part("softmax", {})]


TABLE: dict[str, Handler] = {
    "ReLU": _relu,
    "LeakyReLU": _leaky,
    "PReLU": _prelu,
    "ELU": _elu,
    "Activation": _activation,
    "Softmax": _softmax,
}

"""Keras's activations: layers of their own, and the names inside other layers."""

from typing import Any

from convcalc.interop.read.keras.asked import Asked, Handler, Part, Parts
from convcalc.interop.read.keras.config import Config
from convcalc.interop.read.keras.free import FREE
from convcalc.interop.read.keras.origin import is_foreign
from convcalc.interop.refusals import NoKindError

ACTIVATIONS: dict[str, str] = {
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


def after(asked: Asked) -> Parts:
    """The activation that a layer has beside its own work: a name, or a layer with a config."""
    value = asked.config.get("activation")
    if isinstance(value, dict):
        return _configured(asked, value)
    return _named(asked, value)


def _configured(asked: Asked, value: dict[str, Any]) -> Parts:
    """An activation that the file spells out: a layer, or a function."""
    cls, inner = value.get("class_name"), value.get("config")
    if not isinstance(cls, str) or cls == "__lambda__":
        raise NoKindError("activation of Python code")
    if cls == "function":
        # Keras writes all functions as of builtins, its own among them: names tell them apart
        if is_foreign({**value, "module": "keras"}) or not isinstance(inner, str):
            raise NoKindError(f"activation {str(inner)[:60]} (not Keras's own)")
        return _named(asked, inner)
    if is_foreign(value):
        raise NoKindError(f"activation {cls[:60]} (not Keras's own)")
    if cls not in _CONFIGURED or not isinstance(inner, dict):
        return _named(asked, cls)
    config = Config(inner, asked.config.name)
    parts = _CONFIGURED[cls](asked._replace(cls=cls, config=config))
    unread = config.values.unread(FREE, (None, False))
    if unread:
        raise NoKindError(f"activation {cls} {unread}")
    return parts


def _named(asked: Asked, value: Any) -> Parts:
    if value is None or value == "linear":
        return []
    kind = ACTIVATIONS.get(value) if isinstance(value, str) else None
    if kind is None:
        raise NoKindError(f"activation {str(value)[:60]}")
    if kind == "softmax" and not asked.channels_last:
        raise NoKindError("softmax over positions")
    return [Part(kind, {"negative_slope": 0.2} if kind == "leaky_relu" else {})]


def _relu(asked: Asked) -> Parts:
    config = asked.config
    slope, top = config.number("negative_slope", 0.0), config.get("max_value")
    if config.number("threshold", 0.0):
        raise NoKindError("ReLU with a threshold")
    if (top is not None and top != 6) or (top is not None and slope):
        raise NoKindError(f"ReLU up to {str(top)[:20]}")
    if top is not None:
        return [Part("relu6", {})]
    return [Part("leaky_relu", {"negative_slope": slope}) if slope else Part("relu", {})]


def _leaky(asked: Asked) -> Parts:
    key = "alpha" if "alpha" in asked.config.values else "negative_slope"
    return [Part("leaky_relu", {"negative_slope": asked.config.number(key, 0.3)})]


def _prelu(asked: Asked) -> Parts:
    none = asked.config.get("shared_axes") == []
    shared = set() if none else set(asked.config.ints("shared_axes") or ())
    if not asked.shapes[0]:  # a layer before it has a fault, which is what is said
        return [Part("prelu", {"slopes": "channel"}, True)]
    rank = asked.axes + 2
    axes = set(range(1, rank))
    channels = {rank - 1} if asked.channels_last else {1}
    if not shared <= axes:
        raise asked.config.fail("shared_axes")
    if shared not in (axes, axes - channels):
        raise NoKindError("PReLU with a slope for each position")
    return [Part("prelu", {"slopes": "one" if shared == axes else "channel"}, True)]


def _elu(asked: Asked) -> Parts:
    return [Part("elu", {"alpha": asked.config.number("alpha", 1.0)})]


def _softmax(asked: Asked) -> Parts:
    if not asked.channel_axis():
        raise NoKindError("Softmax over positions")
    return [Part("softmax", {})]


_CONFIGURED: dict[str, Handler] = {
    "ReLU": _relu,
    "LeakyReLU": _leaky,
    "PReLU": _prelu,
    "ELU": _elu,
    "Softmax": _softmax,
}
TABLE: dict[str, Handler] = {**_CONFIGURED, "Activation": after}

"""Keras's norms, merges and what learns a factor."""

from collections.abc import Callable, Sequence
from typing import Any

from convcalc.interop.read.keras.asked import Asked, Handler, Part, Parts
from convcalc.interop.refusals import NoKindError
from convcalc.layers.norm import EPSILON


def _batch_norm(asked: Asked) -> Parts:
    if not asked.channel_axis():
        raise NoKindError("BatchNormalization over an axis other than the channels")
    _epsilon(asked)
    return [Part("batch_norm", _affine(asked, True), True)]


def _epsilon(asked: Asked) -> None:
    """Say where a norm adds another number to the variance than convcalc's does."""
    epsilon = asked.config.number("epsilon", 1e-3)
    if epsilon != EPSILON:
        text = f"{asked.cls} has the epsilon {epsilon:g} in the source, {EPSILON:g} here"
        asked.notes.append(f"{text}: sizes are equal")


def _affine(asked: Asked, alone: bool) -> dict[str, Any]:
    scale, center = asked.config.flag("scale", True), asked.config.flag("center", True)
    if scale and center:
        return {}
    if not scale and not center:
        return {"affine": False}
    if not alone:
        raise NoKindError(f"{asked.cls} with {'a scale' if scale else 'a shift'} alone")
    return {"affine": "scale" if scale else "shift"}


def _layer_norm(asked: Asked) -> Parts:
    options = _affine(asked, False)
    _epsilon(asked)
    if asked.config.flag("rms_scaling", False):
        raise NoKindError("LayerNormalization with rms_scaling")
    rank = asked.axes + 2
    learned: Sequence[int] = [1 if asked.first else rank - 1]
    if not asked.channel_axis():
        axes = asked.config.get("axis")
        listed = axes if isinstance(axes, list) else []
        found = {asked.config.placed(axis, rank) for axis in listed if type(axis) is int}
        if found != set(range(1, rank)):
            raise NoKindError("LayerNormalization over some of the axes")
        options["axes"] = "all"
        learned = range(1, rank)
    asked.refuse_built(learned)
    return [Part("layer_norm", options, True)]


def _group_norm(asked: Asked) -> Parts:
    if not asked.channel_axis():
        raise NoKindError("GroupNormalization over an axis other than the channels")
    _epsilon(asked)
    groups = asked.config.values.get("groups", 32)
    channels = asked.shapes[0][-1] if asked.shapes[0] else 1
    groups = channels if groups == -1 else asked.config.integer("groups", 32)
    return [Part("group_norm", {"groups": groups, **_affine(asked, False)}, True)]


def _merge(kind: str) -> Callable[[Asked], Parts]:
    def handler(asked: Asked) -> Parts:
        if kind == "concat" and not asked.channel_axis():
            raise NoKindError(f"Concatenate along {'positions' if asked.axes else 'the batch'}")
        return [Part(kind, {})]

    return handler


def _dropout(asked: Asked) -> Parts:
    asked.config.get("noise_shape")  # which numbers fall together: of training alone
    return [Part("dropout", {"rate": asked.config.number("rate", 0.5)})]


def _of_channels(asked: Asked) -> Parts:
    asked.notes.append("a dropout of whole channels is written as dropout: the same in inference")
    return _dropout(asked)


def _noise(asked: Asked) -> Parts:
    """Multiplied noise: in training another one, in inference nothing as well."""
    asked.notes.append(f"{asked.cls} is written as dropout: the same in inference")
    return _dropout(asked)


def _scale(asked: Asked) -> Parts:
    channels = asked.shapes[0][-1] if asked.shapes[0] else 0
    if not asked.channels_last:
        raise NoKindError("LayerScale over positions")
    if asked.config.integer("projection_dim", channels) != channels:
        raise NoKindError("LayerScale of other than its channels")
    return [Part("scale", {}, True)]


#: layers that give a vector beside a volume axes of 1: 4 becomes 1x1x4
SPREADING = frozenset({"Add", "Multiply", "Subtract", "Maximum", "Average"})

#: keras.applications' own class: the first input and the second, scaled
SCALED_SUM = "CustomScaleLayer"

TABLE: dict[str, Handler] = {
    SCALED_SUM: _merge("add"),
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "GroupNormalization": _group_norm,
    "Add": _merge("add"),
    "Multiply": _merge("multiply"),
    "Concatenate": _merge("concat"),
    "Subtract": _merge("subtract"),
    "Maximum": _merge("maximum"),
    "Average": _merge("average"),
    "LayerScale": _scale,
    "Dropout": _dropout,
    **{f"SpatialDropout{n}D": _of_channels for n in (1, 2, 3)},
    **dict.fromkeys(("GaussianDropout", "AlphaDropout"), _noise),
}

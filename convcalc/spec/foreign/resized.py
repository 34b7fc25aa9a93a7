"""Keras's Resizing and TensorFlow's `image.resize`, which are given the sizes that they make."""

from convcalc.findings import brief
from convcalc.spec.foreign.asked import Asked, Meant, NotCertainError, is_computed

_MODES = ("bilinear", "nearest")


def resizing(asked: Asked) -> Meant:
    """``Resizing(40, 50)``: bilinear unless it says otherwise."""
    height = asked.default("height", None)
    width = asked.default("width", height)
    for word in ("crop_to_aspect_ratio", "pad_to_aspect_ratio"):
        asked.usual(word, False)
    mode = str(asked.default("interpolation", "bilinear")).lower()
    if mode not in _MODES:
        raise NotCertainError(f"`upsample` has the modes nearest and bilinear, no {brief(mode)}")
    if not _is_size(height) or not _is_size(width):
        raise NotCertainError(
            "it is `upsample: {size: [64, 64], mode: bilinear}`, with its height and width for 64"
        )
    size = height if height == width else [height, width]
    return Meant("upsample", asked.given, {"size": size, "mode": mode})


def image(asked: Asked) -> Meant | None:
    """``tf.image.resize(x, (64, 64))``: bilinear unless it says otherwise; None for other words."""
    if not asked.tool and SIZE not in asked.given:
        return None
    size = asked.default("size", asked.given.pop(SIZE, None))
    method = asked.default("interpolation", asked.given.pop("method", "bilinear"))
    mode = str(method).lower().removesuffix("_neighbor")
    if mode not in _MODES:
        raise NotCertainError(f"`upsample` has the modes nearest and bilinear, no {brief(mode)}")
    for word in ("preserve_aspect_ratio", "antialias", "align_corners"):
        asked.usual(word, False)
    sides = list(size) if isinstance(size, list | tuple) else [size, size]
    if asked.tool != "keras" or len(sides) != 2 or not all(map(_is_size, sides)):
        raise NotCertainError(
            "it is `upsample: {size: [64, 64], mode: bilinear}`, with its height and width for 64, "
            "and its mode: TensorFlow's is bilinear"
        )
    made = sides[0] if sides[0] == sides[1] else sides
    return Meant("upsample", asked.given, {"size": made, "mode": mode})


#: the size in a function that may be any tool's
SIZE = "image_size"


def _is_size(value: object) -> bool:
    return type(value) is int or is_computed(value)

"""Keras's Resizing, which is given the height and width that it makes."""

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


def _is_size(value: object) -> bool:
    return type(value) is int or is_computed(value)

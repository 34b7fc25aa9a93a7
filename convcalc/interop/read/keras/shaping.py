"""Keras's layers that pad, cut, resize and reshape."""

from collections.abc import Callable

from convcalc.findings import plain
from convcalc.interop.read.keras.asked import Asked, Handler, Part, Parts
from convcalc.interop.refusals import NoKindError


def _sides(kind: str, key: str) -> Callable[[Asked], Parts]:
    def handler(asked: Asked) -> Parts:
        _refuse_channels(asked)
        return [Part(kind, {"sides": asked.config.pairs(key, asked.axes)})]

    return handler


def _refuse_channels(asked: Asked) -> None:
    """Refuse what works on axis 1 whatever is there, where that is the channels."""
    if asked.first and asked.config.get("data_format") is None:
        raise NoKindError(f"{asked.cls} over the channels")


def _upsampling(asked: Asked) -> Parts:
    _refuse_channels(asked)
    size = asked.config.ints("size") or (2,)
    return [Part("upsample", {"scale": size, "mode": _mode(asked, "nearest")})]


_MODES = frozenset(
    ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area", "gaussian", "mitchellcubic")
)


def _mode(asked: Asked, default: str) -> str:
    """How numbers are filled in: what is neither nearest nor bilinear is said."""
    mode = asked.config.text("interpolation", default)
    if mode not in _MODES:
        raise NoKindError(f"{asked.cls} with interpolation {mode[:20]}")
    if mode not in {"nearest", "bilinear"}:
        text = f"{plain(mode[:20])} upsampling is written as bilinear: sizes are equal"
        asked.notes.append(text)
    return "nearest" if mode == "nearest" else "bilinear"


def _resizing(asked: Asked) -> Parts:
    size = (asked.config.integer("height"), asked.config.integer("width"))
    if any(new < old for new, old in zip(size, asked.shapes[0], strict=False)):
        raise NoKindError("Resizing that makes the volume smaller")
    for key in ("crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias"):
        if asked.config.flag(key, False):
            raise NoKindError(f"Resizing with {key}")
    asked.config.get("fill_mode"), asked.config.get("fill_value")  # of what is not filled
    return [Part("upsample", {"size": size, "mode": _mode(asked, "bilinear")})]


def _center_crop(asked: Asked) -> Parts:
    return [Part("crop", {"size": (asked.config.integer("height"), asked.config.integer("width"))})]


def _reshape(asked: Asked) -> Parts:
    target = asked.config.ints("target_shape")
    shape = asked.shapes[0]
    if target is None or not shape:
        raise asked.config.fail("target_shape")
    whole = 1
    for dim in shape:
        whole *= dim
    if -1 in target:
        known = 1
        for dim in target:
            known *= dim if dim != -1 else 1
        if target.count(-1) > 1 or not known or whole % known:
            raise asked.config.fail("target_shape")
        target = tuple(whole // known if dim == -1 else dim for dim in target)
    if len(target) == 1:
        return [Part("flatten", {})]
    if asked.first:
        target = (*target[1:], target[0])
    return [Part("reshape", {"shape": target})] if target != shape else []


def _permute(asked: Asked) -> Parts:
    dims = asked.config.ints("dims")
    if dims != tuple(range(1, asked.axes + 2)):
        raise NoKindError("Permute")
    return []


def _flatten(asked: Asked) -> Parts:
    return [Part("flatten", {})]


def _nothing(asked: Asked) -> Parts:
    return []


#: left out with a note: what prepares data and does nothing to shapes
PREPARING = frozenset(
    {
        "Rescaling",
        "Normalization",
        "RandomFlip",
        "RandomRotation",
        "RandomZoom",
        "RandomContrast",
        "RandomTranslation",
        "RandomBrightness",
        "GaussianNoise",
    }
)


TABLE: dict[str, Handler] = {
    **{f"ZeroPadding{n}D": _sides("pad", "padding") for n in (1, 2, 3)},
    **{f"Cropping{n}D": _sides("crop", "cropping") for n in (1, 2, 3)},
    **{f"UpSampling{n}D": _upsampling for n in (1, 2, 3)},
    "Resizing": _resizing,
    "CenterCrop": _center_crop,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Permute": _permute,
    **dict.fromkeys((*PREPARING, "Identity", "ActivityRegularization"), _nothing),
}

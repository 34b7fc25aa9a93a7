"""Keras's layers that pad, cut, resize and reshape."""

from collections.abc import Callable
from math import prod

from convcalc.findings import plain
from convcalc.interop.read.keras.asked import Asked, Handler, Part, Parts
from convcalc.interop.read.keras.config import Config
from convcalc.interop.read.keras.origin import OPERATOR
from convcalc.interop.read.keras.rescaling import rescaling
from convcalc.interop.refusals import NoKindError
from convcalc.shapes import Shape, written


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
    mode = _mode(asked, "bilinear")
    whole = not any(new % old for new, old in zip(size, asked.shapes[0], strict=False))
    if mode == "nearest" and not whole:  # Keras takes the pixel nearest to each one's centre
        asked.notes.append("nearest-exact upsampling is written as nearest: sizes are equal")
    return [Part("upsample", {"size": size, "mode": mode})]


def _center_crop(asked: Asked) -> Parts:
    return [Part("crop", {"size": (asked.config.integer("height"), asked.config.integer("width"))})]


_MOST_AXES = 4  #: of a volume: three of positions, one of channels


def reshape(asked: Asked) -> Parts:
    """`reshape` to a volume, `flatten` to a vector, nothing where the shape stays.

    Raises:
        NoKindError: it makes more axes than a volume has, or takes the batch apart.
    """
    given = target_of(asked.cls, asked.config)
    shape = asked.shapes[0]
    if given is None:
        raise NoKindError(f"{asked.cls} of the batch")
    target = resolved(given, shape, asked.config)
    if shape and prod(target) != prod(shape):  # -1 in front is more than the batch
        raise NoKindError(f"{asked.cls} of the batch")
    if len(target) > _MOST_AXES:
        raise NoKindError(f"{asked.cls} to {len(target)} axes ({written(target)})")
    if len(target) == 1:
        return [Part("flatten", {})]
    if asked.first:
        target = (*target[1:], target[0])
    return [Part("reshape", {"shape": target})] if target != shape else []


def target_of(cls: str, config: Config) -> tuple[int, ...] | None:
    """The shape of one example that a reshape makes; None where the batch is not kept."""
    key = "newshape" if cls.startswith(OPERATOR) else "target_shape"
    found = config.ints(key)
    if found is None:
        raise config.fail(key)
    if key == "target_shape":
        return found
    return found[1:] if found[0] == -1 and len(found) > 1 and -1 not in found[1:] else None


def resolved(target: tuple[int, ...], shape: Shape, config: Config) -> tuple[int, ...]:
    """The target with the size that -1 stands for."""
    whole, known = prod(shape), prod(dim for dim in target if dim != -1)
    if -1 not in target:
        return target
    if not shape or target.count(-1) > 1 or not known or whole % known:
        raise config.fail("target_shape")
    return tuple(whole // known if dim == -1 else dim for dim in target)


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
    "Reshape": reshape,
    "Permute": _permute,
    **dict.fromkeys((*PREPARING, "Identity", "ActivityRegularization"), _nothing),
    "Rescaling": rescaling,
}

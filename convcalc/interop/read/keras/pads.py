"""`keras.ops.pad`, alone and before a pool; means of what is no padding, roots of squares."""

from functools import partial
from math import prod
from typing import Any

from convcalc.interop.read.keras.asked import Asked, Part, Parts
from convcalc.interop.read.keras.config import Config
from convcalc.interop.read.keras.steps import Step, Steps, Written
from convcalc.interop.refusals import NoKindError

#: how much goes before and behind each axis, the batch among them
_Sides = list[tuple[int, int]]
_MODES = ("constant", "reflect", "edge")
_MAX = tuple(f"MaxPooling{axes}D" for axes in (1, 2, 3))
_MEAN = tuple(f"AveragePooling{axes}D" for axes in (1, 2, 3))
_NEAR = 1e-4  #: how far a share of a window that the file holds may be off


def pad(asked: Asked) -> Parts:
    """Padding of positions and channels.

    Raises:
        NoKindError: it pads the batch, or in a way of which there is no layer.
    """
    mode, value = asked.config.text("mode", "constant"), _value(asked.call.values)
    rank = asked.axes + 2
    sides = _sides(asked.config, rank)
    if sides[0] != (0, 0):
        raise NoKindError(f"{asked.cls} of the batch")
    if mode not in _MODES:
        raise NoKindError(f"{asked.cls} with mode {mode[:20]} ({', '.join(_MODES)} are here)")
    if value is None or len(asked.shapes) != 1:
        raise NoKindError(f"{asked.cls} with a number that is worked out")
    if value and mode == "constant":
        asked.notes.append(
            "padding with another number than 0 is written as zeros: sizes are equal"
        )
    at = 1 if asked.first else rank - 1
    channels, spatial = sides[at], [pair for i, pair in enumerate(sides) if i not in {0, at}]
    options: dict[str, Any] = {}
    if any(map(any, spatial)):
        options["sides"] = tuple(side for pair in spatial for side in pair)
    if any(channels):
        options["channels"] = channels
    if mode != "constant":
        options["mode"] = mode
    return [Part("pad", options)] if any(map(any, sides)) else []


def channels_padded(step: Step) -> tuple[int, int] | None:
    """The zeros around the last axis, where it alone is padded."""
    config = step.layer.config
    found = config.get("pad_width")
    if (
        not isinstance(found, list)
        or len(found) < 2
        or config.text("mode", "constant") != "constant"
    ):
        return None
    *others, last = _sides(config, len(found))
    fits = step.says_only("pad_width", "mode") and _value(step.call.values) == 0
    return last if fits and not any(map(any, others)) else None


def pooled(step: Step, steps: Steps) -> Written | None:
    """A max pool of what is padded with infinities: the pool's own padding."""
    before = steps.before(step.reads[0], ".Pad") if step.is_of(*_MAX) and step.reads else None
    if before is None or not _valid(step) or _value(before.call.values) != -float("inf"):
        return None
    spatial = _of_positions(before, step)
    if spatial is None:
        return None
    return Written(partial(_pool, "max_pool", spatial, {}), before.reads, (before,))


def mean_of_real(step: Step, steps: Steps) -> Written | None:
    """A mean of what is padded, divided by each window's share of what is no padding."""
    if not step.is_of(".TrueDivide") or len(step.reads) != 1 or step.call.value_first:
        return None
    pool = steps.before(step.reads[0], *_MEAN)
    before = steps.source(pool, ".Pad") if pool is not None and _valid(pool) else None
    values = [value for _, value in step.call.values]
    if pool is None or before is None or len(values) != 1 or _value(before.call.values) != 0:
        return None
    spatial = _of_positions(before, pool)
    shares = _tensor(values[0])
    if spatial is None or shares is None:
        return None
    handler = partial(_mean, pool, spatial, shares)
    return Written(handler, before.reads, (before, pool))


def l2_pool(step: Step, steps: Steps) -> Written | None:
    """The root of a mean of squares that is made a sum."""
    scaled = steps.source(step, ".Multiply") if step.is_of(".Sqrt") else None
    pool = steps.before(scaled.reads[0], *_MEAN) if scaled is not None and scaled.reads else None
    squares = steps.source(pool, ".Square") if pool is not None and _valid(pool) else None
    if scaled is None or pool is None or squares is None or squares.call.values:
        return None
    kernel = pool.layer.config.ints("pool_size") or ()
    axes = int(pool.layer.cls[-2])
    if scaled.number_beside() != prod(kernel * (axes if len(kernel) == 1 else 1)):
        return None
    before = steps.source(squares, ".Pad")
    zeros = before is not None and _value(before.call.values) == 0
    spatial = _of_positions(before, pool) if before is not None and zeros else None
    parts = (squares, pool, scaled)
    handler = partial(_pool_of, pool, "l2_pool", spatial or [])
    if before is None or spatial is None:
        return Written(handler, squares.reads, parts)
    return Written(handler, before.reads, (before, *parts))


def _value(values: Any) -> float | None:
    """The number that is put there: 0 where none is given."""
    found = [value for _, value in values] or [0.0]
    return float(found[0]) if len(found) == 1 and type(found[0]) in {int, float} else None


def _valid(step: Step) -> bool:
    """Whether a pool pads nothing by itself, and is given one volume."""
    valid = step.layer.config.text("padding", "valid") == "valid" and not step.call.values
    return valid and step.says_only("pool_size", "strides", "padding")


def _of_positions(before: Step, pool: Step) -> _Sides | None:
    """The sides of the positions, where it pads those alone, by less than the pool's window."""
    config, axes = before.layer.config, int(pool.layer.cls[-2])
    if config.text("mode", "constant") != "constant" or len(before.reads) != 1:
        return None
    if not before.says_only("pad_width", "mode") or len(before.call.values) > 1:
        return None
    sides = _sides(config, axes + 2)
    first = pool.layer.config.text("data_format", "channels_last") == "channels_first"
    at = 1 if first else axes + 1
    kernel = pool.layer.config.ints("pool_size") or (1,)
    kernel = kernel * (axes if len(kernel) == 1 else 1)
    spatial = [pair for i, pair in enumerate(sides) if i not in {0, at}]
    small = len(kernel) == axes and all(
        max(pair) < k for pair, k in zip(spatial, kernel, strict=True)
    )
    return spatial if small and sides[0] == sides[at] == (0, 0) else None


def _sides(config: Config, rank: int) -> _Sides:
    """The sides of each axis: one pair is every axis's."""
    found = config.get("pad_width")
    every = [found, found] if type(found) is int else found
    listed = every if isinstance(every, list) else []
    pairs = [listed] * rank if all(type(side) is int for side in listed) else listed
    pairs = pairs * rank if len(pairs) == 1 else pairs
    sides = [tuple(pair) * (2 if len(pair) == 1 else 1) for pair in pairs if isinstance(pair, list)]
    if not len(sides) == len(pairs) == rank:
        raise config.fail("pad_width")
    if any(len(pair) != 2 or any(type(s) is not int or s < 0 for s in pair) for pair in sides):
        raise config.fail("pad_width")
    return [(pair[0], pair[1]) for pair in sides]


def _pool(kind: str, spatial: _Sides, more: dict[str, Any], asked: Asked) -> Parts:
    options = asked.window("pool_size")
    options["pad"] = tuple(side for pair in spatial for side in pair) or 0
    return [Part(kind, {**options, **more})]


def _pool_of(pool: Step, kind: str, spatial: _Sides, asked: Asked) -> Parts:
    return _pool(kind, spatial, {}, asked._replace(cls=pool.layer.cls, config=pool.layer.config))


def _mean(pool: Step, spatial: _Sides, shares: list[Any], asked: Asked) -> Parts:
    window = asked._replace(cls=pool.layer.cls, config=pool.layer.config)
    (part,) = _pool("avg_pool", spatial, {"count_padding": False}, window)
    kernel, stride = (
        given * (asked.axes if len(given) == 1 else 1)
        for given in (part.options["kernel"], part.options["stride"])
    )
    axes = list(zip(asked.shapes[0], spatial, kernel, stride, strict=False))
    if asked.first or len(kernel) != asked.axes or not _are(shares, 1.0, axes):
        raise NoKindError(f"{asked.cls} by an array")
    return [part]


def _are(shares: Any, share: float, axes: list[tuple[int, tuple[int, int], int, int]]) -> bool:
    """Whether an array holds each window's share of real positions.

    Args:
        shares: the part of the array at one position of the axes before.
        share: the share along those.
        axes: of those that are left the size, the padding, the window and its stride.
    """
    if not isinstance(shares, list):
        return False
    if not axes:
        return all(type(it) in {int, float} and abs(it - share) < _NEAR for it in shares)
    size, (before, after), kernel, stride = axes[0]
    if not stride or len(shares) != (before + size + after - kernel) // stride + 1:
        return False
    for i, inner in enumerate(shares):
        real = min(i * stride + kernel, before + size) - max(i * stride, before)
        if not _are(inner, share * max(real, 0) / kernel, axes[1:]):
            return False
    return True


def _tensor(value: Any) -> list[Any] | None:
    """An array of the file, of one example."""
    config = value.get("config") if isinstance(value, dict) else None
    if not isinstance(config, dict) or value.get("class_name") != "__tensor__":
        return None
    found = config.get("value")
    one = isinstance(found, list) and len(found) == 1 and isinstance(found[0], list)
    return found[0] if one and isinstance(found, list) else None

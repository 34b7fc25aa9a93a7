"""`x[...]` of a Keras model: positions cut or left out, channels cut."""

from typing import Any

from convcalc.interop.read.keras.asked import Asked, Part, Parts
from convcalc.interop.read.keras.calls import Call
from convcalc.interop.refusals import NoKindError
from convcalc.shapes import Shape

#: a slice's start, stop and step: those that it does not give are None
_Slice = tuple[int | None, int | None, int | None]
_WHOLE: _Slice = (None, None, None)


def item(asked: Asked) -> Parts:
    """`crop` and `slice` of what is cut, a `max_pool` of single positions of what is left out.

    Raises:
        NoKindError: it takes the batch apart, an axis away, or adds one.
    """
    shape = asked.shapes[0]
    slices = _of_each_axis(asked, len(shape) + 1)
    if slices[0] != _WHOLE:
        raise NoKindError("x[...] of the batch")
    order = (*range(2, len(shape) + 1), 1) if asked.first else range(1, len(shape) + 1)
    *spatial, channels = (
        _placed(slices[axis], size) for axis, size in zip(order, shape, strict=True)
    )
    if channels[2] != 1:
        raise NoKindError(f"x[...] of every {channels[2]}. channel")
    made = _positions(spatial, shape)
    if channels[:2] != (0, shape[-1]):
        stop = 0 if channels[1] == shape[-1] else channels[1]
        made.append(Part("slice", {"start": channels[0], "stop": stop}))
    return made


def channels_cut(call: Call) -> tuple[int, int] | None:
    """Where the last axis starts and stops, where it alone is cut: `x[..., 1:4]`."""
    values = [value for _, value in call.values]
    parts = values[0] if len(values) == 1 and isinstance(values[0], list) else []
    if not parts or any(_class(part) not in {"__slice__", "__ellipsis__"} for part in parts):
        return None
    *before, last = parts
    whole = all(_class(part) == "__ellipsis__" or _slice(part) == _WHOLE for part in before)
    if not whole or not before or _class(last) == "__ellipsis__":
        return None
    start, stop, step = _slice(last)
    start = start or 0
    return (start, stop) if stop is not None and 0 <= start < stop and step in {None, 1} else None


def _positions(spatial: list[tuple[int, int, int]], shape: Shape) -> Parts:
    """The positions that are cut off, and those that are left out between others."""
    sizes = zip(spatial, shape, strict=False)
    sides = tuple(side for (start, stop, _), size in sizes for side in (start, size - stop))
    steps = tuple(step for *_, step in spatial)
    made = [Part("crop", {"sides": sides})] if any(sides) else []
    if any(step != 1 for step in steps):
        made.append(Part("max_pool", {"kernel": 1, "stride": steps}))
    return made


def _placed(given: _Slice, size: int) -> tuple[int, int, int]:
    """Where a slice starts, stops and how far it steps."""
    if given[2] is not None and given[2] < 1:
        raise NoKindError("x[...] with a negative step")
    start, stop, step = slice(*given).indices(size)
    if start >= stop:
        raise NoKindError("x[...] of nothing")
    return start, stop, step


def _of_each_axis(asked: Asked, rank: int) -> list[_Slice]:
    """The slice of every axis: of those that are not named the whole."""
    values = [value for _, value in asked.call.values]
    given = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    parts = ["..." if _class(part) == "__ellipsis__" else _slice(part) for part in given]
    if not parts or len(asked.shapes) != 1 or parts.count("...") > 1:
        raise NoKindError("x[...] by something else than slices")
    at = parts.index("...") if "..." in parts else len(parts)
    before, after = parts[:at], parts[at + 1 :]
    missing = rank - len(before) - len(after)
    if missing < 0:
        raise NoKindError("x[...] of more axes than there are")
    return [part for part in (*before, *[_WHOLE] * missing, *after) if not isinstance(part, str)]


def _class(part: Any) -> Any:
    return part.get("class_name") if isinstance(part, dict) else None


def _slice(part: Any) -> _Slice:
    """A slice as the file has it: an index, a new axis or a volume is none."""
    config = part.get("config") if _class(part) == "__slice__" else None
    if not isinstance(config, dict):
        raise NoKindError("x[...] by something else than slices, which takes an axis or adds one")
    start, stop, step = (config.get(key) for key in ("start", "stop", "step"))
    for number in (start, stop, step):
        if number is not None and type(number) is not int:
            raise NoKindError("x[...] by numbers that are worked out")
    return start, stop, step

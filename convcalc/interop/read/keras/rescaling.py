"""Rescaling: numbers for the data, left out where the volume keeps its size."""

from typing import Any

from convcalc.interop.read.keras.asked import Asked, Parts
from convcalc.interop.refusals import NoKindError
from convcalc.shapes import Shape

_MOST_AXES = 8


def rescaling(asked: Asked) -> Parts:
    """No layer: it prepares data.

    Raises:
        NoKindError: its numbers are an array that makes the volume larger.
        UnreadableError: they are no numbers.
    """
    if not asked.shapes[0]:  # a layer before it has a fault, which is what is said
        return []
    *spatial, channels = asked.shapes[0]
    volume = (channels, *spatial) if asked.first else (*spatial, channels)
    for key in ("scale", "offset"):
        dims = _dims(asked.config.get(key))
        if dims is None:
            raise asked.config.fail(key)
        if dims and asked.first and key == "scale":
            dims += (1,) * (3 - len(dims))
        inner = zip(dims[::-1], volume[::-1], strict=False)
        if len(dims) > len(volume) or any(dim not in {1, size} for dim, size in inner):
            shape = "x".join(map(str, dims))
            raise NoKindError(f"Rescaling with {key} of shape {shape}, which is not the volume's")
    return []


def _dims(found: Any) -> Shape | None:
    """The shape of nested lists of numbers, by their first entries; None where they are none."""
    if isinstance(found, dict) and found.get("class_name") in {"__numpy__", "__tensor__"}:
        found = (found.get("config") or {}).get("value")
    dims: list[int] = []
    while isinstance(found, list) and found and len(dims) < _MOST_AXES:
        dims.append(len(found))
        found = found[0]
    if found is None and not dims:
        return ()  # what a file leaves out is Keras's own
    return tuple(dims) if isinstance(found, int | float) else None

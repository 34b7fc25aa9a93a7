"""The scales of a model file, and which of them its name asks for."""

import re
from pathlib import PurePath
from typing import NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.ultralytics.values import Value, value
from convcalc.shapes import LARGEST_SIZE
from convcalc.tree.nodes import Mapping, Node, Scalar

#: Ultralytics' own pattern, looked for anywhere in the name.
_LETTER = re.compile(r"yolo(?:e-)?v?\d+([nslmx])")
_LETTERS = "nslmx"
#: Names for which another file is read: yolov8x6.yaml asks for yolov8x-p6.yaml.
_RENAMED = re.compile(r"yolov[58][nslmx]6")
_FORM = "a scale is [depth, width, max_channels]"
_MOST_TIMES = 100  #: as wide or deep
_SHOWN = 10  #: scales that a message names


class Scale(NamedTuple):
    """How a family is made deeper and wider."""

    depth: float = 1.0
    width: float = 1.0
    most: float = LARGEST_SIZE
    """The most channels, before they are widened."""


def scales(node: Node | None) -> dict[str, Scale]:
    """The scales below `scales:` by their letters; none where nothing stands there.

    Raises:
        UnreadableError: they are of another form.
    """
    if node is None or (isinstance(node, Scalar) and value(node) is None):
        return {}
    if not isinstance(node, Mapping):
        raise UnreadableError("`scales:` is not a mapping of letters to [depth, width, most]")
    return {key: scale(value(each)) for key, (_, each) in node.entries.items()}


def scale(found: Value) -> Scale:
    """One scale.

    Raises:
        UnreadableError: it is of another form.
    """
    listed = found if isinstance(found, list) else []
    numbers = [n for n in listed if isinstance(n, int | float) and not isinstance(n, bool)]
    if len(numbers) != len(listed) or len(numbers) != 3:
        raise UnreadableError(_FORM)
    if not all(0 < n <= LARGEST_SIZE for n in numbers) or max(numbers[:2]) > _MOST_TIMES:
        raise UnreadableError(f"{_FORM}, each above 0, the first two {_MOST_TIMES} at most")
    return Scale(*numbers)


def chosen(name: str, found: dict[str, Scale], alone: Scale) -> tuple[Scale, tuple[str, ...]]:
    """The scale that the file's name asks for, as yolov8s.yaml does, else the first; what to say.

    Args:
        name: the file's.
        found: its scales.
        alone: that of a file without any.

    Raises:
        UnreadableError: the file has no such scale.
    """
    stem = PurePath(name).stem
    notes: tuple[str, ...] = ()
    if _RENAMED.fullmatch(stem):
        notes = (f"for a file of this name Ultralytics reads {stem[:-1]}-p6.yaml",)
    if not found:
        return alone, notes
    names = ", ".join(plain(key[:20]) for key in list(found)[:_SHOWN])
    letter = _LETTER.search(stem)
    if letter and letter[1] not in found:
        raise UnreadableError(
            f"the name asks for scale {letter[1]}, which is not among those of the file ({names})"
        )
    if letter:
        return found[letter[1]], notes
    first = next(iter(found))
    others = [key for key in found if key != first and key in _LETTERS]
    if others:
        notes += (
            f"scale {plain(first[:20])} of {names}: the name of a copy asks for another, "
            f"as yolov8{others[-1]}.yaml does",
        )
    return found[first], notes

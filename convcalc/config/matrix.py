"""``[[tool.convcalc.matrix]]``: the variants in which some specs are checked."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from convcalc.config.values import MOST_PATTERNS, patterns
from convcalc.files import Glob
from convcalc.findings import brief
from convcalc.suggest import nearest

_MOST_MATRICES = 100
_MOST_VARIABLES = 32  #: of a matrix; ten of two values each are more variants than are looked at
_LONGEST_VALUE = 1_000  #: characters of a value, which is said with every finding of its variant


class Matrix(NamedTuple):
    """The variants in which some specs are checked."""

    files: tuple[Glob, ...]
    """Patterns of their names; none for all specs."""
    axes: Mapping[str, str | Mapping[str, str]]
    """In words as the command line's: ``set`` by variable, ``input``, settings."""


def matrices(value: object) -> tuple[Matrix, ...]:
    """The matrices of a file.

    Raises:
        ValueError: they are none, or too many, and why.
    """
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError("expected tables: [[tool.convcalc.matrix]]")
    if len(value) > _MOST_MATRICES:
        raise ValueError(f"{len(value):,} of them: up to {_MOST_MATRICES} are read")
    found = tuple(map(_matrix, value))
    asked = sum(len(one.get("files", ())) for one in value)
    if asked > MOST_PATTERNS:
        raise ValueError(f"{asked:,} patterns in `files`: up to {MOST_PATTERNS:,} are read")
    return found


def keys() -> tuple[str, ...]:
    """What a matrix can have."""
    from convcalc.memory.settings import SETTINGS  # for few configurations

    return ("files", "set", "input", *(one.name.replace("_", "-") for one in SETTINGS))


def _matrix(table: Mapping[str, Any]) -> Matrix:
    known = keys()
    axes: dict[str, str | Mapping[str, str]] = {}
    for key, value in table.items():
        if key not in known:
            close = nearest(key, known)
            hint = f"did you mean {close}?" if close else f"known: {', '.join(known)}"
            raise ValueError(f"a matrix has no {brief(key)!r}: {hint}")
        if key == "set":
            if not isinstance(value, dict):
                raise ValueError("set: expected a table such as {width = [16, 32]}")
            if len(value) > _MOST_VARIABLES:
                raise ValueError(f"set: {len(value):,} variables: up to {_MOST_VARIABLES} are read")
            axes[key] = {name: _values(f"set.{name}", own) for name, own in value.items()}
        elif key != "files":
            axes[key] = _values(key, value)
    return Matrix(patterns(table["files"]) if "files" in table else (), axes)


def _values(key: str, value: object) -> str:
    """The values of an axis, as the command line has them."""
    items = value if isinstance(value, list) else [value]
    if not items or not all(isinstance(item, int | float | str) for item in items):
        raise ValueError(f'{brief(key)}: expected values such as [16, 32] or "16..64/8"')
    words = (str(item).lower() if isinstance(item, bool) else str(item) for item in items)
    text = ",".join(words)
    longest = max(map(len, text.split(",")))
    if longest > _LONGEST_VALUE:
        most = f"up to {_LONGEST_VALUE:,} are read"
        raise ValueError(f"{brief(key)}: a value of {longest:,} characters: {most}")
    return text

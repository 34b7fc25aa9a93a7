"""``[tool.convcalc]`` of the nearest pyproject.toml: which findings are wanted, and limits.

    [tool.convcalc]
    ignore = ["CC105"]
    fail-on = "warning"
    max-params = "5M"
    include = ["*.convcalc.yaml"]

    [tool.convcalc.rules]
    large-kernel = {largest = 7}

    [[tool.convcalc.matrix]]
    files = ["nets/wide.yaml"]
    set = {width = [16, 32]}
    input = ["224x224x3", "384x384x3"]

The command line and its environment variables win over it.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from convcalc.choices import expected_one_of
from convcalc.files import Glob, globs, linked_spec, read_file
from convcalc.findings import CODES, LEVELS, Severity, brief, plain
from convcalc.limits import LIMITS, limit
from convcalc.pyproject import ConfigError, section
from convcalc.quantity import refuse_unprintable
from convcalc.rules.tuning import (
    Tuning,
    WrongTuningError,
    codes_of,
    stated_once,
    suggestion,
    tuning_of,
)
from convcalc.suggest import nearest

#: Bytes of a pyproject.toml that are read; a large project has a tenth of it.
LARGEST_CONFIG = 256 * 1024

#: Of `include`, and of all matrices; how much is tried of them is bounded in `study.matching`.
_MOST_PATTERNS = 1000
_MOST_MATRICES = 100
_MOST_VARIABLES = 32  #: of a matrix; ten of two values each are more variants than are looked at
_LONGEST_VALUE = 1_000  #: characters of a value, which is said with every finding of its variant
_LONGEST_PATTERN = 300  #: characters; fnmatch takes quadratic time for open brackets

_NOTHING: Mapping[str, Any] = {}


class Matrix(NamedTuple):
    """The variants in which some specs are checked."""

    files: tuple[Glob, ...]
    """Patterns of their names; none for all specs."""
    axes: Mapping[str, str | Mapping[str, str]]
    """In words as the command line's: ``set`` by variable, ``input``, settings."""


class Config(NamedTuple):
    """What pyproject.toml says; None and empty where it says nothing."""

    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()
    advice: bool = True
    fail_on: str | None = None
    include: tuple[Glob, ...] = ()
    limits: Mapping[str, int] = _NOTHING
    givers: Mapping[str, str] = _NOTHING
    """For each of the limits its key and file, as messages name it."""
    tuning: Mapping[str, Tuning] = _NOTHING
    matrix: tuple[Matrix, ...] = ()


def load_config(start: str, read: "Callable[[str], bytes] | None" = None) -> Config:
    """The configuration for a folder: of the nearest pyproject.toml upward that has a section.

    Args:
        start: the folder.
        read: what gives the bytes of a file, b"" where there is none; left out, those on disk.

    Raises:
        ConfigError: the file is no TOML, or holds a key or value that means nothing.
    """
    folder, above = os.path.abspath(start), ""
    while folder != above:
        path = os.path.join(folder, "pyproject.toml")
        found = section(path, (read or on_disk)(path))
        if found is not None:
            return _config(path, found, start)
        folder, above = os.path.dirname(folder), folder
    return Config()


def on_disk(path: str) -> bytes:
    """The bytes of a pyproject.toml; b"" where there is none.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        return read_file(linked_spec(path) if os.path.islink(path) else path, LARGEST_CONFIG)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise ConfigError(f"cannot read {plain(path)}: {error.strerror}") from error


def _config(path: str, given: Mapping[str, Any], start: str) -> Config:
    found: dict[str, Any] = {}
    limits = {}
    for key, value in given.items():
        try:
            refuse_unprintable(value)
            if key in _READERS:
                found[key.replace("-", "_")] = _READERS[key](value)
            elif key.removeprefix("max-").replace("-", "_") in LIMITS and key[:4] == "max-":
                name = key[4:].replace("-", "_")
                limits[name] = limit(name, str(value))
            else:
                raise _unknown(key)
        except ValueError as error:
            raise ConfigError(f"{path}: {brief(key)}: {error}") from error
    folder = os.path.realpath(os.path.dirname(path))
    found = {key: _placed(value, folder) for key, value in found.items()}
    tuning = found.pop("rules", _NOTHING)
    for code in sorted(found.get("ignore", frozenset()) & tuning.keys()):
        if tuning[code].severity is Severity.ERROR:
            text = f"`ignore` leaves out {code} ({CODES[code]}), which `rules` sets to an error"
            raise ConfigError(f"{path}: {text}: leave one of them out")
    file = plain(os.path.relpath(path, start))
    givers = {name: f"max-{name.replace('_', '-')} in {file}" for name in limits}
    return Config(**found, limits=limits, givers=givers, tuning=tuning)


def _unknown(key: str) -> ValueError:
    known = (*_READERS, *(f"max-{name}".replace("_", "-") for name in LIMITS))
    if key.startswith("max-"):  # which is like every limit
        close = nearest(key[4:], [name[4:] for name in known if name.startswith("max-")])
        close = close and f"max-{close}"
    else:
        close = nearest(key, known)
    hint = f"did you mean {close}?" if close else f"known: {', '.join(known)}"
    hint = _NOT_KEYS.get(key) or _of_matrix(key) or hint
    return ValueError(f"no such key in [tool.convcalc]: {hint}")


def _of_matrix(key: str) -> str:
    """Where a key belongs that a matrix alone takes; '' for all others."""
    if key not in _matrix_keys():
        return ""
    if key == "files":
        return "`[[tool.convcalc.matrix]]` has it, `include` names the specs of folders"
    option = f"--{key} NAME=VALUE" if key == "set" else f"--{key}"
    return f"write it below `[[tool.convcalc.matrix]]`, or as an option: `convcalc check {option}`"


_NO_EXCLUDE = "`include` lists the specs that are checked, and none is left out of those"
_FLOPS = "max-macs limits them, of which each is two FLOPs: give half of the number"
#: what other tools have, and what is here instead
_NOT_KEYS = {
    **dict.fromkeys(
        ("exclude", "extend-exclude", "force-exclude", "per-file-ignores"), _NO_EXCLUDE
    ),
    **dict.fromkeys(("max-flops", "max-gflops", "max-flop"), _FLOPS),
}


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise ValueError(f"expected a list of texts, got {brief(str(value))!r}")


def _patterns(value: object) -> tuple[Glob, ...]:
    found = _texts(value)
    if len(found) > _MOST_PATTERNS or any(len(one) > _LONGEST_PATTERN for one in found):
        raise ValueError(
            f"expected up to {_MOST_PATTERNS:,} patterns of up to {_LONGEST_PATTERN} characters"
        )
    return tuple(glob for one in found for glob in globs(one))


def _placed(value: Any, folder: str) -> Any:
    """A value whose patterns know the folder that they begin at."""
    if isinstance(value, Matrix):
        return value._replace(files=_placed(value.files, folder))
    if isinstance(value, Glob):
        return value._replace(folder=folder)
    return tuple(_placed(one, folder) for one in value) if isinstance(value, tuple) else value


def _codes(value: object) -> frozenset[str]:
    return wanted_codes(_texts(value))


def wanted_codes(words: tuple[str, ...]) -> frozenset[str]:
    """The codes that some words stand for: codes, names, beginnings of codes.

    Raises:
        ValueError: a word stands for none; says which was probably meant.
    """
    found: set[str] = set()
    for word in words:
        codes = codes_of(word)
        if not codes:
            help = "give each code by itself" if "," in word else suggestion(word)
            raise ValueError(f"no code {brief(word)!r}: {help}")
        found |= codes
    return frozenset(found)


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"expected true or false, got {brief(str(value))!r}")


def _level(value: object) -> str:
    if value in LEVELS:
        return str(value)
    raise ValueError(expected_one_of(LEVELS, brief(str(value))))


def _rules(value: object) -> Mapping[str, Tuning]:
    if not isinstance(value, dict):
        raise ValueError("expected a table of rules")
    try:
        found, words = {}, dict[str, str]()
        for word, own in value.items():
            code, tuning = tuning_of(word, own)
            stated_once(code, word, words)
            found[code] = tuning
        return found
    except WrongTuningError as error:
        raise ValueError("; ".join((str(error), *error.help))) from error


def _matrices(value: object) -> tuple[Matrix, ...]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError("expected tables: [[tool.convcalc.matrix]]")
    if len(value) > _MOST_MATRICES:
        raise ValueError(f"{len(value):,} of them: up to {_MOST_MATRICES} are read")
    found = tuple(map(_matrix, value))
    patterns = sum(len(one.get("files", ())) for one in value)
    if patterns > _MOST_PATTERNS:
        raise ValueError(f"{patterns:,} patterns in `files`: up to {_MOST_PATTERNS:,} are read")
    return found


def _matrix_keys() -> tuple[str, ...]:
    from convcalc.memory.settings import SETTINGS  # for few configurations

    return ("files", "set", "input", *(one.name.replace("_", "-") for one in SETTINGS))


def _matrix(table: Mapping[str, Any]) -> Matrix:
    known = _matrix_keys()
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
    return Matrix(_patterns(table["files"]) if "files" in table else (), axes)


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


_READERS: dict[str, Callable[[object], Any]] = {
    "select": _codes,
    "ignore": _codes,
    "advice": _flag,
    "fail-on": _level,
    "include": _patterns,
    "rules": _rules,
    "matrix": _matrices,
}

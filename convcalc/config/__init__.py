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

from convcalc.config import values
from convcalc.config.matrix import Matrix, matrices
from convcalc.config.matrix import keys as matrix_keys
from convcalc.config.values import wanted_codes
from convcalc.files import Glob, linked_spec, read_file
from convcalc.findings import CODES, Severity, brief, plain
from convcalc.limits import LIMITS, limit
from convcalc.pyproject import ConfigError, section
from convcalc.quantity import refuse_unprintable
from convcalc.rules.tuning import Tuning
from convcalc.suggest import nearest

__all__ = ["LARGEST_CONFIG", "Config", "Matrix", "load_config", "on_disk", "wanted_codes"]

#: Bytes of a pyproject.toml that are read; a large project has a tenth of it.
LARGEST_CONFIG = 256 * 1024

_NOTHING: Mapping[str, Any] = {}


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
    if key not in matrix_keys():
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


def _placed(value: Any, folder: str) -> Any:
    """A value whose patterns know the folder that they begin at."""
    if isinstance(value, Matrix):
        return value._replace(files=_placed(value.files, folder))
    if isinstance(value, Glob):
        return value._replace(folder=folder)
    return tuple(_placed(one, folder) for one in value) if isinstance(value, tuple) else value


_READERS: dict[str, Callable[[object], Any]] = {
    "select": values.codes,
    "ignore": values.codes,
    "advice": values.flag,
    "fail-on": values.level,
    "include": values.patterns,
    "rules": values.rules,
    "matrix": matrices,
}

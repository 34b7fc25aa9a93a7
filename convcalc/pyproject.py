"""The section of convcalc in a pyproject.toml, which anyone may have written: bounded."""

from collections.abc import Mapping
from typing import Any

from convcalc.findings import brief
from convcalc.quantity import LONG

#: Names that a TOML key may join by dots: tomllib's work and memory are quadratic in them.
_MOST_PARTS = 32
#: Each longer key that tomllib takes has a match at its very beginning, whatever surrounds it: its
#: parts are no more than these, and before it is no letter, dot, dash or backslash. As no search
#: begins at a quote after a backslash, the text from one quote to the next is looked at once.
_LONG_KEY = (
    r"""(?<![\w.\\-])(?:(?:[\w-]++|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*"|'[^'\n]*+')[ \t]*+\.[ \t]*+)"""
    rf"{{{_MOST_PARTS}}}"
)

#: A file with none of these has no section: TOML writes a letter also as a number after \u.
_MARKS = (b"convcalc", rb"\u", rb"\U")


class ConfigError(Exception):
    """The configuration cannot be used; the message names the file and the key."""


def section(path: str, data: bytes) -> Mapping[str, Any] | None:
    """``[tool.convcalc]`` of a file; None where it has none.

    Raises:
        ConfigError: the file is no TOML, or its section is no table.
    """
    bare = data.replace(b"\0", b"")  # as UTF-16 has them
    if not any(mark in bare for mark in _MARKS):  # TOML takes 20 ms to import
        return None
    import re
    import tomllib

    text = _text(path, data)
    try:
        if re.search(_LONG_KEY, text):
            raise ConfigError(
                f"{path} is not read: more than {_MOST_PARTS} names in a row are joined by dots"
            )
        tool = tomllib.loads(text).get("tool", {})
    except RecursionError as error:
        raise ConfigError(f"{path} is not read: its brackets are nested too deep") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {brief(str(error), 300)}") from error
    except ValueError as error:
        raise ConfigError(f"{path} is not read: {LONG}") from error
    found = tool.get("convcalc") if isinstance(tool, dict) else None
    if found is None or isinstance(found, dict):
        return found
    raise ConfigError(f"{path}: tool.convcalc must be a table")


def _text(path: str, data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        raise ConfigError(f"{path} begins with a byte order mark: save it as UTF-8 without one")
    if b"\0" in data:
        raise ConfigError(f"{path} is UTF-16 or UTF-32: save it as UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = f"byte {data[error.start]:#04x} at offset {error.start:,}"
        raise ConfigError(f"{path} is not UTF-8, {wrong}: save it as UTF-8") from error

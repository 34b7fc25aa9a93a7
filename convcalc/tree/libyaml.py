"""PyYAML, imported without compiling what only its parser in Python uses.

Its modules compile some thirty regular expressions as they are imported, one of them over all of
Unicode: a sixth of the instructions of `analyze`. libyaml's parser uses none of them. Here each is
compiled when something of it is first asked for, and matches as ever then. In a program that
imports convcalc, PyYAML is everybody's, and is imported as always.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from convcalc import process

__all__ = ["Pattern", "yaml"]


class Pattern:
    """A regular expression that is compiled when it is first used."""

    def __init__(self, *given: Any) -> None:
        self._given = given

    def __getattr__(self, name: str) -> Any:
        """A method of the compiled one, kept here from then on."""
        if name.startswith("_"):  # what copying and pickling ask every object for
            raise AttributeError(name)
        found = getattr(re.compile(*self._given), name)
        self.__dict__[name] = found
        return found


@contextmanager
def _patterns_for_later() -> Iterator[None]:
    """Inside, `re.compile` compiles nothing for PyYAML's modules; for all others as always."""
    now = re.compile

    def compile(pattern: Any, flags: Any = 0) -> Any:
        caller = sys._getframe(1).f_globals.get("__name__", "")
        return Pattern(pattern, flags) if caller.startswith("yaml.") else now(pattern, flags)

    re.compile = compile
    try:
        yield
    finally:
        re.compile = now


with _patterns_for_later() if process.is_ours else nullcontext():
    import yaml

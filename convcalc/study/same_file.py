"""Outputs that would replace what they are made from."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping

from convcalc.escape import plain
from convcalc.study.errors import RequestError

_DEEPEST = 4


def refuse_same_file(output: str | None, given: Iterable[object]) -> None:
    """Refuse an output that is a file which the same request reads: it would be lost.

    Args:
        output: the file to write; None for none. A device or a pipe is nothing to lose.
        given: what the request was given: texts of it that name the same file are looked for,
            ``-`` for the file that standard input reads.

    Raises:
        RequestError: one of them does.
    """
    if output is None or not os.path.isfile(output):
        return
    for name in _names(given, _DEEPEST):
        try:
            read = _standard_input() if name == "-" else os.stat(name)
            same = os.path.samestat(read, os.stat(output))
        except (OSError, ValueError):  # no file
            continue
        if same:
            text = f"{plain(output)} is read here: writing there would replace it"
            raise RequestError(f"{text}, name another file")


def _standard_input() -> os.stat_result:
    """What is piped in: a file where the shell's ``<`` names one.

    Raises:
        OSError: it is closed, or no file of the system's.
    """
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return os.fstat(sys.stdin.fileno())


def _names(given: Iterable[object], deepest: int) -> Iterator[str]:
    for one in given:
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping) and deepest:
            yield from _names(one.values(), deepest - 1)
        elif isinstance(one, tuple | list) and deepest:
            yield from _names(one, deepest - 1)

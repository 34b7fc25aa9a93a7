"""Edits of a text that is no YAML, tried: which of several slips is the one that was made."""

import re
from collections.abc import Iterable
from typing import Any

from convcalc.tree import between
from convcalc.tree.decode import Limits
from convcalc.tree.libyaml import yaml
from convcalc.tree.slips import Slip

_MEANT = re.compile(r"did you mean `([^`]+)`\?\Z")
_LONGEST = 500_000  #: letters of a text that is parsed again for each edit, a second at most
_DEEPEST = Limits().depth  #: libyaml looks through all open brackets for each token
_END = 1 << 62  #: for a line: the whole text is YAML


def tried(lines: list[str], at: int, slips: Iterable[Slip | None], parser: Any) -> Slip | None:
    """The first slip whose edit makes the text YAML; else the one with which most of it is read.

    One that names no edit is believed. None where every edit leaves the parser where it stopped.

    Args:
        lines: of the text.
        at: the line at which the parser stopped.
        slips: what may have been meant, the likeliest first.
        parser: the class of PyYAML's that stopped.
    """
    whole = sum(map(len, lines)) <= _LONGEST
    best, farthest = None, at
    for slip in slips:
        if slip is None:
            continue
        text = edited(lines, slip)
        if text is None or not whole:
            return best or slip
        stopped = _stopped(text, len(lines), parser)
        if stopped > farthest:
            best, farthest = slip, stopped
        if stopped == _END:
            break
    return best


def edited(lines: list[str], slip: Slip) -> str | None:
    """The text with the edit that a slip's help names; None where it names none."""
    _, span, help, _ = slip
    if help.endswith(between.MOVED) and (found := between.block(lines, span.line)):
        return "\n".join(between.moved(lines, found))
    meant = _MEANT.match(help)
    if meant is None or span.line != span.end_line:
        return None
    line = lines[span.line - 1]
    new = f"{line[: span.column - 1]}{meant[1]}{line[span.end_column - 1 :]}"
    return "\n".join([*lines[: span.line - 1], new, *lines[span.line :]])


def _stopped(text: str, last: int, parser: Any) -> int:
    """The line at which a text is no longer read, of which there are so many."""
    depth = 0
    try:
        event: Any
        for event in yaml.parse(text, parser):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                line: int = event.start_mark.line
                return min(line + 1, last)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return min(mark.line + 1, last) if mark else 0
    return _END

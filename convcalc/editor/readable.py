"""The names of layers that an entry may read, as they are called where it stands."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from convcalc.editor.reading import Reading
from convcalc.editor.symbols.record import LAYER
from convcalc.network.record import INPUT, Step

Named = tuple[str, str]
"""A name, and what it is."""


class _Seen(NamedTuple):
    """A layer as an entry sees it: its name and those of the calls that it is in."""

    name: str
    units: tuple[str, ...]
    line: int
    """Of the entry in the reader's own list that makes it."""
    step: Step


def entry_line(lines: list[str], line: int) -> int:
    """The line where the entry begins that a line belongs to."""
    indent = len(lines[line - 1]) - len(lines[line - 1].lstrip())
    for number in range(line, 0, -1):
        text = lines[number - 1]
        if text.lstrip()[:2] == "- " and (number == line or text.index("-") < indent):
            return number
    return line


def readable(known: Reading, line: int, block: str) -> list[Named]:
    """What an entry on a line may read: the nearest first, each call before the layers in it.

    In a `block` (`''` for the file) these are its own layers, named as in one of its calls, then
    the layers with names of the file above that call; the network's inputs last.
    """
    steps = () if known.outcome is None else known.outcome.network.steps
    above, first = _within(steps, block) if block else (_at_top(steps), len(steps))
    found = dict(_names([one for one in above if one.line < line], known, block))
    if block:
        for use in reversed(known.symbols.uses):  # of a block that is not called yet
            name = use.symbol.name
            own = use.symbol.sort == LAYER and use.symbol.scope == block
            if own and name and use.defines and use.span.line < line:
                found.setdefault(name, "layer")
        outer = set(known.symbols.names(LAYER, ""))
        for step in reversed(steps[:first]):
            if not step.units and step.name in outer and step.kind != INPUT:
                found.setdefault(step.name, _said(step))
    for step in reversed(steps):
        if step.kind == INPUT:
            found.setdefault(step.name, _said(step))
    return [*found.items()]


def _names(above: list[_Seen], known: Reading, block: str) -> Iterator[Named]:
    given = set(known.symbols.names(LAYER, block))
    called: set[str] = set()
    for name, units, _, step in reversed(above):  # the last of a call is what its name reads
        for unit in units:
            if unit not in called:
                called.add(unit)
                yield unit, f"block call, {_shape(step)}"
        entry, _, turn = name.rpartition(".")
        if entry in given and turn.isdigit() and entry not in called:  # the last turn of a repeat
            called.add(entry)
            yield entry, _said(step)
        yield name, _said(step)


def _at_top(steps: Iterable[Step]) -> list[_Seen]:
    """The layers as the file's own list sees them."""
    found = []
    for step in steps:
        calls = step.place.calls
        line = (calls[-1].line if calls else step.place.line) or 0
        if step.kind != INPUT:
            found.append(_Seen(step.name, step.units, line, step))
    return found


def _within(steps: Iterable[Step], block: str) -> tuple[list[_Seen], int]:
    """The layers of the first call of a block as its list sees them, and where they begin."""
    found: list[_Seen] = []
    unit, first = "", 0
    for index, step in enumerate(steps):
        calls = step.place.calls[::-1]
        depth = next((i for i, call in enumerate(calls) if _text(call) == block), None)
        if depth is None or depth >= len(step.units) or (unit and step.units[depth] != unit):
            continue
        if not unit:
            unit, first = step.units[depth], index
        inner = calls[depth + 1 :]
        line = (inner[0].line if inner else step.place.line) or 0
        local = [name.removeprefix(f"{unit}.") for name in (step.name, *step.units[depth + 1 :])]
        found.append(_Seen(local[0], tuple(local[1:]), line, step))
    return found, first


def _text(call: object) -> str:
    """The block that a call names."""
    return str(getattr(call, "text", ""))


def _shape(step: Step) -> str:
    return "x".join(map(str, step.output)) if step.output else "?"


def _said(step: Step) -> str:
    return f"{step.words() or step.kind}, {_shape(step)}"


#: the default of an argument that may be a layer's name, or that has none
_LAYER_NAME = re.compile(r"(?!(?:true|false|null)\Z)[A-Za-z_][\w.]*\Z|\Z", re.A)


def passed(arguments: Iterable[tuple[str, str]]) -> list[str]:
    """Which arguments of a block, given with their defaults, may name a layer that it reads."""
    return [word for word, default in arguments if _LAYER_NAME.match(default)]

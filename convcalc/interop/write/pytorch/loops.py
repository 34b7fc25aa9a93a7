"""Runs of equal calls as loops: ``bottleneck2`` to ``bottleneck6`` in two lines.

A run is a number of lines in a row that make ``self.NAMEk``, with ``k`` one more in each, by the
same call or with one number that grows evenly; the `forward` calls them in a row too. Their names
stay, so that the keys of the state_dict do.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from convcalc.interop.write.pytorch.names import free
from convcalc.interop.write.words import split_words

_MADE = re.compile(r"self\.([A-Za-z_]\w*?)(0|[1-9]\d*) = ([A-Z]\w*)\((.*)\)$")
_RUN = re.compile(r"(\w+) = self\.([A-Za-z_]\w*?)(0|[1-9]\d*)\((\w+)\)$")
#: a count that may become an argument: ``blocks=6 + 1``, until it is finished
_COUNT = re.compile(r"blocks=(\w+) \+ 1")
_END = "@end{}@"
_CHILD = re.compile(r"\s*self\.(\w+) = ")


class LoopRun(NamedTuple):
    """Lines of both bodies that a loop can take the place of."""

    base: str
    first: int
    last: int
    """Both numbers included."""
    made: int
    """Where its first line is in `__init__`."""
    run: int
    """Where its first line is in `forward`."""
    value: str
    """What each of them is, the loop's variable in it where they differ."""


def looped(init: list[str], forward: Sequence[str], least: int) -> tuple[list[str], list[str]]:
    """Both bodies with loops for runs of at least so many calls."""
    made, called = list(init), list(forward)
    found = [run for run in runs(init, forward) if run.last - run.first + 1 >= least]
    for number, run in reversed(list(enumerate(found))):
        length = run.last - run.first + 1
        made[run.made : run.made + length] = [
            f"for i in range({run.first}, blocks={run.last} + 1):",
            f'    self.add_module(f"{run.base}{{i}}", {run.value})',
        ]
        name = called[run.run].split(" ", 1)[0]
        called[run.run : run.run + length] = [
            f"for i in range({run.first}, {_END.format(number)}):",
            f'    {name} = self.get_submodule(f"{run.base}{{i}}")({name})',
        ]
    return made, called


def finished(init: list[str], forward: list[str]) -> tuple[list[str], list[str]]:
    """Both bodies with the ends of their loops written out; an argument is kept in the module."""
    ends: list[str] = []
    kept: list[str] = []
    used = {word for line in init for word in _CHILD.findall(line)}

    def end(found: re.Match[str]) -> str:
        if found[1].isdigit():
            ends.append(str(int(found[1]) + 1))
            return ends[-1]
        attribute = free(found[1], used)
        ends.append(f"self.{attribute} + 1")
        kept.append(f"self.{attribute} = {found[1]}")
        return f"{found[1]} + 1"

    made = [_COUNT.sub(end, line) for line in init]
    called = list(forward)
    for number, text in enumerate(ends):
        called = [line.replace(_END.format(number), text) for line in called]
    return [*dict.fromkeys(kept), *made], called


def runs(init: list[str], forward: Sequence[str]) -> list[LoopRun]:
    """All runs, in order, that both bodies have."""
    made = {(match[1], int(match[2])) for match in map(_MADE.fullmatch, init) if match}
    places = {}
    for at, line in enumerate(forward if made else ()):
        match = _RUN.fullmatch(line)
        if match and match[1] == match[4] and (match[2], int(match[3])) in made:
            places[match[2], int(match[3])] = at
    found: list[LoopRun] = []
    at = 0
    while at < len(init):
        run = _longest(init, at, places, forward)
        if run is None:
            at += 1
            continue
        if run.last > run.first:
            found.append(run)
        at += run.last - run.first + 1
    return found


def _longest(
    init: list[str], at: int, places: dict[tuple[str, int], int], forward: Sequence[str]
) -> LoopRun | None:
    """The run that begins with a line of `__init__`."""
    match = _MADE.fullmatch(init[at])
    if match is None or (match[1], int(match[2])) not in places:
        return None
    base, first, maker, given = match[1], int(match[2]), match[3], match[4]
    start = places[base, first]
    values, step = split_words(given), None
    last = first
    for offset in range(1, len(init) - at):
        other = _MADE.fullmatch(init[at + offset])
        if other is None or (other[1], int(other[2]), other[3]) != (base, first + offset, maker):
            break
        here = start + offset
        if places.get((base, first + offset)) != here:
            break
        if forward[here].split(" ", 1)[0] != forward[start].split(" ", 1)[0]:
            break
        change = _change(values, split_words(other[4]), offset)
        if change is None or (step is not None and change != step):
            break
        step, last = change, first + offset
    return LoopRun(base, first, last, at, start, f"{maker}({_value(values, step, first)})")


def _change(old: list[str], new: list[str], offset: int) -> tuple[int, int] | None:
    """Which number of a call grows, and by how much a turn; (-1, 0) for the same call."""
    if len(old) != len(new):
        return None
    differ = [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    if not differ:
        return (-1, 0)
    (at, *more) = differ
    if more or not (old[at].isdigit() and new[at].isdigit()):
        return None
    each, rest = divmod(int(new[at]) - int(old[at]), offset)
    return None if rest else (at, each)


def _value(values: list[str], step: tuple[int, int] | None, first: int) -> str:
    """The arguments of the call, with the loop's variable where they differ."""
    if step is None or step[0] < 0:
        return ", ".join(values)
    at, each = step
    sign = "+" if each > 0 else "-"
    grown = f"{values[at]} {sign} {abs(each)} * (i - {first})"
    return ", ".join([*values[:at], grown, *values[at + 1 :]])

"""Inlay hints: at the end of a layer's line what it makes, of a call's line what its calls make."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from convcalc.analysis.record import Row
from convcalc.editor.reading import Reading
from convcalc.editor.versions import same_lines
from convcalc.network.record import INPUT
from convcalc.report.drawing.units import count, size
from convcalc.shapes import Shape, written

_MOST = 3  #: different shapes that one line names


class Hint(NamedTuple):
    """A text after the end of a line, and what it says when it is pointed at."""

    line: int
    text: str
    tip: str = ""


class _Run(NamedTuple):
    """The layers that one line makes in one go: a layer, a call, a pattern."""

    units: tuple[str, ...]
    rows: list[Row]


def _activations(run: _Run, number_bytes: int) -> str:
    known = [row.activations if row.new_volume else 0 for row in run.rows]
    return "" if None in known else f"{count(sum(n or 0 for n in known))} activations"


def _params(run: _Run, number_bytes: int) -> str:
    known = [row.params for row in run.rows]
    total = sum(n or 0 for n in known)
    return f"{count(total)} params" if total and None not in known else ""


def _macs(run: _Run, number_bytes: int) -> str:
    known = [row.macs for row in run.rows]
    total = sum(n or 0 for n in known)
    return f"{count(total)} MACs" if total and None not in known else ""


def _memory(run: _Run, number_bytes: int) -> str:
    known = [row.activations if row.new_volume else 0 for row in run.rows]
    held = number_bytes * sum(n or 0 for n in known)
    return size(held) if held and None not in known else ""


#: What a hint can show beside the output, by the names of the editor's settings.
SHOWN: dict[str, Callable[[_Run, int], str]] = {
    "activations": _activations,
    "params": _params,
    "macs": _macs,
    "memory": _memory,
}
OUTPUT = "output"


def hints(reading: Reading, good: Reading | None) -> list[Hint]:
    """The hints of a text; for lines without a size those of the last version that had all.

    `good` is that version: its hints stay with the lines that are still written as they were.
    """
    found = {hint.line: hint for hint in _own(reading)}
    if good is not None and good is not reading and not reading.whole:
        lines = same_lines(good.lines.lines, reading.lines.lines)
        for hint in _own(good):
            line = lines.get(hint.line)
            if line is not None and line not in found:
                tip = "of the last version without this fault"
                found[line] = Hint(line, f"{hint.text} (before)", tip)
    return [found[line] for line in sorted(found)]


def _own(reading: Reading) -> list[Hint]:
    """The hints of lines whose layers have a size."""
    if reading.outcome is None:
        return []
    settings = reading.wishes.settings
    bytes_ = settings.number_bytes * settings.batch
    hints = []
    for line, runs in _runs(reading).items():
        shapes = [run.rows[-1].step.output for run in runs]
        if None in shapes:
            continue
        texts = [f"\u2192 {_shapes(shapes)}"] if OUTPUT in reading.wishes.hints else []
        whole = _Run((), [row for run in runs for row in run.rows])
        texts += [SHOWN[word](whole, bytes_) for word in reading.wishes.hints if word in SHOWN]
        text = ", ".join(filter(None, texts))
        if text:
            hints.append(Hint(line, text, _tip(runs)))
    return hints


def _runs(reading: Reading) -> dict[int, list[_Run]]:
    """For each line what it makes, in order; a call in a block that is called twice is two runs."""
    assert reading.outcome is not None, "only a text that was read has runs"
    found: dict[int, list[_Run]] = {}
    before: set[int] = set()
    for row in reading.outcome.analysis.rows:
        place, units = row.step.place, row.step.units
        if row.step.kind == INPUT or place.kind is None:
            continue
        now = set()
        for up, mark in enumerate((place.kind, *place.calls)):
            line, within = mark.span.line, units[: len(units) - up]
            if line in now:
                continue
            now.add(line)
            runs = found.setdefault(line, [])
            if runs and line in before and runs[-1].units == within:
                runs[-1].rows.append(row)
            elif runs and line in before and _same_call(runs[-1].units, within):
                runs[-1] = _Run(min(runs[-1].units, within, key=len), [*runs[-1].rows, row])
            else:
                runs.append(_Run(within, [row]))
        before = now
    return found


def _same_call(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one of two places lies in the other: a pattern that holds a call."""
    return one[: len(other)] == other or other[: len(one)] == one


def _shapes(shapes: list[Shape | None]) -> str:
    """The shapes in order, each once where several in a row are equal."""
    texts = [written(shape) for shape in shapes if shape is not None]
    texts = texts[:1] + [b for a, b in pairwise(texts) if a != b]
    more = f" and {len(texts) - _MOST} more" if len(texts) > _MOST else ""
    return ", ".join(texts[:_MOST]) + more


def _tip(runs: list[_Run]) -> str:
    """Which layers they are, where a line makes several."""
    if len(runs) < 2:
        return ""
    ends = [f"{run.rows[-1].step.name} {written(run.rows[-1].step.output or ())}" for run in runs]
    more = f" and {len(ends) - 12} more" if len(ends) > 12 else ""
    return ", ".join(ends[:12]) + more

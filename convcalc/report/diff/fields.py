"""The receptive fields of the outputs of two nets, output by output."""

from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.difference.record import Difference
from convcalc.shapes import Shape, written

_MOST = 8  #: outputs that have a line of their own


class OutputFields(NamedTuple):
    """An output that both nets have, by its name in each, and what its positions see."""

    names: tuple[str, str]
    before: Shape
    after: Shape

    @property
    def said(self) -> str:
        """What became of it; '' where one of the two sees no positions."""
        if not (self.before and self.after):
            return ""
        same = "both" if self.before == self.after else f"-> {written(self.after)}"
        return f"{written(self.before)} {same}"


def fields(difference: Difference) -> list[OutputFields]:
    """The fields of the outputs: those of one name, of the others those that have one place.

    Which layer a file has last decides nothing: of several outputs that is any of them.
    """
    before, after = (analysis.network for analysis in (difference.before, difference.after))
    old, new = before.returned, after.returned
    places = {after.steps[j].name: j for j in new}
    pairs = {i: places[name] for i in old if (name := before.steps[i].name) in places}
    there = {*pairs.values()}
    rest = [i for i in old if i not in pairs], [j for j in new if j not in there]
    if len(old) == len(new):
        pairs.update(zip(*rest, strict=True))
    return [
        OutputFields(
            (before.steps[i].name, after.steps[pairs[i]].name),
            _field(difference.before, i),
            _field(difference.after, pairs[i]),
        )
        for i in old
        if i in pairs
    ]


def fields_said(difference: Difference) -> list[str]:
    """The fields in words: in one line where all outputs see alike."""
    found = [(one, one.said) for one in fields(difference) if one.said]
    if len({said for _, said in found}) == 1:
        return [f"receptive field {found[0][1]}"]
    lines = [f"receptive field of {_called(one)}: {said}" for one, said in found[:_MOST]]
    more = len(found) - _MOST
    return [*lines, f"... and of {more:,} more outputs"] if more > 0 else lines


def _called(output: OutputFields) -> str:
    old, new = output.names
    return new if old == new else f"{old} -> {new}"


def _field(analysis: Analysis, index: int) -> Shape:
    return tuple(axis.size for axis in analysis.rows[index].receptive_field)

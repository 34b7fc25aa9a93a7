"""What a repair is made of."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from convcalc.findings import ON_TOTALS
from convcalc.fix.moved import Moved
from convcalc.spec.edit import Edit

#: options that leave the shapes of weights as they are, and the sizes as they were meant
_KEEP = frozenset({"pad", "output_pad", "scale", "shape"})

#: the key of what a file promises
RESTATED = "expect"

#: what is shown for the text before and after, and the edits
Told = tuple[str, str, tuple[Edit, ...]]


class Change(NamedTuple):
    """One option, or the input, written anew."""

    layer: str
    option: str
    before: str
    after: str
    line: int
    effect: str
    """What the layer makes then; the search fills it in from the repaired net."""
    edits: tuple[Edit, ...]
    rank: tuple[int, ...]
    """How much it alters, smallest first."""
    skews: bool = False
    """Padding that was alike on both sides is not any more: PyTorch's convs cannot say that."""
    overpads: bool = False
    """Padding wider than half of the window, where it was not: nobody pads convs so."""
    trims: bool = False
    """Padding goes that no window reads: what rounding down makes, without it."""
    learns: bool = False
    """A layer with weights comes in."""
    inserts: bool = False
    """A layer comes in before a merge."""
    completes: bool = False
    """A branch of a merge steps as the others do: that it did not was hardly meant."""
    parts: bool = False
    """A merge that the author has everywhere is left out in some copies."""
    variable: bool = False
    """A variable is set to it, which other layers may have too."""
    called: bool = False
    """What a block call gives is set to it: the block's other calls keep what they give."""
    places: tuple[tuple[str, int], ...] = ()
    """While the search goes on: where the layers that it names are in the text it changes."""

    @property
    def written(self) -> str:
        """What is written, on one line: keys on lines of their own have a comma between."""
        return re.sub(r"\s*\n\s*", ", ", self.after.strip())

    @property
    def crops(self) -> bool:
        """Whether it crops what a merge reads: a net that does not pad crops at every merge."""
        return self.inserts and any("crop: {" in edit.text for edit in self.edits)


class Offer(NamedTuple):
    """Changes that together make a spec valid, and the text of the spec with them made."""

    changes: tuple[Change, ...]
    text: str
    errors: tuple[str, ...]
    """The codes of errors that stay or come up: mostly totals that the file states."""
    warnings: int
    """Places where input is still lost: a layer has several where its axes lose unlike."""
    losing: int = 0
    """The layers of these places."""
    words: tuple[Moved, ...] = ()
    """The edits of words that were meant, each of the text that those before it made."""
    unsettles: bool = False
    """A copy of a layer that was right has another size by it, as the entry of them all changes."""
    asks: bool = False
    """It is one reading of what may be read in two ways: only its author knows which is meant."""

    @property
    def left(self) -> tuple[int, int, int]:
        """What stays wrong: errors, totals other than the file states them, places that lose input.

        Errors count first: the totals of a net that has any are not known.
        """
        return (*errors_left(self.errors), self.warnings)

    @property
    def only_floors(self) -> bool:
        """Whether it rounds down, as PyTorch and Keras do, and alters nothing else."""
        return all(c.option == "rounding" and "floor" in c.after for c in self.changes)

    @property
    def only_trims(self) -> bool:
        """Whether it makes the sizes that PyTorch and Keras do, and nothing is left over."""
        return all(c.trims for c in self.changes)

    @property
    def restates(self) -> bool:
        """Whether it changes what the file expects and nothing of the net: only if it is chosen."""
        return all(change.option.split()[0:1] == [RESTATED] for change in self.changes)

    @property
    def reach(self) -> int:
        """How far it takes the net from the one that the author's weights and habits are for.

        0: padding and crops, with rounding down or without: the weights keep their shapes. 1:
        padding that was given alike on both sides made unlike. 2: rounding down alone that loses
        no input: what PyTorch and Keras compute, but the sizes still do not come out. 3: a kernel,
        an input, a stride, a depth, rounding up, other sizes of a block's calls that were right:
        another net. 4: rounding down alone that loses input: it accepts the loss instead of
        repairing it.
        """
        if self.only_floors:
            return 4 if self.warnings else 2
        if self.unsettles or self._alters or any(c.learns or c.parts for c in self.changes):
            return 3
        return int(self._skews)

    @property
    def _alters(self) -> bool:
        """Whether a change makes another net, with weights or sizes of other shapes."""
        return any(
            not (c.inserts or c.completes or c.option in _KEEP or "floor" in c.after)
            for c in self.changes
        )

    @property
    def _skews(self) -> bool:
        return any(c.skews and not c.trims for c in self.changes)

    @property
    def rank(self) -> tuple[object, ...]:
        """Best first: what stays wrong, how far it takes the net, how many edits, how far they go.

        A repair that keeps the weights comes before one that changes their shapes, and one that
        only silences is never first where anything repairs. With a projection, what keeps padding
        alike on both sides comes first.
        """
        altered = tuple(sorted(change.rank for change in self.changes))
        skewed = self._skews and not self._alters
        return (*self.left, self.reach, len(self.changes), skewed, altered)


def errors_left(codes: Iterable[str]) -> tuple[int, int]:
    """How many errors there are, and how many are of totals that the file states."""
    totals = [code in ON_TOTALS for code in codes]
    return len(totals) - sum(totals), sum(totals)

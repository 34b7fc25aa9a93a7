"""What a repair is made of."""

from typing import NamedTuple

from convcalc.spec.edit import Edit


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


class Offer(NamedTuple):
    """Changes that together make a spec valid, and the text of the spec with them made."""

    changes: tuple[Change, ...]
    text: str
    errors: tuple[str, ...]
    """The codes of errors that stay or come up: mostly totals that the file states."""
    warnings: int
    """Places where input is still lost."""

    @property
    def only_floors(self) -> bool:
        """Whether it rounds down, as PyTorch and Keras do, and alters nothing else."""
        return all(c.option == "rounding" and "floor" in c.after for c in self.changes)

    @property
    def rank(self) -> tuple[object, ...]:
        """Best first: what stays wrong, whether it only silences, how many edits, how far they go.

        Rounding down alone accepts the loss instead of repairing it: it comes after what repairs.
        """
        altered = tuple(change.rank for change in self.changes)
        return (len(self.errors), self.warnings, self.only_floors, len(self.changes), altered)

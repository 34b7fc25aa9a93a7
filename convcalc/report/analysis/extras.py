"""What a report shows of memory and of other tools' counts on request."""

from typing import TYPE_CHECKING

from convcalc.records import NamedTuple

if TYPE_CHECKING:  # YAML's reader and more, for those who ask for a convention
    from convcalc.counting.record import Convention


class Extras(NamedTuple):
    """What is shown on request."""

    timeline: bool = False
    arena: bool = False
    im2col: bool = False
    conventions: "tuple[Convention, ...]" = ()
    """Whose counts are shown beside the MACs, or one in their place."""
    columns: tuple[str, ...] = ()
    """Which columns of the layers, in this order; empty: those that fit."""
    sort: str = ""
    """The column by which the layers are sorted, the largest first; '' for the net's order."""

    @property
    def others(self) -> bool:
        """Whether something is asked for that the table of layers shows."""
        return bool(self.im2col or self.conventions or self.columns or self.sort)


NOTHING_MORE = Extras()

"""What the channels of each volume in a block are, as expressions of the block's arguments."""

from collections.abc import Iterable, Mapping

from convcalc.formula import Name
from convcalc.interop.write.pytorch.by_numbers import MOST, ByNumbers
from convcalc.interop.write.pytorch.parts import ENTRY, Instance
from convcalc.interop.write.spec.expressions import (
    Expression,
    NotSaidError,
    is_long,
    joined,
    names_in,
    worked_out,
)
from convcalc.interop.write.spec.names import IN_CHANNELS
from convcalc.layers.option import Value

Ends = list[tuple[int, int]]  #: volumes: a call and a step in it


class Channels:
    """Expressions for the channels of volumes, the best first."""

    def __init__(
        self,
        instances: Mapping[int, Instance],
        values: Mapping[int, Mapping[str, Value]],
    ) -> None:
        self.values = values
        self.numbers = {
            i: {ENTRY: one.channels} | {part.end: part.channels for part in one.parts}
            for i, one in instances.items()
        }
        """How many they are, by call and step."""
        arrives: list[Expression] = [Name(IN_CHANNELS, 0)]
        self.known = {i: {ENTRY: arrives} for i in instances}
        self.seen = ByNumbers(values)
        """All that were found, for layers whose own are not said."""

    def at(self, call: int, step: int) -> list[Expression]:
        """The expressions of one volume; none where nothing is known."""
        return self.known[call].get(step, [])

    def at_any(self, volumes: Iterable[tuple[int, int]]) -> list[Expression]:
        """The expressions of each of some volumes, once where calls have them in common."""
        lists = [self.at(call, step) for call, step in volumes]
        return [tree for trees in {id(one): one for one in lists}.values() for tree in trees]

    def seen_at(self, volumes: Ends) -> list[Expression]:
        """What was found elsewhere in the block that is right for all of some volumes."""
        return self.seen.equal((call, self.numbers[call][step]) for call, step in volumes)

    def of(self, volumes: Iterable[tuple[int, int]]) -> list[Expression]:
        """What is right for all of some volumes."""
        ends = list(volumes)
        return self.right(ends, self.at_any(ends))

    def sums(self, reads: list[tuple[int, tuple[int, ...]]]) -> list[Expression]:
        """The sum of all channels that concatenations read."""
        found: list[Expression] = []
        for call, steps in reads:
            terms = [self.at(call, step)[:1] for step in steps]
            if all(terms):
                total = terms[0][0]
                for (term,) in terms[1:]:
                    total = joined("+", total, term)
                    if is_long(total):
                        break
                else:
                    found.append(total)
        return found

    def right(self, volumes: Ends, trees: Iterable[Expression]) -> list[Expression]:
        """Those expressions that give the channels of all volumes."""
        found = [tree for tree in dict.fromkeys(trees) if self.gives(tree, volumes)]
        # a name says more than the number that it is in these calls
        return sorted(found, key=lambda tree: not names_in(tree))[:MOST]

    def gives(self, tree: Expression, volumes: Ends) -> bool:
        """Whether an expression is the channels of all volumes."""
        work = worked_out(tree)
        try:
            return all(work(self.values[i]) == self.numbers[i][step] for i, step in volumes)
        except NotSaidError:
            return False

    def note(self, volumes: Ends, trees: list[Expression]) -> None:
        """Keep the expressions of volumes."""
        for call, step in volumes:
            self.known[call][step] = trees
        self.seen.add(tree for tree in trees if names_in(tree))

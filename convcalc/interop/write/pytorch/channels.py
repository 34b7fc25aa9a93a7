"""What the channels of each volume in a block are, as expressions of the block's arguments."""

from collections.abc import Iterable, Mapping

from convcalc.formula import Name
from convcalc.interop.write.pytorch.parts import Instance
from convcalc.interop.write.spec.expressions import (
    Expression,
    NotSaidError,
    joined,
    names_in,
    value_of,
)
from convcalc.interop.write.spec.names import IN_CHANNELS
from convcalc.layers.option import Value
from convcalc.network.record import Network

_MOST = 8  #: expressions of one volume that are kept

Ends = list[tuple[int, int]]  #: volumes: a call and a step in it


class Channels:
    """Expressions for the channels of volumes, the best first."""

    def __init__(
        self,
        network: Network,
        instances: Mapping[int, Instance],
        values: Mapping[int, Mapping[str, Value]],
    ) -> None:
        self.steps, self.values = network.steps, values
        arrives: list[Expression] = [Name(IN_CHANNELS, 0)]
        self.known = {i: {one.entry: arrives} for i, one in instances.items()}
        self.seen: list[Expression] = []
        """All that were found, for layers whose own are not said."""

    def at(self, call: int, step: int) -> list[Expression]:
        """The expressions of one volume; none where nothing is known."""
        known = self.known[call]
        while step not in known and self.steps[step].kind == "identity":
            step = self.steps[step].inputs[0]
        return known.get(step, [])

    def of(self, volumes: Iterable[tuple[int, int]]) -> list[Expression]:
        """What is right for all of some volumes."""
        ends = list(volumes)
        return self.right(ends, [tree for call, step in ends for tree in self.at(call, step)])

    def sums(self, reads: list[tuple[int, tuple[int, ...]]]) -> list[Expression]:
        """The sum of all channels that concatenations read."""
        found: list[Expression] = []
        for call, steps in reads:
            terms = [self.at(call, step)[:1] for step in steps]
            if all(terms):
                total = terms[0][0]
                for (term,) in terms[1:]:
                    total = joined("+", total, term)
                found.append(total)
        return found

    def right(self, volumes: Ends, trees: Iterable[Expression]) -> list[Expression]:
        """Those expressions that give the channels of all volumes."""
        found: list[Expression] = []
        for tree in trees:
            if tree not in found and all(self.gives(tree, *volume) for volume in volumes):
                found.append(tree)
        # a name says more than the number that it is in these calls
        return sorted(found, key=lambda tree: not names_in(tree))[:_MOST]

    def gives(self, tree: Expression, call: int, step: int) -> bool:
        """Whether an expression is the channels of a volume."""
        output = self.steps[step].output
        try:
            return output is not None and value_of(tree, self.values[call]) == output[-1]
        except NotSaidError:
            return False

    def note(self, volumes: Ends, trees: list[Expression]) -> None:
        """Keep the expressions of volumes."""
        for call, step in volumes:
            self.known[call][step] = trees
        self.seen += [tree for tree in trees if names_in(tree) and tree not in self.seen]

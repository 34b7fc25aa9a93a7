"""What has no layer kind: collected while a file is read, named all at once, grouped."""

from collections.abc import Iterable

from convcalc.findings import plain
from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.quantity import counted

_MOST_LINES = 20


class NoKindError(Exception):
    """An operation has no layer kind; the message groups it with others of its sort."""


class Refusals:
    """Reasons, each with the nodes it holds for."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        #: the last of the items that nodes without a kind read
        self.before = -1

    def add(self, why: str, node: str, reads: Iterable[int] = ()) -> None:
        """One more node without a kind.

        Args:
            why: the reason, which nodes have in common.
            node: what the source calls it.
            reads: the items that it reads, as far as those have kinds.
        """
        self.found.setdefault(why, []).append(node)
        self.before = max(self.before, *reads, -1)

    def __bool__(self) -> bool:
        return bool(self.found)

    def lines(self) -> tuple[str, ...]:
        """A line a reason: ``MatMul of two activations: 12 (first: /attn/MatMul)``."""
        groups = sorted(self.found.items(), key=lambda pair: -len(pair[1]))
        lines = [
            f"{plain(why)}: {len(names)} (first: {plain(names[0])})"
            if len(names) > 1
            else f"{plain(why)}: {plain(names[0])}"
            for why, names in groups[:_MOST_LINES]
        ]
        if len(groups) > _MOST_LINES:
            lines.append(f"and {counted(len(groups) - _MOST_LINES, 'more reason')}")
        return tuple(lines)

    def raise_if_any(self, part: Flat, instead: str = "") -> None:
        """Stop where something has no kind.

        Args:
            part: the layers that were made.
            instead: how to make a file that may have kinds for all.

        Raises:
            UnsupportedError: with all reasons.
        """
        if self.found:
            raise UnsupportedError(self.lines(), self.until(part), part, instead)

    def until(self, part: Flat) -> str:
        """The node that the net can end with: the last before one without a kind.

        A layer that was put before such a node, under its name, is none, nor is one without a size:
        it comes of a fault, with which no net ends.
        """
        refused = {name for names in self.found.values() for name in names}
        needed = {self.before}
        for index in range(self.before, -1, -1):  # layers read only those before them
            item = part.items[index]
            if index not in needed:
                continue
            if item.layer is not None and item.node not in refused and item.output:
                return item.node
            needed.update(item.inputs)
        return ""

"""What has no layer kind: collected while a file is read, named all at once, grouped."""

from convcalc.findings import plain
from convcalc.interop.flat import UnsupportedError

_MOST_LINES = 20


class NoKindError(Exception):
    """An operation has no layer kind; the message groups it with others of its sort."""


class Refusals:
    """Reasons, each with the nodes it holds for."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def add(self, why: str, node: str) -> None:
        """One more node without a kind."""
        self.found.setdefault(why, []).append(node)

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
            lines.append(f"and {len(groups) - _MOST_LINES} more reasons")
        return tuple(lines)

    def raise_if_any(self) -> None:
        """Stop where something has no kind.

        Raises:
            UnsupportedError: with all reasons.
        """
        if self.found:
            raise UnsupportedError(self.lines())

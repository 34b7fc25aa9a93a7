"""The weights that layers read: who shares them, and why the source may count others."""

from collections.abc import Sequence

from convcalc.findings import plain
from convcalc.interop.trace.tensors import Tensor, Trace
from convcalc.shapes import Shape, elements

_Key = tuple[str, frozenset[str], frozenset[str]]


class Weights:
    """The learned arrays of a trace, as layers come to read them."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.owners: dict[_Key, int] = {}
        self.used: dict[str, Shape] = {}
        #: arrays whose count differs here, in order, with the reason as the key
        self.reasons: dict[str, dict[str, None]] = {_KEPT: {}, SHARED: {}, _MADE: {}}

    def read(self, kind: str, weights: Sequence[Tensor | None]) -> int | None:
        """Note what one layer reads; the layer that has them all already, if any."""
        shares = None
        if any(tensor is not None and tensor.sources for tensor in weights):
            shares = self.owners.get(_key(kind, weights))
        for tensor in weights:
            if tensor is not None:
                self._one(kind, tensor, shares is None)
        return shares

    def _one(self, kind: str, tensor: Tensor, own: bool) -> None:
        trace = self.trace
        if not tensor.sources:  # in a node, or of integers
            if kind in _WEIGHTED:
                self.used[tensor.name] = tensor.shape or ()
            else:
                self.reasons[_KEPT][tensor.name or "a number"] = None
        learned = [name for name in sorted(tensor.sources) if name in trace.weights]
        for name in learned:
            if name in trace.buffers:
                self.reasons[_KEPT if len(learned) == 1 else _MADE][name] = None
                continue
            if own and name in self.used:
                self.reasons[SHARED][name] = None
            self.used[name] = trace.weights[name]
            if len(learned) > 1:
                self.reasons[_MADE][name] = None

    def owned(self, kind: str, weights: Sequence[Tensor | None], item: int) -> None:
        """The layer that others with the very same weights share them with."""
        self.owners[_key(kind, weights)] = item

    @property
    def learned(self) -> int:
        """How many parameters the source has in what was read."""
        return sum(elements(shape) for shape in self.used.values())

    def difference(self, own: int) -> str:
        """A sentence on why the layers hold `own` parameters and the source another number."""
        why = (self._said(reason) for reason in self.reasons)
        text = "; ".join(filter(None, why)) or "some are shared or worked out from others there"
        theirs = f"the source has {self.learned:,} learned parameters"
        return f"{theirs}, the layers here {own:,}: {text}"

    @property
    def worked_out(self) -> str:
        """Which arrays no layer here has as they are, though as many numbers are learned."""
        return self._said(_MADE)

    def _said(self, reason: str) -> str:
        """The arrays of which a reason holds, and the reason; '' where it holds of none."""
        names = list(self.reasons[reason])
        return f"{listed(names)} {'is' if len(names) == 1 else 'are'} {reason}" if names else ""


_KEPT = "kept there, not learned"
#: of arrays that layers share which have others of their own
SHARED = "shared there by layers that do not share all they have"
_MADE = "worked into one there"
_MOST_NAMES = 3
#: kinds whose weights were learned wherever the file keeps them
_WEIGHTED = frozenset(
    """
        conv depthwise_conv conv_transpose fc
        batch_norm instance_norm group_norm layer_norm
    """.split()  # noqa: SIM905
)


def listed(names: list[str]) -> str:
    """The first of some arrays, and how many more there are."""
    shown = [plain(name[:80]) for name in names[:_MOST_NAMES]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _key(kind: str, weights: Sequence[Tensor | None]) -> _Key:
    """What layers that share all their weights have in common."""
    first, *rest = (t.sources if t is not None else frozenset[str]() for t in weights)
    return kind, first, frozenset[str]().union(*rest)

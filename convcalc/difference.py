"""Two analyses side by side: layers added, removed and changed, and what became of the totals."""

import re
from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from convcalc.analysis.record import Analysis, Row
from convcalc.layers.cut import Crop
from convcalc.layers.option import shown
from convcalc.memory.summary import memory_of
from convcalc.network.aligned import aligned
from convcalc.network.alike import face, numbered
from convcalc.network.record import INPUT, Network
from convcalc.network.wiring import rewired

if TYPE_CHECKING:
    from convcalc.counting.record import Convention


class LayerChange(NamedTuple):
    """One layer before and after."""

    before: Row
    after: Row
    own: tuple[str, ...] = ()
    """What became of it that neither its description nor a number says: what it reads, options."""

    @property
    def ripple(self) -> bool:
        """Whether the layer itself is the same, and only what reaches it has changed."""
        same = description(self.before) == description(self.after)
        return same and not self.own and self.after.step.kind != INPUT


class Total(NamedTuple):
    """A number of the whole net before and after; None where the net is broken."""

    name: str
    before: int | None
    after: int | None
    bytes: bool = False

    @property
    def increase(self) -> int:
        """By how much it grew; negative where it shrank, 0 where it is unknown."""
        return self.after - self.before if self.before is not None and self.after is not None else 0

    @property
    def percent(self) -> str:
        """The growth in per cent, with its sign; '' where there is none to be had."""
        if not self.before or not self.increase:
            return ""
        share = 100 * self.increase / self.before
        return f"{share:+.1f} %" if abs(share) < 99.95 else f"{share:+,.0f} %"


class Difference(NamedTuple):
    """All that differs between two nets."""

    before: Analysis
    after: Analysis
    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    changed: tuple[LayerChange, ...]
    totals: tuple[Total, ...]

    @property
    def none(self) -> bool:
        """Whether there is none: the same layers, wired alike, and the same totals."""
        alike = all(total.before == total.after for total in self.totals)
        return alike and not (self.added or self.removed or self.changed)


class Allowance(NamedTuple):
    """By how much a total may grow: a number, or a share of what it was."""

    name: str
    most: Fraction
    share: bool

    def passed_by(self, total: Total) -> bool:
        """Whether a total has grown by more, or may have: what is unknown keeps no limit."""
        if total.after is None:
            return True
        base = Fraction(total.before or 0) / 100 if self.share else Fraction(1)
        return total.increase > self.most * base


def difference(
    before: Analysis, after: Analysis, conventions: "tuple[Convention, ...]" = ()
) -> Difference:
    """What differs. A layer that changed its name alone, as numbering shifts, does not.

    Operations as `conventions` count them are further totals.
    """
    old, new = before.rows, after.rows
    known: dict[Hashable, int] = {}
    faces = _faces(before.network, known), _faces(after.network, known)
    pairs = _same(before, after, faces)
    there = set(pairs.values())
    left = [i for i in range(len(old)) if i not in pairs]
    right = [j for j in range(len(new)) if j not in there]
    rest = aligned([old[i] for i in left], [new[j] for j in right], _KEYS)
    pairs |= {left[i]: right[j] for i, j in rest.items()}
    wired = rewired(before.network, after.network, pairs, faces)
    changed = []
    for i, j in sorted(pairs.items()):
        own = (*_options(old[i], new[j]), *([wired[i]] if i in wired else []))
        if own or (_differs(old[i], new[j]) and _work(before, i) != _work(after, j)):
            changed.append(LayerChange(old[i], new[j], own))
    added = set(range(len(new))) - set(pairs.values())
    return Difference(
        before,
        after,
        tuple(new[j] for j in sorted(added)),
        tuple(row for i, row in enumerate(old) if i not in pairs),
        tuple(changed),
        totals(before, after, conventions),
    )


def _same(
    before: Analysis, after: Analysis, faces: tuple[list[Hashable], list[Hashable]]
) -> dict[int, int]:
    """Layers that are the same and read the same, in whatever order the files have them.

    Where some are not, names decide: a layer whose name the other net has too is not another one.
    """
    places: dict[Hashable, list[int]] = {}
    for j, known_as in enumerate(faces[0]):
        places.setdefault(known_as, []).append(j)
    pairs: dict[int, int] = {}
    for waiting in places.values():
        waiting.reverse()  # equal ones in their order
    for j, known_as in enumerate(faces[1]):
        if places.get(known_as):
            pairs[places[known_as].pop()] = j
    old, new = ([row.step.name for row in analysis.rows] for analysis in (before, after))
    if len(pairs) == len(old) == len(new):
        return pairs
    both = set(old) & set(new)
    return {i: j for i, j in pairs.items() if old[i] == new[j] or both.isdisjoint((old[i], new[j]))}


def _faces(network: Network, known: dict[Hashable, int]) -> list[Hashable]:
    """The number of each layer; identities, which have that of what they read, apart."""
    numbers = numbered(network.steps, known)
    return [
        (number, step.kind == "identity")
        for number, step in zip(numbers, network.steps, strict=True)
    ]


def description(row: Row) -> str:
    """What a layer is, apart from what reaches it."""
    return row.step.words() or row.step.kind


def _differs(old: Row, new: Row) -> bool:
    def said(row: Row) -> Hashable:
        return (description(row), row.step.output, row.activations, row.params, row.macs)

    return said(old) != said(new)


def _options(old: Row, new: Row) -> tuple[str, ...]:
    """The options of a layer that differ where its words and sizes do not: an `alpha`, a `beta`."""
    first, second = old.step.layer, new.step.layer
    if first is None or second is None or description(old) != description(new):
        return ()
    if first.kind != second.kind or isinstance(first, Crop):  # what it cuts off is its work
        return ()
    aside = _PLACED if old.step.size.windows else _PLACED - {"pad"}
    differ = [
        option
        for option, one, other in zip(first.options(), face(first), face(second), strict=True)
        if one != other and option.key not in aside
    ]
    values = (map(shown, (one.__dict__[o.name] for one in (first, second))) for o in differ)
    return tuple(f"{o.key} {' -> '.join(own)}" for o, own in zip(differ, values, strict=True))


def _work(analysis: Analysis, index: int) -> Hashable:
    """What a layer does at its sizes, however padding, rounding or what it crops is written.

    `pad: same` and `pad: 1` are one layer where they pad alike.
    """
    row = analysis.rows[index]
    step = row.step
    numbers = (step.kind, step.output, row.activations, row.params, row.macs)
    if isinstance(step.layer, Crop):
        steps = analysis.network.steps
        reads = step.inputs if step.like is None else (*step.inputs, step.like)
        return (*numbers, step.layer.cuts(tuple(steps[i].output or () for i in reads)))
    if step.layer is None or not step.size.windows:
        return (*numbers, description(row))
    given = zip(step.layer.options(), face(step.layer), strict=True)
    own = (value for option, value in given if option.key not in {"pad", "rounding"})
    return (*numbers, step.size.windows, *own)


#: options that the windows and their sizes say, and what memory says
_PLACED = frozenset({"pad", "rounding", "in_place"})

#: named alike and alike, then alike, then of one kind
_KEYS: tuple[Callable[[Row], Hashable], ...] = (
    lambda row: (_given_name(row), description(row)),
    description,
    lambda row: row.step.kind,
)


def _given_name(row: Row) -> str:
    """A layer's name; of the automatic one of its kind, which says nothing, its block's."""
    name = row.step.name
    block, _, last = name.rpartition(".")
    return block if re.fullmatch(rf"{re.escape(row.step.kind)}\d+", last) else name


def totals(
    before: Analysis | None, after: Analysis | None, conventions: "Sequence[Convention]" = ()
) -> tuple[Total, ...]:
    """The numbers of the whole net before and after; 0 where there was none, or is none now."""
    found = []
    for name in ("layers", "params", "weights", "macs", "activations"):
        was, now = (0 if net is None else getattr(net.totals, name) for net in (before, after))
        found.append(Total(name, was, now))
    old, new = _peaks(before), _peaks(after)
    for name, first, second in zip(("inference", "training"), old, new, strict=True):
        found.append(Total(f"{name}_memory", first, second, True))
    return (*found, *_counts(before, after, conventions))


def _peaks(net: Analysis | None) -> tuple[int | None, int | None]:
    """What a net holds in inference and in a training step."""
    if net is None:
        return 0, 0
    memory = memory_of(net)
    accounts = (memory.inference, memory.training) if memory else (None, None)
    first, second = (account.peak if account else None for account in accounts)
    return first, second


def _counts(
    before: Analysis | None, after: Analysis | None, conventions: "Sequence[Convention]"
) -> tuple[Total, ...]:
    """Operations as other tools count them; None where one does not know a kind."""
    if not conventions:
        return ()
    from convcalc.counting.tally import Counter  # for those who ask

    def counted(net: Analysis | None) -> "Callable[[Convention], int | None]":
        if net is None or net.broken:
            return lambda convention: 0 if net is None else None
        counter = Counter(net)
        return lambda convention: counter.count(convention).operations

    old, new = counted(before), counted(after)
    return tuple(
        Total(convention.label, old(convention), new(convention))
        for convention in conventions
        if convention.operations is not None
    )


def passed(
    difference: Difference, allowances: Sequence[Allowance]
) -> list[tuple[Allowance, Total]]:
    """The totals that grew by more than is allowed; none of a net that is broken: it has errors."""
    if difference.after.broken:
        return []
    totals = {total.name: total for total in difference.totals}
    return [
        (allowance, totals[allowance.name])
        for allowance in allowances
        if allowance.passed_by(totals[allowance.name])
    ]

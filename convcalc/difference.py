"""Two analyses side by side: layers added, removed and changed, and what became of the totals."""

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from fractions import Fraction
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from convcalc.analysis.record import Analysis, Row
from convcalc.layers.option import shown
from convcalc.layers.windowed import Windowed
from convcalc.memory.summary import memory_of
from convcalc.network.aligned import aligned
from convcalc.network.alike import face
from convcalc.network.computed import computed, kept
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
        if abs(share) < 0.05:  # rounded it would be -0.0 %
            return "under 0.1 %"
        return f"{share:+.1f} %" if abs(share) < 99.95 else f"{share:+,.0f} %"


class Difference(NamedTuple):
    """All that differs between two nets."""

    before: Analysis
    after: Analysis
    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    changed: tuple[LayerChange, ...]
    totals: tuple[Total, ...]
    real: int = 0
    """How many of those that were added and removed do anything."""

    @property
    def none(self) -> bool:
        """Whether there is none: the same layers, wired alike, and the same totals.

        A layer that came or went and passes its input on as it is makes none.
        """
        alike = all(t.before == t.after for t in self.totals if t.name != "layers")
        return alike and not (self.changed or self.real)


class Allowance(NamedTuple):
    """By how much a total may grow: a number, or a share of what it was."""

    name: str
    most: Fraction
    share: bool

    def passed_by(self, total: Total) -> bool:
        """Whether a total has grown by more, or may have: what is unknown keeps no limit."""
        if total.before is None or total.after is None:
            return True
        base = Fraction(total.before or 0) / 100 if self.share else Fraction(1)
        return total.increase > self.most * base


def _sharing(rows: Sequence[Row], others: Sequence[Row]) -> Iterator[Row]:
    """Rows that hold the receptive field of the other net's row where the two are equal."""
    for row, other in zip_longest(rows, others[: len(rows)]):
        same = other is not None and other.receptive_field == row.receptive_field
        yield row._replace(receptive_field=other.receptive_field) if same else row


def difference(
    before: Analysis, after: Analysis, conventions: "tuple[Convention, ...]" = ()
) -> Difference:
    """What differs. A layer that changed its name alone, as numbering shifts, does not.

    Operations as `conventions` count them are further totals.
    """
    old = [*before.rows]  # those of a long net are made each time
    new = [*_sharing(after.rows, old)]
    before, after = before._replace(rows=old), after._replace(rows=new)
    known: dict[Hashable, int] = {}
    first, second = computed(before.network, known), computed(after.network, known)
    del known  # of long nets it is large
    pairs = _same(before, after, (first.faces, second.faces))
    there = set(pairs.values())
    left = [i for i in range(len(old)) if i not in pairs]
    right = [j for j in range(len(new)) if j not in there]
    rest = aligned([old[i] for i in left], [new[j] for j in right], _KEYS)
    pairs |= {left[i]: right[j] for i, j in rest.items()}
    wired = rewired(before.network, after.network, pairs, (first, second))
    found = totals(before, after, conventions)
    held = any(total.before != total.after for total in found if total.bytes)
    changed = []
    for i, j in sorted(pairs.items()):
        differs = first.does[i] != second.does[j] or (
            held and kept(before.network, i) != kept(after.network, j)
        )
        resized = _numbers(old[i]) != _numbers(new[j])
        own = (
            *(_options(old[i], new[j]) if differs else ()),
            *(_rounding(before.network, i, after.network, j) if resized else ()),
            *([wired[i]] if i in wired else []),
        )
        if own or differs or resized:
            changed.append(LayerChange(old[i], new[j], own))
    added, removed = set(range(len(new))) - set(pairs.values()), set(range(len(old))) - set(pairs)
    return Difference(
        before,
        after,
        tuple(new[j] for j in sorted(added)),
        tuple(old[i] for i in sorted(removed)),
        tuple(changed),
        found,
        len(added - second.passing) + len(removed - first.passing),
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


def description(row: Row) -> str:
    """What a layer is, apart from what reaches it."""
    return row.step.words() or row.step.kind


def _numbers(row: Row) -> Hashable:
    return (row.step.output, row.activations, row.params, row.macs)


def _options(old: Row, new: Row) -> tuple[str, ...]:
    """The options of a layer that differ where its words and sizes do not: an `alpha`, a `beta`."""
    first, second = old.step.layer, new.step.layer
    if first is None or second is None or description(old) != description(new):
        return ()
    if first.kind != second.kind:
        return ()
    aside = _PLACED if old.step.size.windows else _PLACED - {"pad"}
    differ = [
        option
        for option, one, other in zip(first.options(), face(first), face(second), strict=True)
        if one != other and option.key not in aside
    ]
    values = (map(shown, (one.__dict__[o.name] for one in (first, second))) for o in differ)
    return tuple(f"{o.key} {' -> '.join(own)}" for o, own in zip(differ, values, strict=True))


def _rounding(old: Network, i: int, new: Network, j: int) -> tuple[str, ...]:
    """How a layer with the same words rounds now, where its output is another one for that."""
    first, second = old.steps[i].layer, new.steps[j].layer
    if not isinstance(first, Windowed) or not isinstance(second, Windowed):
        return ()
    was, now = first.rounding_under(old.roundings), second.rounding_under(new.roundings)
    if old.steps[i].words() != new.steps[j].words():
        return ()
    for network, layer, step in ((old, first, old.steps[i]), (new, second, new.steps[j])):
        shape = network.steps[step.inputs[0]].output
        if shape and len(shape) > 1 and not layer.rounds_alike(shape[:-1], was, now):
            return (f"rounding {was.value} -> {now.value}",)
    return ()


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
    if memory is None:
        return None, None
    training = memory.training.peak if memory.training else None
    memory.forget_training()
    return memory.inference.peak, training


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
    """The totals that grew by more than is allowed, or may have: before or after is unknown.

    None of a net that is broken now: it has errors. Of one that had errors all were unknown, its
    layers too: how many there are is only how many could be read.
    """
    if difference.after.broken:
        return []
    totals = {total.name: total for total in difference.totals}
    if difference.before.uncertain:
        totals = {name: total._replace(before=None) for name, total in totals.items()}
    return [
        (allowance, totals[allowance.name])
        for allowance in allowances
        if allowance.passed_by(totals[allowance.name])
    ]

"""The totals of two nets side by side, and those that grew by more than is allowed."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from convcalc.analysis.record import Analysis
from convcalc.difference.record import Allowance, Difference, Total
from convcalc.memory.summary import memory_of
from convcalc.network.beyond import whole

if TYPE_CHECKING:
    from convcalc.counting.record import Convention


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


def with_joins_as_one(
    found: Sequence[Total], before: Analysis, after: Analysis
) -> tuple[Total, ...]:
    """Totals of two nets in which joins are written alike, for those as they are.

    Of a sum of three volumes or two sums of two there is a volume more to count, and a join holds
    all that it reads to its end. What training holds is no matter of words: it stays.
    """
    old, new = (_inference(net) for net in (before, after))
    counted = before.totals.activations, after.totals.activations
    alike = {"activations": counted, "inference_memory": (old, new)}
    return tuple(
        total._replace(before=alike[total.name][0], after=alike[total.name][1])
        if total.name in alike
        else total
        for total in found
    )


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


def _inference(net: Analysis) -> int | None:
    memory = memory_of(net)
    return None if memory is None else memory.inference.peak


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


def _whole(difference: Difference, total: Total) -> Total:
    """A total with what the layers of each net do not count; as it is where nothing differs."""
    old, new = (net.network.beyond for net in (difference.before, difference.after))
    if difference.none and old == new:
        return total
    name = total.name
    return total._replace(
        before=whole(old, name, total.before), after=whole(new, name, total.after)
    )


def passed(
    difference: Difference, allowances: Sequence[Allowance]
) -> list[tuple[Allowance, Total]]:
    """The totals that grew by more than is allowed, or may have: before or after is unknown.

    What a model file has beside its layers is a part of them, as it is of limits. None of a net
    that is broken now: it has errors. Of one that had errors all were unknown, its layers too: how
    many there are is only how many could be read.
    """
    if difference.after.broken:
        return []
    totals = {total.name: _whole(difference, total) for total in difference.totals}
    if difference.before.uncertain:
        totals = {name: total._replace(before=None) for name, total in totals.items()}
    return [
        (allowance, totals[allowance.name])
        for allowance in allowances
        if allowance.passed_by(totals[allowance.name])
    ]

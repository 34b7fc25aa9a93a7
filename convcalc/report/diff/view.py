"""What text and Markdown say about a difference, in words and columns."""

from collections.abc import Hashable
from typing import NamedTuple

from convcalc.analysis.record import Analysis, Row
from convcalc.difference.record import Allowance, Descriptions, Difference, LayerChange, Total
from convcalc.findings import plain
from convcalc.network.beyond import unknown
from convcalc.network.computed import computed
from convcalc.network.record import Network
from convcalc.report.diff.fields import fields_said
from convcalc.report.drawing.units import count, size
from convcalc.shapes import written


class DiffView(NamedTuple):
    """What `diff` shows: the difference, and the totals that grew by more than allowed."""

    difference: Difference
    passed: list[tuple[Allowance, Total]]
    expand: bool = False
    """Every layer in text, where long lists are cut otherwise."""
    notes: tuple[str, ...] = ()
    """Of which nets training is an estimate: text leaves that to stderr."""


_LONGEST = 60  #: characters of a net that was typed in
_MOST_JOINS = 3  #: joins that are named

#: What totals are called where it is not their name.
TITLES = {
    "macs": "MACs",
    "inference_memory": "inference memory",
    "training_memory": "training memory",
}


def title(difference: Difference) -> str:
    """The two nets by their names, or by their files where the names are the same."""
    nets = [analysis.network for analysis in (difference.before, difference.after)]
    names = [net.name or _origin(net) for net in nets]
    if names[0] == names[1]:
        names = [_origin(net) for net in nets]
    return " -> ".join(names)


def _origin(network: Network) -> str:
    """The file of a net; one from the command line as it was typed there."""
    source = network.source
    if source.path != "<net>":
        return source.path
    text = plain(source.text)
    return f'"{text}"' if len(text) <= _LONGEST else f'"{text[:_LONGEST]}..."'


def total_cells(total: Total) -> tuple[str, str, str, str, str]:
    """A total as a row: name, before, after, change, per cent."""

    def shown(number: int | None) -> str:
        if number is None:
            return "?"
        return size(number) if total.bytes else f"{number:,}"

    change = total.increase
    amount = (size(abs(change)) if total.bytes else f"{abs(change):,}") if change else ""
    sign = "+" if change > 0 else "-" if change else ""
    name = TITLES.get(total.name, total.name)
    return name, shown(total.before), shown(total.after), f"{sign}{amount}", total.percent


def layer_cells(row: Row) -> tuple[str, str, str, str]:
    """An added or removed layer as a row: name, what it is, output, cost."""
    cost = ", ".join(
        f"{count(number)} {noun}"
        for number, noun in ((row.params, "params"), (row.macs, "MACs"))
        if number
    )
    return row.step.name, Descriptions()(row), shape(row), cost


def change_cells(change: LayerChange) -> tuple[str, str, str, str]:
    """A changed layer as a row: name, what became of it, of its output, of its cost."""
    before, after = change.before, change.after
    said = Descriptions()
    what = ", ".join(filter(None, (_became(said(before), said(after)), *change.own)))
    return after.step.name, what, _became(shape(before), shape(after)), _cost(change)


def _cost(change: LayerChange) -> str:
    parts = []
    for noun in ("params", "macs"):
        old, new = getattr(change.before, noun), getattr(change.after, noun)
        if old is not None and new is not None and old != new:
            parts.append(f"{new - old:+,} {TITLES.get(noun, noun)}")
    return ", ".join(parts)


def _became(old: str, new: str) -> str:
    return f"{old} -> {new}" if old != new else ""


def shape(row: Row) -> str:
    """The output's shape; ? where it is unknown."""
    return written(row.step.output) if row.step.output else "?"


def verdicts(view: DiffView) -> list[str]:
    """One sentence for each total that grew by more than allowed, or may have."""
    lines = []
    for allowance, total in view.passed:
        most = f"{float(allowance.most):g} %" if allowance.share else f"{int(allowance.most):,}"
        if total.after is None:
            why = unknown(view.difference.after.network.beyond, total.name)
            why = f" ({plain(why)})" if why else ""
            text = f"{total.name} is unknown afterwards{why}, so it may have grown by over {most}"
            lines.append(text)
            continue
        if total.before is None:
            lines.append(_unknown_before(view.difference.before, total.name, most))
            continue
        percent = f" ({total.percent})" if total.percent else ""
        grown = f"{total.name} grew by {total.increase:,}{percent}"
        lines.append(f"{grown}, allowed are {most}")
    return lines


def _unknown_before(before: Analysis, name: str, most: str) -> str:
    """Why nothing can be said of a growth, and the way out."""
    if not before.uncertain:
        why, where = unknown(before.network.beyond, name), "where it is known"
        why = f" ({plain(why)})" if why else ""
    else:
        why, where = f" ({before.network.source.path} has errors)", "without errors"
    return (
        f"{name} is unknown before{why}, so it may have grown by over {most}: "
        f"compare with a net or revision {where}, or leave the limit out this once"
    )


def is_equal(difference: Difference) -> bool:
    """Whether there is nothing to tell."""
    return not (difference.added or difference.removed or difference.changed)


def broken(difference: Difference) -> list[str]:
    """What to do about nets that could not be sized, or are only one way to read their files."""
    return [
        f"{analysis.network.source.path} is broken: `convcalc check` says where"
        if analysis.broken
        else f"{analysis.network.source.path} has errors: these are the numbers of one way to read "
        "it, and `convcalc check` says where"
        for analysis in (difference.before, difference.after)
        if analysis.uncertain
    ]


class Factors(NamedTuple):
    """The weights of two nets as multiples of C^2, where all volumes have C channels."""

    before: int
    after: int
    channels: int


def remarks(difference: Difference) -> list[str]:
    """What the totals do not say: the receptive fields, and stacks measured in channels."""
    lines = [text] if (text := elsewhere(difference)) else []
    lines += _regrouped(difference)
    lines += fields_said(difference)
    found = factors(difference)
    if found is not None:
        stack = f"weights {found.before} C^2 -> {found.after} C^2"
        lines.append(f"{stack}, C = {found.channels} channels throughout")
    return lines


def _regrouped(difference: Difference) -> list[str]:
    """The joins that only are written otherwise, in one line."""
    joins = difference.joins
    if not joins:
        return []
    first = "; ".join(f"{', '.join(old)} -> {', '.join(new)}" for old, new in joins[:_MOST_JOINS])
    more = len(joins) - _MOST_JOINS
    text = f"{first}; and {more:,} more" if more > 0 else first
    return [f"the same join, grouped otherwise: {text}"]


def elsewhere(difference: Difference) -> str:
    """Why the bytes of nets differ in which no layer does; '' where nothing of the sort is."""
    totals = {total.name: total for total in difference.totals}
    runs = {name: totals[f"{name}_memory"] for name in ("inference", "training")}
    apart = [name for name, total in runs.items() if total.increase]
    if not is_equal(difference) or not apart:
        return ""
    what = f"{' and '.join(apart)} {'peaks' if len(apart) == 1 else 'peak'} at other bytes"
    known: dict[Hashable, int] = {}
    nets = (difference.before.network, difference.after.network)
    own, other = (_in_order(net, known) for net in nets)
    if own != other and sorted(own) == sorted(other):
        return f"the same layers run in another order: {what}"
    return f"no layer differs in its numbers, but in how joins or copies are written: {what}"


def _in_order(network: Network, known: dict[Hashable, int]) -> list[int]:
    """The layers in the order in which they run, by what they compute, however it is written."""
    found = computed(network, known)
    return [number for i, number in enumerate(found.numbers) if i not in found.passing]


def factors(difference: Difference) -> Factors | None:
    """The weights in channels; None where the channels differ, or the weights are no multiple."""
    nets = (difference.before, difference.after)
    channels = {_channels(analysis) for analysis in nets}
    c = channels.pop() if len(channels) == 1 else 0
    weights = [analysis.totals.weights or 0 for analysis in nets]
    if not c or not all(weights) or any(number % c**2 for number in weights):
        return None
    before, after = (number // c**2 for number in weights)
    return Factors(before, after, c)


def _channels(analysis: Analysis) -> int:
    """The channels of all volumes alike; 0 where they differ or are one."""
    channels = {row.step.output[-1] if row.step.output else 0 for row in analysis.rows}
    found = channels.pop() if len(channels) == 1 else 0
    return found if found > 1 else 0

"""Merges of branches whose positions see different places of the input, and why they do."""

from collections.abc import Iterable
from functools import cached_property
from heapq import heappop, heappush
from itertools import islice

from convcalc.analysis.receptive import ReceptiveFields, aligned
from convcalc.analysis.record import ReceptiveField
from convcalc.analysis.traced import traced
from convcalc.findings import Finding, Severity
from convcalc.layers.field_step import Rational
from convcalc.network.record import INPUT, Network, Step

_NAMED = 4  #: layers that a message names
_MOST_SEARCHED = 500_000  #: layers looked at for why branches of a net are misaligned; some 0.5 s
_INPUTS = 16  #: inputs of a net whose positions are compared


class Misaligned:
    """Looks at one merge of a network after the other."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.left = _MOST_SEARCHED
        self._traced: dict[tuple[int, int], list[ReceptiveField | None]] = {}

    def finding(self, step: Step, branches: list[ReceptiveFields]) -> Finding | None:
        """The finding that a merge joins positions which see different places of the input."""
        spatial = (step.output or ())[:-1]
        for axis, fields in enumerate(zip(*branches, strict=False)):
            if axis >= len(spatial) or spatial[axis] == 1 or not _differ(fields):
                continue
            for start in self._inputs:
                seen = self._of_input(step, start, axis)
                if _differ(seen.values()):
                    return self._remark(step, seen, axis)
        return None

    @cached_property
    def _inputs(self) -> list[int]:
        """Where the inputs are; few nets have more than one."""
        steps = enumerate(self.network.steps)
        return list(islice((i for i, step in steps if step.kind == INPUT), _INPUTS))

    def _of_input(self, step: Step, start: int, axis: int) -> dict[int, ReceptiveField]:
        """The branches of a merge whose positions are those of one input, with their fields.

        Those of different inputs have no places to compare, and a branch that was enlarged from
        one position is the same everywhere.
        """
        fields = self._traced.get((start, axis))
        if fields is None:
            fields = self._traced[start, axis] = [*traced(self.network, start, axis)]
        found = ((i, fields[i]) for i in aligned(self.network, step))
        return {i: field for i, field in found if field is not None}

    def _remark(self, step: Step, seen: dict[int, ReceptiveField], axis: int) -> Finding:
        network, fields = self.network, list(seen.values())
        names: dict[Rational, list[str]] = {}
        for end, field in seen.items():
            names.setdefault(field.stride, []).append(network.steps[end].name)
        severity = Severity.NOTE
        help = "equal strides, and padding (F - 1)/2 on both sides, keep branches centred"
        if len(names) > 1:
            (first, those), *others = names.items()
            verb = "steps" if len(those) == 1 else "step"
            unit = "position" if first == 1 else "positions"
            message = f"{_listed(those)} {verb} by {first} input {unit}"
            message += "".join(f", {_listed(those)} by {stride}" for stride, those in others)
        else:
            centres = [field.centre for field in fields]
            shift = max(centres) - min(centres)
            most = "up to " if len(set(centres)) > 2 else ""
            unit = "position" if shift == 2 else "positions"
            (those,) = names.values()
            message = f"{_listed(those)} see places {most}{_halved(shift)} input {unit} apart"
            early = self._early(list(seen), axis)
            if not early and len(step.output or ()) == 2 and _end_together(fields):
                message += ", and end at the same one, as causal windows do"
                help = "usual in causal nets, whose last position sees all that is before it"
            elif early:
                message += f": strided windows on even sizes {early} the middle"
                help = (
                    "usual in feature pyramids; odd sizes before each strided window, "
                    "padded alike on both sides, avoid it"
                )
            elif early is not None and shift >= 2 * fields[0].stride:
                severity = Severity.WARNING
        return network.finding(step, "CC121", severity, message, "misaligned branches", (help,))

    def _early(self, merged: list[int], axis: int) -> str | None:
        """The windows that no padding centres, and on which side, if they alone are why.

        Such a window cannot lie around the middle of an even size, and is less than a stride off
        it. Empty where one branch pads or cuts one side more than that, or some windows are before
        the middle and some after it: that is what shifts it then. None where it is not known: too
        much of the net has been searched already.
        """
        network, names, sides = self.network, [], set[str]()
        own = self._own(merged)
        for at in own or ():
            windows = network.steps[at].size.windows
            if not windows and _moves(network, network.steps[at], axis):
                return ""
            if axis < len(windows):
                shift = windows[axis].before_middle
                if abs(shift) >= windows[axis].stride:
                    return ""
                if shift:
                    names.append(network.steps[at].name)
                    sides.add("before" if shift > 0 else "after")
        if own is None:
            return None
        if len(sides) != 1:
            return ""
        if len(names) > _NAMED:
            names = [*names[: _NAMED - 1], f"{len(names) - _NAMED + 1} more"]
        return f"({', '.join(names)}) are centred {sides.pop()}"

    def _own(self, merged: list[int]) -> list[int] | None:
        """The steps that some branches of a merge come from, but not all; None: not searched.

        From the last one back, for a step comes after all that it reads, and no further than to
        where the branches split.
        """
        ends = dict.fromkeys(merged)
        every = (1 << len(ends)) - 1
        through = {end: 1 << branch for branch, end in enumerate(ends)}
        waiting = [-end for end in ends]
        waiting.sort()
        apart = len(waiting)  #: of those that wait how many are not in all branches
        own: list[int] = []
        while apart:
            if not self.left:
                return None
            self.left -= 1
            at = -heappop(waiting)
            branches = through.pop(at)
            if branches != every:
                own.append(at)
                apart -= 1
            for source in self.network.steps[at].inputs:
                before = through.get(source)
                if before is None:
                    heappush(waiting, -source)
                after = through[source] = (before or 0) | branches
                apart += (after != every) - (before is not None and before != every)
        return own[::-1]


def _moves(network: Network, step: Step, axis: int) -> bool:
    """Whether a pad or crop adds or takes more at one end of an axis than at the other."""
    reads = step.inputs if step.like is None else (*step.inputs, step.like)
    shapes = tuple([network.steps[i].output or () for i in reads])
    if step.layer is None or step.output is None or () in shapes:
        return False
    steps = step.layer.receptive_field_step(shapes, step.size)
    if axis >= len(steps) or axis >= len(step.output) or axis >= len(shapes[0]):
        return False
    one = steps[axis]
    only_moves = one.extent == 1 and one.stride == 1 and not one.fields
    return only_moves and 2 * one.begin != step.output[axis] - shapes[0][axis]


def _end_together(fields: list[ReceptiveField]) -> bool:
    """Whether fields certainly have the same last place: those of causal branches of a sequence."""
    if any(field.fields or field.is_estimate for field in fields):
        return False
    return len({field.size - field.padding for field in fields}) == 1


def _differ(fields: Iterable[ReceptiveField]) -> bool:
    """Whether fields step differently, or lie around different places."""
    return len({(field.stride, field.centre) for field in fields}) > 1


def _listed(names: list[str]) -> str:
    if len(names) > _NAMED:
        names = [*names[: _NAMED - 1], f"{len(names) - _NAMED + 1} more"]
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])


def _halved(twice: Rational) -> str:
    whole, half = divmod(twice, 2)
    return str(whole) if not half else f"{float(twice) / 2:g}"

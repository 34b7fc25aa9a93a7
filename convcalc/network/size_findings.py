"""Findings of sizing: at the option at fault, with the layers that made the inputs."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import takewhile

from convcalc.findings import Severity
from convcalc.layers.axes import IMAGE
from convcalc.layers.base import Roundings
from convcalc.layers.windowed import Windowed
from convcalc.network.mismatches import Mismatches
from convcalc.network.place import Mark
from convcalc.network.record import INPUT, Branch, Step
from convcalc.network.remarks import Remarks
from convcalc.shapes import Shape, written

_MOST_REPAIRS = 40  #: faults that repairs are looked for; each takes milliseconds
_MOST_COPIES = 100  #: copies of one entry that a repair is tried on
_MOST_MAKERS = 20  #: inputs that a finding shows
_REPAIRABLE = frozenset({"CC101", "CC102", "CC103"})
_NO_AXES = (IMAGE, "or make axes of the vector with reshape")
#: The word of a layer on so many axes, with an option that has another value; '' for other words.
Reworded = Callable[[str, int, str, str], str]
#: Says in a help where the file takes an entry, by where the layer is written.
Placed = Callable[[object, tuple[str, ...]], tuple[str, ...]]


class SizeFindings:
    """Reports what the sizing of layers found."""

    reworded: Reworded | None = None
    placed: Placed | None = None
    in_line = False  #: whether the net is one line, without a file

    def __init__(self, remarks: Remarks, steps: Sequence[Step], roundings: Roundings) -> None:
        self.remarks = remarks
        self.steps = steps
        self.roundings = roundings
        self.repaired = 0
        self.mismatches = Mismatches(steps, roundings)

    def report(self, step: Step, branches: tuple[Branch, ...]) -> None:
        """Place the findings of a step's size, pointing at its options and at its inputs."""
        options = step.place.options
        for finding in step.size.findings:
            if finding.severity is not Severity.ERROR and finding.code in step.ignore:
                continue
            node = options.get(finding.option) if options and finding.option else None
            if node is None and options and finding.option == "stride":
                node = options.get("kernel")
            help = finding.help
            repairable = finding.code in _REPAIRABLE and self.repaired < _MOST_REPAIRS
            if not help and repairable and isinstance(step.layer, Windowed):
                self.repaired += 1
                from convcalc.layers.repair import repairs  # costs time only where a finding is

                shape = self.steps[step.inputs[0]].output
                assert shape is not None, "a sized layer has an input"
                strict = finding.severity is Severity.ERROR
                copies = self.copies_before(step)
                reworded = self.reworded_for(step)
                help = repairs(step.layer, shape, strict, copies, reworded, self.in_line)
                help = self.placed(step.place.kind, help) if self.placed else help
            behind = self.steps[step.inputs[0]].kind != INPUT if step.inputs else False
            if finding.code == "CC108" and behind and self.only_vectors():
                help = _NO_AXES
            if finding.code == "CC014" and finding.option:
                from convcalc.network import missing_axis

                help = missing_axis.help(finding, step, self.steps, self.in_line) or help
            message, related = finding.message, self.makers(step)
            if branches and finding.code == "CC107" and not self.mismatches.exhausted:
                message, related = self.mismatches.described(step, branches, message)
                help = self.mismatches.help(step, branches, help)
            if finding.code in step.ignore:
                help = (*help, "`ignore` silences warnings and notes, not errors")
            self.remarks.error(
                finding.code,
                f"{step.place.prefix}{message}",
                node or step.place.kind,
                finding.label,
                help,
                related,
                step.place.calls,
                step.name,
                finding.severity,
            )

    def reworded_for(self, step: Step) -> Callable[[str, str], str] | None:
        """What writes a layer's word anew, where it was given as one."""
        word = "" if step.place.options else getattr(step.place.kind, "text", "")
        return partial(self.reworded, word, len(step.size.windows)) if self.reworded else None

    def only_vectors(self) -> bool:
        """Whether the net reads nothing that has spatial axes."""
        inputs = takewhile(lambda step: step.kind == INPUT, self.steps)
        return all(len(step.output or (0, 0)) < 2 for step in inputs)

    def copies_before(self, step: Step) -> tuple[Shape, ...]:
        """What the copies of the same entry right before a step read, the first one first."""
        shapes: list[Shape] = []
        kind, at = step.place.kind, step.inputs[0]
        while kind is not None and self.steps[at].place.kind is kind and self.steps[at].inputs:
            if self.steps[at].layer != step.layer or len(shapes) == _MOST_COPIES:
                break
            at = self.steps[at].inputs[0]
            shapes.append(self.steps[at].output or ())
        return tuple(reversed(shapes))

    def makers(self, step: Step) -> tuple[tuple[str, Mark | None], ...]:
        """The layers that made a step's inputs, as second places of a finding."""
        places = []
        for index in [*dict.fromkeys(step.inputs)][:_MOST_MAKERS]:
            maker = self.steps[index]
            if maker.output is not None:
                places.append((f"{maker.name} makes {written(maker.output)}", maker.place.kind))
        return tuple(places)

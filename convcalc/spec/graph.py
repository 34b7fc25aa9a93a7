"""The growing network: steps in order, their names, and the findings of their sizing."""

from typing import NamedTuple

from convcalc.findings import Severity, plain
from convcalc.layers.base import Layer, Roundings, Size, SizeFinding
from convcalc.layers.windowed import Windowed
from convcalc.network.place import Mark, Place
from convcalc.network.record import INPUT, Step
from convcalc.network.remarks import Remarks, brief
from convcalc.shapes import LARGEST_SIZE, Shape, written
from convcalc.spec.tree import Node

_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-/")
_LONGEST_NAME = 120
_MOST_REPAIRS = 40  #: findings that repairs are looked for; each takes milliseconds
_MOST_MAKERS = 20  #: inputs that a finding shows
_MOST_SEARCHED = 500_000  #: layers looked at to tell where branches part; some 0.2 s
_REPAIRABLE = frozenset({"CC101", "CC102", "CC103"})

#: The size of what could not be read, or follows from it.
UNKNOWN = Size(None)


def is_name(text: str) -> bool:
    """Whether a layer may be called so."""
    return 0 < len(text) <= _LONGEST_NAME and _LETTERS.issuperset(text)


class Frame:
    """A scope of names: the file, or one call of a block."""

    def __init__(self, prefix: str, reserved: frozenset[str], parent: "Frame | None") -> None:
        self.prefix = prefix
        self.reserved = reserved
        self.parent = parent
        self.counters: dict[str, int] = {}

    def automatic(self, kind: str) -> str:
        """The next free automatic name: kind and running number, stepping aside for given names."""
        number = self.counters.get(kind, 0) + 1
        while f"{kind}{number}" in self.reserved:
            number += 1
        self.counters[kind] = number
        return f"{kind}{number}"


class Branch(NamedTuple):
    """One input of a merge: what the file calls it and the step at its end."""

    name: str
    end: int


class Graph:
    """Steps of a network under construction."""

    def __init__(self, remarks: Remarks, roundings: Roundings) -> None:
        self.remarks = remarks
        self.roundings = roundings
        self.steps: list[Step] = []
        self.names: dict[str, int] = {}
        self.aliases: set[str] = set()
        self.sizes: dict[tuple[int, tuple[Shape, ...]], Size] = {}
        self.layers: list[Layer] = []
        self.repaired = 0
        self.searched = 0
        #: given names with a dot: they may be those of a block's layers
        self.dotted: set[str] = set()
        #: references to unknown layers: their finding, scope, name, and how many layers stood above
        self.pending: list[tuple[int, Frame, str, int]] = []

    def add_input(self, name: str, shape: Shape | None, node: Node) -> int:
        """An input of the network."""
        if not is_name(name):
            help = ("up to 120 ASCII letters, digits, _ - . and /",)
            self.remarks.error("CC018", f"{plain(name)!r} is no name", node, "", help)
            name = f"{INPUT}{len(self.steps) + 1}"
        self.steps.append(Step(name, INPUT, None, (), Size(shape), Place(node)))
        self.names[name] = len(self.steps) - 1
        return len(self.steps) - 1

    def add(self, step: Step, branches: tuple[Branch, ...] = ()) -> int:
        """Append a sized layer; its findings get a place."""
        if step.size.findings:
            self.report(step, step.size.findings, branches)
        self.steps.append(step)
        return len(self.steps) - 1

    def sized(self, layer: Layer, reads: tuple[int, ...]) -> Size:
        """The sizing of a layer that reads these steps, worked out once for equal shapes."""
        steps = self.steps
        shapes = tuple([steps[i].size.output for i in reads])
        if None in shapes:
            return UNKNOWN
        return self.sized_for(layer, shapes)  # type: ignore[arg-type]

    def sized_for(self, layer: Layer, shapes: tuple[Shape, ...]) -> Size:
        """The sizing of a layer for inputs of these shapes."""
        key = (id(layer), shapes)
        size = self.sizes.get(key)
        if size is None:
            size = layer.sizing(shapes, self.roundings)
            if size.output is not None and max(size.output) > LARGEST_SIZE:
                text = f"output {written(size.output)} exceeds 2**31"
                size = Size(None, findings=(SizeFinding("CC002", Severity.ERROR, text),))
            self.sizes[key] = size
            self.layers.append(layer)  # keeps its id from being given to another
        return size

    def report(
        self, step: Step, findings: tuple[SizeFinding, ...], branches: tuple[Branch, ...]
    ) -> None:
        """Place the findings of a step, pointing at its options and at its inputs."""
        options = step.place.options
        for finding in findings:
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
                help = repairs(step.layer, shape, finding.severity is Severity.ERROR)
            message, related = finding.message, self.makers(step)
            if branches and finding.code == "CC107" and self.searched < _MOST_SEARCHED:
                message, related = self.mismatch(step, branches, message)
                help = help or self.astray(branches)
            if finding.code in step.ignore:
                help = (*help, "`ignore` silences warnings and notes, not errors")
            self.remarks.error(
                finding.code,
                message,
                node or step.place.kind,
                finding.label,
                help,
                related,
                step.place.calls,
                step.name,
                finding.severity,
            )

    def makers(self, step: Step) -> tuple[tuple[str, Mark | None], ...]:
        """The layers that made a step's inputs, as second places of a finding."""
        places = []
        for index in [*dict.fromkeys(step.inputs)][:_MOST_MAKERS]:
            maker = self.steps[index]
            if maker.output is not None:
                places.append((f"{maker.name} makes {written(maker.output)}", maker.place.kind))
        return tuple(places)

    def mismatch(
        self, step: Step, branches: tuple[Branch, ...], message: str
    ) -> tuple[str, tuple[tuple[str, Mark | None], ...]]:
        """A merge whose inputs differ: every branch with its shape, and where they part."""
        self.searched += len(branches)
        parts = []
        places = []
        for branch in branches:
            end = self.steps[branch.end]
            shape = written(end.output) if end.output else "?"
            parts.append(f"{branch.name} gives {shape}")
            places.append((f"{branch.name} ends here: {shape}", end.place.kind))
        fork = self.fork([branch.end for branch in branches])
        if fork is not None:
            parted = self.steps[fork]
            shape = written(parted.output) if parted.output else "?"
            places.append((f"the branches part here, at {parted.name}: {shape}", parted.place.kind))
            parts.append(f"parted at {parted.name}")
        return f"{message.split(', got', maxsplit=1)[0]}: {', '.join(parts)}", tuple(places)

    def astray(self, branches: tuple[Branch, ...]) -> tuple[str, ...]:
        """The layer at which each branch leaves the spatial size that the others agree on."""
        fork = self.fork([branch.end for branch in branches])
        sizes = [(self.steps[branch.end].output or ())[:-1] for branch in branches]
        before = (self.steps[fork].output or ())[:-1] if fork is not None else ()
        common = max(sizes, key=lambda size: (sizes.count(size), size == before))
        if (
            fork is None
            or not common
            or (sizes.count(common) * 2 <= len(sizes) and common != before)
        ):
            return ()
        help = []
        for branch, size in zip(branches, sizes, strict=True):
            if size == common:
                continue
            own = sorted(self.past(branch.end) - self.past(fork))
            outputs = [(self.steps[i].output or ())[:-1] for i in own]
            at = next((i for i, s in zip(own, outputs, strict=True) if s != common), fork)
            if before != common or at == fork:
                help.append(f"{branch.name}: nothing makes {written(common)} of {written(before)}")
            else:
                step = self.steps[at]
                made = written((step.output or ())[:-1]) or "a vector"
                help.append(f"{branch.name}: {step.name} made {made} of {written(common)}")
        return tuple(help)

    def fork(self, ends: list[int]) -> int | None:
        """The last step that all branches come from."""
        pasts = [self.past(end) for end in dict.fromkeys(ends)]
        common = set.intersection(*pasts)
        return max(common) if common else None

    def past(self, end: int) -> set[int]:
        """A step and everything it was made from."""
        seen: set[int] = set()
        waiting = [end]
        while waiting:
            index = waiting.pop()
            if index not in seen:
                seen.add(index)
                waiting.extend(self.steps[index].inputs)
        self.searched += len(seen)
        return seen

    def give_name(self, frame: Frame, wanted: str, suffix: str, node: Node | None) -> str:
        """The full name of a layer or call; `node` is where the file names it, if it does."""
        name = f"{frame.prefix}{wanted}{suffix}"
        if node is None:
            return name
        if wanted == INPUT or not is_name(wanted):
            text = "is taken by the network's input" if wanted == INPUT else "is no name"
            help = ("up to 120 ASCII letters, digits, _ - . and /",) if wanted != INPUT else ()
            self.remarks.error("CC018", f"{plain(wanted)!r} {text}", node, "choose another", help)
            return f"{frame.prefix}{frame.automatic('layer')}"
        if name in self.names and name not in self.aliases:
            first = self.steps[self.names[name]].place.kind
            self.remarks.error(
                "CC018",
                f"two layers are called {name!r}",
                node,
                "named again",
                ("give each layer a name of its own",),
                (("first named here", first),),
            )
            return f"{frame.prefix}{frame.automatic('layer')}"
        return name

    def bind(self, frame: Frame, name: str, wanted: str, step: int) -> None:
        """Let references find a step; inside a repeat the bare name means the latest one."""
        self.names[name] = step
        bare = f"{frame.prefix}{wanted}"
        if bare != name:
            self.names[bare] = step
            self.aliases.add(bare)

    def find(self, frame: Frame, reference: str) -> int | None:
        """The step a reference means, looked up from the innermost block outwards."""
        scope: Frame | None = frame
        while scope is not None:
            found = self.names.get(f"{scope.prefix}{reference}")
            if found is not None:
                return found
            scope = scope.parent
        return None

    def unknown(self, frame: Frame, reference: str, node: Node, calls: tuple[Node, ...]) -> None:
        """Report a reference to a layer that is not there (yet)."""
        name, findings = plain(reference), self.remarks.findings
        close = self.remarks.suggest.nearest(reference, self.names)
        above = ", ".join(step.name for step in self.steps[-3:])
        help = (f"did you mean `{close}`?",) if close else (f"known here: {above}",)
        before = len(findings)
        text = f"no layer {name!r}"
        self.remarks.error("CC017", text, node, "unknown here", help, calls=calls)
        if len(findings) > before:
            self.pending.append((before, frame, reference, len(self.steps)))

    def settle(self) -> None:
        """Tell unknown layers from those further down, once the names of all are known."""
        for index, frame, reference, above in self.pending:
            found = self.find(frame, reference)
            if found is not None or reference in frame.reserved:
                name = plain(reference)
                what = f"{name!r} stands further down"
                if found == above:
                    what = f"{name!r} is this layer itself"
                findings, help = self.remarks.findings, ("a layer reads only what stands above it",)
                findings[index] = findings[index]._replace(message=brief(what), help=help)
        self.pending.clear()

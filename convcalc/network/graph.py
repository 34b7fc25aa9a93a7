"""The growing network: steps in order, each sized as it comes, and what is wrong with it."""

from collections.abc import Iterable
from math import isqrt
from typing import TYPE_CHECKING

from convcalc.findings import Severity, plain
from convcalc.layers.base import Layer, Roundings, Size, SizeFinding
from convcalc.network.place import Mark, Place
from convcalc.network.record import INPUT, Branch, Step
from convcalc.network.remarks import Remarks
from convcalc.shapes import LARGEST_SIZE, Shape, written

_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-/")
_LONGEST_NAME = 120
#: Layers among which those that a help lists are looked for: a file may have very many helps.
_RECENT = 100
_LISTED = 3  #: layers that a help lists
#: Sizes that are kept for equal layers at a time: those of a very long net may all differ.
_MOST_SIZES = 4096
NAME_HELP = ("up to 120 ASCII letters, digits, _ - . and /",)

#: The size of what could not be read, or follows from it.
UNKNOWN = Size(None)


if TYPE_CHECKING:
    from convcalc.network.before import Before
    from convcalc.network.merge_repairs import Settable
    from convcalc.network.size_findings import Placed, Reworded, SizeFindings


def is_name(text: str) -> bool:
    """Whether a layer may be called so."""
    return 0 < len(text) <= _LONGEST_NAME and _LETTERS.issuperset(text)


class Graph:
    """Steps of a network under construction; every front end makes one."""

    def __init__(self, remarks: Remarks, roundings: Roundings) -> None:
        self.remarks = remarks
        self.roundings = roundings
        self.steps: list[Step] = []
        #: what references find: names of layers, and of blocks and repeats their ends
        self.names: dict[str, int] = {}
        self.sizes: dict[tuple[int, tuple[Shape, ...]], Size] = {}
        self.layers: list[Layer] = []
        self.size_findings: SizeFindings | None = None
        #: writes a word of the file with another option, where files have such words
        self.reworded: Reworded | None = None
        #: says where what a help offers goes, which a word of a pattern cannot be
        self.placed: Placed | None = None
        #: whether an edit can give an option of a layer a value, where there is a file
        self.settable: Settable | None = None
        #: the last conv that its condition left out: the calls it is in, its kind and its place
        self.omitted: tuple[tuple[Mark, ...], str, Mark] | None = None
        #: whether the net is one line of words, which no file holds
        self.in_line = False
        #: a net that this one is nearly
        self.before: Before | None = None

    def add_input(self, name: str, shape: Shape | None, place: Place) -> int:
        """An input of the network."""
        if not is_name(name):
            text = f"{plain(name)!r} is not a valid name"
            self.remarks.error("CC018", text, place.kind, "", NAME_HELP)
            name = f"{INPUT}{len(self.steps) + 1}"
        self.steps.append(Step(name, INPUT, None, (), Size(shape), place))
        self.names[name] = len(self.steps) - 1
        return len(self.steps) - 1

    def add(self, step: Step, branches: tuple[Branch, ...] = ()) -> int:
        """Append a sized layer; what its sizing found becomes findings."""
        if step.size.findings:
            if self.size_findings is None:
                from convcalc.network.size_findings import SizeFindings  # few nets need it

                self.size_findings = SizeFindings(self.remarks, self.steps, self.roundings)
                self.size_findings.reworded = self.reworded
                self.size_findings.mismatches.settable = self.settable
                self.size_findings.in_line = self.in_line
                self.size_findings.placed = self.placed
            self.size_findings.mismatches.omitted = self.omitted
            self.size_findings.report(step, branches)
        self.steps.append(step)
        return len(self.steps) - 1

    def known(self, reference: str, prefix: str = "") -> tuple[str, ...]:
        """The help for a reference that no layer above has, in a block call of this `prefix`.

        Names that somebody chose come first, those inside other calls that are open last.
        """
        if not self.remarks.helps:
            return ()
        close = self.remarks.suggest.nearest(reference, self.names)
        if close:
            return (f"did you mean `{close}`?",)
        steps = self.steps[-_RECENT:]
        recent = [self._written(step, prefix) for step in steps]
        latest = [*dict.fromkeys(recent)]
        given = {name for name, step in zip(recent, steps, strict=True) if is_given(name, step)}
        ranked = sorted(latest, key=lambda name: (name in given) - ("." in name))
        listed = [name for name in latest if name in ranked[-_LISTED:]]
        like = self.remarks.suggest.like(reference, self.names)
        if like and like not in listed and ("." not in like or "." in reference):
            listed = [like, *listed[1:]]
        left = len(self.steps) - sum(name in listed for name in recent)
        where = "above them" if listed == latest[-_LISTED:] else "others"
        more = f" and {left:,} {where}" if left else ""
        return (f"known here: {', '.join(listed)}{more}",)

    def _written(self, step: Step, prefix: str) -> str:
        """The name by which entries of a scope read a layer: of one inside a call, the call's."""
        own = step.name.removeprefix(prefix)
        if prefix and own != step.name and "." not in own:
            return own
        head = step.name.partition(".")[0]
        return head if head in self.names else step.name

    def counted_back(self, reference: str) -> int | None:
        """The step that ``-1``, ``-2`` means in other tools, as in Ultralytics' files."""
        sign, digits = reference[:1], reference[1:8]
        if sign != "-" or not (digits.isascii() and digits.isdecimal()):
            return None
        back = int(digits)
        return len(self.steps) - back if 0 < back <= len(self.steps) else None

    def sized(self, layer: Layer, reads: tuple[int, ...]) -> Size:
        """The sizing of a layer that reads these steps, worked out once for equal shapes."""
        steps = self.steps
        shapes = tuple([steps[i].size.output for i in reads])
        if None in shapes:
            return UNKNOWN
        if self.before is not None:
            known = self.before.size(len(steps), layer, shapes, self.roundings)  # type: ignore[arg-type]
            if known is not None:
                return known
        size = self.sized_for(layer, shapes)  # type: ignore[arg-type]
        if size.output is None and all(steps[i].kind == INPUT for i in reads):
            return _without_axes(size, shapes[0])
        return size

    def sized_for(self, layer: Layer, shapes: tuple[Shape, ...]) -> Size:
        """The sizing of a layer for inputs of these shapes."""
        key = (id(layer), shapes)
        size = self.sizes.get(key)
        if size is None:
            if len(self.sizes) >= _MOST_SIZES:
                self.sizes.clear()
                self.layers.clear()
            size = layer.sizing(shapes, self.roundings)
            if size.output is not None and max(size.output) > LARGEST_SIZE:
                text = f"output {written(size.output)} exceeds 2**31"
                size = Size(None, findings=(SizeFinding("CC002", Severity.ERROR, text),))
            self.sizes[key] = size
            self.layers.append(layer)  # keeps its id from being given to another
        return size

    def report_unread(self, outputs: Iterable[int]) -> None:
        """Warn of layers that nothing reads, unless the net is broken anyway."""
        steps, ends = self.steps, set(outputs)
        if not ends or any(step.layer is None and step.kind != INPUT for step in steps):
            return
        read = bytearray(len(steps))  # of a very long net a set is megabytes
        for step in steps:
            for index in step.inputs:
                read[index] = True
            if step.like is not None:
                read[step.like] = True
        for index in ends:
            read[index] = True
        if not all(read):
            from convcalc.network.unread import report  # few nets need it

            report(steps, [i for i, is_read in enumerate(read) if not is_read], self.remarks)


def is_given(name: str, step: Step) -> bool:
    """Whether a name is one that somebody chose: no kind or block with its running number."""
    words = [step.kind, *(getattr(call, "text", "") for call in step.place.calls)]
    rest = [name.removeprefix(word).removeprefix("_") for word in words]
    return name != INPUT and "." not in name and not any(map(str.isdecimal, rest))


def _without_axes(size: Size, shape: Shape | None) -> Size:
    """The refusal of an input that is a vector, with the input that was probably meant."""
    if shape is None or len(shape) > 1 or [f.code for f in size.findings] != ["CC108"]:
        return size
    (length,), side = shape, isqrt(shape[0])
    image = f"an image `input: {side}x{side}x1`, " if side * side == length > 1 else ""
    help = (f"sizes end in channels: {image}a sound `input: {length}x1`",)
    return size._replace(findings=(size.findings[0]._replace(help=help),))

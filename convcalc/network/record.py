"""A network as a front end hands it on: every layer in order, sized, with its place."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from convcalc.findings import Finding, Related, Severity, Span, plain
from convcalc.layers.base import Layer, Roundings, Size
from convcalc.layers.option import Value
from convcalc.network.beyond import Beyond
from convcalc.network.place import Mark, Place, called
from convcalc.network.readers import Readers
from convcalc.network.run import Run
from convcalc.quantity import counted
from convcalc.records import NamedTuple
from convcalc.shapes import Shape
from convcalc.source import Source

INPUT = "input"

#: The reader of an output of the network: whoever runs it.
OUTSIDE = -1

_NO_PARTS: Mapping[str, tuple[Mark, Mark]] = {}

#: Values by their names: the variables of a file, the arguments of a block call.
Values = Mapping[str, Value]
_NO_VALUES: Mapping[str, Values] = {}


class Step(NamedTuple):
    """One layer of the expanded network, or one of its inputs (kind ``input``)."""

    name: str
    kind: str
    layer: Layer | None
    """None for an input and for a layer that could not be read."""
    inputs: tuple[int, ...]
    """Positions of the steps whose outputs it reads."""
    size: Size
    place: Place
    units: tuple[str, ...] = ()
    """The block calls it belongs to, outermost first, for folding."""
    like: int | None = None
    """The step whose size it takes over without reading it."""
    shares: int | None = None
    """The step whose parameters it shares."""
    ignore: tuple[str, ...] = ()
    checkpoint: str = ""
    """The segment of layers that training runs again instead of saving; '' for none."""

    @property
    def output(self) -> Shape | None:
        """The shape of its output; None where it could not be sized."""
        return self.size.output

    def words(self, axes: int = 2) -> str:
        """What the layer is, in a table's few words; nothing for an input.

        `axes` is the net's rank, which counts where the layer has no size.
        """
        if self.layer is None:
            return ""
        windows, output = self.size.windows, self.size.output
        return self.layer.describe(len(windows) or (len(output) - 1 if output else axes))


def shapes_read(steps: Sequence[Step], step: Step) -> tuple[Shape, ...]:
    """The shapes that a step reads, that of `like` last; empty where one is unknown."""
    reads = step.inputs if step.like is None else (*step.inputs, step.like)
    shapes = tuple([steps[i].size.output for i in reads])
    return () if None in shapes else shapes  # type: ignore[return-value]


class Branch(NamedTuple):
    """One input of a merge: what the file calls it and the step at its end."""

    name: str
    end: int


def ancestors(steps: Sequence[Step], index: int) -> set[int]:
    """A step and all that it is made from."""
    found: set[int] = set()
    waiting = [index]
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting.extend(steps[at].inputs)
    return found


class Expectation(NamedTuple):
    """A number that a file states about the whole net, under `expect` or `budget`."""

    key: str
    value: int | Shape | str
    mark: Mark | None = None
    """The stated value; None where there is no text."""
    bare: bool = False
    """Whether it is written as digits alone, without a unit."""

    @property
    def span(self) -> Span | None:
        """Where the value is stated."""
        return None if self.mark is None else self.mark.span


class RuleSetting(NamedTuple):
    """What a file says about one rule or code: a word under `rules` and its value."""

    word: str
    value: object
    """True, false or text; a mapping of thresholds."""
    key: Mark | None = None
    mark: Mark | None = None
    """The value's."""
    parts: Mapping[str, tuple[Mark, Mark]] = _NO_PARTS
    """Key and value of every threshold."""


class Network(NamedTuple):
    """A network with everything that is known of it before any number is worked out."""

    source: Source
    """What findings call it, and its text where it was read from one."""
    name: str
    notes: str
    origin: str
    """Where the architecture was published, as the file's `source` says."""
    roundings: Roundings
    steps: Sequence[Step]
    outputs: tuple[int, ...]
    """Steps whose output leaves the net; the last entry's is the last."""
    expect: tuple[Expectation, ...]
    budget: tuple[Expectation, ...]
    rules: tuple[RuleSetting, ...]
    """What its file says about single rules."""
    variables: tuple[str, ...]
    """The names under `vars`, which ``--set`` may change."""
    findings: tuple[Finding, ...]
    arguments: Mapping[str, Values] = _NO_VALUES
    """What each block call, by its name, gave its block, but for layers; the variables by ''."""
    listed: tuple[int, ...] = ()
    """The outputs in the order in which its file lists them all, the last layer too; else none."""
    expect_left_aside: bool = False
    """Whether its file expects numbers which were not compared: they are of the file as written."""
    spare: frozenset[str] = frozenset()
    """Arrays of the model it was read from that no layer has: weights of that model hold them."""
    run: Run | None = None
    """What the program that it was read from allocates in use; else what its layers make."""
    tells_overwriting: bool = True
    """Whether its file could say which layers overwrite what they read: ONNX cannot."""
    vectors_first: bool = False
    """Whether vectors that become volumes in its file have their numbers channels first."""
    beyond: tuple[Beyond, ...] = ()
    """What the model that it was read from has beside what the layers count."""

    @property
    def returned(self) -> tuple[int, ...]:
        """The outputs in the order in which code and other tools' files give them."""
        return self.listed or self.outputs

    def owners(self) -> Sequence[int]:
        """For each step whose parameters it uses: its own, or the first's of those that share."""
        own = range(len(self.steps))
        if all(step.shares is None for step in self.steps):
            return own  # of a long net a list of its own numbers would be megabytes
        found = list(own)
        for index, step in enumerate(self.steps):
            if step.shares is not None:
                found[index] = found[step.shares]  # an earlier one
        return found

    def __repr__(self) -> str:
        layers = sum(step.kind != INPUT for step in self.steps)
        return (
            f"<convcalc.Network {plain(self.name or self.source.path)}: {counted(layers, 'layer')}>"
        )

    def readers(self) -> Readers:
        """For each step the steps that read its output, once an input; OUTSIDE for outputs."""
        inner = ((source, i) for i, step in enumerate(self.steps) for source in step.inputs)
        outer = ((index, OUTSIDE) for index in self.outputs)
        return Readers(self.times_read(), chain(inner, outer))

    def times_read(self) -> list[int]:
        """For each step how many readers its output has."""
        found = [0] * len(self.steps)
        for step in self.steps:
            for source in step.inputs:
                found[source] += 1
        for index in self.outputs:
            found[index] += 1
        return found

    def ancestors(self, index: int) -> set[int]:
        """A step and all that it is made from."""
        return ancestors(self.steps, index)

    def storages(self, shared: Sequence[bool], steps: Iterable[int] | None = None) -> list[int]:
        """For each step the step in whose storage its output is.

        `shared` says of each step whether its output is the storage of its (first) input; of those
        outside of `steps` (default: all) every output has storage of its own.
        """
        found = list(range(len(self.steps)))
        for index in found[:] if steps is None else steps:
            if shared[index]:
                found[index] = found[self.steps[index].inputs[0]]
        return found

    def last_readers(self, steps: Iterable[int], ends: Iterable[int]) -> dict[int, int]:
        """The last of some steps that reads each volume they read or make; itself where none does.

        The volumes of `ends` are read after the last step.
        """
        found: dict[int, int] = {}
        for index in steps:
            found[index] = index
            for source in self.steps[index].inputs:
                found[source] = index
        found.update(dict.fromkeys(ends, len(self.steps)))
        return found

    def lifetimes(self, storages: Sequence[int], last: Mapping[int, int]) -> dict[int, int]:
        """Until which step each storage is needed: the last reader of any volume in it."""
        found: dict[int, int] = {}
        for index, reader in last.items():
            storage = storages[index]
            found[storage] = max(found.get(storage, reader), reader)
        return found

    def calls(self, step: Step) -> tuple[Related, ...]:
        """The places that called the block that a step is in."""
        return called(self.source.path, step.place.calls)

    def also(self, message: str, step: Step) -> tuple[Related, ...]:
        """A second place of a finding: where a step comes from; none where that is no text."""
        span = step.place.span
        return () if span is None else (Related(message, self.source.path, span),)

    def finding(
        self,
        step: Step,
        code: str,
        severity: Severity,
        message: str,
        label: str = "",
        help: tuple[str, ...] = (),
        related: tuple[Related, ...] = (),
        option: str = "",
    ) -> Finding:
        """A finding about a layer, at one of its options or at its kind."""
        path, span = self.source.path, step.place.option(option)
        related = (*related, *self.calls(step))
        message = f"{step.place.prefix}{message}"
        return Finding(code, severity, message, path, span, label, step.name, help, related)

"""A network as the spec reader hands it on: every layer in order, sized, with its place."""

from typing import NamedTuple

from convcalc.findings import Finding, Related
from convcalc.layers.base import Layer, Roundings, Size
from convcalc.shapes import Shape
from convcalc.spec.source import Source
from convcalc.spec.tree import Mapping, Node

INPUT = "input"


class Where(NamedTuple):
    """Where a layer stands in its file."""

    kind: Node
    """The word or key that names the kind."""
    options: Mapping | None = None
    calls: tuple[Node, ...] = ()
    """The block calls it stands in, innermost first."""


class Step(NamedTuple):
    """One layer of the expanded network, or one of its inputs (kind ``input``)."""

    name: str
    kind: str
    layer: Layer | None
    """None for an input and for a layer that could not be read."""
    inputs: tuple[int, ...]
    """Positions of the steps whose outputs it reads."""
    size: Size
    where: Where
    units: tuple[str, ...] = ()
    """The block calls it belongs to, outermost first, for folding."""
    like: int | None = None
    """The step whose size it takes over without reading it."""
    shares: int | None = None
    """The step whose parameters it shares."""
    ignore: tuple[str, ...] = ()

    @property
    def output(self) -> Shape | None:
        """The shape of its output; None where it could not be sized."""
        return self.size.output

    def words(self) -> str:
        """What the layer is, in a table's few words; nothing for an input."""
        if self.layer is None:
            return ""
        windows, output = self.size.windows, self.size.output
        return self.layer.describe(len(windows) or len(output or (0, 0, 0)) - 1)


class Claim(NamedTuple):
    """A number that the file states about the whole net, under `expect` or `budget`."""

    key: str
    value: int | Shape | str
    node: Node


class Network(NamedTuple):
    """A network with everything its file says."""

    source: Source
    name: str
    notes: str
    origin: str
    """Where the architecture was published, as the file's `source` says."""
    roundings: Roundings
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]
    """Steps whose output leaves the net; the last entry's is the last."""
    expect: tuple[Claim, ...]
    budget: tuple[Claim, ...]
    rules: Mapping | None
    variables: tuple[str, ...]
    """The names under `vars`, which ``--set`` may change."""
    findings: tuple[Finding, ...]

    def calls(self, step: Step) -> tuple[Related, ...]:
        """The places that called the block a step stands in."""
        return called(self.source.path, step.where.calls)


def called(path: str, calls: tuple[Node, ...]) -> tuple[Related, ...]:
    """Related places for the calls that lead to a layer."""
    return tuple(Related("in the block called here", path, node.span) for node in calls)

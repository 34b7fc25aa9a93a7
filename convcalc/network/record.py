"""A network as a front end hands it on: every layer in order, sized, with its place."""

from collections.abc import Mapping
from typing import NamedTuple

from convcalc.findings import Finding, Related, Severity, Span
from convcalc.layers.base import Layer, Roundings, Size
from convcalc.network.place import Mark, Place, called
from convcalc.shapes import Shape
from convcalc.source import Source

INPUT = "input"

_NO_PARTS: Mapping[str, tuple[Mark, Mark]] = {}


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
    """A number that a file states about the whole net, under `expect` or `budget`."""

    key: str
    value: int | Shape | str
    mark: Mark | None = None
    """The stated value; None where there is no text."""

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
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]
    """Steps whose output leaves the net; the last entry's is the last."""
    expect: tuple[Claim, ...]
    budget: tuple[Claim, ...]
    rules: tuple[RuleSetting, ...]
    """What its file says about single rules."""
    variables: tuple[str, ...]
    """The names under `vars`, which ``--set`` may change."""
    findings: tuple[Finding, ...]

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
        return Finding(code, severity, message, path, span, label, step.name, help, related)

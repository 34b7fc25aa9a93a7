"""Loading a net: from a file, a bundled name, a text or a pattern."""

import os
from collections.abc import Mapping

from convcalc import zoo
from convcalc.files import linked_spec, read_at_most
from convcalc.findings import Finding, Severity
from convcalc.layers.option import Value
from convcalc.network.record import Network
from convcalc.shapes import Shape, parse_shape
from convcalc.spec.document import Overrides
from convcalc.spec.load import load as load_spec
from convcalc.spec.load import load_pattern
from convcalc.suggest import nearest
from convcalc.tree.decode import TRUSTED, Limits
from convcalc.window import Rounding

Spec = str | os.PathLike[str]


class LoadError(ValueError):
    """There is nothing to read: no such file or net, or an argument that cannot be."""


class Net:
    """A network as its spec says it. What is wrong with the spec is in `findings`."""

    def __init__(self, network: Network) -> None:
        self.network = network

    @property
    def name(self) -> str:
        """The net's name, '' where the spec gives none."""
        return self.network.name

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What reading and sizing found; `analyze` finds more, such as totals that do not hold."""
        return self.network.findings

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of all layers in order, the inputs first."""
        return tuple(step.name for step in self.network.steps)

    @property
    def output(self) -> Shape | None:
        """The shape of the last layer's output, channels last; None where it is unknown."""
        return self.network.steps[self.network.outputs[-1]].output if self.network.outputs else None

    def __repr__(self) -> str:
        return f"<convcalc.Net {self.name or self.network.source.path}: {len(self.layers)} layers>"

    def _repr_html_(self) -> str:
        from convcalc.api.report import analyze  # which imports this module

        return analyze(self)._repr_html_()


def names() -> tuple[str, ...]:
    """The names of the bundled nets."""
    return zoo.names()


def load(
    spec: Spec | None = None,
    *,
    net: str | None = None,
    input: str | Shape | None = None,
    rounding: str | None = None,
    variables: Mapping[str, Value] | None = None,
    trusted: bool = False,
) -> Net:
    """Read a network.

    Args:
        spec: a path, the name of a bundled net, or the YAML text of a spec (anything with a line
            break). A path wins over a bundled net.
        net: instead of `spec`, a pattern such as ``"[conv3-32 relu pool2]*2 fc-10"``.
        input: the input's shape over the spec's, as ``"224x224x3"`` or ``(224, 224, 3)``.
        rounding: ``exact``, ``floor`` or ``ceil``, over the spec's.
        variables: values for names under the spec's `vars`.
        trusted: read specs of any size (default: 1 MiB, 100,000 values).

    Returns:
        The net. A spec with faults is no exception: they are all in `Net.findings`.

    Raises:
        LoadError: no such file or bundled net, or an argument that cannot be.
    """
    if (spec is None) == (net is None):
        raise LoadError("give a spec or net=PATTERN")
    overrides = Overrides(
        _shape(input), _word(rounding, Rounding, "rounding"), tuple((variables or {}).items())
    )
    limits = TRUSTED if trusted else Limits()
    if net is not None:
        return Net(load_pattern(net, overrides, limits))
    path, data = _read(spec if spec is not None else "", limits)
    found = load_spec(path, data, overrides, limits)
    for name in variables or {}:
        if name not in found.variables:
            close = nearest(name, found.variables)
            known = f"did you mean {close!r}?" if close else f"it has {', '.join(found.variables)}"
            raise LoadError(f"{path} has no variable {name!r}: {known}")
    return Net(found)


def _shape(given: str | Shape | None) -> Shape | None:
    if given is None:
        return None
    text = given if isinstance(given, str) else "x".join(map(str, given))
    shape = parse_shape(text)
    if shape is None:
        raise LoadError(f"input: {given!r} is no shape such as 224x224x3")
    return shape


def _word(given: str | None, known: type[Rounding], what: str) -> Rounding | None:
    if given is None:
        return None
    if given not in tuple(known):
        raise LoadError(f"{what}: expected one of {', '.join(known)}, got {given!r}")
    return known(given)


def _read(spec: Spec, limits: Limits) -> tuple[str, bytes]:
    """What a spec is called in findings, and its bytes; no more of them than the limit."""
    if isinstance(spec, str) and "\n" in spec:
        return "<text>", spec.encode("utf-8", "surrogatepass")
    path = called = os.fspath(spec)
    if not os.path.isfile(path):
        bundled = zoo.find(path) if isinstance(spec, str) else None
        if bundled is None:
            close = nearest(str(spec), zoo.names())
            hint = (
                f"did you mean {close!r}?" if close else "convcalc.names() lists the bundled nets"
            )
            raise LoadError(f"no file {str(spec)!r} and no bundled net of that name: {hint}")
        path, called = bundled, zoo.label(path)
    try:
        path = path if limits == TRUSTED else linked_spec(path)
        return called, read_at_most(path, None if limits.bytes is None else limits.bytes + 1)
    except OSError as error:
        raise LoadError(f"cannot read {str(spec)!r}: {error.strerror}") from error

"""Loading a net: from a file, a bundled name, a text or a pattern."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from convcalc import zoo
from convcalc.analysis.settings import Settings
from convcalc.api.typed import typed
from convcalc.escape import one_line, shown
from convcalc.files import is_mapping
from convcalc.findings import Finding, Severity
from convcalc.layers.option import Value
from convcalc.network.record import INPUT, Network
from convcalc.quantity import counted, many_digits
from convcalc.shapes import Shape, not_a_shape, parse_shape
from convcalc.spec.document import Overrides
from convcalc.study.errors import LoadError, RequestError
from convcalc.study.load import Pattern, Subject, Text
from convcalc.study.outcome import Case, Outcome, study
from convcalc.window import Rounding

Spec = str | os.PathLike[str]
_SETTINGS = Settings()


class Repair(NamedTuple):
    """An edit of a spec that removes its errors, all where `errors` is empty."""

    changes: tuple[str, ...]
    """What it changes, and what the layers make then."""
    text: str
    """The whole spec with it, which `load` takes and a file can be given."""
    errors: tuple[str, ...] = ()
    """The codes of errors that stay with it, or come up."""
    warnings: int = 0
    """Layers that still lose input."""

    def __repr__(self) -> str:
        return f"<convcalc.Repair {one_line('; '.join(self.changes))}>"


class Net:
    """A network as its spec says it. What is wrong with the spec is in `findings`."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self.network = outcome.network

    def case(self, settings: Settings = _SETTINGS) -> Case:
        """The net as a case to study, for other settings."""
        return self._outcome.case._replace(settings=settings)

    def outcome(self, settings: Settings = _SETTINGS) -> Outcome:
        """What comes of the net with these settings; nothing is read again."""
        if settings == self._outcome.case.settings:
            return self._outcome
        return self._outcome.under(settings)

    @property
    def name(self) -> str:
        """The net's name, '' where the spec gives none."""
        return self.network.name

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What reading and sizing found; `analyze` adds totals and shared weights that differ."""
        return self.network.findings

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What ``check --fix`` offers for a spec, best first; each was tried by the engine.

        None of what the file's `rules:` turn off.

        Raises:
            RequestError: the net has another input, rounding or variables than its spec says.
        """
        from convcalc.fix.search import offers
        from convcalc.fix.work import Work
        from convcalc.report.fixes.text import described
        from convcalc.tree.decode import TRUSTED

        over = self._outcome.case.overrides
        if over.input or over.rounding or over.variables:
            raise RequestError(
                "repairs are edits of a spec as it is written: load it without input, rounding and "
                "variables, or write these into it"
            )
        case = self._outcome.case
        work = Work(selection=case.selection, limits=TRUSTED if case.trusted else None)

        return tuple(
            Repair(tuple(map(described, offer.changes)), offer.text, offer.errors, offer.losing)
            for offer in offers(self.network, work)
        )

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of all layers in order, the inputs first."""
        return tuple(step.name for step in self.network.steps)

    @property
    def output(self) -> Shape | None:
        """The shape of the last layer's output, channels last; None where it is unknown."""
        return self.network.steps[self.network.outputs[-1]].output if self.network.outputs else None

    def __repr__(self) -> str:
        number = sum(step.kind != INPUT for step in self.network.steps)
        return f"<convcalc.Net {self.name or self.network.source.path}: {counted(number, 'layer')}>"

    def _repr_html_(self) -> str:
        from convcalc.api.analysis import analyze  # which imports this module

        return analyze(self)._repr_html_()


def names() -> tuple[str, ...]:
    """The names of the bundled nets."""
    return zoo.names()


@typed
def load(
    spec: Spec | Network | None = None,
    *,
    net: str | None = None,
    input: str | Shape | None = None,
    rounding: str | None = None,
    variables: Mapping[str, Value] | None = None,
    trusted: bool = False,
) -> Net:
    """Read a network.

    Args:
        spec: a path, the name of a bundled net, or the YAML or JSON text of a spec (anything with
            a line break, or of one line that begins with ``{`` or has ``: `` and names no file).
            A path wins over a bundled net. A `Network` is taken as it is.
        net: instead of `spec`, a pattern such as ``"[conv3-32 relu pool2]*2 fc-10"``.
        input: the input's shape over the spec's, as ``"224x224x3"`` or ``(224, 224, 3)``.
        rounding: ``exact``, ``floor`` or ``ceil``, over the spec's.
        variables: values for names under the spec's `vars`; of a pattern those for its letters
            N, M and K, and ``filters`` and ``classes``.
        trusted: read specs of any size (default: 1 MiB, 100,000 values).

    Returns:
        The net. Errors in a spec do not raise an exception: they are all in `Net.findings`.

    Raises:
        LoadError: no such file or bundled net, or an invalid argument.
    """
    if (spec is None) == (net is None):
        raise LoadError("give a spec or net=PATTERN")
    given: dict[str, object] = {
        "input": input, "rounding": rounding, "variables": variables, "trusted": trusted,
    }  # fmt: skip
    asked = Case(subject(spec if spec is not None else "") if net is None else Pattern(net))
    return Net(study(overridden(asked, given)))


def subject(spec: Spec | Network) -> Subject:
    """A text that is no name is a spec itself; everything else is what the command line takes."""
    return Text("<text>", spec) if isinstance(spec, str) and _is_text(spec) else spec


def _is_text(spec: str) -> bool:
    """Whether a text is no path: it has several lines, or begins or reads as a mapping of YAML."""
    if "\n" in spec:
        return True
    if not is_mapping(spec):
        return False
    try:
        return not os.path.lexists(spec)
    except ValueError:  # a character that no path has
        return True


def overridden(case: Case, given: Mapping[str, object]) -> Case:
    """A case with what `given` sets over its spec: input, rounding, variables, trusted.

    Raises:
        LoadError: an invalid value.
    """
    own = case.overrides
    variables = variables_given(given.get("variables"))
    trusted = given.get("trusted", False)
    if not isinstance(trusted, bool | int):  # "false" would be true
        raise LoadError(f"trusted: expected True or False, got {shown(trusted)}")
    return case._replace(
        overrides=Overrides(
            shape_given(given.get("input")) or own.input,
            _rounding(given.get("rounding")) or own.rounding,
            (*own.variables, *variables.items()),
        ),
        trusted=case.trusted or bool(trusted),
    )


def variables_given(given: object) -> dict[str, Value]:
    """The names and values that ``variables=`` says; none for None.

    Raises:
        LoadError: it is not names with values, or a value is invalid.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise LoadError(f"variables: expected names with values, got {shown(given)}")
    for name, value in given.items():
        for one in value if isinstance(value, (list, tuple)) else (value,):
            if many_digits(one):
                raise LoadError(f"variables: {name}: {many_digits(one)}")
            if not isinstance(one, int | float | str | tuple | range | None):
                what = f"{name}: {shown(one)} is not a number, word or truth value"
                raise LoadError(f"variables: {what}")
    return dict(given)


def shape_given(given: object) -> Shape | None:
    """The shape that ``input=`` says, as text or as numbers; None for None.

    Raises:
        LoadError: it is not a size.
    """
    if given is None:
        return None
    sizes = given if isinstance(given, (tuple, list)) and len(given) < 10 else ()
    text = given if isinstance(given, str) else "x".join(map(str, sizes))
    shape = parse_shape(text)
    if shape is None:
        raise LoadError(f"input: {not_a_shape(given, text)}")
    return shape


def _rounding(given: object) -> Rounding | None:
    if given is None:
        return None
    if not isinstance(given, str) or given not in tuple(Rounding):
        from convcalc.choices import expected_one_of

        raise LoadError(f"rounding: {expected_one_of(Rounding, given)}")
    return Rounding(str(given))

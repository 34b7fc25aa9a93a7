"""Variants of a model file, some of which its reader refuses: the others are known all the same."""

from collections.abc import Sequence

from convcalc.findings import Finding, Severity
from convcalc.layers.base import Roundings, Size
from convcalc.network.place import Place
from convcalc.network.record import INPUT, Network, Step
from convcalc.shapes import written
from convcalc.source import Source
from convcalc.study.errors import LoadError
from convcalc.study.load import Loaded, Subject
from convcalc.study.outcome import Case, Outcome, study


def all_studied(cases: Sequence[Case]) -> list[Outcome]:
    """Every case; a size at which a model file cannot be read is a net of its input, with an error.

    Raises:
        LoadError: a case cannot be read, and is no variant of a model file that can at another
            size.
        RequestError: the settings name a segment that is not one.
    """
    found: list[Outcome | LoadError] = []
    readable: list[Subject] = []
    for case in cases:
        try:
            outcome = study(case)
        except LoadError as error:
            if not case.variant or case.overrides.input is None:
                raise
            found.append(error)
            continue
        found.append(outcome)
        if outcome.is_model_file:
            readable.append(case.subject)
    return [
        _input_alone(case, one, readable) if isinstance(one, LoadError) else one
        for case, one in zip(cases, found, strict=True)
    ]


def _input_alone(case: Case, error: LoadError, readable: Sequence[Subject]) -> Outcome:
    if case.subject not in readable:
        raise error
    shape = case.overrides.input
    assert shape is not None, "its input was asked for"
    path, message = str(case.subject), f"the file cannot be read at {written(shape)}"
    if error.__cause__ is not None:
        message += f": {error.__cause__}"
    finding = Finding("CC108", Severity.ERROR, message, path, layer=INPUT)
    steps = (Step(INPUT, INPUT, None, (), Size(shape), Place()),)
    network = Network(
        Source(path, ""), "", "", "", Roundings(), steps, (), (), (), (), (), (finding,)
    )
    return Outcome(case, Loaded(network, None))

"""`convert`: an equivalent spec."""

from typing import NamedTuple

from convcalc.convert import CannotConvertError, FaultyNetError, fc_to_conv
from convcalc.findings import plain
from convcalc.study.errors import NetError, RequestError
from convcalc.study.load import Pattern
from convcalc.study.outcome import Case, Outcome, study


class Converted(NamedTuple):
    """The spec of an equivalent net."""

    outcome: Outcome
    text: str


def convert(case: Case) -> Converted:
    """A spec whose fc layers are convs, its comments and layout kept.

    Raises:
        NetError: the net has errors.
        RequestError: the net has no such form, or the case sets other numbers than the file's.
        LoadError: there is nothing to read.
    """
    own = case.overrides
    if not isinstance(case.subject, Pattern) and (own.input or own.rounding or own.variables):
        raise RequestError("the file's own numbers are converted: change them there")
    outcome = study(case)
    outcome.sound()
    network = outcome.network
    try:
        return Converted(outcome, fc_to_conv(network))
    except FaultyNetError as error:
        raise NetError(outcome, tuple(error.findings)) from error
    except CannotConvertError as error:
        raise RequestError(f"{plain(network.name or network.source.path)}: {error}") from error

"""`verify --equivalence` and `verify --receptive-field`: what is run for them, and on what."""

from typing import TYPE_CHECKING

from convcalc.convert import CannotConvertError
from convcalc.shapes import elements
from convcalc.study.errors import RequestError
from convcalc.study.load import Pattern
from convcalc.study.outcome import Case, Outcome, study
from convcalc.verify.checks import RefusedError
from convcalc.verify.equivalence import TOLERANCE, Equivalence, equivalence, forms
from convcalc.verify.fields import Fields, receptive_fields
from convcalc.verify.plan import plan

if TYPE_CHECKING:
    from convcalc.study.verify import Announce, Progress, VerifyOptions


def equivalent(
    case: Case, options: "VerifyOptions", progress: "Progress", announce: "Announce"
) -> tuple[Outcome, Equivalence]:
    """A net crop by crop over a larger image, and its convs in one pass."""
    from convcalc.study.verify import announced, enough, refuse, state_dict
    from convcalc.verify.arrays import misfits, random_arrays, state_arrays

    if case.settings.dtype not in TOLERANCE:
        raise RequestError(f"--equivalence is for --dtype {' or '.join(TOLERANCE)}")
    image = None
    if not isinstance(case.subject, Pattern):  # which has no size of its own: --input is the net's
        image = case.overrides.input
        case = case._replace(overrides=case.overrides._replace(input=None))
    outcome = study(case)
    analysis = outcome.sound()
    try:
        both = forms(analysis, image)
    except CannotConvertError as error:
        raise RefusedError(str(error)) from error
    enough(both.larger, plan(both.larger))
    run, seed = plan(analysis), options.seed
    state = state_dict(options.weights)
    if state is None:
        weights = random_arrays(analysis, run, seed)
    else:
        refuse(outcome, misfits(analysis, run, state))
        weights, wrong = state_arrays(analysis, run, state)
        refuse(outcome, wrong)
    crops = elements((both.larger.output or ())[:-1])
    announced(crops * (analysis.totals.macs or 0), announce)
    found = equivalence(both, weights, seed, lambda done, total: progress(done, total, ""))
    return outcome, found


def fields(case: Case, options: "VerifyOptions", progress: "Progress") -> tuple[Outcome, Fields]:
    """Which inputs move the outputs of some layers."""
    outcome = study(case)
    found = receptive_fields(
        outcome.sound(),
        options.layer,
        lambda shape: outcome.at(shape).analysis,
        lambda done, total: progress(done, total, ""),
    )
    return outcome, found

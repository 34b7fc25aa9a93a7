"""`verify --equivalence`, `--receptive-field`, `--average`: what is run for them, and on what."""

from typing import TYPE_CHECKING

from convcalc.convert import CannotConvertError
from convcalc.study.errors import RequestError
from convcalc.study.load import Pattern
from convcalc.study.outcome import Case, Outcome, study
from convcalc.verify.checks import RefusedError
from convcalc.verify.equivalence import (
    TOLERANCE,
    Equivalence,
    Forms,
    equivalence,
    forms,
    slides,
    starts,
)
from convcalc.verify.fields import receptive_fields
from convcalc.verify.observed_fields import Fields
from convcalc.verify.origin import origin
from convcalc.verify.plan import plan

if TYPE_CHECKING:
    from convcalc.progress import Progress
    from convcalc.study.verify import Announce, VerifyOptions
    from convcalc.verify.average import Average


def equivalent(
    case: Case, options: "VerifyOptions", progress: "Progress", announce: "Announce"
) -> tuple[Outcome, Equivalence]:
    """A net crop by crop over a larger image, and its convs in one pass."""
    from convcalc.study.running import arrays, enough

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
    weights = arrays(outcome, analysis, run, options)
    _announced(both, announce)
    found = equivalence(both, weights, seed, lambda done, total: progress(done, total, ""))
    return outcome, found._replace(origin=origin(analysis, run, seed, options.weights, None))


def _announced(both: Forms, announce: "Announce") -> None:
    """Say before a long run what one pass saves, and how long all of it may take."""
    from convcalc.study.running import announced

    passes = slides(both)
    each, places = both.analysis.totals.macs or 0, len(starts(both, passes))
    runs = [one.analysis.totals.macs or 0 for one in passes]
    what = ""
    if passes:
        own = len(passes[0].covered)
        what = (
            f"one pass is {runs[0] / 1e9:,.1f} G MACs, its {own} crops {own * each / 1e9:,.1f} G, "
            f"{own * each / runs[0]:.1f} times as many; {places} crops and {len(runs)} passes are "
        )
    announced(places * each + sum(runs), announce, what)


def averaged(
    case: Case, options: "VerifyOptions", progress: "Progress", announce: "Announce"
) -> tuple[Outcome, "Average"]:
    """The scores of several passes over one image, each with grids of its own."""
    from convcalc.backend.weights import as_batch
    from convcalc.study.running import announced, arrays, enough, images, read, saved
    from convcalc.verify.arrays import random_inputs
    from convcalc.verify.average import average, random_layers
    from convcalc.verify.checks import same_input

    outcome = study(case)
    analysis = outcome.sound()
    random_layers(analysis)
    run, count = plan(analysis), options.average or 1
    given = images(analysis, options, 1)
    if given is not None:
        same_input(analysis, run, options.array or "", given.shape[1:])
    enough(analysis, run)
    weights = arrays(outcome, analysis, run, options)
    if given is None:
        volumes = random_inputs(analysis, run, options.seed)
    else:
        read_in = read(outcome, analysis, run, given)
        volumes = {run.given[0]: as_batch(read_in, analysis.settings.dtype)}
    announced(count * (analysis.totals.macs or 0), announce)
    found = average(
        analysis, run, weights, volumes, count, options.seed,
        lambda done: progress(done, count, "pass"),
    )  # fmt: skip
    name = analysis.network.steps[analysis.network.outputs[-1]].name
    saved(options.save, {name: found.scores})
    own = origin(analysis, run, options.seed, options.weights, options.array)
    return outcome, found._replace(origin=own)


def fields(
    case: Case, options: "VerifyOptions", progress: "Progress", announce: "Announce"
) -> tuple[Outcome, Fields]:
    """Which inputs move the outputs of some layers."""
    from convcalc.study.running import announced, enough

    outcome = study(case)
    found = receptive_fields(
        outcome.sound(),
        options.layer,
        lambda shape: outcome.at(shape).analysis,
        lambda done, total: progress(done, total, ""),
        lambda macs: announced(macs, announce),
        lambda analysis, run: enough(analysis, run, exact=True),
    )
    return outcome, found

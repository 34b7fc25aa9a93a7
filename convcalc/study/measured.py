"""Where the time of a pass goes: nets that are studied run once, as `verify` runs them."""

from collections.abc import Sequence

from convcalc.analysis.settings import Settings
from convcalc.progress import Progress, silent
from convcalc.study.errors import RequestError
from convcalc.study.outcome import Outcome
from convcalc.study.running import enough, with_numpy
from convcalc.study.verify import Announce, VerifyOptions, one_pass, quiet
from convcalc.verify.plan import plan
from convcalc.verify.record import RUNNABLE, Verification


def measured(
    outcomes: Sequence[Outcome], progress: Progress = silent, announce: Announce = quiet
) -> tuple[Verification, ...]:
    """What ``verify --dtype`` measures of each net: one image of noise, in the dtype of its case.

    All nets are looked at before the first one runs.

    Raises:
        NetError: a net has errors.
        RequestError: NumPy is not installed or does not compute in the dtype, or this machine's
            memory does not hold a run.
    """
    with_numpy("--measure")
    nets = []
    for outcome in outcomes:
        dtype = outcome.case.settings.dtype
        if dtype not in RUNNABLE:
            runnable = ", ".join(RUNNABLE)
            raise RequestError(f"--measure runs in {runnable}, not {dtype}: see --dtype")
        nets.append(outcome.under(Settings(dtype=dtype)))
    for net in nets:
        analysis = net.sound()
        enough(analysis, plan(analysis), whole=True)
    return tuple(one_pass(net, VerifyOptions(), None, progress, announce) for net in nets)

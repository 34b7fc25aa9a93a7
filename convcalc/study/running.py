"""What every run with NumPy needs: arrays, pictures, room, and a word before a long one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from convcalc.analysis.record import Analysis
from convcalc.findings import Finding, plain
from convcalc.study.errors import NetError, RequestError, ShortageError
from convcalc.study.links import refuse_stray_numbers
from convcalc.study.outcome import Outcome
from convcalc.verify.checks import shortage
from convcalc.verify.plan import Plan

if TYPE_CHECKING:
    from convcalc.backend.arrays import Array
    from convcalc.backend.files import Pictures, StateDict
    from convcalc.study.verify import Announce, VerifyOptions

_SLOW = 2_000_000_000  #: MACs a second of a slow machine; a fast one runs a hundred times as many
#: Layers of one run: each is kept with what was compared, some 9 KB, and takes a millisecond.
MOST_LAYERS = 20_000
_LONG = 30  #: seconds from which a run is announced


def with_numpy(what: str) -> None:
    """Refuse what NumPy is needed for where it is not installed."""
    try:
        import convcalc.backend.arrays  # noqa: F401 - it is asked for the first time here
    except ModuleNotFoundError as error:
        if error.name != "numpy":
            raise
        raise RequestError(f'{what} needs NumPy: pip install "convcalc[numpy]"') from error


def announced(macs: int, announce: "Announce", what: str = "") -> None:
    """Say how long so many MACs may take, if that is long; `what` says first what they are of."""
    seconds = macs // _SLOW
    if seconds > _LONG:
        minutes = -(-seconds // 60)
        text = f"{what}{macs / 1e9:,.0f} G MACs to run: this may take up to {minutes:,} minute"
        announce(f"{text}{'s'[minutes == 1 :]}")


def few_enough(analysis: Analysis, run: Plan, part: bool = False) -> None:
    """Refuse a run of more layers than are compared; `part`: --layers can ask for some of them."""
    layers = len(run.steps)
    if layers <= MOST_LAYERS:
        return
    first, last = (
        plain(analysis.network.steps[run.steps[place]].name) for place in (0, MOST_LAYERS - 1)
    )
    help = f": --layers {first}..{last} runs the first of them" if part else ""
    raise RequestError(
        f"{layers:,} layers are more than one run has: {MOST_LAYERS:,} at most{help}"
    )


def enough(analysis: Analysis, run: Plan, whole: bool = False, exact: bool = False) -> None:
    """Refuse a run that is too long, or that this machine's memory does not hold.

    `whole`: no part of it can be asked for. `exact`: it keeps to plain sums of products.
    """
    few_enough(analysis, run)
    lacks = shortage(analysis, run, exact)
    if lacks is not None:
        raise ShortageError(lacks._replace(whole=whole))


def refuse(outcome: Outcome, findings: list[Finding]) -> None:
    """Raise what is wrong with the weights, if anything is."""
    if findings:
        raise NetError(outcome, tuple(findings))


def state_dict(path: str | None, analysis: Analysis, run: Plan) -> "StateDict | None":
    """The weights of a file, under the names of the layers that a run asks for."""
    if path is None:
        return None
    from convcalc.backend.files import StateDict
    from convcalc.verify.weights import views, wanted

    refuse_stray_numbers(path, "--weights")
    found = StateDict(path)
    found.view(views(wanted(analysis, run), found.shapes))
    return found


def own_weights(path: str, outcome: Outcome) -> "StateDict":
    """The weights of a whole net, none of them read yet, without those that no layer has.

    Raises:
        NetError: they are not those of the net.
        UnreadableError: the file cannot be read.
    """
    from convcalc.verify.arrays import misfits
    from convcalc.verify.plan import plan
    from convcalc.verify.weights import wanted

    analysis = outcome.sound()
    run = plan(analysis)
    found = state_dict(path, analysis, run)
    assert found is not None, "a path is given"
    refuse(outcome, misfits(analysis, run, found))
    spare = analysis.network.spare.difference(one.key for one in wanted(analysis, run))
    found.shapes = {name: shape for name, shape in found.shapes.items() if name not in spare}
    return found


def arrays(
    outcome: Outcome, analysis: Analysis, run: Plan, options: "VerifyOptions"
) -> "dict[int, dict[str, Array]]":
    """The weights of a run: those of --weights, or random ones."""
    from convcalc.verify.arrays import misfits, random_arrays, state_arrays

    state = state_dict(options.weights, analysis, run)
    if state is None:
        return random_arrays(analysis, run, options.seed)
    refuse(outcome, misfits(analysis, run, state))
    weights, wrong = state_arrays(analysis, run, state)
    refuse(outcome, wrong)
    return weights


def saved(path: str | None, volumes: "Mapping[str, Array]") -> None:
    """Write volumes to the file of --save, if there is one."""
    if not path:
        return
    from convcalc.backend.files import save

    refuse_stray_numbers(path, "--save")
    try:
        save(path, volumes)
    except OSError as error:
        raise RequestError(f"cannot write {plain(path)}: {error.strerror}") from error


def images(analysis: Analysis, options: "VerifyOptions", batch: int | None) -> "Pictures | None":
    """The pictures of --array, not yet read."""
    if options.array is None:
        return None
    from convcalc.backend.files import Pictures

    refuse_stray_numbers(options.array, "--array")
    found = Pictures(options.array, len(analysis.network.steps[0].output or ()))
    held = found.shape[0]
    if batch not in {None, held}:
        raise RequestError(f"--batch {batch}, but --array holds {held} images")
    return found


def read(outcome: Outcome, analysis: Analysis, run: Plan, pictures: "Pictures") -> "Array":
    """The pictures' numbers.

    Raises:
        NetError: some are not finite in the type of the run.
    """
    from convcalc.verify.arrays import not_finite

    found = pictures.array()
    refuse(outcome, not_finite(analysis, run.given[0], pictures.path, found))
    return found

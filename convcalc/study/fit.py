"""`fit`: the largest batch that a device takes."""

from typing import TYPE_CHECKING, NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.memory.arena import PlanError
from convcalc.memory.device import Verdict
from convcalc.memory.devices import Device, find, holding, misspelt, same
from convcalc.memory.least_batch import least_batch
from convcalc.memory.placement import Placement, place
from convcalc.progress import Parts, Progress, silent
from convcalc.shapes import Shape
from convcalc.study.errors import RequestError
from convcalc.study.idle import refuse_without_effect
from convcalc.study.load import kept
from convcalc.study.outcome import Case, Outcome, study

if TYPE_CHECKING:
    from convcalc.memory.plans import Advice


class Fitted(NamedTuple):
    """A network on a device."""

    outcome: Outcome
    placement: Placement
    advice: "Advice | None" = None
    """How to make the batch fit, where that was asked for."""

    @property
    def fits(self) -> bool:
        """Whether the batch that was asked for may fit; True where none was."""
        return all(asked.verdict is not Verdict.DOES_NOT_FIT for asked in self.placement.asked)

    @property
    def ok(self) -> bool:
        """Whether it fits, and the net has no error: it may be over a budget of its file."""
        return self.fits and self.outcome.ok


def fit(
    case: Case,
    device: Device,
    batch: int | None = None,
    advise: bool = False,
    max_compute: float | None = None,
    progress: Progress = silent,
) -> Fitted:
    """The largest batches of a case on a device, and whether `batch` fits.

    Args:
        advise: also which layers to checkpoint so that the case's batch fits in training.
        max_compute: compute that this may add, as a part of a step's.
        progress: called with how many parts are done, of how many, and what runs now.

    Raises:
        NetError: the net has errors, other than totals that its file expects or limits: what it
            needs is known then, and the largest batch is what a budget asks for.
        LoadError: there is nothing to read.
        RequestError: advice where there is no training; a setting that does nothing here; planning
            a microcontroller's memory takes too long.
    """
    refuse_without_effect(case.settings, "fit")
    outcome = study(case._replace(subject=kept(case.subject, case.trusted)))
    analysis = outcome.sized()
    if advise and (device.flash or case.settings.dtype in INFERENCE_ONLY):
        raise RequestError("advice is on training: inference saves nothing to checkpoint")
    if advise and case.settings.checkpoint:
        raise RequestError("leave --checkpoint out: --advise chooses what to checkpoint")
    if advise:
        _refuse_too_few(analysis)
    parts = Parts(progress)

    def resized(shape: Shape) -> Analysis | None:
        other = outcome.asked_at(shape)
        return None if other is None else other.analysis

    try:
        placement = place(analysis, device, batch, resized, parts)
    except PlanError as error:
        raise RequestError(str(error)) from error
    advice = None
    if advise:
        from convcalc.memory.advisor import advise as advised  # seconds of planning, on request

        advice = advised(analysis, device.memory, device.context, max_compute, parts)
    parts.end()
    return Fitted(outcome, placement, advice)


def _refuse_too_few(analysis: Analysis) -> None:
    """Refuse advice on training that PyTorch refuses.

    Raises:
        RequestError: a micro-batch has too few images.
    """
    settings, least = analysis.settings, least_batch(analysis)
    if settings.micro_batch < least.images:
        batch = f"--batch {least.images * settings.accumulate}"
        raise RequestError(f"{least.because}: advice is on `{batch}` and more")


def device(
    memory: int | None,
    name: str | None,
    context: int | None = None,
    sram: int | None = None,
    flash: int | None = None,
) -> Device:
    """The device of a name, one of so many bytes, or a microcontroller by its SRAM and flash.

    Raises:
        RequestError: both or neither is given, or there is no such device.
    """
    if sram is not None or flash is not None:
        if memory is not None or name is not None or context is not None:
            raise RequestError("--sram and --flash describe a device: leave the others out")
        if not sram or not flash:
            raise RequestError("give both --sram and --flash, such as 320KiB and 1MiB")
        return Device("", sram, "", flash, context=0)
    if memory is not None and name is not None:
        raise RequestError("give either --memory or --device, not both")
    if name is not None:
        found = find(name)
        if found is None:
            others = "`convcalc fit --devices` names them, `--memory 8GiB` is any other"
            hint = f"did you mean {close}?" if (close := same(name)) else others
            several = () if close else holding(name) or (*filter(None, [misspelt(name)]),)
            if several:
                hint = f"did you mean {' or '.join(several)}? `--memory 8GiB` is any other"
            raise RequestError(f"no device {name!r}: {hint}")
    elif memory is None:
        raise RequestError(
            "give --memory such as 24GiB, or --device NAME (`convcalc fit --devices` names them)"
        )
    elif memory < 1:
        raise RequestError("--memory must be positive")
    else:
        found = Device("", memory, "")
    if context is not None and found.flash:
        raise RequestError(f"--context is of CUDA, and {found.name} is a microcontroller")
    return found if context is None else found._replace(context=context)

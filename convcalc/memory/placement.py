"""A network on a device: the largest batches of training and inference, and what would help."""

from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.memory.account import Account
from convcalc.memory.arena import arena_batches, plan
from convcalc.memory.device import Range, Verdict, verdict
from convcalc.memory.devices import Device
from convcalc.memory.edge import quantized, weight_bytes
from convcalc.memory.fit import Fit, Simulation, fit
from convcalc.memory.remedies import Remedy, Resize, remedies
from convcalc.progress import Parts


class Asked(NamedTuple):
    """Whether a batch that somebody asked for fits."""

    run: str
    needs: Range
    verdict: Verdict


class Placement(NamedTuple):
    """The answer of `fit`."""

    device: Device
    training: Fit | None
    """None for whole numbers, and on a microcontroller."""
    inference: Fit
    smallest: Account
    """A single image: of training where that is simulated, else of inference."""
    asked: tuple[Asked, ...]
    remedies: tuple[Remedy, ...]


def place(
    analysis: Analysis,
    device: Device,
    batch: int | None,
    resize: Resize,
    parts: Parts | None = None,
) -> Placement:
    """Fit a network that could be sized into a device, part by part."""
    parts = parts or Parts()

    def replayed(batch: int) -> None:
        parts.at(f"batch {batch:,}")

    def fits(other: Analysis, learning: bool) -> int:
        parts.at()
        return _fit(other, learning, device, Simulation(other, learning, replayed)).batch_sure

    learns = analysis.settings.dtype not in INFERENCE_ONLY and not device.flash
    kinds = (True, False) if learns else (False,)
    parts.expect(len(kinds))
    runs = {run: Simulation(analysis, run, replayed) for run in kinds}
    found: dict[bool, Fit] = {}
    for learning, run in runs.items():
        parts.begin(_name(learning))
        found[learning] = _fit(analysis, learning, device, run)
    without = [learning for learning, answer in found.items() if not answer.batch_sure]
    parts.expect(len(without))
    helps: list[Remedy] = []
    for learning in without:
        parts.begin(f"what would fit in {_name(learning)}")
        helps += remedies(analysis, learning, fits, resize)
    asked: list[Asked] = []
    if batch is not None:
        parts.expect(len(runs))
        for learning, run in runs.items():
            parts.begin(_name(learning))
            asked.append(_asked(analysis, learning, batch, device, run))
    return Placement(
        device,
        found.get(True),
        found[False],
        runs[learns].account(1),
        tuple(asked),
        tuple(helps),
    )


def _fit(analysis: Analysis, learning: bool, device: Device, run: Simulation) -> Fit:
    """The largest batches; of a microcontroller those whose volumes its SRAM takes."""
    if not device.flash:
        found = fit(run, device.memory, device.context)
        return found.times(analysis.settings.accumulate) if learning else found
    analysis = quantized(analysis)
    bound = plan(analysis._replace(settings=analysis.settings._replace(batch=1))).bound
    if weights(analysis) > device.flash:
        return Fit(0, 0, 0, bound)
    by_size, planned, any_plan = arena_batches(analysis, device.memory)
    return Fit(by_size, planned, any_plan, bound * max(any_plan, 1))


def _name(learning: bool) -> str:
    return "training" if learning else "inference"


def weights(analysis: Analysis) -> int:
    """Bytes of the parameters."""
    return weight_bytes(analysis)


def _asked(
    analysis: Analysis, learning: bool, batch: int, device: Device, run: Simulation
) -> Asked:
    name = _name(learning)
    if device.flash:
        whole = analysis._replace(settings=analysis.settings._replace(batch=batch))
        arena = plan(quantized(whole))
        needs = Range(arena.size, arena.by_size, 0)
        if weights(analysis) > device.flash:
            return Asked(name, needs, Verdict.DOES_NOT_FIT)
    else:
        parts = analysis.settings.accumulate if learning else 1
        needs = run.needs(batch // parts, device.context)
    return Asked(name, needs, verdict(needs, device.memory))

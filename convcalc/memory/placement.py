"""A network on a device: the largest batches of training and inference, and what would help."""

from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.memory.account import Account
from convcalc.memory.arena import Arena, arena_batches, plan
from convcalc.memory.beforehand import TakenApart
from convcalc.memory.device import Range, Verdict, verdict
from convcalc.memory.devices import Device
from convcalc.memory.edge import quantized
from convcalc.memory.fit import Fit, Simulation, fit, in_modules
from convcalc.memory.folding import weight_bytes
from convcalc.memory.parameters import parameter_bytes
from convcalc.memory.remedies import Remedy, Resize, remedies, work_on_remedies
from convcalc.memory.work import RECORDED, REPLAYED
from convcalc.progress import Parts


class Asked(NamedTuple):
    """Whether a batch that somebody asked for fits."""

    run: str
    needs: Range
    verdict: Verdict
    too_few: bool = False
    """Whether PyTorch trains no batch as small, whatever the memory."""


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
    arena: Arena | None = None
    """On a microcontroller, where the volumes of one image lie."""
    in_modules: Fit | None = None
    """Inference of code whose blocks are modules, where fewer images fit."""
    asked_in_modules: Asked | None = None
    """Whether the batch that was asked for fits there."""
    untried: tuple[str, ...] = ()
    """Sorts of remedies that were not all tried: of a long net that would take too long."""


def place(
    analysis: Analysis,
    device: Device,
    batch: int | None,
    resize: Resize,
    parts: Parts | None = None,
) -> Placement:
    """Fit a network that could be sized into a device, part by part.

    Raises:
        PlanError: of a microcontroller, where planning its memory takes too long.
    """
    parts = parts or Parts()

    def replayed(batch: int) -> None:
        parts.at(f"batch {batch:,}")

    work = work_on_remedies(analysis)

    def tried(batch: int) -> None:
        replayed(batch)
        work.spend(REPLAYED)

    def micro_batches(learning: bool) -> int:
        return analysis.settings.accumulate if learning else 1

    def fits(other: Analysis, learning: bool) -> int:
        parts.at()
        work.spend(RECORDED)
        if device.flash:
            fits_flash = weight_bytes(other) <= device.flash
            return _on_chip(other, device, _of_one(other)).batch_sure if fits_flash else 0
        return _on_gpu(
            Simulation(other, learning, tried, taking_apart), device, micro_batches(learning)
        ).batch_sure

    learns = analysis.settings.dtype not in INFERENCE_ONLY and not device.flash
    kinds = (True, False) if learns else (False,)
    parts.expect(len(kinds))
    taking_apart = TakenApart()
    runs = {run: Simulation(analysis, run, replayed, taking_apart) for run in kinds}
    arena = _of_one(analysis) if device.flash else None
    found: dict[bool, Fit] = {}
    for learning, run in runs.items():
        parts.begin(name_of(learning))
        found[learning] = (
            _on_gpu(run, device, micro_batches(learning))
            if arena is None
            else _on_chip(analysis, device, arena)
        )
    modules = in_modules(analysis, runs[False], replayed) if arena is None else None
    held = None if modules is None else _on_gpu(modules, device, 1)
    if held is not None and held._replace(peak=0) == found[False]._replace(peak=0):
        modules = held = None
    without = [learning for learning, answer in found.items() if not answer.batch_sure]
    helps: list[Remedy] = []
    if without:
        parts.expect(1)
        parts.begin(f"what would fit in {' and '.join(map(name_of, without))}")
        helps = remedies(analysis, without, fits, resize, work)
    asked: list[Asked] = []
    if batch is not None:
        parts.expect(len(runs))
        for learning, run in runs.items():
            parts.begin(name_of(learning))
            if arena is None:
                needs = run.needs(batch // micro_batches(learning), device.context)
            else:
                needs = Range(arena.size * batch, arena.by_size * batch, 0)
            fitting = verdict(needs, device.memory)
            too_few = batch // micro_batches(learning) < run.least
            if too_few or (device.flash and weight_bytes(analysis) > device.flash):
                fitting = Verdict.DOES_NOT_FIT
            asked.append(Asked(name_of(learning), needs, fitting, too_few))
    asked_in_modules = None
    if batch is not None and modules is not None:
        needs = modules.needs(batch, device.context)
        fitting = verdict(needs, device.memory)
        asked_in_modules = Asked("inference in modules", needs, fitting)
    return Placement(
        device,
        found.get(True),
        found[False],
        runs[learns].account(1),
        tuple(asked),
        tuple(helps),
        arena,
        held,
        asked_in_modules,
        work.untried,
    )


def _of_one(analysis: Analysis) -> Arena:
    """The plan for one image; that for more is as many times as large."""
    return plan(quantized(analysis._replace(settings=analysis.settings._replace(batch=1))))


def _on_gpu(run: Simulation, device: Device, micro_batches: int) -> Fit:
    return fit(run, device.memory, device.context).times(micro_batches)


def _on_chip(analysis: Analysis, device: Device, arena: Arena) -> Fit:
    if weight_bytes(analysis) > device.flash:
        return Fit(0, 0, 0, arena.bound)
    by_size, planned, any_plan = arena_batches(arena, device.memory)
    return Fit(by_size, planned, any_plan, arena.bound * max(any_plan, 1))


def name_of(learning: bool) -> str:
    """A run's name."""
    return "training" if learning else "inference"


def weights(analysis: Analysis, device: Device) -> int:
    """Bytes of the parameters, as the device holds them: in flash with batch norms folded."""
    return weight_bytes(analysis) if device.flash else parameter_bytes(analysis)

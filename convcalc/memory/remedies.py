"""What would fit where nothing does: another optimizer, narrower numbers, a smaller input."""

from collections.abc import Callable, Iterator, Sequence
from heapq import nlargest
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Dtype, Optimizer, Precision, Settings
from convcalc.memory.account import Account
from convcalc.memory.optimizers import BY_NAME
from convcalc.memory.parameters import weights_bytes
from convcalc.memory.precisions import with_precision
from convcalc.memory.settings import asked_of, contradiction
from convcalc.memory.work import LOADED, Work
from convcalc.network.record import INPUT
from convcalc.shapes import Shape, written

#: Sides that are tried, in eighths of the given ones.
_EIGHTHS = range(7, 0, -1)
#: Networks halve their input five times: sides in multiples of this come out.
_MULTIPLE = 32
#: Changes are tried of nets of so many layers and connections: each is all of the work again.
MOST_TRIED = 20_000
#: Layers that all tries together go through: nets of a thousand layers have them all.
_MOST_WORK = 300_000

#: What is tried.
OPTIMIZER, NUMBERS, INPUTS = "another optimizer", "narrower numbers", "a smaller input"

#: Optimizers that keep less, tried in this order.
_SIMPLER: tuple[Optimizer, ...] = ("sgd-momentum", "sgd")
_NARROWER: tuple[Dtype, ...] = ("float16", "int8", "int4")
#: What training is tried in: weights stay float32 in the first.
_HALVED: tuple[Precision, ...] = ("amp-bf16", "bf16")
_THROUGHOUT: Precision = "fp16"


class Remedy(NamedTuple):
    """A change with which a run fits."""

    option: str
    """What to type."""
    run: str
    """``training`` or ``inference``."""
    batch: int
    """The largest batch that surely fits then."""


class Holder(NamedTuple):
    """A layer's part of a peak."""

    step: int
    bytes: int


#: The largest sure batch of an analysis, in training (true) or inference (false).
Fits = Callable[[Analysis, bool], int]
#: The network with another input; None where it cannot be made.
Resize = Callable[[Shape], Analysis | None]


def remedies(
    analysis: Analysis, runs: Sequence[bool], fits: Fits, resize: Resize, work: Work
) -> list[Remedy]:
    """Changes that make runs fit, the mildest of each sort, run by run; of a very long net none.

    `runs`: whether each is training. `work` says in the end what was not tried.
    """
    if work_of(analysis) > MOST_TRIED:
        return []
    found: dict[bool, list[Remedy]] = {learning: [] for learning in runs}

    def fitting(option: str, other: Analysis, learning: bool) -> bool:
        batch = fits(other, learning)
        if batch:
            run = "training" if learning else "inference"
            found[learning].append(Remedy(option, run, batch))
        return batch > 0

    for learning in runs:
        simpler = _simpler(analysis) if learning else iter(())
        for what, sort in (OPTIMIZER, simpler), (NUMBERS, _narrower(analysis, learning)):
            with work.trying(what):
                for option, settings in sort:
                    if fitting(option, analysis._replace(settings=settings), learning):
                        break
    with work.trying(INPUTS):
        left = list(runs)
        for shape in _smaller(analysis):
            if not left:
                break
            work.spend(LOADED)
            resized = resize(shape)  # once for all runs: a long net is all read again
            if resized is not None and not resized.broken:
                option = f"--input {written(shape)}"
                left = [run for run in left if not fitting(option, resized, run)]
    return [remedy for learning in runs for remedy in found[learning]]


def work_on_remedies(analysis: Analysis) -> Work:
    """What may be simulated of a net's remedies, of all its runs together."""
    return Work(_MOST_WORK, work_of(analysis))


def work_of(analysis: Analysis) -> int:
    """What a simulated step of a net goes through: its layers or, where more, its connections."""
    return max(len(analysis.rows), sum(len(row.step.inputs) for row in analysis.rows))


def _simpler(analysis: Analysis) -> Iterator[tuple[str, Settings]]:
    settings = analysis.settings
    for optimizer in _SIMPLER:
        if BY_NAME[optimizer].state < BY_NAME[settings.optimizer].state:
            yield f"--optimizer {optimizer}", settings._replace(optimizer=optimizer)


def _narrower(analysis: Analysis, learning: bool) -> Iterator[tuple[str, Settings]]:
    settings = analysis.settings
    if not learning and settings.precision:  # beside which no other dtype can be given
        throughout = with_precision(settings, _THROUGHOUT)
        if _widths(throughout) < _widths(settings):
            yield f"--precision {_THROUGHOUT}", throughout
    elif not learning:
        for dtype in _NARROWER:
            narrower = settings._replace(dtype=dtype)
            allowed = not contradiction(narrower, asked_of(settings))
            if allowed and _widths(narrower) < _widths(settings):
                yield f"--dtype {dtype}", narrower
    elif settings.dtype == "float32":
        mixed = settings.precision.startswith("amp")
        for precision in _HALVED[mixed:]:
            yield f"--precision {precision}", with_precision(settings, precision)


def _widths(settings: Settings) -> tuple[int, int]:
    """Bytes of two numbers, and of two weights: int4 is narrower than int8 in those alone."""
    return 2 * settings.number_bytes, weights_bytes(2, settings)


def tried(analysis: Analysis, learning: bool) -> dict[str, str]:
    """The sorts of changes that there are for a run, with the options that make them."""
    sorts: tuple[tuple[str, str, Iterator[object]], ...] = (
        (OPTIMIZER, "--optimizer", _simpler(analysis) if learning else iter(())),
        (NUMBERS, "--precision, --dtype", _narrower(analysis, learning)),
        (INPUTS, "--input", _smaller(analysis)),
    )
    return {words: option for words, option, changes in sorts if any(True for _ in changes)}


def _smaller(analysis: Analysis) -> Iterator[Shape]:
    """Smaller inputs of a network with one input, the largest first."""
    inputs = [row.step.output for row in analysis.rows if row.step.kind == INPUT]
    shape = inputs[0] if len(inputs) == 1 else None
    if shape is None or len(shape) < 2:
        return
    *sides, channels = shape
    tried = {shape}
    for eighths in _EIGHTHS:
        smaller = (*(_side(side * eighths // 8) for side in sides), channels)
        if smaller not in tried:
            tried.add(smaller)
            yield smaller


def _side(size: int) -> int:
    """A side in steps that networks take well."""
    return size // _MULTIPLE * _MULTIPLE if size >= _MULTIPLE else max(size, 1)


def holders(account: Account, count: int = 3) -> list[Holder]:
    """The layers that hold most at a peak, parameters and their copies included."""
    totals = account.layers_at_peak()
    holding = (step for step, held in enumerate(totals) if held)
    return [Holder(step, totals[step]) for step in nlargest(count, holding, totals.__getitem__)]

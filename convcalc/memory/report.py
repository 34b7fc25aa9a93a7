"""Every byte that a report states, as one record by the names of the JSON."""

from typing import TYPE_CHECKING

from convcalc.analysis.record import Analysis
from convcalc.memory import trace as kind_of
from convcalc.memory.account import Account, Breakdown
from convcalc.memory.allocator import Reserved, replay
from convcalc.memory.columns import LONG
from convcalc.memory.device import Range, device_range
from convcalc.memory.moments import layer_name
from convcalc.memory.settings import described
from convcalc.memory.summary import Memory
from convcalc.records import NamedTuple

if TYPE_CHECKING:  # for few runs
    from convcalc.memory.rank import PerRank


class NotesRule(NamedTuple):
    """What the CS231n notes' rule of thumb says, and how far it is from the peak."""

    inference: int
    training: int
    inference_ratio: float
    training_ratio: float | None
    """None where there is no training."""
    misc: int
    """Bytes of images in training: the batch, its augmented versions, prefetched batches."""


class InferenceMemory(NamedTuple):
    """Inference: its highest number of live bytes, and the layer where that is."""

    peak: int
    at: str | None
    breakdown: Breakdown
    peak_in_modules: int | None
    """The same of code whose blocks are modules, which hold what they are given: as much or more.
    None of whole numbers and of nets of more than 20,000 layers."""


class TrainingMemory(NamedTuple):
    """One step of training."""

    peak: int
    phase: str
    """``forward``, ``backward`` or ``step``: where the peak is."""
    at: str | None
    """The layer where it is; None for the loss, or all layers at once."""
    forward: int
    backward: int
    step: int
    saved: int
    """Kept for the backward pass when the forward pass is done."""
    breakdown: Breakdown
    base: int
    """Alive before the forward pass."""
    end_forward: int
    """Alive when the forward pass is done, the loss included."""
    end_backward: int
    """Alive when the backward pass is done."""
    precision: str
    checkpoint: tuple[tuple[str, str], ...]
    """First and last layer of every checkpointed segment."""
    recomputed_macs: int
    """Multiply-accumulates that are computed again, for one image."""
    per_rank: "PerRank | None"
    """What one GPU of several holds; None for one."""


class MemoryReport(NamedTuple):
    """Bytes for the whole batch, by the names of the JSON report."""

    parameters: int
    buffers: int
    input: int
    activations: int
    gradients: int
    optimizer_state: int
    notes_rule: NotesRule
    inference: InferenceMemory
    training: TrainingMemory
    """None for numbers that networks are not trained with (int8). Types leave that out, so that
    ``memory.training.peak`` is an integer to a type checker."""
    allocator: Reserved
    device: Range

    def __repr__(self) -> str:
        learning = f", training {self.training.peak:,}" if self.training else ""
        return f"<convcalc.MemoryReport bytes: inference {self.inference.peak:,}{learning}>"

    def to_dict(self) -> dict[str, object]:
        """The numbers as dictionaries, as in the JSON report."""
        return _dict(self)


def _dict(record: NamedTuple) -> dict[str, object]:
    return {name: _plain(value) for name, value in record._asdict().items()}


def _plain(value: object) -> object:
    """A value as JSON has it."""
    if hasattr(value, "_fields"):
        return _dict(value)  # type: ignore[arg-type]
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def memory_bytes(analysis: Analysis, memory: Memory) -> MemoryReport:
    """The bytes that a report states of a network's memory."""
    notes, learning = memory.notes, memory.training
    gradients = state = 0
    run, of_training = None, None
    if learning:
        gradients, state = learning.gradients, learning.held("optimizer_state")
        run, of_training = replay(learning.trace, learning.batch), _training(analysis, learning)
    del learning
    if len(analysis.rows) > LONG:
        memory.forget_training()
    in_use = memory.inference
    parameters, buffers = in_use.total(kind_of.PARAMETER), in_use.total(kind_of.BUFFER)
    at, peak_in_modules = layer_name(analysis, in_use.at), memory.peak_in_modules
    if run is None:
        run = replay(in_use.trace, in_use.batch)
    return MemoryReport(
        parameters,
        buffers,
        notes.input,
        notes.activations,
        gradients,
        state,
        NotesRule(
            notes.inference,
            notes.training,
            round(notes.inference / in_use.peak, 3),
            round(notes.training / of_training.peak, 3) if of_training else None,
            notes.misc,
        ),
        InferenceMemory(in_use.peak, at, in_use.breakdown(), peak_in_modules),
        of_training,  # type: ignore[arg-type]
        run,
        device_range(run),
    )


def _training(analysis: Analysis, account: Account) -> TrainingMemory:
    peak, names = account.at, [row.step.name for row in analysis.rows]
    return TrainingMemory(
        account.peak,
        peak.phase,
        layer_name(analysis, peak),
        account.phase(kind_of.FORWARD),
        account.phase(kind_of.BACKWARD),
        account.phase(kind_of.STEP),
        account.saved,
        account.breakdown(),
        account.base,
        account.end_forward,
        account.end_backward,
        described(analysis.settings)["precision"],
        tuple((names[first], names[last]) for first, last in account.trace.segments),
        sum(analysis.rows[step].macs or 0 for step in account.trace.recomputed),
        _rank(analysis, account),
    )


def _rank(analysis: Analysis, account: Account) -> "PerRank | None":
    if analysis.settings.gpus == 1:
        return None
    from convcalc.memory.rank import per_rank

    return per_rank(analysis.settings, account)

"""The memory of an analysis: the answers to the three questions side by side.

What the notes' rule of thumb says, what an eager framework holds, what a device will show.
"""

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.memory.account import Account
from convcalc.memory.forward import inference
from convcalc.memory.notes_rule import NaiveBytes, naive_bytes
from convcalc.memory.training import training
from convcalc.records import NamedTuple


class Memory(NamedTuple):
    """What a network holds."""

    notes: NaiveBytes
    inference: Account
    training: Account | None
    """None where the numbers are for inference only."""


def memory_of(analysis: Analysis) -> Memory | None:
    """The memory of a network that could be sized; None of any other."""
    notes = naive_bytes(analysis)
    if notes is None:
        return None
    batch, micro = analysis.settings.batch, analysis.settings.micro_batch
    trained = analysis.settings.dtype not in INFERENCE_ONLY
    return Memory(
        notes,
        Account(inference(analysis), batch),
        Account(training(analysis, micro), micro) if trained else None,
    )

"""Training on several GPUs: what one of them holds (`--gpus N --shard ...`).

Bytes are those of the fullest rank; the batch is one rank's. DDP and ZeRO-1 were measured to the
byte; of ZeRO-2 and ZeRO-3 (PyTorch's FSDP2) the shards are exact and what is gathered for a moment
is an estimate. Without the communicator's own buffers.
"""

from convcalc.analysis.settings import Settings
from convcalc.memory.by_layer import ByLayer
from convcalc.memory.optimizers import BY_NAME as OPTIMIZERS
from convcalc.memory.trace import Trace
from convcalc.records import NamedTuple


class Shard(NamedTuple):
    """One way to spread training over GPUs."""

    name: str
    doc: str
    exact: bool
    """Whether the bytes were measured to the byte."""


SHARDS = (
    Shard("none", "one GPU", True),
    Shard("ddp", "DistributedDataParallel: gradients are copied to buckets", True),
    Shard("ddp-view", "the same with gradient_as_bucket_view: gradients are the buckets", True),
    Shard("zero1", "ZeroRedundancyOptimizer: optimizer state dealt over the ranks", True),
    Shard("zero2", "FSDP2, reshard_after_forward=False: all state in shards", False),
    Shard("zero3", "FSDP2: all state in shards, parameters gathered layer by layer", False),
)

BY_NAME = {shard.name: shard for shard in SHARDS}

#: The names that `--shard` takes.
NAMES = tuple(BY_NAME)

#: Ways in which the gradients live from step to step, as the buckets.
VIEWS = frozenset({"ddp-view", "zero1"})
#: Ways in which every parameter is cut along its first axis.
CUT = frozenset({"zero2", "zero3"})

#: Layers gathered at the same time: the running one, its flat buffer, the next one.
_GATHERED = 3


def own_tensors(
    settings: Settings, trace: Trace, learning: ByLayer, wider: int
) -> frozenset[int] | None:
    """The parameters that the fullest rank's optimizer works on.

    ZeRO-1 deals whole tensors, the largest first, to the rank with the fewest elements so far; the
    fullest has the most bytes of state, and that counts the tensors too. None for all.

    Args:
        settings: how many ranks, and which optimizer.
        trace: what says how large the tensors are.
        learning: the parameters.
        wider: how many times wider than the parameters the optimizer's numbers are.
    """
    if settings.shard != "zero1" or settings.gpus == 1:
        return None
    ordered = sorted((tensor for _, tensor in learning.pairs()), key=lambda t: -trace.once(t))
    totals = [0] * settings.gpus
    ranks: list[list[int]] = [[] for _ in totals]
    for tensor in ordered:
        rank = totals.index(min(totals))
        totals[rank] += trace.once(tensor)
        ranks[rank].append(tensor)
    record = OPTIMIZERS[settings.optimizer]

    def state(rank: int) -> tuple[int, int]:
        numbers = record.state * wider * totals[rank]
        return numbers + record.counter * len(ranks[rank]), totals[rank]

    return frozenset(ranks[max(range(settings.gpus), key=state)])


def shard_bytes(size: int, first: int, gpus: int) -> int:
    """Bytes of one rank's part of a tensor whose first axis has so many rows, padding included.

    >>> shard_bytes(40, 10, 4)
    12
    """
    return -(-first // gpus) * (size // first)


def gathered_bytes(settings: Settings, whole: dict[int, list[int]]) -> int:
    """Bytes of parameters that ZeRO-2 or ZeRO-3 holds whole at a time: an estimate.

    ZeRO-2 gathers all in the forward pass and keeps them through the backward pass.
    """
    units = [sum(sizes) for sizes in whole.values()]
    if not units:
        return 0
    return sum(units) if settings.shard == "zero2" else _GATHERED * max(units)

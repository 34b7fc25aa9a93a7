"""What one GPU of several holds, line by line, each exact or an estimate."""

from convcalc.analysis.settings import Settings
from convcalc.memory import trace as kind_of
from convcalc.memory.account import Account
from convcalc.memory.parallel import BY_NAME
from convcalc.records import NamedTuple


class RankBytes(NamedTuple):
    """A line: bytes of the fullest rank."""

    bytes: int
    exact: bool
    """Measured to the byte; an estimate otherwise."""


class PerRank(NamedTuple):
    """The fullest of the ranks. Without the communicator's own buffers."""

    gpus: int
    shard: str
    batch: int
    """Images of one rank."""
    total_batch: int
    """Images of all ranks together."""
    parameters: RankBytes
    gradients: RankBytes
    """When the backward pass is done; those of DDP live twice, the second time in buckets."""
    optimizer_state: RankBytes
    gathered: RankBytes
    """Whole parameters that a rank with shards holds for a while."""
    saved: RankBytes
    """Activations kept for the backward pass: each rank has its own."""
    peak: RankBytes


def per_rank(settings: Settings, account: Account) -> PerRank | None:
    """The lines of the fullest rank; None for one GPU."""
    if settings.gpus == 1:
        return None
    exact = BY_NAME[settings.shard].exact
    return PerRank(
        settings.gpus,
        settings.shard,
        settings.batch,
        settings.batch * settings.gpus,
        RankBytes(account.total(kind_of.PARAMETER), True),
        RankBytes(account.gradients, True),
        RankBytes(account.held("optimizer_state"), True),
        RankBytes(account.total(kind_of.GATHERED), exact),
        RankBytes(account.saved, True),
        RankBytes(account.peak, exact),
    )

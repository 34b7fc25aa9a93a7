"""Parts of a run's live bytes, moment by moment: casts, and what checkpointing makes again."""

from collections.abc import Iterable, Iterator
from itertools import accumulate, islice

from convcalc.memory import trace as kind_of
from convcalc.memory.account import Account


def casts(account: Account) -> list[int]:
    """Bytes of copies in another width, as autocast makes them: the most in every moment."""
    trace = account.trace
    sizes = [
        size if like.role == kind_of.CAST else 0
        for like, size in zip(trace.alike, trace.sizes(account.batch), strict=True)
    ]
    return _highest(account, trace.changes(sizes))


def recomputed(account: Account) -> list[int]:
    """Bytes of volumes, and of what is kept of them, that the backward pass makes again."""
    if not account.trace.recomputed:
        return [0] * len(account.trace.ends)
    return _highest(account, _made_again(account))


def _made_again(account: Account) -> Iterator[int]:
    """What every event adds to it: nothing else makes volumes behind the forward pass."""
    trace, sizes = account.trace, account.trace.sizes(account.batch)
    forward = max(islice(trace.events, trace.end_forward), default=-1)  # the last tensor by then
    for event in trace.events:
        tensor = event if event >= 0 else ~event
        again = tensor > forward and trace.role(tensor) in (kind_of.VOLUME, kind_of.KEPT)
        size = sizes[trace.of[tensor]] if again else 0
        yield size if event >= 0 else -size


def _highest(account: Account, changes: Iterable[int]) -> list[int]:
    live = accumulate(changes)
    start = account.trace.begin
    before = max(islice(live, start), default=0)
    found = []
    for end in account.trace.ends:
        some = [before, *islice(live, end - start)]
        found.append(max(some))
        before, start = some[-1], end
    return found

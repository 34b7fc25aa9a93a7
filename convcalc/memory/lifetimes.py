"""Which tensors are alive at every moment of a run: the profile of live bytes, taken apart."""

from bisect import bisect_left
from typing import NamedTuple

from convcalc.memory import trace as kind_of
from convcalc.memory.account import FIELDS, Account, Moment


class Lifetime(NamedTuple):
    """Tensors of one role and layer that are there from one moment to another."""

    role: str
    step: int
    """The layer they belong to, or `NO_STEP`."""
    field: str
    """The part of `Breakdown` that they count in meanwhile."""
    first: int
    """The first moment, a position in `Profile.moments`."""
    last: int
    bytes: int
    tensors: int
    """How many these are."""


class Profile(NamedTuple):
    """A run moment by moment; the lifetimes that hold a moment add up to its live bytes."""

    moments: tuple[Moment, ...]
    lifetimes: tuple[Lifetime, ...]


def profile(account: Account) -> Profile:
    """The moments of a run, each where its layer's live bytes are highest, and what is alive then.

    Tensors that come and go between two such moments are in none of them.
    """
    trace, moments = account.trace, account.timeline()
    tops = _tops(account)
    made = [0] * len(trace.of)
    gone = [len(trace.events)] * len(trace.of)
    for event, number in enumerate(trace.events):
        if number >= 0:
            made[number] = event
        else:
            gone[~number] = event
    kept: dict[int, list[tuple[int, int]]] = {}
    for tensor, step, start in trace.kept:
        until = trace.dropped(step) or len(trace.events)
        span = (bisect_left(tops, start - 1), bisect_left(tops, until))
        kept.setdefault(tensor, []).append(span)
    found: dict[tuple[str, int, str, int, int], list[int]] = {}
    sizes = trace.sizes(account.batch)
    for tensor, like in enumerate(trace.of):
        bytes, role, step = sizes[like], trace.alike[like].role, trace.steps[tensor]
        first, end = bisect_left(tops, made[tensor]), bisect_left(tops, gone[tensor])
        field = FIELDS.get(role)
        if field is None and role == kind_of.KEPT:
            field = "saved_activations"
        parts = [(field, first, end)] if field else _parts(first, end, kept.get(tensor, []))
        for part, begin, stop in parts:
            if begin < stop and bytes:
                own = found.setdefault((role, step, part, begin, stop - 1), [0, 0])
                own[0] += bytes
                own[1] += 1
    lifetimes = tuple(Lifetime(*key, *own) for key, own in found.items())
    return Profile(tuple(moments), lifetimes)


def _tops(account: Account) -> list[int]:
    """For each moment the event where its live bytes are highest; these never go back."""
    tops, start, live = [], account.trace.begin, account.trace.live(account.batch)
    for _, _, end in account.trace.marks:
        before = max(start - 1, 0)
        part = live[before : max(end, before + 1)]
        tops.append(before + part.index(max(part)))
        start = end
    return tops


def _parts(first: int, end: int, kept: list[tuple[int, int]]) -> list[tuple[str, int, int]]:
    """A tensor's moments, cut where some layer keeps it for its backward pass and where not."""
    spans: list[tuple[int, int]] = []
    for start, until in sorted(kept):
        begin, stop = max(start, first), min(until, end)
        if begin >= stop:
            continue
        if spans and begin <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], stop))
        else:
            spans.append((begin, stop))
    parts, at = [], first
    for begin, stop in spans:
        parts += [("transient", at, begin), ("saved_activations", begin, stop)]
        at = stop
    return [*parts, ("transient", at, end)]

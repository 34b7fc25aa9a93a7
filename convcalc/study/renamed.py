"""Specs that were renamed since a revision: one that is gone and one that is new are one.

As git finds them: equal files first, then those of which half the lines are equal, most first. Git
itself does not look: for files of the working tree it would run the filters that a repository's
configuration names. Specs with the same net are paired, too, however they are written.
"""

import os
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from convcalc.network.computed import computed
from convcalc.network.record import Network
from convcalc.study.errors import HungGitError, LoadError
from convcalc.study.revision import hashes
from convcalc.study.since import Pair, Past, content

_LEAST = 0.5  #: of the longer spec's bytes in lines that both have, as git's `-M`
_MOST_PAIRS = 40_000  #: that are compared line by line; of more, those of one name
_MOST_BYTES = 2**24  #: of all texts that are compared line by line

_Net = TypeVar("_Net")


def with_renamed(pairs: Sequence[Pair], past: Past) -> list[Pair]:
    """Specs now and then, with those that were renamed in one pair, by name."""
    gone = {pair.path: pair for pair in pairs if not pair.now}
    new = {pair.path: pair for pair in pairs if not pair.then}
    if not gone or not new:
        return list(pairs)
    numbers: dict[str, dict[str, list[str]]] = {}  # by git's hash, then by the last name
    for old in gone.values():
        named = numbers.setdefault(old.number, {})
        named.setdefault(os.path.basename(old.path), []).append(old.path)
    old_names: dict[str, str] = {}
    texts: dict[str, bytes] = {}
    for path in new:
        data = content(path, past.limits)
        if data is None:
            continue
        texts[path] = data
        for number in hashes(data, len(next(iter(numbers)))):
            if numbers.get(number):
                old_names[path] = _taken(path, numbers[number])
                del texts[path]
                break
    equal = set(old_names.values())
    left = [pair for path, pair in gone.items() if path not in equal]
    old_names |= _alike(texts, left, past)
    was = set(old_names.values())
    found = {pair.path: pair for pair in pairs if pair.path not in was}
    for path, name in old_names.items():
        found[path] = gone[name]._replace(path=path, now=True, was=name)
    return [found[path] for path in sorted(found)]


def same_nets(
    new: Iterable[tuple[_Net, Network]], gone: Iterable[tuple[_Net, Network]]
) -> "list[tuple[_Net, _Net]]":
    """The new ones whose net is that of one that is gone, each with it."""
    known: dict[Hashable, int] = {}
    there: dict[Hashable, list[_Net]] = {}
    for old, network in gone:
        there.setdefault(_net(network, known), []).append(old)
    found = []
    for one, network in new:
        equal = there.get(_net(network, known))
        if equal:
            found.append((one, equal.pop(0)))
    return found


def _net(network: Network, known: dict[Hashable, int]) -> Hashable:
    """What is equal for nets that have the same layers, reading and giving the same."""
    work = computed(network, known)
    numbers = Counter(n for i, n in enumerate(work.numbers) if i not in work.passing)
    return frozenset(numbers.items()), frozenset(work.numbers[i] for i in network.outputs)


def _alike(new: dict[str, bytes], gone: Sequence[Pair], past: Past) -> dict[str, str]:
    """For new specs the name that one which is gone had, whose lines they have."""
    many = len(new) * len(gone) > _MOST_PAIRS
    names = {os.path.basename(path) for path in new}
    room = _MOST_BYTES
    old: dict[str, Counter[bytes]] = {}
    for pair in gone:
        if room > 0 and (not many or os.path.basename(pair.path) in names):
            try:
                data = _bytes(past.spec(pair).data)
            except HungGitError:
                raise
            except LoadError:  # which is said where it is compared
                continue
            room -= len(data)
            old[pair.path] = _lines(data)
    sizes = {path: _size(lines) for path, lines in old.items()}
    scores = []
    for path, data in new.items():
        room -= len(data)
        if room < 0:
            break
        own = _lines(data)
        size = _size(own)
        for name, lines in old.items():
            one_name = os.path.basename(name) == os.path.basename(path)
            longer = max(size, sizes[name])
            if (one_name or not many) and min(size, sizes[name]) >= _LEAST * longer:
                score = _size(own & lines) / longer if longer else 1.0
                if score >= _LEAST:
                    scores.append((-score, not one_name, path, name))
    found: dict[str, str] = {}
    for _, _, path, name in sorted(scores):
        if path not in found and name in old:
            found[path] = name
            del old[name]
    return found


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _lines(data: bytes) -> Counter[bytes]:
    return Counter(line.strip() for line in data.splitlines())


def _size(lines: Counter[bytes]) -> int:
    return sum(len(line) * count for line, count in lines.items())


def _taken(path: str, named: dict[str, list[str]]) -> str:
    """Of some files the one with the same last name, or the first; it is there no more."""
    own = os.path.basename(path)
    key = own if own in named else next(iter(named))
    found = named[key].pop(0)
    if not named[key]:
        del named[key]
    return found

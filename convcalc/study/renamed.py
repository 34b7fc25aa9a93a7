"""Specs that were renamed since a revision: one that is gone and one that is new are one.

Those whose names differ in the case of letters alone; then as git finds them: equal files, then
those of which half the lines are equal, most first. Git itself does not look: for files of the
working tree it would run the filters that a repository's configuration names. Specs with the same
net are paired, too, however they are written.
"""

import os
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from convcalc.network.computed import computed
from convcalc.network.record import Network
from convcalc.study.elsewhere import gone_elsewhere
from convcalc.study.errors import HungGitError, LoadError
from convcalc.study.hashes import hashes
from convcalc.study.past import Pair, Past
from convcalc.study.since import content

_LEAST = 0.5  #: of the longer spec's bytes in lines that both have, as git's `-M`
_MOST_PAIRS = 40_000  #: that are compared line by line; of more, those of one name
_MOST_BYTES = 2**24  #: of all texts that are compared line by line
_MOST_LINES = 10_000_000  #: that are looked up in another spec; some 2 s
_PAIR = 10  #: lines that take as long as what is done for a pair anyway

#: The bytes of each line of a spec, however often it is there.
Lines = Mapping[bytes, int]


class Renamed(NamedTuple):
    """Specs now and then, with those that were renamed in one pair."""

    pairs: list[Pair]
    """By name."""
    notes: tuple[str, ...] = ()
    """Where no former names were looked for, and why."""


def with_renamed(pairs: Sequence[Pair], past: Past) -> Renamed:
    """Pair each new spec with one that is gone, from wherever in its repository.

    One that is gone from elsewhere and has become none of them is left out: it was not asked for.

    Raises:
        HungGitError: git gave no answer.
    """
    new = [pair for pair in pairs if not pair.then]
    if not new:
        return Renamed(list(pairs))
    read = ((pair.path, content(pair.path, past.limits)) for pair in new)
    texts = {path: data for path, data in read if data is not None}
    gone = [pair for pair in pairs if not pair.now]
    elsewhere, notes = gone_elsewhere(past, new, gone, texts.values())
    old = {pair.path: pair for pair in (*gone, *elsewhere)}
    names = _called_alike(texts, old)
    taken = set(names.values())
    others = {path: data for path, data in texts.items() if path not in names}
    names |= _equal(others, {name: pair for name, pair in old.items() if name not in taken})
    taken.update(names.values())
    left = {path: data for path, data in texts.items() if path not in names}
    rest = [pair for pair in old.values() if pair.path not in taken]
    all_pairs, asked = len(left) * len(rest), {pair.path for pair in gone}
    if all_pairs > _MOST_PAIRS:
        last = {os.path.basename(path) for path in left}
        rest = [p for p in rest if p.path in asked or os.path.basename(p.path) in last]
    alike, compared = _alike(left, rest, past)
    names |= alike
    if compared < all_pairs and len(alike) < len(left):
        notes.append(
            f"{all_pairs - compared:,} of {all_pairs:,} pairs of a new spec and one that is gone "
            "were not compared line by line, as there are too many: what was renamed may be shown "
            "as added"
        )
    was = set(names.values())
    found = {pair.path: pair for pair in pairs if pair.path not in was}
    for path, name in names.items():
        found[path] = old[name]._replace(path=path, now=True, was=name)
    return Renamed([found[path] for path in sorted(found)], tuple(notes))


class Nets:
    """What new specs and those that are gone compute: the same net is a spec in other words."""

    def __init__(self) -> None:
        self._known: dict[Hashable, int] = {}
        self._new: list[tuple[Pair, Hashable]] = []
        self._gone: dict[Hashable, list[Pair]] = {}

    def add(self, pair: Pair, network: Network) -> None:
        """One more spec, which is new or gone. Of its net as much is kept as tells it apart."""
        work = computed(network, self._known)
        numbers = Counter(n for i, n in enumerate(work.numbers) if i not in work.passing)
        key = frozenset(numbers.items()), frozenset(work.numbers[i] for i in network.outputs)
        if pair.now:
            self._new.append((pair, key))
        else:
            self._gone.setdefault(key, []).append(pair)

    def same(self) -> Iterator[tuple[Pair, Pair]]:
        """The new specs with the net of one that is gone, each with it."""
        for pair, key in self._new:
            equal = self._gone.get(key)
            if equal:
                yield pair, equal.pop(0)


def _called_alike(new: Iterable[str], gone: Iterable[str]) -> dict[str, str]:
    """For new specs the name that is theirs but for the case of letters, or accents of their own.

    Where a file system takes them for one file, it has been rewritten.
    """
    named: dict[str, list[str]] = {}
    for name in gone:
        named.setdefault(_folded(name), []).append(name)
    alike = ((path, named.get(_folded(path))) for path in new)
    return {path: names.pop(0) for path, names in alike if names}


def _folded(path: str) -> str:
    from unicodedata import normalize  # for few runs

    return path.lower() if path.isascii() else normalize("NFD", normalize("NFD", path).casefold())


def _equal(new: dict[str, bytes], gone: dict[str, Pair]) -> dict[str, str]:
    """For new specs the name that an equal file had: the same last name, or the first of others."""
    there: dict[str, list[str]] = {}  # by git's hash
    for name, pair in gone.items():
        there.setdefault(pair.number, []).append(name)
    digits = len(next(iter(there), ""))
    waiting = {path: hashes(data, digits) for path, data in new.items()} if there else {}
    found: dict[str, str] = {}
    for one_name in (True, False):
        named: dict[tuple[str, str], list[str]] = {}
        for number, names in there.items():
            for name in names:
                named.setdefault((number, _key(name, one_name)), []).append(name)
        taken = set()
        for path, numbers in waiting.items():
            if path in found:
                continue
            for number in numbers:
                equal = named.get((number, _key(path, one_name)))
                if equal:
                    found[path] = equal.pop(0)
                    taken.add(found[path])
                    break
        there = {number: [n for n in names if n not in taken] for number, names in there.items()}
    return found


def _key(path: str, one_name: bool) -> str:
    return os.path.basename(path) if one_name else ""


def _alike(new: dict[str, bytes], gone: Sequence[Pair], past: Past) -> tuple[dict[str, str], int]:
    """For new specs the name that one which is gone had, whose lines they have.

    And how many pairs were compared: those of one name first, as many as there is room for.
    """
    many = len(new) * len(gone) > _MOST_PAIRS
    names = {os.path.basename(path) for path in new}
    room = _MOST_BYTES
    old: dict[str, Lines] = {}
    meant = [pair for pair in gone if not many or os.path.basename(pair.path) in names]
    past.expect(meant)
    unread = 0
    for pair in meant:
        if room <= 0:
            break
        try:
            data = _bytes(past.spec(pair).data)
        except HungGitError:
            raise
        except LoadError:  # which is said where it is compared
            unread += 1
            continue
        room -= len(data)
        old[pair.path] = _lines(data)
    own: dict[str, Lines] = {}
    for path, data in new.items():
        room -= len(data)
        if room < 0:
            break
        own[path] = _lines(data)
    sizes = {path: sum(lines.values()) for path, lines in (*old.items(), *own.items())}
    scores = []
    left, compared = _MOST_LINES, unread * len(new)
    for one_name, path, name in _pairs(own, old, many):
        if left <= 0:
            break
        compared, left = compared + 1, left - _PAIR
        shorter, longer = sorted((sizes[path], sizes[name]))
        if shorter >= _LEAST * longer:
            left -= min(len(own[path]), len(old[name]))
            score = _shared(own[path], old[name]) / longer if longer else 1.0
            if score >= _LEAST:
                scores.append((-score, not one_name, path, name))
    found: dict[str, str] = {}
    for _, _, path, name in sorted(scores):
        if path not in found and name in old:
            found[path] = name
            del old[name]
    return found, compared


def _pairs(
    new: Iterable[str], old: Iterable[str], of_one_name: bool
) -> Iterator[tuple[bool, str, str]]:
    """Each new spec with each that is gone, those of one name first, or those alone."""
    named: dict[str, list[str]] = {}
    for name in old:
        named.setdefault(os.path.basename(name), []).append(name)
    for path in new:
        for name in named.get(os.path.basename(path), ()):
            yield True, path, name
    for path in () if of_one_name else new:
        for last, names in named.items():
            for name in names if last != os.path.basename(path) else ():
                yield False, path, name


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _lines(data: bytes) -> Lines:
    counts = Counter(line.strip() for line in data.splitlines())
    return {line: len(line) * count for line, count in counts.items() if line}


def _shared(one: Lines, other: Lines) -> int:
    """The bytes of the lines that both have, each as often as both have it."""
    return sum(min(one[line], other[line]) for line in one.keys() & other.keys())

"""What is gone from a repository, wherever it was: a new spec may be one of those, renamed."""

import os
from collections.abc import Collection, Iterable

from convcalc.files import SPEC_ENDINGS
from convcalc.findings import plain
from convcalc.study.errors import HungGitError, LoadError
from convcalc.study.hashes import hashes
from convcalc.study.past import Pair, Past
from convcalc.study.revision import committed
from convcalc.study.worktree import not_checked_out, top_of


def gone_elsewhere(
    past: Past, new: Iterable[Pair], gone: Iterable[Pair], texts: Collection[bytes]
) -> tuple[list[Pair], list[str]]:
    """The files that are gone from the repositories of new specs, and what could not be looked at.

    Args:
        past: the git revision.
        new: specs that were not there.
        gone: specs whose names were looked for, which are left out.
        texts: the new ones' own: a file that was equal to one may have had any name, others that
            of a spec.

    Raises:
        HungGitError: git gave no answer.
    """
    folders = {past.repository(pair.folder): pair.folder for pair in new if pair.folder is not None}
    known = {_real(pair.path) for pair in gone}
    found: list[Pair] = []
    notes = []
    for folder in folders.values():
        try:
            top = os.path.realpath(top_of(os.path.realpath(folder)))
            there = committed(past.base(top), top, below=True)
            digits = next((len(entry.number) for entry in there.values()), 0)
            numbers = {number for data in texts if data for number in hashes(data, digits)}
            meant = [
                name
                for name, entry in there.items()
                if entry.is_file and (name.endswith(SPEC_ENDINGS) or entry.number in numbers)
            ]
            names = _missing(top, meant)
            names -= not_checked_out(top) if names else frozenset()
        except HungGitError:
            raise
        except LoadError as error:
            notes.append(f"what was renamed from outside of {plain(folder)} is not found: {error}")
            continue
        places = {name: os.path.join(top, name) for name in sorted(names)}
        found += [
            Pair(_shown(place, folder), False, True, top, there[name].number)
            for name, place in places.items()
            if place not in known
        ]
    return found, notes


def _missing(top: str, names: Iterable[str]) -> set[str]:
    """Those of some files that are there no more; what lies behind a link is another file."""
    real: dict[str, bool] = {}
    found = set()
    for name in names:
        place = os.path.join(top, name)
        folder = os.path.dirname(place)
        if folder not in real:
            real[folder] = os.path.realpath(folder) == folder
        if not (real[folder] and os.path.lexists(place)):
            found.add(name)
    return found


def _real(path: str) -> str:
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)


def _shown(place: str, folder: str) -> str:
    """A place as findings call it: from the working folder on, unless its folder is named whole."""
    return place if os.path.isabs(folder) else os.path.relpath(place, os.path.realpath(os.curdir))

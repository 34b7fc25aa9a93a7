"""Matrices of a configuration that no file has: a pattern was mistyped, or a spec was renamed."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice

from convcalc.config import Matrix
from convcalc.study.matching import Matching, PatternsError, few

_MOST_NAMES = 20_000  #: of a folder with more nothing is said
_NAMED = 3  #: matrices that are named
_MOST_TRIES = 1_000_000  #: of a pattern on a name
_MOST_COMPARED = 400_000_000  #: as `MOST_COMPARED` of `convcalc.study.matching`, for this alone


def unmatched(matrices: Sequence[Matrix], specs: Sequence[str]) -> tuple[str, ...]:
    """The matrices whose patterns match no spec of a run, nor any file below their folder.

    The specs may be few of those that there are: of patterns that match another file nothing is
    said, nor where that takes long to find out.
    """
    found: list[str] = []
    with suppress(PatternsError, OSError):  # a file might match
        _look(matrices, specs, found)
    more = len(found) - _NAMED
    return (*found[:_NAMED], *([f"{more:,} more match none either"] if more > 0 else []))


def _look(matrices: Sequence[Matrix], specs: Sequence[str], found: list[str]) -> None:
    """Add a sentence for each matrix of no file.

    Raises:
        OSError: a folder cannot be looked at.
        PatternsError: it takes too long.
    """
    names: list[str] = []
    left = _MOST_TRIES
    matching = Matching(_MOST_COMPARED)
    for number, matrix in enumerate(matrices, 1):
        if not matrix.files or any(matching(spec, matrix.files) for spec in specs):
            continue
        names = names or [*islice(_below(matrix.files[0].folder), _MOST_NAMES + 1)]
        left -= len(names) * len(matrix.files)
        if len(names) > _MOST_NAMES or left < 0:
            break
        if not any(matching.path(name, matrix.files) for name in names):
            shown = few(matrix.files, 1)
            where = "no file below it, hidden folders aside"
            found.append(f"`files` of matrix {number} in pyproject.toml match {where}: {shown}")


def _below(folder: str) -> Iterator[str]:
    """All paths from a folder on; what `check` does not walk is left out: hidden folders, links."""
    folders = [""]
    while folders:
        place = folders.pop()
        with os.scandir(os.path.join(folder, place)) as entries:
            listed = [*entries]
        for entry in listed:
            yield f"{place}{entry.name}"
            if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                folders.append(f"{place}{entry.name}/")

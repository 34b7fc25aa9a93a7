"""Patterns of `include` and of matrices, tried on files; all that a run tries is bounded.

Both may be a stranger's: a thousand patterns of 300 characters on paths of 4,096 take a second a
file. What reading one takes is in proportion to its length, and nobody counts it: a file has few.
"""

import os
import re
from collections.abc import Sequence
from typing import NamedTuple

from convcalc.files import Glob
from convcalc.findings import brief
from convcalc.study.errors import RequestError
from convcalc.study.wildcards import Wildcards

#: Characters of patterns times characters of paths, of all tries of a run: some seconds. A try
#: whose begin or end differs costs nothing, so that 500 patterns on 5,000 files need a tenth.
MOST_COMPARED = 4_000_000_000
_ONE_BY_ONE = 100  #: of them, for a letter that is compared with ``?``, a set or what is beside one

#: ``**/`` where a folder's name may begin: any folders, or none
_FOLDERS = re.compile(r"(?:(?<=/)|\A)(?:\*\*/)+")
_MOST_FOLDERS = 4  #: of them in a pattern that may be none: each doubles what is tried

_MAGIC = re.compile(r"[*?\[\]]")


class PatternsError(RequestError):
    """Patterns that take too long."""


class _Pattern(NamedTuple):
    folder: str
    first: str
    """What a path begins with: all of it, where nothing stands for other characters."""
    last: str
    text: str
    exact: bool


class Matching:
    """Whether a file's name, or its path from their folder on, matches one of some patterns.

    Without any, all files do. Which folder was named, or is the working one, makes no difference.
    Where a folder lies is looked up once, for all its files and patterns: a deep one takes long.
    """

    def __init__(self, most: int = MOST_COMPARED) -> None:
        self._most = self._left = most
        self._places: dict[tuple[str, str], str] = {}
        self._read: dict[int, tuple[tuple[Glob, ...], tuple[_Pattern, ...]]] = {}
        self._wildcards: dict[str, Wildcards] = {}

    def __call__(self, file: str, patterns: tuple[Glob, ...]) -> bool:
        """Whether one matches.

        Raises:
            PatternsError: all files so far, with their patterns, were too much.
        """
        if not patterns:
            return True
        known = self._patterns(patterns)
        folder, name = os.path.split(file)
        paths = {start: self._place(folder, start) + name for start in {p.folder for p in known}}
        return any(self._fits(paths[p.folder], p) or self._fits(name, p) for p in known)

    def path(self, path: str, patterns: tuple[Glob, ...]) -> bool:
        """The same for a path that is from the folder of all patterns on already.

        Raises:
            PatternsError: as for files.
        """
        name = path.rpartition("/")[2]
        return any(self._fits(path, p) or self._fits(name, p) for p in self._patterns(patterns))

    def _fits(self, text: str, pattern: _Pattern) -> bool:
        if pattern.exact:
            return text == pattern.first
        if not (text.startswith(pattern.first) and text.endswith(pattern.last)):
            return False
        wildcards = self._wildcards.get(pattern.text)
        if wildcards is None:
            wildcards = self._wildcards[pattern.text] = Wildcards(pattern.text)
        before = wildcards.compared
        fits = wildcards.fits(text)
        one_by_one = wildcards.compared - before
        self._left -= len(text) * len(pattern.text) + one_by_one * _ONE_BY_ONE
        if self._left < 0:
            raise PatternsError(
                f"the patterns in pyproject.toml, such as {brief(pattern.text)}, are too much "
                f"work: {self._most:,} is the most for their characters times those of all paths "
                "that they may match; write fewer or shorter ones, without ? and [...], or how the "
                "paths begin"
            )
        return fits

    def _patterns(self, patterns: tuple[Glob, ...]) -> tuple[_Pattern, ...]:
        """Patterns as they are tried: taken apart once, and kept while they are."""
        found = self._read.get(id(patterns))
        if found is None:
            texts = ((pattern.folder, text) for pattern in patterns for text in _meant(pattern))
            found = self._read[id(patterns)] = patterns, tuple(_taken_apart(*one) for one in texts)
        return found[1]

    def _place(self, folder: str, start: str) -> str:
        """What is before the names of a folder's files, seen from another folder."""
        found = self._places.get((folder, start))
        if found is None:
            place = os.path.relpath(os.path.realpath(folder), start).replace(os.sep, "/")
            found = self._places[folder, start] = "" if place == os.curdir else f"{place}/"
        return found


def _meant(pattern: Glob) -> tuple[str, ...]:
    """A pattern with folders for its ``**/``, and without, as gitignore and pathlib read it."""
    first, *others = _FOLDERS.split(pattern.text, _MOST_FOLDERS)
    texts = [first]
    for other in others:
        texts = [f"{text}{between}{other}" for text in texts for between in ("**/", "")]
    return tuple(dict.fromkeys(texts))


def _taken_apart(folder: str, text: str) -> _Pattern:
    pieces = _MAGIC.split(text)
    return _Pattern(folder, pieces[0], pieces[-1], text, len(pieces) == 1)


def few(patterns: Sequence[Glob], most: int) -> str:
    """The first of some patterns as they are written, short, and how many more there are."""
    written = [pattern.text for pattern in patterns if not pattern.is_below]
    more = f" and {len(written) - most:,} more" if len(written) > most else ""
    return f"{', '.join(map(brief, written[:most]))}{more}"

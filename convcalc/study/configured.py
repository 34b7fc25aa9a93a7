"""The configuration of a folder, and which specs it has compared: now, and at a git revision.

A branch that makes a spec larger could leave that spec out in its own pyproject.toml, too.
"""

import os
from typing import NamedTuple

from convcalc.config import LARGEST_CONFIG, Config, load_config, on_disk
from convcalc.files import Glob
from convcalc.findings import brief, plain
from convcalc.pyproject import ConfigError
from convcalc.study.errors import HungGitError, LoadError
from convcalc.study.links import leading_out
from convcalc.tree.decode import Limits

_SHOWN = 3  #: patterns that a note repeats


def configuration_of(folder: str) -> Config:
    """The configuration for a folder, from no file that a stranger's link leads to.

    Raises:
        ConfigError: as `load_config`, or a pyproject.toml is a link that is committed and leads
            out of its repository.
    """
    return load_config(folder, _own)


def _own(path: str) -> bytes:
    if os.path.islink(path) and leading_out(path):
        raise ConfigError(
            f"cannot read {plain(path)}: a link that the repository brings along, to a file "
            "outside of it: put the file itself in its place"
        )
    return on_disk(path)


class Include(NamedTuple):
    """Patterns that specs in folders must match, and what is to be said of them."""

    patterns: tuple[Glob, ...]
    notes: tuple[str, ...] = ()


def include_since(revision: str, config: Config, start: str = os.curdir) -> Include:
    """What `include` names now or named at a revision: no branch can leave out what it changes.

    Raises:
        HungGitError: git gave no answer.
    """
    from convcalc.study.worktree import top_of  # git is asked by few commands

    now = config.include
    try:
        before = load_config(start, _Reader(revision, top_of(start))).include
    except HungGitError:
        raise
    except LoadError:  # the folder is in no repository, or in one that has not this revision
        return Include(now)
    except ConfigError as error:
        note = f"the configuration at {plain(revision)} cannot be used, all specs are looked at"
        return Include((), (f"{note}: {plain(str(error))}",))
    if set(before) == set(now):
        return Include(now)
    both = tuple(dict.fromkeys((*before, *now))) if before and now else ()
    note = (
        f"`include` in pyproject.toml is {_listed(now)}, and was {_listed(before)} at "
        f"{plain(revision)}: specs that either names are looked at"
    )
    return Include(both, (note,))


class _Reader:
    """Reads each pyproject.toml of a repository as it was at a revision, the others as they are."""

    def __init__(self, revision: str, top: str) -> None:
        self._revision, self._top = revision, top

    def __call__(self, path: str) -> bytes:
        from convcalc.study.blobs import Blobs
        from convcalc.study.revision import committed

        folder, name = os.path.split(path)
        if os.path.commonpath((self._top, folder)) != self._top:
            return _own(path)
        entry = committed(self._revision, folder).get(name)
        if entry is None or not entry.is_file:
            return b""
        with Blobs(self._revision, folder, Limits(bytes=LARGEST_CONFIG)) as blobs:
            try:
                data = blobs.spec(name, entry.number).data
            except HungGitError:
                raise
            except LoadError as error:  # of a clone in part
                raise ConfigError(str(error)) from error
        if len(data) > LARGEST_CONFIG:
            raise ConfigError(f"{plain(path)} is larger than {LARGEST_CONFIG:,} bytes")
        return data if isinstance(data, bytes) else data.encode()


def _listed(patterns: tuple[Glob, ...]) -> str:
    if not patterns:
        return "all .yaml files"
    more = f" and {len(patterns) - _SHOWN} more" if len(patterns) > _SHOWN else ""
    return ", ".join(brief(pattern.text) for pattern in patterns[:_SHOWN]) + more

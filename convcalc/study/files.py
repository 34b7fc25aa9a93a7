"""Which specs a command line names: files, and what lies below folders."""

import os
from collections.abc import Callable, Iterator
from functools import partial

from convcalc import zoo
from convcalc.files import SPEC_ENDINGS, Glob, linked_spec, without_folder
from convcalc.study.failure import Failure, failure_of
from convcalc.study.links import leading_out
from convcalc.study.matching import Matching, few
from convcalc.study.passed_over import PassedOver, models_alone, passed_over

_SHOWN = 3  #: patterns that a message repeats


def spec_files(
    paths: tuple[str, ...],
    include: tuple[Glob, ...],
    failure: Callable[[Failure], None],
    may_be_empty: bool = False,
    left_out: Callable[[str], None] = lambda file: None,
    matching: Matching | None = None,
    walks: list[PassedOver] | None = None,
) -> list[str]:
    """The specs that are meant, each once, in the order of the command line and then of names.

    Folders are walked without following links to folders, hidden ones left out; `include` are
    patterns that files in folders must match (default: all .yaml files); those that do not are
    given to `left_out`, and what else may hold specs is added to `walks`. What cannot be listed is
    a `failure`, and so is a link that leaves its folder: a spec is printed, line by line, and its
    folder may be a stranger's. A folder without specs is one, too, unless it `may_be_empty`.

    Raises:
        PatternsError: matching takes too long.
    """
    matching = matching or Matching()
    walks = [] if walks is None else walks
    found: dict[str, str] = {}
    for path in paths:
        if not os.path.isdir(path):
            instead = stand_in(path)
            if instead:
                failure(failure_of(path, instead))
            below = [] if instead else [path]
        elif without_folder():
            failure(failure_of(path, without_folder()))
            continue
        elif _led_away(path) or leading_out(path):
            led = f"{path} is a link to {os.path.realpath(path)}: name that folder itself"
            failure(failure_of(path, led))
            continue
        else:
            walk = PassedOver(path, partial(matching, patterns=include))
            walks.append(walk)
            below = _below(path, include, failure, may_be_empty, left_out, walk)
        for file in below:
            found.setdefault(os.path.normpath(file), file)
    return list(found.values())


def stand_in(path: str) -> str:
    """Why a file that is gone is not checked as the bundled net of its name; '' for all others.

    `analyze lenet5.yaml` runs that one, and says so. A gate must not: who deletes or renames the
    file would have another net checked in its place.
    """
    name, ending = os.path.splitext(path)
    if ending not in SPEC_ENDINGS or os.path.lexists(path) or zoo.find(name) is None:
        return ""
    return f"no file {path}: the bundled net is checked by its name, {name}"


def _below(
    path: str,
    include: tuple[Glob, ...],
    failure: Callable[[Failure], None],
    may_be_empty: bool,
    left_out: Callable[[str], None],
    walk: PassedOver,
) -> list[str]:
    found = []
    seen = False
    for file in _named_as_specs(path, failure, walk):
        if walk.wanted(file):
            seen = True
            try:
                if os.path.islink(file):
                    linked_spec(file, path)
                found.append(file)
            except OSError as error:
                failure(failure_of(file, f"cannot read {file}: {error.strerror}"))
        else:
            left_out(file)
    if not (seen or may_be_empty) and os.access(path, os.R_OK):
        what = f" that match {few(include, _SHOWN)}" if include else ""
        passed = "; ".join(
            filter(None, (passed_over([walk]), models_alone(walk.model, walk.models)))
        )
        none = f"no .yaml files{what} in {path}{': ' * bool(passed)}{passed}"
        failure(failure_of(path, none))
    return found


def _named_as_specs(
    path: str, failure: Callable[[Failure], None], walk: PassedOver
) -> Iterator[str]:
    """What has a spec's name below a folder: its own files first, then folder by folder.

    It keeps its own list of folders: os.walk calls itself, and Python ends at 1,000 in each other.
    """
    folders = [path]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            failure(failure_of(folder, f"cannot list {folder}: {error.strerror}"))
            continue
        if not listed:
            walk.empty.append(folder)
        below = []
        for entry in listed:
            if not _is_folder(entry, failure):
                if entry.name.endswith(SPEC_ENDINGS):
                    yield entry.path
                else:
                    walk.file(entry.path)
            elif entry.name.startswith(".") or os.path.islink(entry.path):
                walk.folder(entry.path)
            else:
                below.append(entry.path)
        folders += reversed(below)


def _is_folder(entry: "os.DirEntry[str]", failure: Callable[[Failure], None]) -> bool:
    """Whether what a folder lists is one, or leads to one, as the folder itself says.

    What cannot be looked at might be one, and is a `failure`; but not what is passed over anyway,
    nor what has a spec's name: reading that says what is wrong.
    """
    try:
        return entry.is_dir()  # os.path.isdir says no where it cannot tell
    except OSError as error:
        passed = entry.name.startswith(".") or os.path.islink(entry.path)
        if not passed and not entry.name.endswith(SPEC_ENDINGS):
            unknown = f"cannot look at {entry.path}: {error.strerror}"
            failure(failure_of(entry.path, unknown))
        return False


def _led_away(folder: str) -> bool:
    """Whether a name inside the working folder is a link to a folder outside."""
    name = os.path.normpath(folder)
    if os.path.isabs(name) or name.split(os.sep)[0] == os.pardir:
        return False
    here = os.path.realpath(os.curdir)
    return os.path.commonpath((here, os.path.realpath(name))) != here

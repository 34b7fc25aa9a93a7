"""Symbolic links of a working tree and of a revision: a branch may lead them elsewhere."""

import os
from collections.abc import Callable, Iterable, Mapping

from convcalc.findings import brief, plain
from convcalc.study.errors import HungGitError, LoadError
from convcalc.study.hashes import is_blob
from convcalc.study.links import links_on_the_way as _links
from convcalc.study.revision import LINK, Committed, committed, text_at


def refuse_led(bases: Mapping[str, str]) -> None:
    """Refuse paths to folders that a link has taken the place of; each has its revision.

    Git lists where a link leads: what lies there now was compared with what lay there before, not
    with what the link replaced.

    Raises:
        LoadError: a folder that is named, or that a named file lies in, is such a one.
    """
    for path, base in bases.items():
        folder = path if os.path.isdir(path) else os.path.dirname(path)
        for link in () if os.path.realpath(folder) == os.path.abspath(folder) else _links(folder):
            was = _was(base, link)
            if was is not None and not _is_same(link, was):
                raise LoadError(
                    f"{plain(os.path.relpath(link))} is a link, and was another or none at "
                    f"{plain(base)}: name {plain(os.path.relpath(os.path.realpath(link)))} itself"
                )


def refuse_former_file(base: str, folder: str) -> None:
    """Refuse a folder, of which the revision lists nothing, if it was a file then.

    Raises:
        LoadError: it was one.
    """
    was = _was(base, os.path.abspath(folder))
    if was is not None and was.is_file:
        raise LoadError(
            f"{plain(folder)} is a folder, and was a file at {plain(base)}: there is nothing to "
            "compare what is in it with"
        )


def _was(base: str, path: str) -> Committed | None:
    """What had a name at a revision, asked in the folder where it lies now."""
    place, name = os.path.split(path)
    try:
        return committed(base, place).get(name)
    except HungGitError:
        raise
    except LoadError:  # in no repository, or in none that has the revision
        return None


def linked_before(
    links: Iterable[str], folder: str, listing: dict[str, Committed]
) -> dict[str, str]:
    """Git's hashes of the files as they were that links lead to now, and did so then.

    Args:
        links: names of links below the folder.
        folder: one of the working tree.
        listing: what was below it.
    """
    found = {}
    for name in links:
        link = listing.get(_inside(name, folder))
        target = os.path.normpath(os.path.join(os.path.dirname(name), os.readlink(name)))
        was = listing.get(_inside(target, folder))
        if link is None or not _is_same(name, link):
            continue
        way = os.path.relpath(target, folder)
        alone = os.path.realpath(name) == os.path.join(os.path.realpath(folder), way)
        if alone and was is not None and was.is_file:  # other links may have changed
            found[name] = was.number
    return found


def relinked(
    base: str,
    folder: str,
    names: Iterable[str],
    listing: dict[str, Committed],
    failure: Callable[[str], None],
) -> dict[str, str]:
    """Git's hashes of the files that names led to which are no links now, or other ones.

    Args:
        base: the git revision.
        folder: one of the working tree.
        names: specs below it.
        listing: what was below it.
        failure: what to do with a sentence about one that led out of the folder.
    """
    found = {}
    for name in names:
        was = listing.get(_inside(name, folder))
        if was is None or was.mode != LINK or _is_same(name, was):
            continue
        to = os.fsdecode(text_at(base, folder, was.number))
        target = listing.get(_inside(os.path.join(os.path.dirname(name), to), folder))
        if target is not None and target.is_file:
            found[name] = target.number
        else:
            text = f"cannot compare {plain(name)}: at {plain(base)} it was a link to {brief(to)}"
            failure(f"{text}, which is no file below {plain(folder)}")
    return found


def _inside(path: str, folder: str) -> str:
    return os.path.relpath(os.path.normpath(path), folder).replace(os.sep, "/")


def _is_same(link: str, was: Committed) -> bool:
    """Whether a name is the link that it was."""
    try:
        to = os.readlink(link)
    except OSError:  # no link
        return False
    return was.mode == LINK and is_blob(os.fsencode(to), was.number)

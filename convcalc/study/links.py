"""Links that a repository brings along and that lead out of it.

A stranger's branch may hold such a link under the name of a spec, a folder or a report. One that
git does not track is the user's own, as to a disk with more room, and so is one that lies in no
repository: it is followed.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from convcalc.files import StrayLinkError, linked_spec, refuse_hidden
from convcalc.findings import plain
from convcalc.study.errors import RequestError

if TYPE_CHECKING:
    from convcalc.study.git import Git

_MOST_LINKS = 40  #: that Linux follows in one name
_LINK = "120000"  #: the mode of a symbolic link
_AT_ONCE = 2**16  #: bytes of a listing


def own_file(path: str) -> str:
    """Where the symbolic links of the name of a file lead that is read, and quoted in messages.

    Git is asked only of a link that leads out of a repository.

    Raises:
        StrayLinkError: as `linked_spec`, or out of a repository by a link that is committed there.
        OSError: they lead nowhere, or round in a circle.
    """
    target = linked_spec(path)
    link = leading_out(path)
    if link:
        by = "" if os.path.abspath(path) == link else f"{plain(link)} is "
        why = f"{by}a link that the repository brings along, to a file outside of it"
        raise StrayLinkError(path, f"{why}: name {plain(target)} itself")
    return target


def refuse_stray_numbers(name: str, option: str) -> None:
    """Refuse a file of numbers that is found by a stranger's link, to read it or to write it.

    Unlike a spec it may have another ending than its link: caches keep weights under hashes.

    Raises:
        RequestError: its links lead to something hidden, or out of a repository by a link that is
            committed there.
    """
    try:
        refuse_hidden(name)
    except StrayLinkError as error:
        raise RequestError(f"{option} {plain(name)}: {error.strerror}") from error
    except (OSError, ValueError):  # opening it says what is wrong
        return
    wrong = leads_out(name)
    if wrong:
        raise RequestError(f"{option}: {plain(wrong)}")


def leads_out(name: str) -> str:
    """Why a file may not be written to: its name leads out by a committed link; else ''."""
    link = leading_out(name)
    if not link:
        return ""
    shown = name if os.path.abspath(name) == link else f"{name}: {link}"
    return (
        f"{shown} is a link that the repository brings along, to a file outside of it: "
        f"name {os.path.realpath(name)} itself"
    )


def leading_out(name: str) -> str:
    """The committed link by which a name leads out of the repository that the link is in, or ''."""
    if os.path.realpath(name) == os.path.abspath(name):
        return ""
    from convcalc.study.worktree import repository_of  # few names lead through a link

    try:
        for link in links_on_the_way(name):
            top = repository_of(os.path.dirname(link))
            target = os.path.realpath(link)
            if top and os.path.commonpath((top, target)) != top and _tracked(link, top):
                return link
    except (OSError, ValueError):  # opening it says what is wrong
        return ""
    return ""


def links_on_the_way(name: str) -> Iterator[str]:
    """The symbolic links that a name leads through, each by its own name without other links."""
    from pathlib import Path  # few names lead through a link

    anchor, *parts = Path(os.getcwd(), name).parts
    place, number = anchor, 0
    parts.reverse()
    while parts and number <= _MOST_LINKS:
        part = parts.pop()
        if part == os.pardir:
            place = os.path.dirname(place)
            continue
        here = os.path.join(place, part)
        if not os.path.islink(here):
            place = here
            continue
        yield here
        number += 1
        target = Path(os.readlink(here))
        if target.is_absolute():
            place = target.anchor
        parts += reversed(target.parts[1:] if target.is_absolute() else target.parts)


def _tracked(link: str, top: str) -> bool:
    """Whether git has a link in the index of a repository, or does not say.

    It may be called otherwise there: where `report.html` is found, a disk that tells no capitals
    apart may have `Report.HTML`, and one that tells no forms of `é` apart another of those.
    """
    from convcalc.study.git import Git

    folder, name = os.path.split(link)
    try:
        with Git(folder, "--literal-pathspecs", "ls-files", "-z", "--", name) as git:
            data = git.read(-1)
            code, _ = git.end()
        if code or data:
            return True
        asked = os.lstat(link)
        with Git(top, "ls-files", "-s", "-z") as git:
            for other in _of_mode(git, _LINK):
                with suppress(OSError, ValueError):  # it is not checked out
                    if os.path.samestat(os.lstat(os.path.join(top, other)), asked):
                        return True
            code, _ = git.end()
    except (OSError, ValueError):  # no git
        return True
    return bool(code)


def listed(folder: str, mode: str) -> list[str]:
    """What the index has of one mode below a folder, by names from there; none without git."""
    from convcalc.study.git import Git

    try:
        with Git(folder, "ls-files", "-s", "-z") as git:
            return [*_of_mode(git, mode)]
    except (OSError, ValueError):  # no git
        return []


def _of_mode(git: "Git", mode: str) -> Iterator[str]:
    """The names that git lists with one mode, of a whole index, which may be large, as it comes."""
    rest, begin = b"", f"{mode} ".encode()
    while data := git.read(_AT_ONCE):
        *entries, rest = (rest + data).split(b"\0")
        for entry in entries:  # mode, object, stage; then the name
            if entry.startswith(begin):
                yield os.fsdecode(entry.partition(b"\t")[2])

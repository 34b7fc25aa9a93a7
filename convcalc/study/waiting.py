"""Files of a repository that git would wait for: a FIFO in the place of its configuration."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress

from convcalc.escape import plain
from convcalc.files import read_at_most

_READ = (
    "HEAD", "commondir", "config", "config.worktree", "index", "packed-refs", "shallow",
    "objects/info/alternates",
)  # fmt: skip
_CONFIGURATIONS = ("config", "config.worktree")
_LARGEST = 2**20  #: bytes of a configuration that are looked at
_MOST = 1000  #: files that configurations include; git itself is stopped where it waits for others
_INCLUDED = rb"(?im)^[^#;\n]*?\bpath[ \t]*=((?:\\\r?\n|[^\n])*)"
_ESCAPED = {"n": "\n", "t": "\t", "b": "\b", "\n": "", "\r": ""}


#: Where git looks for a name, in this order; HEAD and other names without "refs/" come before.
RULES = ("refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")
_NAME = re.compile(
    r"[^\s:^~@{}]+"
)  #: that a revision begins with, as `main` in `main~2:./net.yaml`
_STEPS = 5  #: as git follows `ref: refs/heads/main` from ref to ref


def waited_for(folder: str) -> str:
    """The file that git waits for in a folder's repository, and what it is; '' where none is seen.

    Looked at are its configuration and all that is included there, and the other files that git
    opens first; git itself says what else is wrong with them.
    """
    for place in _repositories(folder):
        for name in _READ:
            what = _waits(os.path.join(place, name))
            if what:
                return what
        for name in _CONFIGURATIONS:
            what = _included(os.path.join(place, name))
            if what:
                return what
    return ""


def unread_ref(folder: str, revision: str) -> str:
    """The file of a revision that git cannot read, and why; '' where none is seen.

    Of one that is a FIFO git waits for a writer; of one that it may not read it says that the name
    is not valid.
    """
    given = _NAME.match(revision)
    names = [rule.format(given[0]) for rule in ("{}", *RULES)] if given else ["HEAD"]
    for place in _repositories(folder):
        for name in names:
            file = os.path.join(place, name)
            for _ in range(_STEPS):
                what = _waits(file)
                if what:
                    return f"{what}, for which git would wait"
                try:
                    text = os.fsdecode(read_at_most(file, _LARGEST))
                except PermissionError as error:
                    return f"cannot read {plain(file)}: {error.strerror}"
                except (OSError, ValueError):  # a folder, or none: git looks for it elsewhere
                    break
                to = text.removeprefix("ref:").strip()
                if to == text.strip() or not to.startswith("refs/") or ".." in to:
                    break
                file = os.path.join(place, to)
    return ""


def _repositories(folder: str) -> Iterator[str]:
    """The folders of git's own files: of the working tree, and what it shares with others."""
    own = os.environ.get("GIT_DIR") or _found(os.path.abspath(folder))
    if own:
        yield own
        common = os.environ.get("GIT_COMMON_DIR") or _line(os.path.join(own, "commondir"))
        if common:
            yield os.path.join(own, common)


def _found(place: str) -> str:
    """The `.git` of the nearest folder upward, or where the file of that name leads."""
    above = ""
    while place != above:
        own = os.path.join(place, ".git")
        if os.path.isdir(own):
            return own
        if os.path.isfile(own):
            return os.path.join(place, _line(own).removeprefix("gitdir:").strip())
        place, above = os.path.dirname(place), place
    return ""


def _line(path: str) -> str:
    with suppress(OSError, ValueError):
        return os.fsdecode(read_at_most(path, _LARGEST)).strip()
    return ""


def _included(own: str) -> str:
    """What git waits for of all that a configuration includes, which may include more."""
    waiting, seen = [own], {own}
    while waiting:
        file = waiting.pop()
        with suppress(OSError, ValueError):
            for given in re.findall(_INCLUDED, read_at_most(file, _LARGEST)):
                name = os.path.expanduser(_value(os.fsdecode(given)))
                path = os.path.normpath(os.path.join(os.path.dirname(file), name))
                if path in seen:
                    continue
                what = _waits(path)
                if what:
                    return what
                if len(seen) < _MOST:
                    seen.add(path)
                    waiting.append(path)
    return ""


def _value(text: str) -> str:
    """A value as git reads it: quotes in it are left out, what is escaped is itself."""
    found = []
    quoted = escaped = False
    for character in text.strip():
        if escaped:
            found.append(_ESCAPED.get(character, character))
            escaped = character == "\r"
        elif character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character in "#;" and not quoted:
            break
        else:
            found.append(character)
    return "".join(found).strip()


def _waits(path: str) -> str:
    """What a file is that is waited for."""
    with suppress(OSError, ValueError):
        status = os.stat(path)
        if stat.S_ISFIFO(status.st_mode):
            return f"{plain(path)} is a FIFO"
        if stat.S_ISCHR(status.st_mode) and not os.path.samestat(status, os.stat(os.devnull)):
            return f"{plain(path)} is a device"
    return ""

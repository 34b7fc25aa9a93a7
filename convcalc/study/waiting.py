"""Files of a repository that git would wait for: a FIFO in the place of its configuration."""

import os
import re
import stat
from contextlib import suppress

from convcalc.files import read_at_most

_LARGEST = 2**20  #: bytes of a configuration that are looked at
_INCLUDED = rb'(?im)^(?:.*\])?\s*path\s*=\s*"?([^"\r\n;#]+)'


def waited_for(folder: str) -> str:
    """The file that git waits for in a folder's repository, '' where none is seen.

    Looked at are its configuration and what that includes directly; git itself says what else is
    wrong with them.
    """
    place = os.path.abspath(folder)
    while not os.path.isdir(os.path.join(place, ".git")):
        place, below = os.path.dirname(place), place
        if place == below:
            return ""
    own = os.path.join(place, ".git", "config")
    if _is_fifo(own):
        return own
    with suppress(OSError, ValueError):
        for name in re.findall(_INCLUDED, read_at_most(own, _LARGEST)):
            text = os.path.expanduser(os.fsdecode(name).strip())
            path = os.path.normpath(os.path.join(os.path.dirname(own), text))
            if _is_fifo(path):
                return path
    return ""


def _is_fifo(path: str) -> bool:
    with suppress(OSError, ValueError):
        return stat.S_ISFIFO(os.stat(path).st_mode)
    return False

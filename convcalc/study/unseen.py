"""Files that cannot be looked at: it is not known whether they are there, and nobody says so."""

import os
from collections.abc import Callable, Iterable

from convcalc.findings import plain


def is_there(name: str) -> bool:
    """Whether there is a file of a name, whatever it is.

    Raises:
        OSError: it cannot be looked at.
    """
    try:
        os.lstat(name)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # no file has a zero byte in it
        return False
    return True


def unseen(names: Iterable[str], failure: Callable[[str], None]) -> set[str]:
    """Which of some files cannot be looked at, which are not called gone then: a `failure`."""
    found: dict[str, str] = {}
    for name in sorted(names):
        try:
            is_there(name)
        except OSError as error:
            found[name] = str(error.strerror)
    if found:
        first, why = next(iter(found.items()))
        more = f" and {len(found) - 1:,} more" if len(found) > 1 else ""
        failure(f"cannot look at {plain(first)}{more}, which the base has: {why}")
    return {*found}

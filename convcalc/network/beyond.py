"""What the tool that a net was read from has or computes beside what the layers here count."""

from collections.abc import Iterable
from typing import NamedTuple


class Beyond(NamedTuple):
    """What a total does not have in it: a limit of that total cannot be held against it alone."""

    total: str
    """Which one, as limits call it."""
    more: int | None
    """How much; None where that is not known."""
    why: str
    """What it is: the end of a sentence."""


def unknown(beyond: Iterable[Beyond], total: str) -> str:
    """Why a total is not known as a whole, the end of a sentence; '' where it is."""
    return next((one.why for one in beyond if one.total == total and one.more is None), "")


def whole(beyond: Iterable[Beyond], total: str, own: int | None) -> int | None:
    """A total with what the layers do not count; None where that is not known."""
    parts = [one.more for one in beyond if one.total == total]
    if own is None or None in parts:
        return None
    return own + sum(part for part in parts if part is not None)

"""What the tool that a net was read from has or computes beside what the layers here count."""

from typing import NamedTuple


class Beyond(NamedTuple):
    """What a total does not have in it: a limit of that total cannot be held against it alone."""

    total: str
    """Which one, as limits call it."""
    more: int | None
    """How much; None where that is not known."""
    why: str
    """What it is: the end of a sentence."""

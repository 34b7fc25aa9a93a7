"""What a report shows of memory on request."""

from typing import NamedTuple


class Extras(NamedTuple):
    """What is shown on request."""

    timeline: bool = False
    arena: bool = False
    im2col: bool = False


NOTHING_MORE = Extras()

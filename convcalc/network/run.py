"""What a program makes and lets go of, call by call, where a file says so.

Layers say what a net computes. A program says more: which call makes a tensor, which gives a view
of another's storage, which writes over it, what runs although nothing reads it.
"""

from convcalc.records import NamedTuple

#: Widths in place of a number of bytes: that of the settings, and that of a norm's statistics.
OF_SETTINGS = 0
OF_STATISTICS = -1


class Storage(NamedTuple):
    """Numbers that lie together in memory."""

    each: int
    """Numbers for each image."""
    once: int = 0
    """Numbers whatever the batch."""
    width: int = OF_SETTINGS
    """Bytes of a number, or one of the widths above."""


class Array(NamedTuple):
    """A parameter, a buffer or a constant that is there before the run."""

    name: str
    numbers: int
    width: int
    learned: bool


class Call(NamedTuple):
    """One call of a program."""

    node: str
    makes: tuple[Storage, ...] = ()
    """Storages that later calls read: numbered on from those of the calls before."""
    passing: tuple[Storage, ...] = ()
    """Storages that are there beside these, and go when the call returns."""
    frees: tuple[int, ...] = ()
    """The numbers of storages of which nothing is read after this call."""


class Run(NamedTuple):
    """A run of a program in use, from inputs to outputs."""

    calls: tuple[Call, ...]
    """With several images."""
    arrays: tuple[Array, ...]
    steps: tuple[int, ...] = ()
    """For every call the step of the network that it belongs to; these never go back."""
    holders: tuple[int, ...] = ()
    """The same for every array."""
    alone: tuple[Call, ...] = ()
    """The calls with one image, where these copy less: an axis of 1 joins any other."""
    turned: str = ""
    """A matrix product, by its call, whose numbers a later call turns: what it is handed in the
    backward pass lies in another order, and is copied."""
    inputs: tuple[tuple[str, int], ...] = ()
    """By tensor the inputs whose numbers are of another type than the net's, and their width."""
    keeps: str = ""
    """A clamp, by its call: it keeps what it reads for the backward pass, its layer what it makes.
    """

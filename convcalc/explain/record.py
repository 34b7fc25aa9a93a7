"""What an explanation is made of: titled sections of labelled sentences, with their numbers."""

from typing import Any, NamedTuple

from convcalc.analysis.settings import Settings


class Fact(NamedTuple):
    """One sentence or one equation; `label` says what it is about ('' for nothing)."""

    label: str
    text: str


class Section(NamedTuple):
    """One aspect of a layer. `numbers` are what its lines state, by their JSON names."""

    title: str
    lines: tuple[Fact, ...]
    numbers: dict[str, Any]


class Explanation(NamedTuple):
    """Everything there is to say about one layer."""

    net: str
    path: str
    layer: str
    kind: str
    what: str
    line: int | None
    """Where the layer is in its file."""
    inputs: tuple[str, ...]
    sections: tuple[Section, ...]
    settings: Settings = Settings()
    """What the bytes are for."""


def product(*factors: int) -> str:
    """A product as it is written: ``11*11*3``.

    >>> product(11, 11, 3)
    '11*11*3'
    """
    return "*".join(map(str, factors))

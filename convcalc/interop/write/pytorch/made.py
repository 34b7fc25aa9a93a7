"""A class of a block and its calls, as the writing of other classes asks for them."""

from collections.abc import Mapping
from typing import NamedTuple

from convcalc.interop.write.pytorch.parts import Part
from convcalc.interop.write.spec.arguments import Param
from convcalc.interop.write.spec.expressions import Expression, python
from convcalc.interop.write.spec.names import IN_CHANNELS
from convcalc.layers.option import Value


class Made(NamedTuple):
    """A class, and what its calls need to know of it."""

    name: str
    init: list[str]
    forward: list[str]
    params: list[Param]
    values: Mapping[int, Mapping[str, Value]]
    """By call what it gives for each argument."""
    by_name: bool
    """Whether the spec's calls give arguments by their names."""
    outputs: tuple[Expression, ...]
    """What the channels of its output are, by its arguments."""

    def call(self, given: Mapping[str, Expression]) -> str:
        """The code that makes one."""
        words, placed = [], True
        for param in self.params:
            value = given[param.name]
            if param.default is not None and same(value, param.default):
                continue
            placed &= param.default is None and (not self.by_name or param.name == IN_CHANNELS)
            words.append(f"{'' if placed else f'{param.name}='}{python(value)}")
        return f"{self.name}({', '.join(words)})"


class Occurrence(NamedTuple):
    """A part of one of the calls."""

    at: int
    part: Part

    @property
    def volume(self) -> tuple[int, int]:
        """Its output."""
        return self.at, self.part.end


def number(module: str) -> int:
    """Which call a placeholder is for; -1 for code."""
    return int(module[1:-1]) if module[:1] == "@" else -1


def same(one: object, other: object) -> bool:
    """Whether two values are written alike: 1 and true are not."""
    return type(one) is type(other) and one == other

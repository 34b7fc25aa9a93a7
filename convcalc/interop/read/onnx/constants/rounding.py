"""What operators do to the last digits of floats: which of their numbers are the same in all tools.

Integers wrap in their type, everywhere. Of floats a tool may take another way to a number: a wider
type (onnxruntime has no float16 arithmetic on processors: it casts, and leaves out the casts in
between), a fused multiplication and addition, 1 / x * y as y / x, a library's own power. So a
number is known where it is exact, for then every way leads to it, and where a single step of IEEE
754 rounded it in a type that is computed with as it is. Further steps from such a number are not
worked out, but a decision is: whether it is greater, its whole part.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple

import numpy as np

from convcalc.interop.read.onnx.constants.work import Array, Work, unknown

Rule = Callable[[Work], Any]


class Rounding(Enum):
    """What an operator does to numbers."""

    KEEPS = "makes none that it was not given, but for their signs"
    DECIDES = "makes truths or whole numbers, exactly"
    CONVERTS = "gives them another type"
    ONE_STEP = "a sum, product, quotient or root, which IEEE 754 rounds correctly"
    SEVERAL_STEPS = "a library's own function, or several steps in any order"


class Step(NamedTuple):
    """What a step of arithmetic makes."""

    numbers: Array
    exact: bool
    """Whether none of them was rounded."""


class Operator(NamedTuple):
    """An operator whose numbers are worked out; made by one of the functions below."""

    rule: Rule
    rounding: Rounding

    def made(self, work: Work) -> tuple[list[Array], bool]:
        """The outputs of a node, and whether floats among them were rounded, once.

        Raises:
            ValueError: tools may make other numbers.
        """
        found = self.rule(work)
        exact = True
        if isinstance(found, Step):
            found, exact = found
        results = [np.asarray(one) for one in (found if isinstance(found, list) else [found])]
        is_float = any(one.dtype.kind not in "biu" for one in results)
        steps = self.rounding in {Rounding.ONE_STEP, Rounding.SEVERAL_STEPS}
        if steps and work.is_rounded:
            unknown("a second step may be taken together with the first")
        if not exact and self.rounding is Rounding.SEVERAL_STEPS:
            unknown("not exact")
        if not exact and any(one.dtype.itemsize < 4 for one in results):
            unknown("rounded here, and in tools that compute with float32 later or not at all")
        if steps and any(map(_vanishing, results)):
            unknown("some tools take numbers so small for 0")
        if self.rounding is Rounding.DECIDES:
            return results, False
        return results, is_float and (work.is_rounded or not exact)


def _vanishing(array: Array) -> bool:
    if array.dtype.kind != "f":
        return False
    return bool(np.any((array != 0) & (np.abs(array) < np.finfo(array.dtype).tiny)))


def keeps(rule: Rule) -> Operator:
    """Of what moves numbers, or chooses among them."""
    return Operator(rule, Rounding.KEEPS)


def decides(rule: Rule) -> Operator:
    """Of what makes truths or whole numbers."""
    return Operator(rule, Rounding.DECIDES)


def converts(rule: Callable[[Work], Step]) -> Operator:
    """Of what gives numbers another type."""
    return Operator(rule, Rounding.CONVERTS)


def one_step(rule: Callable[[Work], Step]) -> Operator:
    """Of what IEEE 754 rounds correctly."""
    return Operator(rule, Rounding.ONE_STEP)


def several_steps(rule: Callable[[Work], Step]) -> Operator:
    """Of all other arithmetic."""
    return Operator(rule, Rounding.SEVERAL_STEPS)

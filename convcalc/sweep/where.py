"""Conditions on rows: ``macs < 2G and training_memory < 8GiB``, in the formulas of specs."""

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from convcalc import formula
from convcalc.findings import plain as plain_text
from convcalc.network.beyond import Beyond, unknown
from convcalc.quantity import few_bytes, parse_bytes, parse_count
from convcalc.study.errors import RequestError
from convcalc.suggest import nearest
from convcalc.sweep.mistyped import FLOPS, word_hint
from convcalc.sweep.variant import MEMORY

_QUANTITY = re.compile(r"(?<![\w.])[0-9]+(?:\.[0-9]+)?[A-Za-z]+\b", re.A)


class ConditionError(RequestError):
    """A condition that cannot be read or worked out; the message says what to write instead."""


class Condition(NamedTuple):
    """A condition that rows may meet."""

    text: str
    names: tuple[str, ...]
    plain: str
    """The formula, quantities written out."""

    def holds(self, row: Mapping[str, object]) -> bool:
        """Whether a row meets it; one without a number that it asks for, or a quotient, does not.

        Raises:
            ConditionError: it cannot be worked out, such as a number beyond 2**63.
        """
        if any(row.get(name) is None for name in self.names):
            return False
        try:
            found = _work(self.plain)(row.__getitem__)  # type: ignore[arg-type]
        except formula.NoQuotientError:
            return False
        except formula.FormulaError as error:
            raise ConditionError(f"--where {self.text!r}: {error}") from error
        return bool(found)

    def violation(self, row: Mapping[str, object]) -> float:
        """How far a row is from meeting it, relative to the numbers compared; 0 where it does.

        Raises:
            ConditionError: it cannot be worked out.
        """
        if self.holds(row):
            return 0.0
        if any(row.get(name) is None for name in self.names):
            return _FAR
        try:
            return max(_violation(formula.parse(self.plain), row), _LEAST)
        except formula.NoQuotientError:
            return _FAR


@lru_cache(maxsize=256)
def _work(plain: str) -> formula.Compiled:
    """What works a condition out; quotients are compared as they are, fractions too."""
    return formula.compiled(formula.parse(plain), fractions=True)


_FAR = 1e9  #: of a row without one of the numbers
_LEAST = 1e-9  #: of a row that just misses it


def _violation(tree: formula.Tree, row: Mapping[str, object]) -> float:
    def number(one: formula.Tree) -> float:
        work = formula.compiled(one, fractions=True)
        return float(work(row.__getitem__))  # type: ignore[arg-type]

    if not isinstance(tree, formula.Call):
        return float(not number(tree))
    operator, operands = tree.operator, tree.operands
    if operator == "and":
        return sum(_violation(one, row) for one in operands)
    if operator == "or":
        return min(_violation(one, row) for one in operands)
    if operator not in {"<", "<=", ">", ">=", "=="}:
        return float(not number(tree))
    low, high = map(number, operands)
    if operator in {">", ">="}:
        low, high = high, low
    over = abs(low - high) if operator == "==" else max(low - high, 0.0)
    return over / max(abs(low), abs(high), 1.0)


def beyond_layers(names: Iterable[str], beyond: Sequence[Beyond]) -> tuple[str, ...]:
    """What to say of a condition whose numbers are a part of what a model file has.

    Raises:
        ConditionError: how large a part is not known, so that nothing meets it for sure.
    """
    said = []
    for name in names:
        why = unknown(beyond, name)
        if why:
            raise ConditionError(f"--where: {name} cannot be checked: {plain_text(why)}")
        parts = [one.why for one in beyond if one.total == name]
        said += [f"--where has {name} of the layers, and {plain_text(why)}" for why in parts]
    return tuple(said)


def condition(text: str, known: Iterable[str]) -> Condition:
    """The condition of ``--where``.

    Raises:
        ConditionError: it is no formula, or names no number of a row.

    >>> condition("macs < 2G", ["macs"]).holds({"macs": 10**9})
    True
    """
    known = list(known)
    plain = "=" + _QUANTITY.sub(_written_out, text)
    try:
        names = tuple(dict.fromkeys(formula.names(plain)))
    except formula.FormulaError as error:
        meant = _meant(text)
        hint = f": write `{plain_text(meant)}`" if meant else ""
        raise ConditionError(f"--where {text!r}: {error}{hint}") from error
    if not names:
        raise ConditionError(f"--where {text!r} asks for no number: {', '.join(known)}")
    for name in names:
        if name not in known:
            close = "" if name.lower() in FLOPS else nearest(name, known)
            hint = f"did you mean {close}?" if close else word_hint(name)
            hint = hint or f"there are {', '.join(known)}"
            raise ConditionError(f"--where: no number {name!r}: {hint}")
    if _divides_by_zero(formula.parse(plain)):
        raise ConditionError(f"--where {text!r}: division by zero")
    few = _without_unit(formula.parse("=" + _QUANTITY.sub(_LARGE, text)))
    if few:
        raise ConditionError(f"--where {text!r}: {few}")
    return Condition(text, names, plain)


#: how other languages write what a formula has words for
_ELSEWHERE = (
    (re.compile(r" *&&? *"), " and "),
    (re.compile(r" *\|\|? *"), " or "),
    (re.compile(r"(?<![<>=!])=(?!=)"), "=="),
    (re.compile(r"(?<=[0-9]) +(?=(?:[kKMGT]i?B?|B)\b)", re.A), ""),  # 10 M
)
_POWER = re.compile(r"(?<![\w.])([0-9]{1,9})[eE]\+?([0-9]|1[0-8])(?![\w.])", re.A)


def _meant(text: str) -> str:
    """A condition of another language in the words of formulas; '' where that is none either."""
    for pattern, word in _ELSEWHERE:
        text = pattern.sub(word, text)
    text = _POWER.sub(lambda found: str(int(found[1]) * 10 ** int(found[2])), text)
    try:
        formula.names("=" + _QUANTITY.sub(_written_out, text))
    except formula.FormulaError:
        return ""
    return text


_LARGE = str(2**40)  #: in place of quantities, whose unit says what they are
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})


def _without_unit(tree: formula.Tree) -> str:
    """What is wrong where memory is compared with a small number without a unit; else ''."""
    if not isinstance(tree, formula.Call):
        return ""
    if tree.operator not in _COMPARISONS:
        return next(filter(None, map(_without_unit, tree.operands)), "")
    numbers = [one for one in tree.operands if isinstance(one, int | Fraction)]
    names = [one.text for one in tree.operands if isinstance(one, formula.Name)]
    memory = next((name for name in names if name in MEMORY), "")
    return few_bytes(memory, numbers[0]) if memory and numbers else ""


def _divides_by_zero(tree: formula.Tree) -> bool:
    if not isinstance(tree, formula.Call):
        return False
    by_zero = tree.operator in {"/", "//", "%"} and tree.operands[1] == 0
    return by_zero or any(map(_divides_by_zero, tree.operands))


def _written_out(match: re.Match[str]) -> str:
    word = match[0]
    for parse in (parse_bytes, parse_count):
        number = parse(word)
        if number is not None:
            return str(number)
    raise ConditionError(f"--where: {word!r} is not a quantity such as 2G or 8GiB")

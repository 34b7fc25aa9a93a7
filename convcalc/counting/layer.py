"""What a rule gives for one layer: the first one that applies, its formula worked out."""

from collections.abc import Mapping
from typing import NamedTuple

from convcalc import formula
from convcalc.counting.conditions import applies
from convcalc.counting.quantities import Quantities
from convcalc.counting.record import UNKNOWN, Table
from convcalc.network.record import INPUT

_LARGEST = 2**63


class ChannelGroup(NamedTuple):
    """Layers that are equal in all that rules ask for."""

    kind: str
    size: int
    options: Mapping[str, object]
    numbers: Quantities
    skipped: bool
    """A batch norm that was folded into the layer before it."""


#: What is known of a layer without a size.
NOTHING = Quantities(batch=0)


def value_of(table: Table, group: ChannelGroup) -> int | None:
    """What a table gives for one layer; None where it is unknown."""
    if group.numbers is NOTHING:
        return None
    if group.skipped or (group.kind == INPUT and INPUT not in table.rules):
        return 0
    try:
        return _number(formula_of(table, group), group.numbers)
    except formula.FormulaError:
        return None


def why(table: Table, group: ChannelGroup) -> str:
    """Why a formula has no value for a layer; '' where the tool is not known to count it."""
    text = UNKNOWN if group.numbers is NOTHING else formula_of(table, group)
    try:
        _number(text, group.numbers)
    except formula.FormulaError as error:
        return f"{text.removeprefix('=')} has no value: {error}"
    return ""


def formula_of(table: Table, group: ChannelGroup) -> str:
    """The first rule that applies to a layer."""
    for rule in table.of(group.kind):
        if not rule.conditions or applies(rule.conditions, group.options):
            return rule.formula
    return UNKNOWN


def _number(text: str, numbers: Quantities) -> int | None:
    """A formula's value; None for `UNKNOWN`.

    Raises:
        FormulaError: it has none: an unknown window, a division with a remainder, a number too
            large or below 0.
    """
    if text == UNKNOWN:
        return None
    if text == "=0":
        return 0

    def lookup(name: str) -> int:
        value: int | None = getattr(numbers, name)
        if value is None:
            raise formula.FormulaError(f"its {name} is not one number")
        return value

    value = formula.evaluate(text, lookup)
    if not isinstance(value, int):
        raise formula.FormulaError(f"{value} is not a whole number")
    if not 0 <= value < _LARGEST:
        raise formula.FormulaError(f"{value} is below 0" if value < 0 else "beyond 2**63")
    return int(value)

"""Whether a rule's conditions hold for a layer."""

from collections.abc import Mapping

from convcalc.counting.record import Condition


def applies(conditions: tuple[Condition, ...], facts: Mapping[str, object]) -> bool:
    """Whether a layer's options and situation are as the conditions say."""
    return all(_holds(condition, facts.get(condition.option)) for condition in conditions)


def _holds(condition: Condition, found: object) -> bool:
    asked, relation = condition.value, condition.relation
    if asked is None or isinstance(asked, bool | str):
        if asked is None:
            equal = found is None or found == ()
        else:
            equal = found == asked and isinstance(found, bool) == isinstance(asked, bool)
        return equal is (relation == "==")
    if isinstance(found, tuple):
        return bool(found) and all(_compared(part, relation, asked) for part in found)
    return _compared(found, relation, asked)


def _compared(found: object, relation: str, asked: int) -> bool:
    if isinstance(found, bool) or not isinstance(found, int | float):
        return relation == "!="
    match relation:
        case "==":
            return found == asked
        case "!=":
            return found != asked
        case "<":
            return found < asked
        case "<=":
            return found <= asked
        case ">":
            return found > asked
    return found >= asked

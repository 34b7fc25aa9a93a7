"""The axes that settings make: batches, number types, optimizers."""

from collections.abc import Sequence

from convcalc.memory.settings import Setting, complaint
from convcalc.sweep.axes import Axis, AxisError, AxisValue, distinct, values_of


def setting(name: str, values: Sequence[AxisValue]) -> Axis:
    """The axis of a setting such as ``--dtype float32,float16``."""
    return Axis(name, "setting", (distinct(f"--{name}", values),))


def counts(name: str, text: str, least: int = 1) -> Axis:
    """The axis of a setting that counts, such as ``--batch 1,8..32/8``.

    Raises:
        AxisError: a value is no integer from `least` on.
    """
    parts = values_of(name, text)
    kind = "positive integer" if least else "integer from 0"
    for part in parts:
        if isinstance(part, range):
            if part.start < least:
                raise AxisError(
                    f"--{name} is {'a' if least else 'an'} {kind}, {text!r} begins below"
                )
        elif any(type(value) is not int or value < least for value in part):
            kinds = kind.replace("integer", "integers")
            raise AxisError(f"--{name} takes {kinds} such as 1,8,32 or 8..64/8")
    return Axis(name, "setting", parts)


def checked(one: Setting, axis: Axis) -> Axis:
    """An axis of values given in Python; of a range, its ends are as good as the others.

    Raises:
        AxisError: a value that the setting cannot have.
    """
    for part in axis.parts:
        for value in (part[0], part[-1]) if isinstance(part, range) else part:
            wrong = complaint(one, value)
            if wrong:
                raise AxisError(f"{one.name}: {wrong}")
    return axis


def setting_axis(one: Setting, text: str) -> Axis:
    """The axis of a setting as text, such as ``8..64/8`` or ``float32,float16``.

    Raises:
        AxisError: a value that the setting cannot have.
    """
    default = one.default
    if isinstance(default, int) and not isinstance(default, bool):
        return counts(one.name, text, one.least)
    values: list[AxisValue] = []
    for word in _values(one, text):
        value: AxisValue = word.strip()
        if isinstance(default, bool):
            value = {"true": True, "false": False}.get(word.strip().lower(), word)
        elif isinstance(default, float):
            try:
                value = float(word)
            except ValueError:
                value = word
        wrong = complaint(one, value)
        if wrong:
            raise AxisError(f"{one.flag}: {wrong}")
        values.append(value)
    return setting(one.name, values)


def _values(one: Setting, text: str) -> list[str]:
    """The values of a text: a comma sets rules of checkpointing apart, segments it joins."""
    words = text.split(",")
    if one.choices or not isinstance(one.default, str):
        return words
    from convcalc.memory.segments_named import is_rule  # for few sweeps

    return words if all(is_rule(word.strip()) for word in words) else [text]

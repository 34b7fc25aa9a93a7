"""The axes of a sweep: what is varied, and over which values.

A range is written ``16..128/8``, both ends included; values and ranges are separated by commas.
No axis is ever written out: a range of a million values is three numbers.
"""

import re
from collections.abc import Sequence
from math import gcd, isfinite
from typing import Literal, NamedTuple, assert_never

from convcalc.escape import shown
from convcalc.layers.option import Value
from convcalc.memory.settings import OFF
from convcalc.quantity import many_digits
from convcalc.shapes import Shape, parse_shapes
from convcalc.spec.document import Overrides
from convcalc.tree.scalars import AmbiguousError, resolve

Role = Literal["variable", "input", "setting"]
AxisValue = Value | Shape

_RANGE = re.compile(r"(-?[0-9]{1,18})\.\.(-?[0-9]{1,18})(?:/([0-9]{1,18}))?\Z", re.A)
_MISTYPED = 100  #: letters of a text that is compared with other tools' notation
_MOST_VALUES = 100_000  #: values written one by one on an axis


class AxisError(ValueError):
    """An axis that cannot be; the message says what to write instead."""


class Axis(NamedTuple):
    """One thing that is varied."""

    name: str
    """The variable's name; ``input``, or a setting such as ``batch``."""
    role: Role
    parts: tuple[range | tuple[AxisValue, ...], ...]

    @property
    def length(self) -> int:
        """How many values there are."""
        return sum(map(_length, self.parts))

    @property
    def varies_net(self) -> bool:
        """Whether the net differs from value to value; a setting leaves it as it is."""
        match self.role:
            case "variable" | "input":
                return True
            case "setting":
                return False
            case _:
                assert_never(self.role)

    @property
    def is_comparable(self) -> bool:
        """Whether a condition can compare its values with a number or word; a shape is neither."""
        match self.role:
            case "variable" | "setting":
                return True
            case "input":
                return False
            case _:
                assert_never(self.role)

    @property
    def is_ordered(self) -> bool:
        """Whether all its values are numbers, so that rows can be sorted by them."""
        kinds = (type(value) for part in self.parts if isinstance(part, tuple) for value in part)
        return all(kind in {int, float} for kind in kinds)

    def value(self, index: int) -> AxisValue:
        """The value of that number, from 0."""
        for part in self.parts:
            length = _length(part)
            if index < length:
                return part[index]
            index -= length
        raise IndexError(self.name)


def _length(part: "Sequence[AxisValue]") -> int:
    """Of a range too, whatever its length: `len` stops at 2**63."""
    if isinstance(part, range):
        return max(0, (part.stop - part.start + part.step - 1) // part.step)
    return len(part)


def applied(
    axes: Sequence[Axis], values: Sequence[AxisValue], overrides: Overrides
) -> tuple[Overrides, dict[str, AxisValue]]:
    """One variant: the overrides with what its axes say of the spec, and the settings they give.

    Args:
        axes: what is varied.
        values: the value on each of them.
        overrides: what is set in every variant.
    """
    variables = dict(overrides.variables)
    settings: dict[str, AxisValue] = {}
    for axis, value in zip(axes, values, strict=True):
        match axis.role:
            case "variable":
                variables[axis.name] = value
            case "input":
                overrides = overrides._replace(input=value)  # type: ignore[arg-type]
            case "setting":
                settings[axis.name] = value
            case _:
                assert_never(axis.role)
    return overrides._replace(variables=tuple(variables.items())), settings


def variable(text: str) -> Axis:
    """The axis of ``--set NAME=VALUES``.

    Raises:
        AxisError: no name, or no values.

    >>> variable("width=16..32/8,48").length
    4
    """
    name, equals, values = text.partition("=")
    if not equals or not name.strip().isidentifier():
        raise AxisError(f"{text!r} is not NAME=VALUES, such as width=16..64/8 or depth=2,3,4")
    return Axis(name.strip(), "variable", values_of(name.strip(), values))


def inputs(texts: Sequence[str], name: str = "--input") -> Axis | None:
    """The axis of ``--input``, or as it is called elsewhere; None where none is given.

    Raises:
        AxisError: something is no shape.
    """
    shapes: list[Shape] = []
    for text in texts:
        try:
            shapes += parse_shapes(text)
        except ValueError as error:
            raise AxisError(f"{name}: {error}") from error
    return Axis("input", "input", (distinct(name, shapes),)) if shapes else None


def given(name: str, role: Role, values: object) -> Axis:
    """The axis of values given in Python: one, several, or a range.

    Raises:
        AxisError: no values, or one twice.
    """
    if isinstance(values, range):
        if values.step < 1 or not values:
            raise AxisError(f"{name}: {values!r} is empty or goes down")
        if many_digits(max(values[0], values[-1], key=abs)):
            raise AxisError(f"{name}: {many_digits(10**18)}")
        return Axis(name, role, (values,))
    several = isinstance(values, Sequence) and not isinstance(values, str | bytes | bytearray)
    from convcalc.sweep.mistyped import in_python

    found: Sequence[AxisValue] = values if several else (values,)  # type: ignore[assignment]
    if not found:
        raise AxisError(f"{name} has no values")
    if role == "setting" and name == "clip_grad":  # as reports state that nothing is clipped
        found = [OFF if value is None else value for value in found]
    for value in found:
        if not isinstance(value, int | float | str):
            raise AxisError(f"{name}: {shown(value)} is not a number, word or truth value")
        if isinstance(value, str) and (meant := in_python(value)):
            raise AxisError(f"{name}: {shown(value)} is text: write {meant}")
        if isinstance(value, float) and not isfinite(value):
            raise AxisError(f"{name}: {value!r} is not a finite number")
        if many_digits(value):
            raise AxisError(f"{name}: {many_digits(value)}")
    return Axis(name, role, (distinct(name, found),))


def values_of(name: str, text: str) -> tuple[range | tuple[AxisValue, ...], ...]:
    """The values and ranges of an axis, in their order.

    Raises:
        AxisError: one cannot be read, or is there twice.
    """
    parts: list[range | tuple[AxisValue, ...]] = []
    single: list[AxisValue] = []
    words = [word.strip() for word in text.split(",")]
    _refuse_mistyped(name, text)
    if len(words) > _MOST_VALUES:
        raise AxisError(f"{name}: {len(words):,} values; write a range such as 1..100000")
    for word in words:
        if not word:
            raise AxisError(f"{name}={text!r} has an empty value")
        match = _RANGE.match(word)
        if match is None:
            _refuse_mistyped(name, word)
            single.append(_plain(name, word))
            continue
        if single:
            parts.append(tuple(single))
            single = []
        parts.append(_range(name, word, *match.groups()))
    if single:
        parts.append(tuple(single))
    distinct(name, [value for part in parts if not isinstance(part, range) for value in part])
    _apart(name, parts)
    return tuple(parts)


def _apart(name: str, parts: Sequence[range | tuple[AxisValue, ...]]) -> None:
    """Refuse a range that has a value which is there beside it.

    Raises:
        AxisError: it has; the message names the value.
    """
    for number, part in enumerate(parts):
        if not isinstance(part, range):
            continue
        for other in (*parts[:number], *parts[number + 1 :]):
            twice = _shared(part, other)
            if twice is not None:
                raise AxisError(f"{name} has {twice!r} twice")


def _shared(part: range, other: range | tuple[AxisValue, ...]) -> AxisValue:
    """A value that a range has in common with other values; None for none."""
    if not isinstance(other, range):
        return next((value for value in other if value in part), None)
    step = gcd(part.step, other.step)
    if (other.start - part.start) % step:
        return None
    turns = other.step // step
    ahead = (other.start - part.start) // step * pow(part.step // step, -1, turns) % turns
    value = part.start + ahead * part.step  # the first of both, were they without ends
    least, together = max(part.start, other.start), part.step * turns
    value += -(-(least - value) // together) * together
    return value if value <= min(part[-1], other[-1]) else None


def _range(name: str, word: str, first: str, last: str, step: str | None) -> range:
    start, end, by = int(first), int(last), int(step or 1)
    if by < 1:
        raise AxisError(f"{name}={word}: the step of a range is at least 1")
    if end < start:
        raise AxisError(f"{name}={word} is empty: a range goes up, such as {end}..{start}")
    left = (end - start) % by
    if left:
        raise AxisError(
            f"{name}={word} does not reach {end}: steps of {by} end at {end - left} or "
            f"{end - left + by}"
        )
    return range(start, end + 1, by)


def _refuse_mistyped(name: str, text: str) -> None:
    """Refuse a range, or values, that are written as elsewhere.

    Raises:
        AxisError: they are; the message has them as they are written here.
    """
    if text[1:].isdigit() or len(text) > _MISTYPED:
        return  # one value of very many
    from convcalc.sweep.mistyped import complaint

    wrong = complaint(text)
    if wrong:
        raise AxisError(f"{name}: {wrong}")


def _plain(name: str, word: str) -> AxisValue:
    try:
        value = resolve(word)
    except AmbiguousError as error:
        raise AxisError(f"{name}: {error}") from error
    if value is None:
        raise AxisError(f"{name}: {word!r} is not a value")
    return value


def distinct(name: str, values: Sequence[AxisValue]) -> tuple[AxisValue, ...]:
    """The values of an axis.

    Raises:
        AxisError: one is there twice.
    """
    seen: set[AxisValue] = set()
    for value in values:
        if value in seen:
            raise AxisError(f"{name} has {value!r} twice")
        seen.add(value)
    return tuple(values)

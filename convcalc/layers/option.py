"""Options of a layer kind, declared once: type, range, default and documentation.

The spec reader, `explain`, the JSON Schema and the generated documentation all read these
declarations. An option is a descriptor, so a kind reads like a record::

    class Conv(Layer):
        filters = Count("number of filters, the channels of the output")
        stride = PerAxis("step of the window", default=1)

An `Option` without ``__set__`` loses to the instance's own value, so reading ``conv.stride`` costs
a plain attribute look-up.
"""

from math import isfinite
from typing import Any, Generic, Self, TypeVar, overload

from convcalc.shapes import LARGEST_SIZE, Shape, parse_shape
from convcalc.window import Rounding

T = TypeVar("T")

#: What the spec reader hands to an option: a scalar of YAML's core schema or a flat list of them.
Value = int | float | bool | str | tuple["Value", ...] | None


class RejectedError(Exception):
    """A value that an option does not take; the spec reader adds the place."""


class Required:
    """Marks an option without a default."""


REQUIRED = Required()


class Option(Generic[T]):
    """One option of a layer kind."""

    name: str
    wants = "a value"
    alias = ""
    #: whether the option is no size: the quotient of two integers need not be one
    takes_fractions = False

    def __init__(self, doc: str, default: T | Required = REQUIRED, letter: str = "") -> None:
        self.doc = doc
        self.default = default
        #: whether the option must be given
        self.required = isinstance(default, Required)
        #: the notes' letter (K, F, S, P) under which the option may also be given
        self.letter = letter

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | T:
        if instance is None:
            return self
        raise AttributeError(f"{owner.__name__}.{self.name} was not given")

    @property
    def key(self) -> str:
        """The option as a spec writes it; `alias` where Python needs the name otherwise."""
        return self.alias or self.name

    def accept(self, value: Value) -> T:
        """The value as the layer keeps it.

        Raises:
            RejectedError: the value is of the wrong type or out of range; says what was expected.
        """
        raise NotImplementedError

    def takes(self, value: Value) -> bool:
        """Whether the value is one of this option's."""
        try:
            self.accept(value)
        except RejectedError:
            return False
        return True

    def reject(self, value: Value) -> RejectedError:
        """The error for a value this option does not take."""
        return RejectedError(f"{self.key}: expected {self.wants}, got {shown(value)}")


def shown(value: Value) -> str:
    """A value as the spec writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(shown, value)) + "]"
    return repr(value) if isinstance(value, str) else str(value)


def is_integer(value: Value, minimum: int) -> bool:
    """Whether value is a true integer (not a boolean) from `minimum` to the largest size."""
    return type(value) is int and minimum <= value <= LARGEST_SIZE


def integers(value: Value, minimum: int) -> Shape:
    """One true integer from `minimum`, or several, as a tuple; () where a number is another."""
    values = value if isinstance(value, tuple) else (value,)
    sizes = tuple(v for v in values if isinstance(v, int) and is_integer(v, minimum))
    return sizes if len(sizes) == len(values) else ()


class Count(Option[int]):
    """A whole number."""

    def __init__(
        self, doc: str, default: int | Required = REQUIRED, letter: str = "", minimum: int = 1
    ) -> None:
        super().__init__(doc, default, letter)
        self.minimum = minimum
        self.wants = f"an integer from {minimum}" if minimum != 1 else "a positive integer"

    def accept(self, value: Value) -> int:
        if isinstance(value, int) and is_integer(value, self.minimum):
            return value
        raise self.reject(value)


class PerAxis(Option[Shape]):
    """One whole number for all spatial axes, or one per axis, also ``3x5``; a tuple of 1 or n."""

    def __init__(
        self,
        doc: str,
        default: Shape | Required | None = REQUIRED,
        letter: str = "",
        minimum: int = 1,
    ) -> None:
        super().__init__(doc, default, letter)  # type: ignore[arg-type]
        self.minimum = minimum
        self.wants = (
            f"{'a positive integer' if minimum == 1 else f'an integer from {minimum}'}"
            " or one per axis such as [3, 5]"
        )

    def accept(self, value: Value) -> Shape:
        if isinstance(value, str) and "x" in value.lower():
            value = parse_shape(value) or value
        sizes = integers(value, self.minimum)
        if not 1 <= len(sizes) <= 3:
            raise self.reject(value)
        return sizes


class Extent(Option[Shape]):
    """A spatial size: one whole number for all axes, one per axis, or ``HxW``."""

    wants = "a size such as 7, [7, 7] or 7x7"

    def accept(self, value: Value) -> Shape:
        sizes = parse_shape(value) if isinstance(value, str) else integers(value, 1)
        if not sizes or len(sizes) > 4:
            raise self.reject(value)
        return sizes


class Sides(Option[Shape | str]):
    """Padding: one number, one per axis, explicit sides, ``same`` or ``valid``.

    Kept as given: a tuple of 1, n or 2n numbers, or the word ``same`` (``valid`` is 0).
    """

    words = ("same", "valid")
    wants = "an integer from 0, one per axis, sides [top, bottom, left, right], same or valid"

    def accept(self, value: Value) -> Shape | str:
        if isinstance(value, str) and value in self.words:
            return (0,) if value == "valid" else value
        sizes = integers(_by_axis(value), 0)
        if len(sizes) not in {1, 2, 3, 4, 6}:
            raise self.reject(value)
        return sizes


def _by_axis(value: Value) -> Value:
    """``1x2``, one number per axis as a text; a pad may be 0, which no size is."""
    parts = [part.strip() for part in value.lower().split("x")] if isinstance(value, str) else []
    known = len(parts) in {2, 3} and all(p.isascii() and p.isdigit() and len(p) < 10 for p in parts)
    return tuple(map(int, parts)) if known else value


class Flag(Option[bool]):
    """true or false."""

    wants = "true or false"

    def accept(self, value: Value) -> bool:
        if isinstance(value, bool):
            return value
        raise self.reject(value)


class InPlace(Option[bool | None]):
    """true, false, or not given: decided from who else reads the input."""

    wants = "true or false"

    def accept(self, value: Value) -> bool | None:
        if isinstance(value, bool):
            return value
        raise self.reject(value)


def _finite(value: Value) -> float | None:
    """A number that is one, neither infinite nor NaN; None for anything else."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if isfinite(value) else None


class Number(Option[float]):
    """A real number in [minimum, maximum]."""

    takes_fractions = True

    def __init__(
        self,
        doc: str,
        default: float | Required = REQUIRED,
        minimum: float = float("-inf"),
        maximum: float = float("inf"),
    ) -> None:
        super().__init__(doc, default)
        self.minimum = minimum
        self.maximum = maximum
        low, high = minimum > float("-inf"), maximum < float("inf")
        bounds = f" from {minimum:g} to {maximum:g}" if high else f" from {minimum:g}"
        self.wants = "a number" + (bounds if low else "")

    def accept(self, value: Value) -> float:
        number = _finite(value)
        if number is None or not self.minimum <= number <= self.maximum:
            raise self.reject(value)
        return number


class OptionalNumber(Option[float | None]):
    """A real number, or not given."""

    wants = "a number"
    takes_fractions = True

    def accept(self, value: Value) -> float | None:
        number = _finite(value)
        if number is None:
            raise self.reject(value)
        return number


class RoundingChoice(Option[Rounding | None]):
    """exact, floor or ceil; not given: as the file says."""

    words = tuple(Rounding)
    wants = "exact, floor or ceil"

    def accept(self, value: Value) -> Rounding | None:
        if isinstance(value, str) and value in self.words:
            return Rounding(value)
        raise self.reject(value)


def options_of(kind: type[Any]) -> tuple[Option[Any], ...]:
    """All options of a layer class, as people write them: filters, kernel, stride, pad first."""
    found: dict[str, Option[Any]] = {}
    for cls in reversed(kind.__mro__):
        for name, member in vars(cls).items():
            if isinstance(member, Option):
                found[name] = member
    return tuple(sorted(found.values(), key=lambda option: _RANK.get(option.key, len(_RANK))))


#: The order in which people write options; the rest follows as declared.
_RANK = {
    key: rank
    for rank, key in enumerate(
        ("filters", "units", "kernel", "stride", "pad", "output_pad", "dilation", "groups")
    )
}

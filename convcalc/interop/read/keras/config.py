"""The configuration of a Keras layer, read with types."""

from typing import Any

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.axes import NoAxisError, placed
from convcalc.interop.read.given import Given
from convcalc.shapes import LARGEST_SIZE


class Config:
    """The `config` of a layer, read with types."""

    def __init__(self, values: dict[str, Any], name: str) -> None:
        self.values = Given(values)
        self.name = name

    def fail(self, key: str) -> UnreadableError:
        """The refusal of a value."""
        text = plain(str(self.values.get(key))[:60])
        return UnreadableError(f"layer {self.name}: {key} is {text}")

    def integer(self, key: str, default: int | None = None) -> int:
        """An integer from 0 to 2**31."""
        found = self.values.get(key, default)
        if type(found) is not int or not 0 <= found <= LARGEST_SIZE:
            raise self.fail(key)
        return found

    def ints(self, key: str) -> tuple[int, ...] | None:
        """Integers, as a tuple; None where there is none."""
        found = self.values.get(key)
        if found is None:
            return None
        listed = found if isinstance(found, list) else [found]
        if (
            not listed
            or len(listed) > 8
            or any(type(i) is not int or not -1 <= i <= LARGEST_SIZE for i in listed)
        ):
            raise self.fail(key)
        return tuple(listed)

    def placed(self, axis: int, rank: int) -> int:
        """An axis of a volume with its batch, counted from 0.

        Raises:
            UnreadableError: there is no such axis.
        """
        try:
            return placed(axis, rank)
        except NoAxisError as error:
            raise UnreadableError(f"layer {self.name}: {error}") from error

    def pairs(self, key: str, axes: int) -> tuple[int, ...]:
        """Sides of each axis in turn: from one number, one per axis, or a pair an axis."""
        found = self.values.get(key)
        if type(found) is int:
            found = [found] * axes
        if not isinstance(found, list) or len(found) > 8:
            raise self.fail(key)
        if axes == 1 and len(found) == 2 and all(type(i) is int for i in found):
            found = [found]
        sides: list[int] = []
        for entry in found:
            pair = [entry, entry] if type(entry) is int else entry
            if not isinstance(pair, list) or len(pair) != 2:
                raise self.fail(key)
            if any(type(i) is not int or not 0 <= i <= LARGEST_SIZE for i in pair):
                raise self.fail(key)
            sides += pair
        return tuple(sides)

    def number(self, key: str, default: float) -> float:
        """A number."""
        found = self.values.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise self.fail(key)
        return float(found)

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        found = self.values.get(key, default)
        if not isinstance(found, bool):
            raise self.fail(key)
        return found

    def text(self, key: str, default: str = "") -> str:
        """Text; the default where there is none."""
        found = self.values.get(key)
        found = default if found is None else found
        if not isinstance(found, str):
            raise self.fail(key)
        return found

    def get(self, key: str) -> Any:
        """The value as it is."""
        return self.values.get(key)

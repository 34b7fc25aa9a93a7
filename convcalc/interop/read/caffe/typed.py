"""Fields with their types, as protobuf takes them: one value or several, in quotes or without."""

import re
from typing import Any

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.caffe.text import Message, Value
from convcalc.interop.read.digits import integer, real
from convcalc.shapes import LARGEST_SIZE

_HEX, _OCTAL = re.compile(r"0x[0-9a-f]{1,16}"), re.compile(r"0[0-7]{1,20}")
_LEADING_ZERO = re.compile(r"-?0[0-9]")
_FLAGS = {
    **dict.fromkeys(("true", "True", "t"), True),
    **dict.fromkeys(("false", "False", "f"), False),
}


def _integer(text: str) -> int | None:
    """An integer as protobuf writes it: decimal, 0x10, or 010 for 8; None where it is none."""
    digits = text.removeprefix("-").lower()
    if _HEX.fullmatch(digits) or _OCTAL.fullmatch(digits):
        found = int(digits, 16 if "x" in digits else 8)
        return None if found > LARGEST_SIZE else -found if text.startswith("-") else found
    return None if len(digits) > 1 and digits[0] == "0" else integer(text, LARGEST_SIZE)


class TextFields:
    """A message, read with types.

    What is asked for as one value stands once, as protobuf wants it of such a field; a text is in
    quotes, and anything else without.
    """

    def __init__(self, message: Message, layer: str) -> None:
        self.message = message
        self.layer = layer

    def wrong(self, name: str, value: Any, why: str) -> UnreadableError:
        """The refusal of a field."""
        line = f"line {value.line}, " if isinstance(value, Value | Message) else ""
        return UnreadableError(f"{line}layer {plain(self.layer[:80])}: {plain(name[:40])} {why}")

    def fail(self, name: str, value: Any) -> UnreadableError:
        """The refusal of a value."""
        return self.wrong(name, value, f"is {plain(str(value)[:40])}")

    def values(self, name: str) -> list[Value]:
        """All values of a name.

        Raises:
            UnreadableError: one is a message, where Caffe takes a value.
        """
        found = self.message.get(name, [])
        for value in found:
            if isinstance(value, Message):
                raise self.wrong(name, value, "is in braces: Caffe takes a value")
        return found

    def messages(self, name: str) -> list["TextFields"]:
        """All messages of a name.

        Raises:
            UnreadableError: one is a value, where Caffe takes a message.
        """
        found = self.message.get(name, [])
        for value in found:
            if not isinstance(value, Message):
                raise self.wrong(name, value, f"is {plain(value[:40])}: Caffe takes braces")
        return [TextFields(value, self.layer) for value in found]

    def once(self, name: str, found: list[Any]) -> None:
        """Refuse a second value, and brackets, which are for several.

        Raises:
            UnreadableError: protobuf takes one, without brackets.
        """
        if len(found) > 1:
            first = f"line {found[0].line}"
            raise self.wrong(name, found[1], f"is stated again, after {first}: Caffe takes it once")
        if found and found[0].listed:
            raise self.wrong(name, found[0], "is in brackets: Caffe takes one value")

    def inner(self, name: str) -> "TextFields":
        """A message inside; empty where it is absent."""
        found = self.messages(name)
        self.once(name, self.message.get(name, []))
        return found[0] if found else TextFields(Message(), self.layer)

    def words(self, name: str) -> list[str]:
        """All texts of a name.

        Raises:
            UnreadableError: one has no quotes, or bytes that are no UTF-8.
        """
        found = self.values(name)
        for value in found:
            if not value.quoted:
                why = f"is {plain(value[:40])} without quotes: Caffe takes it in quotes"
                raise self.wrong(name, value, why)
            if value.garbled:
                raise self.wrong(name, value, f"is {plain(value[:40])}, which is no UTF-8")
        return list(found)

    def word(self, name: str, default: str = "") -> str:
        """A text."""
        found = self.words(name)
        self.once(name, found)
        return found[0] if found else default

    def bare(self, name: str) -> list[Value]:
        """All values of a name that stand without quotes: numbers, flags, words of a list.

        Raises:
            UnreadableError: one is in quotes, which protobuf refuses.
        """
        found = self.values(name)
        for value in found:
            if value.quoted:
                why = f'is "{plain(value[:40])}" in quotes: Caffe takes it without'
                raise self.wrong(name, value, why)
        return found

    def one(self, name: str) -> Value | None:
        """The value of a name, without quotes; None where it is absent."""
        found = self.bare(name)
        self.once(name, found)
        return found[0] if found else None

    def choice(self, name: str, words: tuple[str, ...], default: str) -> str:
        """One of a list of words, or a word of a fork's longer list.

        Args:
            name: the field.
            words: in the order of their numbers, which may stand in their place.
            default: where it is absent.
        """
        value = self.one(name)
        if value is None:
            return default
        if value[0].isdigit() or value[0] in ".-":
            number = _integer(value)
            if number is None or not 0 <= number < len(words):
                raise self.fail(name, value)
            return words[number]
        return value

    def ints(self, name: str) -> tuple[int, ...]:
        """All values of a name as integers from -2**31 to 2**31."""
        found = []
        for value in self.bare(name):
            number = _integer(value)
            if number is None:
                raise self.fail(name, value)
            found.append(number)
        return tuple(found)

    def integer(self, name: str, default: int) -> int:
        """An integer."""
        self.one(name)
        return (*self.ints(name), default)[0]

    def numbers(self, name: str) -> list[float]:
        """All values of a name as numbers."""
        found = []
        for value in self.bare(name):
            number = (
                None
                if _LEADING_ZERO.match(value)
                else real(value[:-1] if value[-1:] in "fF" else value)
            )
            if number is None:
                raise self.fail(name, value)
            found.append(number)
        return found

    def number(self, name: str, default: float) -> float:
        """A number."""
        self.one(name)
        return (*self.numbers(name), default)[0]

    def flag(self, name: str, default: bool) -> bool:
        """True or false, or 1 or 0."""
        value = self.one(name)
        if value is None:
            return default
        number = _integer(value)
        if value not in _FLAGS and number not in {0, 1}:
            raise self.fail(name, value)
        return _FLAGS.get(value, number == 1)

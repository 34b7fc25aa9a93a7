"""protobuf's text format as Caffe uses it, read without recursion and with limits."""

import re
from typing import Any

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.digits import integer, real
from convcalc.shapes import LARGEST_SIZE

MOST_BYTES = 2**20
_MOST_TOKENS = 100_000
_DEEPEST = 32
_TEXT = r"""(?:"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')"""
_ASIDE = r"\#[^\n]*+"  #: a comment
_TOKEN = re.compile(
    rf"""(?P<space>[\s,;]+|{_ASIDE})|(?P<open>[{{<])|(?P<close>[}}>])|(?P<list>\[)|(?P<end>\])"""
    rf"""|(?P<colon>:)|(?P<text>{_TEXT}(?:(?:\s|{_ASIDE})*+{_TEXT})*+)"""
    r"""|(?P<word>[A-Za-z0-9_.+\-/]+)|(?P<bad>.)""",
    re.DOTALL,
)
_PIECE = re.compile(rf"{_ASIDE}|({_TEXT})", re.DOTALL)

#: a message: every field has the list of its values, in order
Message = dict[str, list[Any]]


class Value(str):
    """A value as it is written, and where."""

    __slots__ = ("line", "quoted")
    line: int
    quoted: bool


def _value(text: str, line: int, quoted: bool) -> Value:
    found = Value(text)
    found.line, found.quoted = line, quoted
    return found


def parse(text: str) -> Message:
    """The message of a text.

    Raises:
        UnreadableError: it is none, or too long or too deep; says in which line.
    """
    root: Message = {}
    stack = [root]
    lists: list[str | None] = []  # by the messages of the stack the list that each stands in
    name: str | None = None
    listed = False
    count = 0
    line = 1
    for match in _TOKEN.finditer(text):
        sort, token = match.lastgroup, match.group()
        at, line = line, line + token.count("\n")
        if sort == "space":
            continue
        pieces = [piece[1:-1] for piece in _PIECE.findall(token) if piece] if sort == "text" else []
        count += max(len(pieces), 1)
        if count > _MOST_TOKENS:
            raise UnreadableError(f"more than {_MOST_TOKENS:,} words")
        if sort == "open":
            if name is None:
                raise _error(text, match.start(), "a brace without a name before it")
            inner: Message = {}
            stack[-1].setdefault(name, []).append(inner)
            stack.append(inner)
            lists.append(name if listed else None)
            listed = False
            if len(stack) > _DEEPEST:
                raise _error(text, match.start(), f"nested deeper than {_DEEPEST}")
            name = None
        elif sort == "close":
            if len(stack) == 1 or name is not None:
                raise _error(text, match.start(), "a closing brace too many")
            stack.pop()
            name = lists.pop()
            listed = name is not None
        elif sort == "list" and name is not None and not listed:
            listed = True
        elif sort == "end" and listed:
            listed, name = False, None
        elif sort in {"word", "text"}:
            if name is None:
                if sort == "text":
                    raise _error(text, match.start(), "a value without a name before it")
                name = token
                continue
            found = stack[-1].setdefault(name, [])
            found.append(_value("".join(pieces) if pieces else token, at, sort == "text"))
            if not listed:
                name = None
        elif sort == "colon" and name is not None:
            continue
        else:
            what = "a quote without its end" if token in "\"'" else f"{token!r} is out of place"
            raise _error(text, match.start(), what)
    if len(stack) > 1 or name is not None:
        raise UnreadableError("the text ends within a layer: it is cut off")
    return root


def _error(text: str, offset: int, what: str) -> UnreadableError:
    return UnreadableError(f"line {text.count(chr(10), 0, offset) + 1}: {what}")


def _integer(text: str) -> int | None:
    """An integer as protobuf writes it: decimal, 0x10, or 010 for 8; None where it is none."""
    digits = text.removeprefix("-").lower()
    if _HEX.fullmatch(digits) or _OCTAL.fullmatch(digits):
        found = int(digits, 16 if "x" in digits else 8)
        return None if found > LARGEST_SIZE else -found if text.startswith("-") else found
    return None if len(digits) > 1 and digits[0] == "0" else integer(text, LARGEST_SIZE)


_HEX, _OCTAL = re.compile(r"0x[0-9a-f]{1,16}"), re.compile(r"0[0-7]{1,20}")


class TextFields:
    """A message, read with types."""

    def __init__(self, message: Message, layer: str) -> None:
        self.message = message
        self.layer = layer

    def fail(self, name: str, value: Any) -> UnreadableError:
        """The refusal of a value."""
        from convcalc.findings import plain

        line = f"line {value.line}, " if isinstance(value, Value) else ""
        shown = plain(str(value)[:40])
        if isinstance(value, Value) and value.quoted:
            shown = f'"{shown}" in quotes: Caffe takes it without'
        return UnreadableError(f"{line}layer {plain(self.layer)}: {name} is {shown}")

    def inner(self, name: str) -> "TextFields":
        """A message inside; empty where it is absent."""
        for value in self.message.get(name, ()):
            if isinstance(value, dict):
                return TextFields(value, self.layer)
        return TextFields({}, self.layer)

    def messages(self, name: str) -> list["TextFields"]:
        """All messages of a name."""
        values = self.message.get(name, ())
        return [TextFields(value, self.layer) for value in values if isinstance(value, dict)]

    def words(self, name: str) -> list[str]:
        """All values of a name."""
        return [value for value in self.message.get(name, ()) if isinstance(value, str)]

    def word(self, name: str, default: str = "") -> str:
        """The last value of a name."""
        found = self.words(name)
        return found[-1] if found else default

    def bare(self, name: str) -> list[str]:
        """All values of a name that stand without quotes: numbers, flags, words of a list.

        Raises:
            UnreadableError: one is in quotes, which protobuf refuses.
        """
        found = self.words(name)
        for value in found:
            if isinstance(value, Value) and value.quoted:
                raise self.fail(name, value)
        return found

    def choice(self, name: str, default: str = "") -> str:
        """The last value of a name, one of a few words."""
        found = self.bare(name)
        return found[-1] if found else default

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
        """The last value of a name as an integer."""
        found = self.ints(name)
        return found[-1] if found else default

    def number(self, name: str, default: float) -> float:
        """The last value of a name as a number."""
        value = self.choice(name)
        if not value:
            return default
        number = real(value[:-1] if value[-1] in "fF" else value)
        if number is None:
            raise self.fail(name, value)
        return number

    def flag(self, name: str, default: bool) -> bool:
        """The last value of a name as true or false."""
        value = self.choice(name)
        if value.lower() in {"true", "1", "false", "0"}:
            return value.lower() in {"true", "1"}
        if value:
            raise self.fail(name, value)
        return default

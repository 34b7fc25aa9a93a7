"""protobuf's text format as Caffe uses it, read without recursion and with limits."""

import re
from typing import Any

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.digits import integer, real
from convcalc.shapes import LARGEST_SIZE

MOST_BYTES = 2**20
_MOST_TOKENS = 100_000
_DEEPEST = 32
_TOKEN = re.compile(
    r"""(?P<space>[\s,;]+|\#[^\n]*)|(?P<open>[{<])|(?P<close>[}>])|(?P<list>\[)|(?P<end>\])"""
    r"""|(?P<colon>:)|(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<word>[A-Za-z0-9_.+\-/]+)|(?P<bad>.)""",
    re.DOTALL,
)

#: a message: every field has the list of its values, in order
Message = dict[str, list[Any]]


def parse(text: str) -> Message:
    """The message of a text.

    Raises:
        UnreadableError: it is none, or too long or too deep; says in which line.
    """
    root: Message = {}
    stack = [root]
    name: str | None = None
    listed = False
    count = 0
    for match in _TOKEN.finditer(text):
        sort, token = match.lastgroup, match.group()
        if sort == "space":
            continue
        count += 1
        if count > _MOST_TOKENS:
            raise UnreadableError(f"more than {_MOST_TOKENS:,} words")
        if sort == "open":
            if name is None:
                raise _error(text, match.start(), "a brace without a name before it")
            inner: Message = {}
            stack[-1].setdefault(name, []).append(inner)
            stack.append(inner)
            if len(stack) > _DEEPEST:
                raise _error(text, match.start(), f"nested deeper than {_DEEPEST}")
            name = None
        elif sort == "close":
            if len(stack) == 1 or name is not None:
                raise _error(text, match.start(), "a closing brace too many")
            stack.pop()
        elif sort == "list" and name is not None:
            listed = True
        elif sort == "end" and listed:
            listed, name = False, None
        elif sort in {"word", "text"}:
            if name is None:
                if sort == "text":
                    raise _error(text, match.start(), "a value without a name before it")
                name = token
                continue
            stack[-1].setdefault(name, []).append(token[1:-1] if sort == "text" else token)
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


class TextFields:
    """A message, read with types."""

    def __init__(self, message: Message, layer: str) -> None:
        self.message = message
        self.layer = layer

    def fail(self, name: str, value: Any) -> UnreadableError:
        """The refusal of a value."""
        from convcalc.findings import plain

        shown = plain(str(value)[:40])
        return UnreadableError(f"layer {plain(self.layer)}: {name} is {shown}")

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

    def ints(self, name: str) -> tuple[int, ...]:
        """All values of a name as integers from -2**31 to 2**31."""
        found = []
        for value in self.words(name):
            number = integer(value, LARGEST_SIZE)
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
        value = self.word(name)
        if not value:
            return default
        number = real(value[:-1] if value[-1] in "fF" else value)
        if number is None:
            raise self.fail(name, value)
        return number

    def flag(self, name: str, default: bool) -> bool:
        """The last value of a name as true or false."""
        value = self.word(name).lower()
        if value in {"true", "1", "false", "0"}:
            return value in {"true", "1"}
        if value:
            raise self.fail(name, value)
        return default

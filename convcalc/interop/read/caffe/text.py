"""protobuf's text format as Caffe uses it, read without recursion and with limits."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.caffe.tokens import Token, tokens

_DEEPEST = 32
_CLOSING = {"{": "}", "<": ">"}


class Message(dict[str, list[Any]]):
    """A message: every field has the list of its values, in order; and where it begins."""

    __slots__ = ("line", "listed")
    line: int
    listed: bool
    """Whether it stands in brackets, as only values of repeated fields do."""


class Value(str):
    """A value as it is meant, and how it is written."""

    __slots__ = ("garbled", "line", "listed", "quoted")
    line: int
    quoted: bool
    garbled: bool
    """Whether it has bytes that are no UTF-8: others may look like it."""
    listed: bool


def parse(data: bytes) -> Message:
    """The message of a file, by the grammar that protobuf's own parser has.

    A colon may lack before a message alone; in brackets stand commas, elsewhere a comma or
    semicolon may follow each field.

    Raises:
        UnreadableError: it is none, or too long or too deep; says in which line.
    """
    return _Parser(tokens(data)).whole()


class _Frame(NamedTuple):
    """A message that is being read."""

    message: Message
    closing: str
    name: str


class _Parser:
    """The words that are left, one ahead."""

    def __init__(self, words: Iterator[Token]) -> None:
        self.words = words
        self.at = next(words, None)
        self.stack: list[_Frame] = []

    def whole(self) -> Message:
        """Field after field, and message within message."""
        root = _message(1, False)
        self.stack.append(_Frame(root, "", ""))
        while self.at is not None:
            closing = self.stack[-1].closing
            if not closing or not self.takes(closing):
                self.field()
                continue
            inner, _, name = self.stack.pop()
            if inner.listed and self.another():
                self.open(name, True)
            elif not inner.listed:
                self.separator()
        if len(self.stack) > 1:
            raise UnreadableError(_CUT_OFF)
        return root

    def field(self) -> None:
        """A name, and its value or values or the beginning of its message."""
        token = self.take()
        if token.sort != "word":
            raise _error(token, _PLACES.get(token.text) if token.sort == "sign" else _NO_NAME)
        colon, listed = self.takes(":"), self.takes("[")
        found = self.stack[-1].message.setdefault(token.text, [])
        if listed and self.takes("]"):
            self.separator()
        elif self.at is not None and self.at.sort == "sign" and self.at.text in _CLOSING:
            self.open(token.text, listed)
        elif not colon:
            raise _error(token, f"{token.text[:40]} has no colon behind it")
        else:
            found.append(self.value(listed))
            while listed and self.another():
                found.append(self.value(listed))
            if not listed:
                self.separator()

    def open(self, name: str, listed: bool) -> None:
        """Begin a message."""
        token = self.take()
        if token.sort != "sign" or token.text not in _CLOSING:
            raise _error(token)
        inner = _message(token.line, listed)
        self.stack[-1].message[name].append(inner)
        self.stack.append(_Frame(inner, _CLOSING[token.text], name))
        if len(self.stack) > _DEEPEST:
            raise _error(token, f"nested deeper than {_DEEPEST}")

    def value(self, listed: bool) -> Value:
        """Texts side by side, which are one; or a number or word, with a minus or without."""
        minus = "-" if self.takes("-") else ""
        first = self.take()
        if first.sort == "sign" or (minus and first.sort == "text"):
            raise _error(first)
        parts = [first]
        while first.sort == "text" and self.at is not None and self.at.sort == "text":
            parts.append(self.take())
        found = Value(minus + "".join(part.text for part in parts))
        found.line, found.quoted, found.listed = first.line, first.sort == "text", listed
        found.garbled = any(part.garbled for part in parts)
        return found

    def another(self) -> bool:
        """Whether a comma follows in brackets; else they end."""
        if self.takes(","):
            return True
        token = self.take()
        if (token.sort, token.text) != ("sign", "]"):
            raise _error(token)
        self.separator()
        return False

    def separator(self) -> None:
        """One comma or semicolon, where there is one."""
        if not self.takes(";"):
            self.takes(",")

    def takes(self, sign: str) -> bool:
        """Whether this sign comes, which is taken then."""
        if self.at is None or (self.at.sort, self.at.text) != ("sign", sign):
            return False
        self.take()
        return True

    def take(self) -> Token:
        """The word that comes."""
        token = self.at
        if token is None:
            raise UnreadableError(_CUT_OFF)
        self.at = next(self.words, None)
        return token


_CUT_OFF = "the text ends within a layer: it is cut off"
_NO_NAME = "a value without a name before it"
_PLACES = {
    **dict.fromkeys(_CLOSING, "a brace without a name before it"),
    **dict.fromkeys(_CLOSING.values(), "a closing brace too many"),
}


def _message(line: int, listed: bool) -> Message:
    found = Message()
    found.line, found.listed = line, listed
    return found


def _error(token: Token, what: str | None = None) -> UnreadableError:
    return UnreadableError(f"line {token.line}: {what or f'{token.text[:40]!r} is out of place'}")

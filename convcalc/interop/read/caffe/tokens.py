"""The words of protobuf's text format: names, numbers, texts with their escapes, signs."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from convcalc.interop.flat import UnreadableError

MOST_BYTES = 2**20
_MOST_TOKENS = 100_000

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n\v\f]++|\#[^\n\0]*+)|(?P<word>[A-Za-z_][A-Za-z0-9_]*+)"""
    r"""|(?P<number>\.?[0-9](?:[eE][+-]|[A-Za-z0-9_.])*+)|(?P<sign>[{}<>\[\]:;,\-])"""
    r"""|(?P<text>"(?:[^"\\\n\0]|\\[^\n\0])*+"|'(?:[^'\\\n\0]|\\[^\n\0])*+')|(?P<bad>.)""",
    re.DOTALL,
)
_ESCAPE = re.compile(
    rb"""\\(?:([abfnrtv?\\'"])|([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})"""
    rb"""|(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|.)""",
    re.DOTALL,
)
_LETTERS = dict(zip(b"abfnrtv", b"\a\b\f\n\r\t\v", strict=True))


class Token(NamedTuple):
    """One word of a file."""

    sort: str
    """``word``, ``number``, ``sign``, or ``text``: what stands between quotes."""
    text: str
    line: int
    garbled: bool = False
    """Whether a text has bytes that are no UTF-8, which `text` does not keep apart."""


def tokens(data: bytes) -> Iterator[Token]:
    """The words of a file, without blanks and comments; blanks are those of ASCII alone.

    Raises:
        UnreadableError: something is no word, an escape is none of protobuf's, or there are very
            many; says in which line.
    """
    count, line = 0, 1
    for match in _TOKEN.finditer(data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")):
        sort, token = str(match.lastgroup), match.group()
        if sort == "space":
            line += token.count("\n")
            continue
        count += 1
        if count > _MOST_TOKENS:
            raise UnreadableError(f"more than {_MOST_TOKENS:,} words")
        if sort == "bad":
            what = "a quote without its end" if token in "\"'" else f"{token!r} is out of place"
            raise UnreadableError(f"line {line}: {what}")
        yield _text(token[1:-1], line) if sort == "text" else Token(sort, token, line)


def _text(inside: str, line: int) -> Token:
    """What stands between quotes, its escapes read."""
    read = inside.encode("utf-8", "surrogateescape")
    if "\\" in inside:
        read = _ESCAPE.sub(lambda match: _escaped(match, line), read)
    try:
        return Token("text", read.decode(), line)
    except UnicodeDecodeError:
        return Token("text", read.decode("utf-8", "replace"), line, True)


def _escaped(match: re.Match[bytes], line: int) -> bytes:
    """The bytes of one escape: a letter's, octal, hexadecimal, or a character's by number."""
    letter, octal, hexadecimal, character = match.groups()
    if letter:
        return bytes([_LETTERS.get(letter[0], letter[0])])
    if hexadecimal or (octal and int(octal, 8) < 256):
        return bytes([int(octal, 8) if octal else int(hexadecimal, 16)])
    number = int(character[1:], 16) if character else 0xD800  # which is no character
    if number > 0x10FFFF or 0xD800 <= number < 0xE000:
        shown = match.group().decode("utf-8", "backslashreplace")
        raise UnreadableError(
            f"line {line}: {shown!r} is no escape of protobuf's: write \\\\ for \\"
        )
    return chr(number).encode()

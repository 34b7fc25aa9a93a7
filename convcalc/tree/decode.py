"""A spec's text: bytes from a file, standard input or the command line, checked and decoded."""

import re

from convcalc.findings import Finding, Severity, Span
from convcalc.records import NamedTuple
from convcalc.source import Source

#: Above this a file is refused unread; no hand-written spec comes near it.
LARGEST_FILE = 1024 * 1024


class Limits(NamedTuple):
    """What a spec may cost to read: a spec may come from a stranger."""

    bytes: int | None = LARGEST_FILE
    nodes: int | None = 100_000
    """Values, with aliases counted expanded."""
    depth: int = 32
    layers: int = 200_000
    """Layers once all repeats are written out: a hundred times any known net, and still a matter
    of seconds and some 200 MB."""


#: For files that you made yourself: as large as memory allows, nesting still bounded.
TRUSTED = Limits(bytes=None, nodes=None, layers=10_000_000)


_HIDDEN = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


def decode(path: str, data: bytes, limits: Limits) -> tuple[Source, tuple[Finding, ...]]:
    """The text of a spec, or the finding that says why it is none."""
    if limits.bytes is not None and len(data) > limits.bytes:
        return Source(path, ""), (
            Finding(
                "CC002",
                Severity.ERROR,
                f"file too large: more than {limits.bytes:,} bytes",
                path,
                help=("write repeated layers with `times:` or `repeat:`", "--trusted lifts it"),
            ),
        )
    if encoding := _wide(data):  # decoded as UTF-8 it would show as nothing but escapes
        said = f"the file is {encoding}, not UTF-8"
        help = ("save the file as UTF-8",)
        return Source(path, ""), (Finding("CC006", Severity.ERROR, said, path, help=help),)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        message = f"not UTF-8: byte {data[error.start]:#04x} at offset {error.start:,}"
        return Source(path, data.decode("utf-8", "replace")), (
            Finding(
                "CC006",
                Severity.ERROR,
                message,
                path,
                _at(before, len(before)),
                "not UTF-8",
                help=("save the file as UTF-8",),
            ),
        )
    text = text.removeprefix("\ufeff")
    if "\r" in text and (lone := _lone_return(text)) is not None:
        return Source(path, text), (lone._replace(path=path),)
    printable = text.replace("\n", "").replace("\t", "").replace("\r", "").isprintable()
    hidden = None if text.isascii() and printable else re.search(_HIDDEN, text)
    if hidden is None:
        return Source(path, text), ()
    return Source(path, text), (
        Finding(
            "CC007",
            Severity.ERROR,
            f"hidden character U+{ord(hidden[0]):04X}",
            path,
            _at(text, hidden.start()),
            "not allowed",
            help=("delete it: control and bidi characters can make a file look like another",),
        ),
    )


def _wide(data: bytes) -> str:
    """The encoding of a text whose letters take two or four bytes; '' for any other.

    Known by its mark, or by the zeros beside its first letter.
    """
    if re.match(rb"\xff\xfe\0\0|\0\0\xfe\xff|[^\0]\0\0\0|\0\0\0[^\0]", data):
        return "UTF-32"
    marked = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    return "UTF-16" if marked or re.match(rb"([^\0]\0){2}|(\0[^\0]){2}", data) else ""


def _lone_return(text: str) -> Finding | None:
    """What is wrong with a carriage return inside a line of a file whose lines end otherwise.

    YAML ends a line there, and what shows the file to people need not: a comment could hold layers.
    A file whose lines all end with it is an old Mac's.
    """
    found = re.search("\r(?!\n)", text)
    if found is None or "\n" not in text:
        return None
    before = text[: found.start()].replace("\r\n", "\n").rpartition("\n")
    line, column = before[0].count("\n") + len(before[1]) + 1, len(before[2]) + 1
    return Finding(
        "CC007",
        Severity.ERROR,
        "hidden character U+000D: a carriage return inside a line",
        "",
        Span(line, column, line, column + 1),
        "not allowed",
        help=("end the line with a line feed there: for YAML it is the end of a line",),
    )


def _at(text: str, offset: int) -> Span:
    before = Source("", text[:offset]).lines()
    line, column = len(before), len(before[-1]) + 1
    return Span(line, column, line, column + 1)

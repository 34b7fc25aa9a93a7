"""What an editor sends, bounded: a message whose header says that it is larger ends the stream."""

import sys
from typing import BinaryIO

from convcalc.tree.decode import LARGEST_FILE

_LONGEST_HEADER = 1000  #: bytes
_MOST_HEADERS = 100  #: lines before a message, two in practice
#: bytes: a character of a spec is six in JSON at most, and a file beyond a spec is told to be so
_LARGEST_MESSAGE = 16 * LARGEST_FILE


class BoundedInput:
    """Standard input as the protocol's library reads it: headers line by line, then a message."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._headers = 0

    def readline(self) -> bytes:
        """A header line; nothing, as at the end, where it is longer than any, or one too many."""
        line = self._stream.readline(_LONGEST_HEADER)
        self._headers += 1
        if self._headers > _MOST_HEADERS:
            return _ended(f"more than {_MOST_HEADERS} headers of one message")
        digits = line.partition(b":")[2].strip()
        if len(line) == _LONGEST_HEADER or (digits.isdigit() and len(digits) > 18):
            return _ended("a header that no editor sends")
        return line

    def read(self, size: int) -> bytes:
        """The message after the headers; nothing, as at the end, where it is too large."""
        if size > _LARGEST_MESSAGE:
            return _ended(f"a message of {size:,} bytes, at most {_LARGEST_MESSAGE:,} are read")
        self._headers = 0
        return self._stream.read(size)


def _ended(why: str) -> bytes:
    print(f"convcalc lsp stops: the editor sent {why}", file=sys.stderr)
    return b""

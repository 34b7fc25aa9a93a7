"""A file from outside as memory: its bytes are there when asked for, and no more at once."""

import mmap
from io import RawIOBase, UnsupportedOperation

from convcalc.files import open_file


class MalformedError(ValueError):
    """Bytes that are not what the file's name says; one line that says why."""


class Mapped(RawIOBase):
    """The bytes of a file, to be read from and looked into.

    Args:
        path: its name.
        largest: bytes that may be read at once, a bound on what a parser of them can take.

    Raises:
        OSError: it cannot be opened, or is no regular file.
        MalformedError: it is empty.
    """

    def __init__(self, path: str, largest: int) -> None:
        super().__init__()
        self.largest = largest
        with open_file(path) as file:
            try:
                self.memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise MalformedError("it is empty") from error

    def __len__(self) -> int:
        return len(self.memory)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        try:
            self.memory.seek((0, self.memory.tell(), len(self.memory))[whence] + offset)
        except ValueError as error:
            raise MalformedError("it says that it is longer than it is") from error
        return self.memory.tell()

    def tell(self) -> int:
        return self.memory.tell()

    def read(self, size: int = -1, /) -> bytes:
        left = len(self.memory) - self.memory.tell()
        if (left if size is None or size < 0 else min(size, left)) > self.largest:
            raise MalformedError(f"it holds more than {self.largest:,} bytes beside its numbers")
        return self.memory.read(size)

    def write(self, data: object, /) -> int:
        raise UnsupportedOperation("it is read only")

"""Files that are written whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(name: str) -> Iterator[IO[bytes]]:
    """A file to write into; when the block ends well, and only then, it stands at its place.

    It is made beside its place and renamed. It gets the rights of the file that it replaces, a new
    one those that the umask leaves. A device or a FIFO is written to: it is not to be replaced.

    Raises:
        OSError: it cannot be written.
    """
    path = Path(name)
    if path.exists() and not path.is_file():
        with path.open("wb") as device:
            yield device
        return
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        os.chmod(beside, path.stat().st_mode & 0o777 if path.exists() else _rights())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _rights() -> int:
    """The rights of a new file."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask

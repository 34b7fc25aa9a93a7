"""Arrays from files and into files. Nothing is ever unpickled: a file may come from a stranger.

What a file says of its arrays is read first, and little of it; numbers are read when they are
known to be wanted, and exactly as many.
"""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import IO, Any, NamedTuple, TypeVar

import numpy as np

from convcalc.backend.arrays import Array
from convcalc.backend.npy import layout, numbers
from convcalc.backend.npz import Archive
from convcalc.backend.opened import MalformedError, Opened
from convcalc.backend.safetensors import Tensors
from convcalc.findings import plain
from convcalc.shapes import Shape
from convcalc.whole_file import whole_file

#: Bytes that a file may hold beside its numbers: names and shapes of tens of thousands of arrays.
LARGEST_HEADER = 4 * 2**20

#: What the readers below raise over files that are not what their names say; zipfile says it in
#: many ways, of which RuntimeError covers encryption, methods that it does not know and recursion.
_UNREADABLE = (
    *(OSError, ValueError, RuntimeError, EOFError, OverflowError, IndexError, MemoryError),
    *(zipfile.BadZipFile, zlib.error, struct.error),
)


Found = TypeVar("Found")


class UnreadableError(Exception):
    """A file that cannot be read, or that is not what its name says; one line."""


class View(NamedTuple):
    """An array of a file as a layer reads it."""

    in_file: str
    """What the file calls it."""
    shape: Shape
    """Its shape for the layer: that of the file, but for axes of length 1 or after a turn."""
    turn: tuple[Shape, Shape] | None = None
    """The axes of more than one number in the file, and their order for the layer."""


class StateDict:
    """The arrays of an .npz or .safetensors file, read one by one as they are asked for."""

    def __init__(self, path: str) -> None:
        self.path = path

        def opened() -> Archive | Tensors:
            file = Opened(path, LARGEST_HEADER)
            return Tensors(file) if path.endswith(".safetensors") else Archive(file)

        self._arrays = _attempt(path, opened)
        self.shapes: dict[str, tuple[int, ...]] = self._arrays.shapes
        self._views: dict[str, View] = {}

    def view(self, views: Mapping[str, View]) -> None:
        """Call arrays of the file otherwise, and give them other axes.

        Args:
            views: the arrays of the file by what they are called from now on.
        """
        self._views |= views
        seen = {view.in_file for view in views.values()}
        rest = {name: shape for name, shape in self.shapes.items() if name not in seen}
        self.shapes = rest | {name: view.shape for name, view in views.items()}

    def array(self, name: str) -> Array:
        """One array.

        Raises:
            UnreadableError: its bytes are no numbers.
        """
        view = self._views.get(name)
        in_file = name if view is None else view.in_file
        what = f"{in_file} in {self.path}"
        found = _attempt(what, lambda: self._arrays.array(in_file))
        if found.dtype.kind not in "fiu":
            raise UnreadableError(f"{plain(what)} holds {found.dtype}, not numbers")
        if view is None:
            return found
        if view.turn is not None:
            sizes, order = view.turn
            found = found.reshape(sizes).transpose(order)
        return found.reshape(view.shape)


class Pictures:
    """Pictures (N x H x W x C), or one of them (H x W x C), of an .npy; read when asked for.

    Raises:
        UnreadableError: no .npy of numbers with that many axes, or one that is not a picture.
    """

    def __init__(self, path: str, axes: int) -> None:
        self.path = path

        def opened() -> Opened:
            file = Opened(path, LARGEST_HEADER)
            self._layout = layout(file)
            if self._layout.start + self._layout.bytes != len(file):
                raise MalformedError("its size is not what its shape makes")
            return file

        self._file = _attempt(path, opened)
        shape = self._layout.shape
        if len(shape) not in {axes, axes + 1}:
            text = f"it has {len(shape)} axes, a picture {axes}, a batch {axes + 1}"
            raise UnreadableError(f"{plain(path)}: {text}")
        self.shape = shape if len(shape) > axes else (1, *shape)
        if not all(self.shape):
            raise UnreadableError(f"{plain(path)}: it holds no picture")

    def array(self) -> Array:
        """All of them, always as a batch."""
        return _attempt(self.path, self._read)

    def _read(self) -> Array:
        self._file.seek(self._layout.start)
        return numbers(self._file, self._layout).reshape(self.shape)


def _attempt(what: str, reading: Callable[[], Found]) -> Found:
    """What a reading gives, or the one line that says why it gives nothing."""
    try:
        return reading()
    except _UNREADABLE as error:
        said = str(error)  # ours may quote the file: as a whole, once it is escaped
        own = said if isinstance(error, MalformedError) else said.partition("\n")[0]
        reason = getattr(error, "strerror", "") or own
        reason = reason or type(error).__name__
        raise UnreadableError(f"{plain(what)}: {plain(reason)}") from error


def save(path: str, arrays: Mapping[str, Any]) -> None:
    """Write an .npz, whole or not at all.

    As `numpy.savez` does, for which an array must not be called as one of its own arguments.
    """
    with (
        whole_file(path) as file,
        zipfile.ZipFile(_forward_only(file), "w", zipfile.ZIP_STORED) as archive,
    ):
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)


class _Forward:
    """A device or pipe as zipfile takes one: what it says of its position is of no use."""

    def __init__(self, file: IO[bytes]) -> None:
        self.write, self.flush = file.write, file.flush


def _forward_only(file: IO[bytes]) -> Any:
    return file if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else _Forward(file)

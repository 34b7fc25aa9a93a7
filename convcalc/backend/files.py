"""Arrays from files and into files. Nothing is ever unpickled: a file may come from a stranger."""

import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from convcalc.backend.arrays import Array


class UnreadableError(Exception):
    """A file that cannot be read, or that is not what its name says; one line."""


class StateDict:
    """The arrays of an .npz or .safetensors file, read one by one as they are asked for."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            if path.endswith(".safetensors"):
                self._read, self.shapes = _safetensors(path)
            else:
                self._read, self.shapes = _npz(path)
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise UnreadableError(_why(path, error)) from error

    def array(self, name: str) -> Array:
        """One array.

        Raises:
            UnreadableError: its bytes are no numbers.
        """
        try:
            found = self._read(name)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
            raise UnreadableError(f"{name} in {_why(self.path, error)}") from error
        if found.dtype.kind not in "fiu":
            raise UnreadableError(f"{name} in {self.path} holds {found.dtype}, not numbers")
        return found


Reader = tuple[Callable[[str], Array], dict[str, tuple[int, ...]]]


def _npz(path: str) -> Reader:
    """An archive of .npy files; the shapes come from their headers alone."""
    archive = np.load(path, allow_pickle=False)
    if not isinstance(archive, np.lib.npyio.NpzFile):
        raise ValueError("it is a single array, not an archive made by numpy.savez")
    shapes = {}
    assert archive.zip is not None, "just opened"
    for name in archive.files:
        with archive.zip.open(f"{name}.npy") as file:
            version = np.lib.format.read_magic(file)
            read = np.lib.format.read_array_header_1_0
            if version != (1, 0):
                read = np.lib.format.read_array_header_2_0
            shapes[name] = read(file)[0]
    return archive.__getitem__, shapes


_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "u1"}


def _safetensors(path: str) -> Reader:
    """8 bytes of header length, the header in JSON, then plain numbers."""
    data = np.memmap(path, np.uint8, mode="r")
    length = int.from_bytes(data[:8].tobytes(), "little")
    if length > min(len(data) - 8, 100_000_000):
        raise ValueError("its header is longer than the file")
    header = json.loads(data[8 : 8 + length].tobytes())
    header.pop("__metadata__", None)
    body = data[8 + length :]

    def read(name: str) -> Array:
        entry = header[name]
        if entry["dtype"] not in _DTYPES:
            raise ValueError(f"{entry['dtype']} numbers are not read; convert to F32")
        begin, end = entry["data_offsets"]
        return body[begin:end].view(_DTYPES[entry["dtype"]]).reshape(entry["shape"])

    return read, {name: tuple(entry["shape"]) for name, entry in header.items()}


def _why(path: str, error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{path}: {error.strerror}"
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if "pickle" in text:
        text = "it holds Python objects, which are never unpickled; save plain arrays"
    return f"{path}: {text}"


def load_batch(path: str, axes: int) -> Array:
    """A picture (H x W x C) or a batch of them (N x H x W x C), always as a batch.

    Raises:
        UnreadableError: no .npy of numbers with that many axes.
    """
    try:
        found = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise UnreadableError(_why(path, error)) from error
    if not isinstance(found, np.ndarray) or found.dtype.kind not in "fiub":
        raise UnreadableError(f"{path}: it is no .npy array of numbers")
    if found.ndim == axes:
        return found[None]
    if found.ndim != axes + 1:
        raise UnreadableError(
            f"{path}: it has {found.ndim} axes, a picture {axes}, a batch {axes + 1}"
        )
    return found


def save(path: str, arrays: Mapping[str, Any]) -> None:
    """Write an .npz whole or not at all: beside its place first, then renamed."""
    target = Path(path)
    handle, beside = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        Path(beside).replace(target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise

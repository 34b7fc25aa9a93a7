"""Arrays from files and into files. Nothing is ever unpickled: a file may come from a stranger."""

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from convcalc.backend.arrays import Array
from convcalc.whole_file import whole_file


class UnreadableError(Exception):
    """A file that cannot be read, or that is not what its name says; one line."""


class StateDict:
    """The arrays of an .npz or .safetensors file, read one by one as they are asked for."""

    def __init__(self, path: str) -> None:
        self.path = path
        opener = _safetensors if path.endswith(".safetensors") else _npz
        try:
            self._read, self.shapes = opener(path)
        except _UNREADABLE as error:
            raise UnreadableError(_why(path, error)) from error

    def array(self, name: str) -> Array:
        """One array.

        Raises:
            UnreadableError: its bytes are no numbers.
        """
        try:
            found = self._read(name)
        except _UNREADABLE as error:
            raise UnreadableError(_why(f"{name} in {self.path}", error)) from error
        if found.dtype.kind not in "fiu":
            raise UnreadableError(f"{name} in {self.path} holds {found.dtype}, not numbers")
        return found


_UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)
Reader = tuple[Callable[[str], Array], dict[str, tuple[int, ...]]]


def _npz(path: str) -> Reader:
    """An archive of .npy files; the shapes come from their headers alone."""
    with Path(path).open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            raise ValueError("it is no archive as numpy.savez makes them")
    shapes = {}
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".npy")]
        for name in names:
            with archive.open(name) as member:
                shapes[name.removesuffix(".npy")] = _header(member)

    def read(name: str) -> Array:
        with zipfile.ZipFile(path) as archive, archive.open(f"{name}.npy") as member:
            return np.lib.format.read_array(member, allow_pickle=False)

    return read, shapes


def _header(member: IO[bytes]) -> tuple[int, ...]:
    version = np.lib.format.read_magic(member)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(member)[0]
    return np.lib.format.read_array_header_2_0(member)[0]


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
    if "magic string" in text:
        text = "it is no .npy array"
    if "Object arrays" in text:
        text = "it holds Python objects, which are never unpickled; save plain arrays"
    return f"{path}: {text}"


def load_batch(path: str, axes: int) -> Array:
    """A picture (H x W x C) or a batch of them (N x H x W x C), always as a batch.

    Raises:
        UnreadableError: no .npy of numbers with that many axes.
    """
    try:
        with Path(path).open("rb") as file:
            found = np.lib.format.read_array(file, allow_pickle=False)
    except _UNREADABLE as error:
        raise UnreadableError(_why(path, error)) from error
    if found.dtype.kind not in "fiub":
        raise UnreadableError(f"{path}: it holds {found.dtype}, not numbers")
    if found.ndim == axes:
        return found[None]
    if found.ndim != axes + 1:
        raise UnreadableError(
            f"{path}: it has {found.ndim} axes, a picture {axes}, a batch {axes + 1}"
        )
    return found


def save(path: str, arrays: Mapping[str, Any]) -> None:
    """Write an .npz, whole or not at all."""
    with whole_file(path) as file:
        np.savez(file, **arrays)

"""Model files wherever a spec is accepted: what the loading of specs calls for them."""

from typing import Protocol

from convcalc.files import open_file
from convcalc.interop.flat import UnreadableError, UnsupportedError
from convcalc.interop.formats import recognized
from convcalc.interop.network import network_of, unsupported
from convcalc.interop.read.model import Asked
from convcalc.interop.read.model import read as read_model
from convcalc.network.record import Network
from convcalc.shapes import Shape


def is_model(head: bytes, name: str) -> bool:
    """Whether a file that begins so is a model of another tool, no spec."""
    return bool(recognized(head, name))


class _Opened(Protocol):
    """A file as the loading of specs hands it on."""

    @property
    def path(self) -> str: ...
    @property
    def data(self) -> bytes: ...
    @property
    def file(self) -> str | None: ...
    @property
    def name(self) -> str: ...


class _Overrides(Protocol):
    """What a command line says over the file."""

    @property
    def input(self) -> Shape | None: ...


def read(opened: _Opened, overrides: _Overrides, limits: object = None) -> Network:
    """The network of a model file. Operators without a kind are among its findings.

    Raises:
        UnreadableError: the file is damaged, or of an unknown format.
    """
    return network(opened.path, opened.data, opened.file, Asked(overrides.input, file=opened.name))


def network(path: str, data: bytes, file: str | None, asked: Asked) -> Network:
    """The network of a model: from its file, or from its bytes where it has none.

    Raises:
        UnreadableError: it is damaged, or the package that reads it is missing.
    """
    from io import BytesIO

    try:
        if file is None:
            return network_of(read_model(path, BytesIO(data), asked))
        with open_file(file) as stream:
            return network_of(read_model(path, stream, asked))
    except UnsupportedError as error:
        return unsupported(path, error)
    except ModuleNotFoundError as error:
        raise UnreadableError(missing_package(error)) from error


def missing_package(error: ModuleNotFoundError) -> str:
    """The one line for a package that is not installed."""
    extra = "onnx" if (error.name or "").split(".")[0] in {"onnx", "google", "numpy"} else ""
    if extra:
        return "reading ONNX needs the package onnx: pip install 'convcalc[onnx]'"
    return f"the package {error.name} is missing: pip install {error.name}"

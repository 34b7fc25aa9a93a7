"""`import`: a model of another tool as a spec."""

from collections.abc import Callable
from typing import NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import Flat, UnreadableError, UnsupportedError
from convcalc.interop.read.model import Asked
from convcalc.shapes import Shape
from convcalc.study.errors import LoadError, RequestError

_HEAD = 2**16  #: bytes in which text has no zero byte


class Import(NamedTuple):
    """What is asked of an import."""

    file: str | None = None
    """The model's file; None for a PyTorch module."""
    torch: str | None = None
    """``MODULE:ATTRIBUTE``: a PyTorch module, or a class or function that makes one."""
    kwargs: str = "{}"
    """Keyword arguments for it, as JSON."""
    input: Shape | None = None
    """The input's shape, channels last."""
    format: str = ""
    """The format, where the file does not tell."""
    flat: bool = False
    """One entry a layer, with the source's own names."""
    until: str = ""
    """The node that the net is to end with."""
    unfold_batch_norm: bool = False
    """Put back the batch norms that the exporter merged into convolutions."""
    name: str = ""
    """The name that the spec gets."""


class Imported(NamedTuple):
    """A spec, and what to say about how it was made."""

    text: str
    folded: bool
    notes: tuple[str, ...]
    """What was left out, taken back or written another way."""


class UnsupportedOperatorsError(LoadError):
    """Operators without a layer kind: all of them, a line each."""

    def __init__(self, path: str, error: UnsupportedError) -> None:
        self.lines = error.lines
        listed = "\n  ".join(error.lines)
        what = "it" if len(error.lines) == 1 else "them"
        take = f"; {error.advice} takes the part before {what}" if error.advice else ""
        nothing = f"\n{error.instead}\n" if error.instead else "\n"
        super().__init__(f"{path}: no layer kind for\n  {listed}{nothing}nothing is written{take}")


def imported(asked: Import) -> Imported:
    """The spec of a model, folded into blocks where that is proved to be the same net.

    Raises:
        UnsupportedOperatorsError: some operators have no layer kind.
        LoadError: there is nothing to read, or it is damaged.
    """
    from convcalc.interop.fold.order import said
    from convcalc.interop.fold.spec import write
    from convcalc.interop.lower.merged import TAKEN_BACK
    from convcalc.study.one_size import bound

    if asked.torch and asked.format:
        raise RequestError("--torch names a module, which has no format: leave --from out")
    if not asked.torch and asked.kwargs.strip() != "{}":
        raise RequestError("--kwargs are for --torch")
    path = plain(asked.file or asked.torch or "")
    try:
        read = _reader(asked, path)
        flat = bound(said(read(asked.input)), read)
        made = write(flat, not asked.flat)
    except UnsupportedError as error:
        raise UnsupportedOperatorsError(path, error) from error
    except UnreadableError as error:
        text = f"{path}: {error}" if asked.file else str(error)
        raise LoadError(text) from error
    notes = made.notes if not made.remark or asked.flat else (*made.notes, made.remark)
    if asked.unfold_batch_norm and not any(TAKEN_BACK in note for note in notes):
        notes = (*notes, "no convolution has a merged batch norm: there is none to take back")
    return Imported(made.text, made.folded, notes)


def _reader(asked: Import, path: str) -> Callable[[Shape | None], Flat]:
    """What reads the flat graph: of a file, or of a module that a child process exports."""
    from io import BytesIO

    from convcalc.interop.read.model import read

    how = Asked(asked.input, asked.until, asked.unfold_batch_norm, asked.format, asked.name)
    if not asked.torch:
        return lambda shape: _of_file(asked, path, how._replace(input=shape))
    from convcalc.interop.torch_child import Module, exported

    if asked.input is None:
        raise UnreadableError("--torch needs --input, such as --input 224x224x3")
    data = exported(Module(asked.torch, asked.input, asked.kwargs))
    name = asked.torch.rpartition(":")[2]

    def of_module(shape: Shape | None) -> Flat:
        flat = read(path, BytesIO(data), how._replace(format="pt2", input=shape))
        return flat._replace(name=flat.name or name)

    return of_module


def _of_file(asked: Import, path: str, how: Asked) -> Flat:
    from convcalc.files import IrregularFileError, open_file
    from convcalc.interop.load import missing_package
    from convcalc.interop.read.model import read

    assert asked.file is not None, "a file or a module is imported"
    try:
        elsewhere = _led_to(asked.file)
        with open_file(asked.file) as stream:
            if elsewhere and b"\0" not in stream.read(_HEAD):
                raise UnreadableError(elsewhere)
            stream.seek(0)
            return read(path, stream, how)
    except IrregularFileError as error:
        raise UnreadableError("it is not a regular file") from error
    except FileNotFoundError as error:
        why = "there is no such file" if asked.file else "an empty name is no file"
        raise UnreadableError(why) from error
    except OSError as error:
        raise UnreadableError(f"it cannot be read: {error.strerror}") from error
    except ModuleNotFoundError as error:
        raise UnreadableError(missing_package(error)) from error


def _led_to(file: str) -> str:
    """Why a link must not lead to text, lines of which a message would quote; '' where it may.

    Caches store models under their hashes, and links with the models' names beside them.
    """
    from convcalc.files import StrayLinkError
    from convcalc.study.links import own_file

    try:
        own_file(file)
    except StrayLinkError as error:
        return str(error.strerror)
    except ValueError as error:  # a name that no file can have
        raise UnreadableError(f"it cannot be read: {error}") from error
    return ""

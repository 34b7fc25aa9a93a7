"""`import` and `export` as functions: models of other tools as specs, and nets as code."""

import json
import os
from collections.abc import Mapping
from typing import Literal, NamedTuple, Unpack, overload

from convcalc.api.net import shape_given
from convcalc.api.options import Given, SpecKeywords, case, refuse_unknown_word
from convcalc.api.typed import typed
from convcalc.interop.formats import FORMATS, Format
from convcalc.quantity import counted
from convcalc.shapes import Shape
from convcalc.study.errors import RequestError
from convcalc.study.exported import TARGETS, Target, exported


class ImportReport(NamedTuple):
    """The spec of a model, and how it was made."""

    text: str
    """YAML, which `load` takes as it is."""
    folded: bool
    """Whether it is written with blocks, proved equal to the model layer by layer."""
    notes: tuple[str, ...]
    """What was left out, taken back or written another way."""

    def __repr__(self) -> str:
        lines = counted(len(self.text.splitlines()), "line")
        return f"<convcalc.ImportReport: {lines}, {counted(len(self.notes), 'note')}>"

    def __str__(self) -> str:
        return self.text


@typed
def import_(
    file: str | os.PathLike[str] | None = None,
    *,
    torch: str | None = None,
    kwargs: Mapping[str, object] | None = None,
    input: str | Shape | None = None,
    from_: Format | None = None,
    flat: bool = False,
    until: str = "",
    unfold_batch_norm: bool = False,
    name: str = "",
) -> ImportReport:
    """A model of another tool as a spec: `convcalc import`, whose name is a word of Python.

    Args:
        file: an ONNX, PyTorch .pt2, Keras, Caffe, darknet or Ultralytics file. Its weights are not
            read, and it is never run.
        torch: instead of `file`, ``"package.module:name"`` of a ``torch.nn.Module`` or of what
            makes one. It is imported and run, in a child process.
        kwargs: keyword arguments for it.
        input: the input's shape, channels last, where the file leaves it open.
        from_: the format, where the file's content does not decide it.
        flat: one entry a layer, with the model's own names.
        until: the node that the net is to end with.
        unfold_batch_norm: put back batch norms that an exporter merged into convolutions.
        name: the name that the spec gets.

    Raises:
        LoadError: there is nothing to read, it is damaged, or some operators have no layer kind.
        RequestError: both or neither of `file` and `torch`.
    """
    from convcalc.study.imported import Import, imported

    if (file is None) == (torch is None):
        raise RequestError("name a file, or a module with torch='package.module:name'")
    refuse_unknown_word("from_", FORMATS, from_ or FORMATS[0])
    try:
        words = json.dumps(dict(kwargs or {}))
    except (TypeError, ValueError) as error:
        raise RequestError(f"kwargs: not JSON, which the child process reads: {error}") from error
    made = imported(
        Import(
            None if file is None else os.fspath(file), torch, words, shape_given(input),
            from_ or "", flat, until, unfold_batch_norm, name,
        )
    )  # fmt: skip
    return ImportReport(*made)


@overload
def export(
    net: Given, *, to: Literal["pytorch", "keras"], **options: Unpack[SpecKeywords]
) -> str: ...
@overload
def export(
    net: Given,
    *,
    to: Literal["onnx"],
    random_weights: int | None = None,
    **options: Unpack[SpecKeywords],
) -> bytes: ...
@typed
def export(
    net: Given, *, to: Target, random_weights: int | None = None, **options: Unpack[SpecKeywords]
) -> str | bytes:
    """A net as PyTorch or Keras code, or as the bytes of an ONNX file.

    Args:
        net: what `load` takes or gave.
        to: ``"pytorch"``, ``"keras"`` or ``"onnx"``.
        random_weights: a random seed: the ONNX file gets weights to run it with, else their shapes.
        **options: ``input``, ``rounding``, ``variables``, ``trusted``.

    Raises:
        NetError: the net has errors.
        RequestError: the other tool has nothing for some layer, or a package is missing.
    """
    refuse_unknown_word("to", TARGETS, to)
    return exported(case(net, **options), to, random_weights)[1]

"""The formats of other tools, told apart by how a file begins. Imports nothing heavy."""

import re
from typing import Literal, NamedTuple, get_args

Format = Literal["onnx", "pt2", "keras", "caffe", "darknet", "ultralytics"]
#: The names of the formats that are read, as `--from` takes them.
FORMATS: tuple[Format, ...] = get_args(Format)

_PROTOTXT = re.compile(
    rb"(?m)^\s*(layers?\s*\{|input_dim\s*:|input_shape\s*:?\s*\{|force_backward\s*:)"
)
_DARKNET = re.compile(rb"\A(?:\s*(?:[#;][^\n]*)?\n)*\s*\[(?:net|network)\]")
_KERAS = re.compile(rb"\A\s*\{.*\"class_name\"", re.DOTALL)


#: the key of Ultralytics model files that no spec has
ROWS = b"\nbackbone:"


class Refused(NamedTuple):
    """A format that is not read, and what to do."""

    what: str
    advice: str


_EXPORT = "export the module: `torch.export.save(torch.export.export(model, (x,)), 'net.pt2')`"
#: beginnings of files that hold no graph, or one that would have to be run
_OTHERS: tuple[tuple[bytes, int, Refused], ...] = (
    (b"\x89HDF", 0, Refused("an HDF5 file", "save the Keras model as .keras, or its to_json()")),
    (b"TFL3", 4, Refused("a TFLite file", "convert it to ONNX with tf2onnx")),
    (b"\x80\x02", 0, Refused("a pickle, which is code", _EXPORT)),
    (b"\x80\x03", 0, Refused("a pickle, which is code", _EXPORT)),
    (b"\x80\x04", 0, Refused("a pickle, which is code", _EXPORT)),
    (b"\x80\x05", 0, Refused("a pickle, which is code", _EXPORT)),
    (b"GGUF", 0, Refused("a GGUF file", "it holds weights, no convolutional net")),
)


def recognized(head: bytes, name: str) -> str:
    """The format of a file by its first bytes (64 KiB are enough); '' for a spec.

    One of `FORMATS`; ``archive`` for a zip file, whose members decide; ``refused`` for what
    `refused` names. The file's name decides only where nothing else does: an empty or damaged file.
    """
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return "archive"
    if refused(head) is not None:
        return "refused"
    if _KERAS.match(head):
        return "keras"
    if _DARKNET.match(head):
        return "darknet"
    ending = name.rpartition(".")[2].lower()
    if ending in {"yaml", "yml"}:
        return "ultralytics" if ROWS in head else ""
    if head[:1] == b"\x08" or ending == "onnx":
        return "onnx"
    if _PROTOTXT.search(head):
        return "caffe"
    by_name = {"prototxt": "caffe", "cfg": "darknet", "keras": "archive", "pt2": "archive"}
    if ending == "json":
        return "keras" if head[:1] in {b"{", b"["} else ""
    return by_name.get(ending, "")


def refused(head: bytes) -> Refused | None:
    """A known format that cannot be read; None for all others."""
    for mark, offset, found in _OTHERS:
        if head[offset : offset + len(mark)] == mark:
            return found
    return None

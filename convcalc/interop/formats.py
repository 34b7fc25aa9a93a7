"""The formats of other tools, recognized by how a file begins. Imports nothing heavy."""

import re
from typing import Literal, get_args

from convcalc.files import SPEC_ENDINGS, has_rows
from convcalc.interop.other_formats import refused

Format = Literal["onnx", "pt2", "keras", "caffe", "darknet", "ultralytics"]
#: The names of the formats that are read, as `--from` takes them.
FORMATS: tuple[Format, ...] = get_args(Format)

_PROTOTXT = re.compile(
    rb"(?m)^[ \t]*+(layers?\s*+\{|input_dim\s*+:|input_shape\s*+:?\s*+\{|force_backward\s*+:)"
)
#: possessive: what is blank or a comment is never tried another way, which takes for ever
_DARKNET = re.compile(rb"\A(?:[ \t\r]*+(?:[#;][^\n]*+)?\n)*+[ \t\r]*+\[(?:net|network)\]")
_KERAS = re.compile(rb"\A\s*\{.*\"class_name\"", re.DOTALL)


def recognized(head: bytes, name: str) -> str:
    """The format of a file by its first bytes (64 KiB are enough); '' for a spec.

    One of `FORMATS`; ``archive`` for a zip file, whose members decide; ``refused`` for what
    `other_formats` names. The file's name decides only where nothing else does: an empty or
    damaged file.
    """
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return "archive"
    if refused(head, name) is not None:
        return "refused"
    if _KERAS.match(head):
        return "keras"
    if _DARKNET.match(head):
        return "darknet"
    ending = name.rpartition(".")[2].lower()
    if f".{ending}" in SPEC_ENDINGS:
        return "ultralytics" if has_rows(head) else ""
    if head[:1] == b"\x08" or ending == "onnx":
        return "onnx"
    if _PROTOTXT.search(head):
        return "caffe"
    by_name = {"prototxt": "caffe", "cfg": "darknet", "keras": "archive", "pt2": "archive"}
    if ending == "json":
        return "keras" if head[:1] in {b"{", b"["} else ""
    return by_name.get(ending, "ultralytics" if has_rows(head) else "")

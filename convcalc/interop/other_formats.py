"""Files that hold no net, or one that would have to be run: what they are, and what to type.

Told apart by how they begin; by their names where nothing else decides.
"""

import re
from typing import NamedTuple

from convcalc.interop.python_source import advice


class Refused(NamedTuple):
    """A format that is not read, and what to do."""

    what: str
    advice: str


_EXPORT = "export the module: `torch.export.save(torch.export.export(model, (x,)), 'net.pt2')`"
_TF2ONNX = "`python -m tf2onnx.convert {} --output net.onnx` writes one that can be read"
_VERIFY = "it has no layers: `convcalc verify net.yaml --weights {}` runs a net with it"
_PICKLE = Refused("a pickle, which is code", _EXPORT)
_PICTURE = Refused("a picture", "a spec is YAML: `convcalc show lenet5` prints one")
WEIGHTS = Refused("a file of arrays, such as weights", _VERIFY.format("FILE"))
_SAVED_MODEL = Refused("a TensorFlow SavedModel", _TF2ONNX.format("--saved-model FOLDER"))
_GRAPH = Refused("a TensorFlow graph", _TF2ONNX.format("--graphdef FILE"))
_COREML = Refused(
    "a Core ML model", "export the model that it was made from: to ONNX, .pt2 or .keras"
)

#: beginnings of files, each at its offset
_BY_CONTENT: tuple[tuple[bytes, int, Refused], ...] = (
    (b"\x89HDF", 0,
     Refused("an HDF5 file", "save the Keras model as .keras, `model.save('net.keras')`, or its "
             "to_json()")),
    (b"TFL3", 4, Refused("a TFLite file", _TF2ONNX.format("--tflite FILE"))),
    *((bytes((0x80, protocol)), 0, _PICKLE) for protocol in range(2, 6)),
    (b"GGUF", 0, Refused("a GGUF file", "it holds weights, no convolutional net")),
    (b"\x93NUMPY", 0, WEIGHTS),
    (b"\x89PNG", 0, _PICTURE),
    (b"\xff\xd8\xff", 0, _PICTURE),
    (b"%PDF-", 0, Refused("a PDF file", "a spec is YAML: `convcalc show lenet5` prints one")),
)  # fmt: skip
_SAFETENSORS = re.compile(rb".{4}\0{4}\{\s*\"", re.DOTALL)
_NOTEBOOK = re.compile(rb"\A\s*\{.*\"(?:nbformat|cell_type)\"\s*:", re.DOTALL)
_STATEMENT = re.compile(
    rb"import [A-Za-z_][\w.]*(?: as \w+)?\s*(?:#.*)?\Z|from [\w.]+ import [^:]+\Z"
    rb"|@\w|class \w+(?:\(.*\))?:\s*\Z|(?:async )?def \w+\("
)


def refused(head: bytes, name: str) -> Refused | None:
    """A known format that cannot be read; None for all others.

    Args:
        head: how the file begins, 64 KiB of it.
        name: what it is called.
    """
    for mark, offset, found in _BY_CONTENT:
        if head[offset : offset + len(mark)] == mark:
            return found
    if _SAFETENSORS.match(head):
        return WEIGHTS
    ending = name.rpartition(".")[2].lower()
    if ending == "pb" or head[:3] == b"\x08\x01\x12":
        if head[:1] == b"\x08" and ending not in {"onnx", "mlmodel"}:
            return _SAVED_MODEL if head[:3] == b"\x08\x01\x12" else None
        if ending == "pb":
            return _GRAPH
    if ending == "mlmodel":
        return _COREML
    if ending == "caffemodel":
        return Refused("Caffe's weights", "its layers are in the .prototxt beside it: name that")
    if _NOTEBOOK.match(head):
        return Refused("a notebook", f"{_EXPORT}, or write the spec as YAML")
    if ending == "py" or (ending not in {"yaml", "yml"} and _is_python(head)):
        return Refused("Python code", advice(head, name if ending == "py" else ""))
    return None


def _is_python(head: bytes) -> bool:
    """Whether the first statement, after comments and a docstring, is one of Python."""
    lines = iter(head.split(b"\n"))
    for line in lines:
        text = line.strip()
        if text[:3] == b'"""':
            while not text[3:].endswith(b'"""'):
                text = b"xxx" + next(lines, b'"""').strip()
        elif text and text[:1] != b"#":
            return _STATEMENT.match(line.rstrip()) is not None
    return False

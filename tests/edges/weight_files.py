"""Files of weights, made byte by byte: good ones, and every way in which they can be wrong."""

import io
import json
import zipfile

import numpy as np

WEIGHT, BIAS = np.arange(6.0).reshape(3, 2, 1, 1), np.arange(3.0)


def npy(array: np.ndarray, version: tuple[int, int] | None = None) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version)
    return out.getvalue()


def line(text: str, version: int = 1, length: int | None = None) -> bytes:
    """An .npy with a first line of its own and no numbers."""
    data = text.encode()
    wide = 2 if version == 1 else 4
    said = len(data) if length is None else length
    return b"\x93NUMPY" + bytes([version, 0]) + said.to_bytes(wide, "little") + data


def header(shape: str = "(3, 2, 1, 1)", descr: str = "'<f8'", order: str = "False") -> str:
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"


def npz(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(f"{name}.npy", data)
    return out.getvalue()


def zipped(*names: str) -> bytes:
    """An archive that is no .npz."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def tensors(head: object, body: bytes = b"") -> bytes:
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    return len(text).to_bytes(8, "little") + text + body


def damaged(data: bytes, at: int, byte: int) -> bytes:
    return data[:at] + bytes([byte]) + data[at + 1 :]


GOOD = npz(("a.weight", npy(WEIGHT)), ("a.bias", npy(BIAS)))

STORED = npz(("a.weight", npy(WEIGHT)), ("a.bias", npy(BIAS)), method=zipfile.ZIP_STORED)


def entry(**changes: object) -> dict[str, object]:
    return {"dtype": "F32", "shape": [3], "data_offsets": [0, 12], **changes}


NPZ = {
    "empty": b"",
    "text": b"no archive",
    "cut": GOOD[:-30],
    "half": GOOD[: len(GOOD) // 2],
    "lzma": npz(("a.weight", npy(WEIGHT)), method=zipfile.ZIP_LZMA),
    "bzip2": npz(("a.weight", npy(WEIGHT)), method=zipfile.ZIP_BZIP2),
    "crc": STORED.replace(WEIGHT.tobytes(), WEIGHT[::-1].tobytes()),
    "objects": npz(("a.weight", line(header(descr="'|O'")))),
    "records": npz(("a.weight", line(header(descr="[('a', '<f8')]")))),
    "complex": npz(("a.weight", npy(WEIGHT.astype(complex)))),
    "text array": npz(("a.weight", npy(np.array(["a"])))),
    "untokenizable": npz(("a.weight", line("{'descr': '<f8', 'shape': (3L"))),
    "nested": npz(("a.weight", line("(" * 9000))),
    "huge line": npz(("a.weight", line(" " * 5_000_000, 2))),
    "line that is not there": npz(("a.weight", line(header(), 2, 2**32 - 1))),
    "huge shape": npz(("a.weight", line(header("(99999999999, 99999999999)")))),
    "overflow": npz(("a.weight", line(header(f"({2**31}, {2**31}, {2**31}, 1)")))),
    "negative": npz(("a.weight", line(header("(-3, 2, 1, 1)")))),
    "no such dtype": npz(("a.weight", line(header(descr="'<f1'")))),
    "short": npz(("a.weight", npy(WEIGHT)[:-1])),
    "long": npz(("a.weight", npy(WEIGHT) + b"1")),
    "future": npz(("a.weight", line(header(), 9))),
    "call": npz(("a.weight", line("{'descr': '<f8', 'shape': __import__('os').getpid()}"))),
}

SAFETENSORS = {
    "empty": b"",
    "short": b"\x01",
    "a string": tensors("a"),
    "a list": tensors([1]),
    "null": tensors(None),
    "a number": tensors({"a.bias": 3}),
    "no JSON": tensors(b"{]"),
    "no UTF-8": tensors(b'{"\xff": 1}'),
    "nested": tensors(b"[" * 100_000),
    "digits": tensors(b'{"a": ' + b"9" * 100_000 + b"}"),
    "twice": tensors(b'{"a": 1, "a": 2}'),
    "length": (2**63).to_bytes(8, "little") + b"{}",
    "outside": tensors({"a.bias": entry()}, b"\0" * 11),
    "backwards": tensors({"a.bias": entry(data_offsets=[12, 0])}, b"\0" * 12),
    "negative": tensors({"a.bias": entry(data_offsets=[-8, 4])}, b"\0" * 12),
    "one offset": tensors({"a.bias": entry(data_offsets=[0])}, b"\0" * 12),
    "shape": tensors({"a.bias": entry(shape=[4])}, b"\0" * 12),
    "bool": tensors({"a.bias": entry(shape=[True])}, b"\0" * 12),
    "float": tensors({"a.bias": entry(shape=[3.0])}, b"\0" * 12),
    "huge": tensors({"a.bias": entry(shape=[10**30])}, b"\0" * 12),
    "axes": tensors({"a.bias": entry(shape=[1] * 99 + [3])}, b"\0" * 12),
    "dtype": tensors({"a.bias": entry(dtype=["F32"])}, b"\0" * 12),
    "missing": tensors({"a.bias": {}}, b"\0" * 12),
    "overlap": tensors(
        {"a.bias": entry(), "b": entry(shape=[2], data_offsets=[4, 12])}, b"\0" * 12
    ),
    "the same bytes": tensors({"a.bias": entry(), "b": entry()}, b"\0" * 12),
    "a hole": tensors({"a.bias": entry(data_offsets=[4, 16])}, b"\0" * 16),
    "a tail": tensors({"a.bias": entry()}, b"\0" * 13),
}

NPY = {
    "empty": b"",
    "no picture": npy(np.zeros((0, 4, 4, 2))),
    "no side": npy(np.zeros((4, 0, 2))),
    "huge": line(header("(99999, 4, 4, 2)")),
    "overflow": line(header("(2147483648, 2147483648, 2147483648)")),
    "cut": npy(np.zeros((4, 4, 2)))[:-1],
    "objects": line(header("(4, 4, 2)", "'|O'")),
    "nested": line("[" * 9999),
}

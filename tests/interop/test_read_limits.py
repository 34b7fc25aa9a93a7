"""At the limits of model files: what is just within is read, and one more is refused.

Most limits are set to what a small file has, as files of their size take long.
"""

import io
import json
from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read import archive
from convcalc.interop.read.caffe import graph as caffe
from convcalc.interop.read.caffe import tokens
from convcalc.interop.read.darknet import graph as darknet
from convcalc.interop.read.darknet import text as sections
from convcalc.interop.read.keras import calls, models
from convcalc.interop.read.keras import graph as keras
from convcalc.interop.read.model import read
from convcalc.interop.read.pt2 import graph as programs
from convcalc.interop.read.stated_sizes import checked_shape
from convcalc.interop.read.ultralytics import graph as ultralytics
from tests.edges.test_models import pt2
from tests.interop.test_keras_bounds import call, layer, model, tensor

CFG = b"[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nfilters=4\nsize=1\n"
PROTOTXT = (
    b'input: "x" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\n'
    b'layer { name: "r" type: "ReLU" bottom: "x" top: "r" }'
)
ROWS = b"nc: 1\nbackbone:\n  - [-1, 1, Conv, [8, 3]]\nhead: []\n"
LAYERS = [
    layer("ReLU", "r", call(tensor("x"))),
    layer("Add", "a", call(tensor("x"), tensor("r"))),
]
KERAS = json.dumps(model("m", *LAYERS, output=["a", 0, 0])).encode()
PT2 = pt2("relu.default")


@pytest.mark.parametrize(
    ("module", "limit", "most", "name", "data", "said"),
    [
        (darknet, "MOST_BYTES", len(CFG), "a.cfg", CFG, "the file has more than"),
        (sections, "_MOST_SECTIONS", 2, "a.cfg", CFG, "more than 1 sections"),
        (caffe, "MOST_BYTES", len(PROTOTXT), "a.prototxt", PROTOTXT, "the file has more than"),
        (tokens, "_MOST_TOKENS", 30, "a.prototxt", PROTOTXT, "more than 29 words"),
        (ultralytics, "MOST_BYTES", len(ROWS), "a.yaml", ROWS, "the file has more than"),
        (keras, "MOST_BYTES", len(KERAS), "a.json", KERAS, "the model has more than"),
        (models, "_MOST_LAYERS", 3, "a.json", KERAS, "3 layers: 2 are the most"),
        (calls, "_MOST_ARGUMENTS", 4, "a.json", KERAS, "a call of a layer has too many"),
        (keras, "_MOST_CALLS", 2, "a.json", KERAS, "more than 1 calls of layers"),
        (keras, "_MOST_READS", 3, "a.json", KERAS, "read more than 2 volumes"),
        (keras, "_MOST_LETTERS", 2, "a.json", KERAS, "have more than 1 letters"),
        (programs, "_MOST_NODES", 1, "a.pt2", PT2, "1 nodes: 0 are the most"),
    ],
    ids=lambda value: getattr(value, "__name__", None) if not isinstance(value, bytes) else "",
)
def test_a_file_at_a_limit(
    module: Any, limit: str, most: int, name: str, data: bytes, said: str, monkeypatch
) -> None:
    monkeypatch.setattr(module, limit, most)
    assert len(read(name, io.BytesIO(data)).items) >= 2
    monkeypatch.setattr(module, limit, most - 1)
    with pytest.raises(UnreadableError, match=said):
        read(name, io.BytesIO(data))


def test_values_and_digits_of_json(monkeypatch) -> None:
    monkeypatch.setattr(archive, "_MOST_VALUES", 3)
    assert archive.parsed(b"[[1, 2]]", "it") == [[1, 2]]
    with pytest.raises(UnreadableError, match="it has more than 3 values"):
        archive.parsed(b"[[1, 2, 3]]", "it")
    assert archive.parsed(b"9" * 40, "it") == 10**40 - 1
    with pytest.raises(UnreadableError, match="a number of 41 digits"):
        archive.parsed(b"9" * 41, "it")


def test_bytes_of_a_member(monkeypatch) -> None:
    size = len(archive.member(PT2, lambda name: name.endswith("model.json"), "a program"))
    monkeypatch.setattr(archive, "MOST_BYTES", size)
    assert archive.member(PT2, lambda name: name.endswith("model.json"), "a program")
    monkeypatch.setattr(archive, "MOST_BYTES", size - 1)
    with pytest.raises(UnreadableError, match=f"{size:,} bytes: {size - 1:,} are the most"):
        archive.member(PT2, lambda name: name.endswith("model.json"), "a program")


@pytest.mark.parametrize(("letters", "good"), [(200, True), (201, False)])
def test_letters_of_a_keras_layer_s_name(letters: int, good: bool) -> None:
    name = "r" * letters
    file = model("m", layer("ReLU", name, call(tensor("x"))), output=[name, 0, 0])
    data = io.BytesIO(json.dumps(file).encode())
    if good:
        assert len(read("a.json", data).items) == 2
    else:
        with pytest.raises(UnreadableError, match="a layer's name has 201 letters: 200 at most"):
            read("a.json", data)


def test_axes_sizes_and_numbers_of_a_tensor() -> None:
    assert len(checked_shape([1] * 32, "it")) == 32
    with pytest.raises(UnreadableError, match="it has 33 axes: 32 are the most"):
        checked_shape([1] * 33, "it")
    assert checked_shape([2**31, 2**31], "it") == (2**31, 2**31)
    with pytest.raises(UnreadableError, match=r"it has a size of 2147483649: 0 to 2\*\*31 can be"):
        checked_shape([2**31 + 1], "it")
    # the factors of 2**63 - 1
    assert checked_shape([7 * 7 * 73 * 127, 337 * 92737, 649657], "it")
    with pytest.raises(UnreadableError, match="it would hold 9,223,372,036,854,775,808 numbers"):
        checked_shape([2**31, 2**31, 2], "it")

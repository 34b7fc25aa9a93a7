"""Small files of other tools that would be very many layers: refused before those are made."""

import io
import json
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.interop import flat
from convcalc.interop.flat import Builder, UnreadableError
from convcalc.interop.read.model import read
from tests.interop.onnx_files import model as onnx_model

ROWS = "nc: 3\nhead: []\n%sbackbone:\n- [-1, 1, Conv, [8, 3, 2]]\n"
DEEP = "- [-1, 1000, C2f, [8, True]]\n"
MOST = "once all repeats are written out: 2,000 are the most"
INPUT = 'input: "data" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\n'
RELU = 'layer { name: "a%d" type: "ReLU" bottom: "data" top: "data" }\n'
KERAS = {
    "class_name": "Sequential",
    "module": "keras",
    "config": {
        "name": "s",
        "layers": [
            {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 8, 8, 3]}},
            *({"class_name": "ReLU", "config": {"name": f"a{i}"}} for i in range(9)),
        ],
    },
}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ROWS % "" + DEEP * 60, f"line 6, C2f: 2,001 rows so far, {MOST}"),
        (ROWS % "scales: {n: [100, 1, 1024]}\n" + DEEP, f"C2f: 100,001 rows so far, {MOST}"),
        (ROWS % "" + DEEP.replace("C2f", "Conv") * 2, f"line 6, Conv: 2,001 rows so far, {MOST}"),
    ],
    ids=["many rows", "one scaled", "in turn"],
)
def test_repeats_are_bounded_before_they_are_made(
    text: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    made: list[object] = []
    monkeypatch.setattr(Builder, "add", lambda *given, **more: made.append(given) or 0)
    file = tmp_path / "net.yaml"
    file.write_text(text, encoding="utf-8")
    for command in ("check", "analyze", "import"):
        assert run([command, str(file)]) == 2
        assert words in capsys.readouterr().err and not made


def test_as_many_rows_as_may_be_are_read() -> None:
    pools = "- [-1, 1000, nn.MaxPool2d, [3, 1, 1]]\n- [-1, 999, nn.MaxPool2d, [3, 1, 1]]\n"
    assert len(read("net.yaml", io.BytesIO((ROWS % "" + pools).encode())).items) == 4 + 1999


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("net.yaml", (ROWS % "" + DEEP).encode()),
        ("net.prototxt", (INPUT + "".join(RELU % i for i in range(9))).encode()),
        ("net.cfg", b"[net]\nwidth=8\nheight=8\nchannels=3\n" + b"[maxpool]\nsize=1\n" * 9),
        ("net.json", json.dumps(KERAS).encode()),
    ],
    ids=["ultralytics", "caffe", "darknet", "keras"],
)
def test_layers_of_every_format_are_bounded(
    name: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(name, io.BytesIO(data))
    monkeypatch.setattr(flat, "MOST_LAYERS", 9)  # with the input
    with pytest.raises(UnreadableError, match=r"^more than 9 layers once all is written out$"):
        read(name, io.BytesIO(data))


def test_layers_of_onnx_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    onnx = pytest.importorskip("onnx")
    node = onnx.helper.make_node
    relus = [node("Relu", [f"v{i}" if i else "x"], [f"v{i + 1}"]) for i in range(9)]
    relus[-1].output[0] = "y"
    data = onnx_model(relus, (1, 3, 8, 8), [])
    assert len(read("net.onnx", io.BytesIO(data)).items) == 10
    monkeypatch.setattr(flat, "MOST_LAYERS", 9)
    with pytest.raises(UnreadableError, match=r"^more than 9 layers once all is written out$"):
        read("net.onnx", io.BytesIO(data))

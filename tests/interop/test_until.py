"""What stops an import names the node to end at, in every format, and ending there works."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from convcalc.cli import run
from convcalc.interop.flat import UnsupportedError
from convcalc.interop.read.model import Asked, read
from tests.interop.conftest import Given
from tests.interop.onnx_files import array, model

onnx = pytest.importorskip("onnx")


def log_softmax(*after: Any) -> bytes:
    make = onnx.helper.make_node
    nodes = [
        make("Conv", ["x", "w"], ["c"], name="conv 1"),
        make("LogSoftmax", ["c"], ["y" if not after else "l"], name="head", axis=1),
        *after,
    ]
    return model(nodes, (1, 4, 8, 8), [array("w", (6, 4, 3, 3))])


def test_a_log_softmax_at_the_end_is_left_out() -> None:
    flat = read("net.onnx", io.BytesIO(log_softmax()))
    assert [item.kind for item in flat.items] == ["input", "conv"]
    (note,) = flat.notes
    assert note.startswith("LogSoftmax at the end has no layer kind and is left out: add `- sof")


def test_one_that_a_layer_reads_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "net.onnx"
    file.write_bytes(log_softmax(onnx.helper.make_node("Relu", ["l"], ["y"], name="relu")))
    assert run(["import", str(file)]) == 1
    error = capsys.readouterr().err
    assert "LogSoftmax that a layer reads: head" in error
    assert error.endswith("nothing is written; --until 'conv 1' takes the part before it\n")
    assert run(["import", str(file), "--until", "conv 1"]) == 0
    assert run(["check", str(file)]) == 1
    assert "`convcalc import --until 'conv 1'` takes the part before" in capsys.readouterr().out


def test_nothing_is_offered_where_nothing_is_before() -> None:
    nodes = [onnx.helper.make_node("Sin", ["x"], ["y"])]
    with pytest.raises(UnsupportedError) as caught:
        read("net.onnx", io.BytesIO(model(nodes, (1, 4, 8, 8), [])))
    assert (caught.value.until, caught.value.advice) == ("", "")


CAFFE = """
input: "data" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8
layer { name: "c1" type: "Convolution" bottom: "data" top: "c1"
        convolution_param { num_output: 4 kernel_size: 3 } }
layer { name: "odd" type: "Python" bottom: "c1" top: "odd" }
layer { name: "c2" type: "ReLU" bottom: "odd" top: "c2" }
"""
DARKNET = "[net]\nheight=8\nwidth=8\n[convolutional]\nfilters=4\nsize=3\n[lstm]\n[avgpool]\n"
ULTRALYTICS = "nc: 4\nbackbone:\n  - [-1, 1, Conv, [8, 3, 2]]\n  - [-1, 1, Odd, [8]]\nhead: []\n"


@pytest.mark.parametrize(
    ("name", "text", "until"),
    [
        ("net.prototxt", CAFFE, "c1"),
        ("net.cfg", DARKNET, "convolutional_0"),
        ("net.yaml", ULTRALYTICS, "model.0"),
    ],
)
def test_formats_that_are_not_traced(name: str, text: str, until: str) -> None:
    ends_before(name, text.encode(), until)


def test_keras(given: Given) -> None:
    config = json.loads(given.files["keras/own_sound.json"])
    layers = config["config"]["layers"]
    odd = layers[len(layers) // 2]
    odd["class_name"] = "Odd"
    ends_before("net.json", json.dumps(config).encode(), layers[len(layers) // 2 - 1]["name"])


def ends_before(name: str, data: bytes, until: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        read(name, io.BytesIO(data))
    assert caught.value.until == until
    flat = read(name, io.BytesIO(data), Asked(until=until))
    assert until in {flat.items[-1].node, flat.items[-1].name}
    assert flat.outputs == (len(flat.items) - 1,)


def test_what_runs_before_the_end_and_is_not_taken_is_said() -> None:
    make = onnx.helper.make_node
    nodes = [
        make("Conv", ["x", "w"], ["c"], name="trunk"),
        make("Conv", ["c", "v"], ["m"], name="mean"),
        make("Conv", ["c", "u"], ["s"], name="spread"),
        make("Sin", ["s"], ["e"], name="odd"),
        make("Add", ["m", "e"], ["y"], name="sum"),
    ]
    arrays = [array("w", (6, 4, 3, 3)), array("v", (2, 6, 1, 1)), array("u", (2, 6, 1, 1))]
    data = model(nodes, (1, 4, 8, 8), arrays)
    flat = read("net.onnx", io.BytesIO(data), Asked(until="spread"))
    assert [item.kind for item in flat.items] == ["input", "conv", "conv"]
    said = "left out, since spread needs nothing of what they make: mean, 12 parameters"
    assert said in flat.notes
    assert not read("net.onnx", io.BytesIO(data), Asked(until="trunk")).notes


def test_it_is_said_of_formats_that_are_not_traced() -> None:
    after = CAFFE[: CAFFE.index('layer { name: "odd"')]
    twin = after + after[after.index("layer") :].replace("c1", "c2")
    flat = read("net.prototxt", io.BytesIO(twin.encode()), Asked(until="c2"))
    assert "left out, since c2 needs nothing of what they make: c1, 112 parameters" in flat.notes


@pytest.mark.filterwarnings("ignore")  # of PyTorch's own export
def test_a_node_of_which_a_part_is_taken_is_not_left_out() -> None:
    """An adaptive max pool gives the places of its maxima, too; a split its other parts."""
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.pool, self.head = torch.nn.AdaptiveMaxPool2d(1), torch.nn.Linear(2, 2)

        def forward(self, x: Any) -> Any:
            left, right = torch.split(x, [2, 1], 1)
            aside = torch.tanh(x)
            return self.head(self.pool(left).flatten(1)), right, aside

    file = io.BytesIO()
    torch.export.save(torch.export.export(Net().eval(), (torch.zeros(1, 3, 8, 8),)), file)
    file.seek(0)
    said = "left out, since linear needs nothing of what they make: tanh"
    assert read("net.pt2", file, Asked(format="pt2", until="linear")).notes == (said,)

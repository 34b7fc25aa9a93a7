"""Files that are no net: each is named by its content, with the line that makes one of it."""

import io
import json
import struct
import zipfile
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.interop.flat import UnreadableError
from convcalc.interop.formats import recognized
from convcalc.interop.read.model import read

PYTHON = b"""# a model
import torch
from torch import nn

class SmallNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
"""
KERAS = b"import keras\nmodel = keras.Sequential([keras.layers.Conv2D(8, 3)])\n"
HEAD = json.dumps({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
OLD = "serialized_exported_program.json"
NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": ["import torch"]}]}).encode()


def archive(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name in names:
            target.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("my_net.py", PYTHON, "`convcalc import --torch my_net:SmallNet --input 224x224x3"),
        ("broken.py", b"x = [", "this is Python code: `convcalc import --torch broken:Net"),
        ("keras_net.py", KERAS, "this is Python code: `model.save('net.keras')`"),
        ("no_ending", PYTHON, "`convcalc import --torch module:SmallNet"),
        ("nb.ipynb", NOTEBOOK, "this is a notebook: export the module: `torch.export.save("),
        ("m.h5", b"\x89HDF\r\n\x1a\n", "this is an HDF5 file: save the Keras model as .keras"),
        ("m.pth", b"\x80\x02\x8a", "this is a pickle, which is code: export the module"),
        ("m.pt", archive("m/data.pkl"), "this is a pickle of torch.save, which is code"),
        ("m.tflite", b"\x1c\0\0\0TFL3", "this is a TFLite file: `python -m tf2onnx.convert --tfl"),
        ("saved_model.pb", b"\x08\x01\x12\x05abcde", "a TensorFlow SavedModel: `python -m tf2onnx"),
        ("frozen.pb", b"\x0a\x05\x0a\x03abc", "this is a TensorFlow graph: `python -m tf2onnx"),
        ("m.mlmodel", b"\x08\x04\x12\x05abcde", "this is a Core ML model"),
        ("m.caffemodel", b"\x0a\x05abcde", "its layers are in the .prototxt beside it"),
        ("m.safetensors", struct.pack("<Q", len(HEAD)) + HEAD, "verify net.yaml --weights"),
        ("m.npz", archive("a.npy"), "verify net.yaml --weights"),
        ("m.npy", b"\x93NUMPY\x01\0", "verify net.yaml --weights"),
        ("m.pt2", archive("version", OLD), "`torch.export.save(torch.export.load('net.pt2'), 'new"),
        ("m.keras", archive("config.json", "version", OLD), "a program of PyTorch 2.7 or older"),
        ("m.zip", archive("a.txt"), "an archive without config.json (Keras) or models/*.json"),
        ("m.png", b"\x89PNG\r\n", "this is a picture"),
        ("m.pdf", b"%PDF-1.4", "this is a PDF file"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[:15] else "",
)  # fmt: skip
def test_what_it_is_and_what_to_type(
    name: str, data: bytes, said: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(data)
    for words in (["analyze", name], ["check", name], ["import", name]):
        assert run(words) == 2
        told = capsys.readouterr()
        assert said in told.err and "checked" not in told.out
        assert told.err.startswith(f"Error: {name}: ")


@pytest.mark.parametrize(
    "spec",
    [
        b"input: 8x8x3\nlayers: [conv3-4]\n",
        b"# import torch\ninput: 8x8x3\nlayers: []\n",
        b"name: a\nnotes: |\n  import torch\n  class Net(nn.Module):\ninput: 8x8x3\nlayers: []\n",
        b"from: x\nclass: y\nimport: z\n",
        b"# A page\n\n```python\nimport torch\n```\n",
    ],
)
def test_specs_and_pages_are_no_python(spec: bytes) -> None:
    assert not recognized(spec, "<stdin>")


@pytest.mark.parametrize(
    "part",
    [
        b"#\n",
        b" ",
        b'"',
        b'"""',
        b"{",
        b"import ",
        b"class a(",
        b"\n",
        b" \n",
        b"#\n ",
        b"layer \n",
        b"; \n",
    ],
)
def test_long_files_are_recognized_at_once(part: bytes) -> None:
    recognized((part * 2**16)[: 2**16] + b"x", "x")


SEVERAL = b"""import torch
from torch import nn
class Block(nn.Module):
    def __init__(self): super(Block, self).__init__()
class Head(nn.Module):
    pass
class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.a, self.b = Block(), Head()
class Other(nn.Module):
    pass
"""


def test_python_code_with_several_modules_names_them_all() -> None:
    with pytest.raises(UnreadableError) as caught:
        read("m.py", io.BytesIO(SEVERAL))
    said = str(caught.value)
    assert "`convcalc import --torch m:Net --input 224x224x3" in said
    assert said.endswith("as a spec; others in it: m:Other, m:Block, m:Head")


def _said(name: str, source: str) -> str:
    with pytest.raises(UnreadableError) as caught:
        read(name, io.BytesIO(f"from torch import nn\n{source}".encode()))
    return str(caught.value)


PLAIN = "class Net(nn.Module):\n    def __init__(self): super().__init__()\n"
WIDE = "class Other(nn.Module):\n    def __init__(self, width: int, n=(1, 2)): pass\n"


@pytest.mark.parametrize(
    ("path", "where", "module"),
    [
        ("src/models/deep.py", "", "src.models.deep"),
        ("./net.py", "", "net"),
        ("pk/__init__.py", "", "pk"),
        ("a-b/net.py", "in the folder a-b, ", "net"),
        ("a-b/my-net.py", "in the folder a-b, called my_net.py, ", "my_net"),
        ("src/my.net.py", "called my_net.py, ", "src.my_net"),
        ("3d.py", "called _3d.py, ", "_3d"),
        ("../net.py", "in the folder .., ", "net"),
        ("/a/net.py", "in the folder /a, ", "net"),
        ("/it/__init__.py", "in the folder /, ", "it"),
        ("/net.py", "in the folder /, ", "net"),
    ],
)
def test_the_line_for_python_code_names_the_module_from_the_working_folder(
    path: str, where: str, module: str
) -> None:
    assert f"Python code: {where}`convcalc import --torch {module}:Net " in _said(path, PLAIN)


@pytest.mark.parametrize("made", ["", "if __name__ == '__main__':\n    net = Net()\n"])
@pytest.mark.parametrize("classes", [PLAIN + WIDE, WIDE + PLAIN])
def test_the_class_that_needs_no_arguments_is_named_first(made: str, classes: str) -> None:
    said = _said("m.py", classes + made)
    assert "--torch m:Net " in said and said.endswith("as a spec; others in it: m:Other")


def test_the_class_that_a_script_makes_is_named_first() -> None:
    two = "class A(nn.Module):\n    pass\nclass B(nn.Module):\n    pass\n"
    assert "--torch m:A " in _said("m.py", two)
    assert "--torch m:B " in _said("m.py", f"{two}net = B()\n")


def test_arguments_that_the_class_needs_are_named() -> None:
    said = _said("m.py", WIDE)
    assert "--torch m:Other " in said
    assert said.endswith("as a spec; --kwargs gives it what it needs: width")

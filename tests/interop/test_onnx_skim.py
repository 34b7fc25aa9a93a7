"""The structure of an ONNX file: all of a net's, and bounded before anything is decoded."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.model import read
from convcalc.interop.read.onnx import skim

pytest.importorskip("onnx")


def number(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes((*found, value))


def field(at: int, data: bytes) -> bytes:
    return number(at << 3 | 2) + number(len(data)) + data


def node(*more: bytes) -> bytes:
    return field(1, field(1, b"x") + field(2, b"y") + field(4, b"Relu") + b"".join(more))


_SIZES = b"".join(field(1, b"\x08" + number(size)) for size in (1, 3, 8, 8))
INPUT = field(11, field(1, b"x") + field(2, field(1, b"\x08\x01" + field(2, _SIZES))))
OUTPUT = field(12, field(1, b"y"))


def model(graph: bytes, more: bytes = b"") -> bytes:
    return b"\x08\x08" + field(7, graph + INPUT + OUTPUT) + field(8, b"\x10\x12") + more


def _deep() -> bytes:
    graph = node()
    for _ in range(5000):
        attribute = field(1, b"then_branch") + field(6, graph) + b"\xa0\x01\x05"
        graph = node(field(5, attribute))
    return model(graph)


#: files of a few megabytes that would take gigabytes
MANY = {
    "attributes": (lambda: model(node(field(5, b"") * 30_000) * 40), "600,000 parts"),
    "names of inputs": (lambda: model(node(field(1, b"") * 30_000) * 40), "600,000 parts"),
    "small tensors": (
        lambda: model(node() + field(5, field(8, b"") * 9000) * 200),
        "600,000 parts",
    ),
    "sizes": (lambda: model(node() + field(5, field(1, b"\1" * 10**6))), "bytes of sizes"),
    "sizes of an input": (
        lambda: model(node() + field(11, field(2, field(1, field(2, field(1, b"") * 10**6))))),
        "inputs and outputs",
    ),
    "opsets": (lambda: model(node(), field(8, field(1, b"") * 10**6)), "inputs and outputs"),
    "graphs in graphs": (_deep, "damaged or cut off"),
}


@pytest.mark.parametrize(("made", "said"), MANY.values(), ids=MANY)
def test_what_would_take_much_memory_is_never_decoded(
    made: Callable[[], bytes], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("convcalc.interop.read.onnx.proto.decode", None)
    with pytest.raises(UnreadableError, match=said):
        skim.skimmed(io.BytesIO(made()))


def test_nor_where_it_is_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("onnxruntime")
    file, spec = tmp_path / "f.onnx", tmp_path / "net.yaml"
    file.write_bytes(MANY["attributes"][0]())
    spec.write_text("input: 8x8x3\nlayers: [relu]\n")
    assert run(["verify", str(spec), "--against", str(file)]) == 2
    assert "600,000 parts" in capsys.readouterr().err


@pytest.mark.parametrize("unread", [field(26, b"a" * 99), field(99, b""), field(20, b"\xff")])
def test_what_is_not_read_is_not_kept(unread: bytes) -> None:
    assert skim.skimmed(io.BytesIO(model(node(), unread))) == model(node())


def test_of_functions_the_names_are_kept() -> None:
    names = field(1, b"f") + field(10, b"my")
    whole = model(node(), field(25, names + field(4, b"i") + field(7, b"a" * 99)))
    assert skim.skimmed(io.BytesIO(whole)) == model(node(), field(25, names))


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v2", "googlenet"])
def test_a_net_is_the_same_with_every_part_counted(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of large nets, all but the first nodes are."""
    file = tmp_path / "f.onnx"
    assert run(["export", name, "--to", "onnx", "-o", str(file)]) == 0
    data = file.read_bytes()
    before = read("f.onnx", io.BytesIO(data))
    monkeypatch.setattr(skim._Walk, "is_walked", lambda *_: True)
    assert read("f.onnx", io.BytesIO(data)) == before

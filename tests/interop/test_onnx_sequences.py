"""`chunk` and `split` in ONNX that PyTorch wrote unoptimised: a list, of which members are read."""

from pathlib import Path
from typing import Any

import pytest

import convcalc
from tests.interop.onnx_files import executed, flat_of, model, refusal

onnx = pytest.importorskip("onnx")
SHAPE = (1, 5, 9, 8)


def numbers(name: str, *values: int, single: bool = False) -> Any:
    return onnx.helper.make_tensor(name, 7, () if single else (len(values),), values)


def of_list(sizes: Any, at: int, *more: Any, **attributes: int) -> bytes:
    """The volume cut into a list, of which one member is the output."""
    make = onnx.helper.make_node
    names = ["x"] if sizes is None else ["x", "sizes"]
    nodes = [
        make("SplitToSequence", names, ["parts"], name="cut", **attributes),
        make("SequenceAt", ["parts", "at"], ["member"], name="member"),
        make("Relu", ["member"], ["y"], name="relu"),
    ]
    arrays = [numbers("at", at, single=True), *([] if sizes is None else [sizes])]
    return model([*nodes, *more], SHAPE, arrays)


@pytest.mark.parametrize(
    ("sizes", "single", "at", "start", "channels"),
    [
        ((2, 3), False, 1, 2, 3),
        ((2, 3), False, -2, 0, 2),
        ((2,), True, 1, 2, 2),
        ((2,), True, -1, 4, 1),
        ((), False, 3, 3, 1),
    ],
)
def test_a_member_of_a_list_is_a_slice(
    sizes: tuple[int, ...], single: bool, at: int, start: int, channels: int
) -> None:
    given = numbers("sizes", *sizes, single=single) if sizes else None
    data = of_list(given, at, axis=1)
    slice_, relu = flat_of(data).items[1:]
    assert (slice_.kind, relu.kind) == ("slice", "relu")
    assert slice_.layer is not None
    assert (slice_.layer.__dict__["start"] or 0) == start
    assert relu.output == executed(data, SHAPE) == (9, 8, channels)


def test_a_list_that_is_read_whole_has_no_kind() -> None:
    make = onnx.helper.make_node
    nodes = [
        make("SplitToSequence", ["x", "sizes"], ["parts"], name="cut", axis=1),
        make("ConcatFromSequence", ["parts"], ["y"], name="joined", axis=1),
    ]
    lines = refusal(model(nodes, SHAPE, [numbers("sizes", 2, 3)]))
    assert any("ConcatFromSequence" in line for line in lines)


def test_a_member_that_is_not_there_is_refused() -> None:
    lines = refusal(of_list(numbers("sizes", 2, 3), 2, axis=1))
    assert "SequenceAt of no member that is known: member" in lines


@pytest.mark.filterwarnings("ignore")  # of PyTorch's own export
def test_the_line_of_the_docs_keeps_chunk_and_split(tmp_path: Any) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnxscript")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 8, 3)

        def forward(self, x: Any) -> Any:
            a, b = self.conv(x).chunk(2, 1)
            c, d = (a * b).split([1, 3], 1)
            return torch.cat([d, c], 1)

    file, x = tmp_path / "net.onnx", torch.zeros(1, 3, 9, 9)
    words = {"dynamo": True, "optimize": False, "external_data": False, "verbose": False}
    torch.onnx.export(Net().eval(), (x,), file, **words)
    kinds = [item.kind for item in flat_of(file.read_bytes()).items[1:]]
    assert kinds == ["conv", "slice", "slice", "multiply", "slice", "slice", "concat"]


def test_a_net_with_a_list_is_compared_with_its_file(tmp_path: Path) -> None:
    """The list is no volume; its members are, each made by a node of its own."""
    pytest.importorskip("onnxruntime")
    file = tmp_path / "net.onnx"
    file.write_bytes(of_list(numbers("sizes", 2, 3), 1, axis=1))
    found = convcalc.verify(file, against=file)
    assert found.agrees
    assert [layer["name"] for layer in found.to_dict()["layers"]] == ["cut", "relu"]

"""Sizes that a file works out of a batch that it leaves open are no sizes of every batch."""

from pathlib import Path
from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError
from tests.interop.onnx_files import array, flat_of, model, refusal

onnx = pytest.importorskip("onnx")

OPEN, FIXED = ("N", 3, 16, 16), (2, 3, 16, 16)


def numbers(name: str, *values: int) -> Any:
    return onnx.helper.make_tensor(name, 7, (len(values),), values)


ARRAYS = [numbers("zero", 0), numbers("eight", 8), numbers("three", 3), numbers("rest", 3, 8, 8)]
ARRAYS.append(numbers("all", 3, 16, 16))


def file_of(shape: tuple[Any, ...], *nodes: tuple[str, str, str], **attributes: Any) -> bytes:
    """`Op`, its inputs, its output; `s` is the shape of x, `b` its first size."""
    make = onnx.helper.make_node
    listed = [("Shape", "x", "s"), ("Gather", "s zero", "b"), *nodes]
    made = []
    for op, inputs, output in listed:
        names = ["" if name == "-" else name for name in inputs.split()]
        more = {"axis": 0} if op in {"Concat", "Gather"} else {}
        made.append(make(op, names, [output], **more, **(attributes if output == "z" else {})))
    last = make("Relu", ["z"], ["y"])
    return model([*made, last], shape, [*ARRAYS, array("k", (1,))])


FOLLOWING = [
    [("Mul", "b eight", "e"), ("Concat", "b three e e", "q"), ("Resize", "x - - q", "z")],
    [("Concat", "b three b b", "q"), ("Resize", "x - - q", "z")],
    [("Max", "s eight", "q"), ("Add", "q b", "p"), ("Resize", "x - - p", "z")],
    [("ReduceSum", "s", "t"), ("Concat", "b three t t", "q"), ("Resize", "x - - q", "z")],
    [("Concat", "three b", "q"), ("Reshape", "x q", "z")],
    [("Slice", "x zero b three", "z")],
]


@pytest.mark.parametrize("nodes", FOLLOWING)
def test_a_size_that_follows_an_open_batch_is_refused(nodes: list[tuple[str, str, str]]) -> None:
    with pytest.raises(UnreadableError, match=r"a size of it follows the batch.*batch fixed"):
        flat_of(file_of(OPEN, *nodes))


def test_with_a_fixed_batch_it_is_a_number() -> None:
    flat = flat_of(file_of(FIXED, *FOLLOWING[0]))
    assert flat.items[-1].output == (16, 16, 3)


BATCH_AXIS = [
    ([("Concat", "b rest", "q"), ("Resize", "x - - q", "z")], (8, 8, 3)),
    ([("Concat", "b all", "q"), ("Reshape", "x q", "z")], (16, 16, 3)),
]


@pytest.mark.parametrize(("nodes", "output"), BATCH_AXIS)
def test_the_size_of_the_batch_axis_itself_is_read(
    nodes: list[tuple[str, str, str]], output: tuple[int, ...]
) -> None:
    assert flat_of(file_of(OPEN, *nodes)).items[-1].output == output


def test_a_condition_that_follows_the_batch_takes_no_side() -> None:
    make = onnx.helper
    sides = {
        f"{side}_branch": make.make_graph(
            [make.make_node(op, ["x"], [f"o{side}"])],
            side,
            [],
            [make.make_tensor_value_info(f"o{side}", 1, None)],
        )
        for side, op in (("then", "Relu"), ("else", "Sigmoid"))
    }
    nodes = [
        make.make_node("Shape", ["x"], ["s"]),
        make.make_node("Gather", ["s", "zero"], ["b"], axis=0),
        make.make_node("Less", ["b", "eight"], ["c"]),
        make.make_node("If", ["c"], ["y"], **sides),
    ]
    arrays = [onnx.helper.make_tensor("zero", 7, (), [0]), make.make_tensor("eight", 7, (), [8])]
    assert flat_of(model(nodes, FIXED, arrays)).items[-1].kind == "relu"
    (line,) = refusal(model(nodes, OPEN, arrays))
    assert "If with a condition whose value is not in the file" in line


def test_a_program_alike(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self, size: Any) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 8, 3, padding=1)
            self.size = size

        def forward(self, x: Any) -> Any:
            sizes = self.size(x)
            return self.conv(torch.nn.functional.interpolate(x, size=sizes))

    def read(size: Any, given: Any) -> Any:
        from tests.interop.test_open_sizes import flat_of as of_program
        from tests.interop.test_open_sizes import saved

        return of_program(saved(tmp_path, Net(size), dynamic_shapes=given))

    given = {"x": {0: torch.export.Dim("b", min=2, max=64)}}
    follows = [lambda x: (x.shape[0] * 8, 16), lambda x: (16, x.numel() // 3072 * 8)]
    for size in follows:
        with pytest.raises(UnreadableError, match="a size of it follows the batch"):
            read(size, given)
        assert read(size, None).items[-1].output == (16, 16, 8)
    assert read(lambda x: (x.shape[2] * 2, 16), given).items[-1].output == (64, 16, 8)

"""Outputs that no input reaches: what they hold is counted by the source, and by no layer."""

from pathlib import Path
from typing import Any

import pytest

from convcalc.interop.flat import Flat
from tests.interop.stated_programs import CONV, SHAPES, call, program, tensor

_SHAPES = {**SHAPES, "p": (1, 3, 8, 8), "v": (5, 3, 3, 3), "g": (1, 5, 6, 6), "h": (1, 5, 6, 6)}
_NAMES = {"w": "c.weight", "p": "P", "v": "d.weight"}
ALONE = [
    call("conv2d.default", {"input": tensor("p"), "weight": tensor("v")}, "g"),
    call("relu.default", {"self": tensor("g")}, "h"),
]
LEFT_OUT = "in an output that no input reaches, left out here with the calls that work it out"


def kinds(flat: Flat) -> list[str]:
    return [item.kind for item in flat.items]


@pytest.mark.parametrize(
    ("calls", "outputs", "names", "params"),
    [
        (ALONE, "y0 h", "P, d.weight are", 81 + 192 + 135),
        (ALONE[:1], "g y0", "P, d.weight are", 81 + 192 + 135),
        ([], "y0 p", "P is", 81 + 192),  # it gives back what it has learned
    ],
)
def test_what_a_program_works_out_of_its_parameters_alone(
    calls: list[Any], outputs: str, names: str, params: int
) -> None:
    flat = program([CONV, *calls], _SHAPES, outputs, _NAMES)
    assert kinds(flat) == ["input", "conv"] and len(flat.outputs) == 1
    said = f"the source has {params} learned parameters, the layers here 81: {names} {LEFT_OUT}"
    assert said in flat.notes and flat.difference == said


def test_of_what_is_not_learned_the_output_is_named() -> None:
    made = call("relu.default", {"self": tensor("p")}, "k")
    shapes = {**_SHAPES, "k": (1, 3, 8, 8)}
    flat = program([CONV, made], shapes, "y0 k", {"w": "c.weight"}, buffers={"p": "grid"})
    assert kinds(flat) == ["input", "conv"]
    assert flat.notes == (
        "the output k, which no input reaches, is left out here, and what works it out there at "
        "each run",
    )


def test_of_an_onnx_file(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    numpy = pytest.importorskip("numpy")
    made, held = onnx.helper, onnx.numpy_helper.from_array
    shapes = {"wa": (8, 3, 3, 3), "P": (1, 8, 16, 16), "wb": (4, 8, 3, 3)}
    arrays = [held(numpy.ones(shape, "float32"), name) for name, shape in shapes.items()]
    nodes = [
        made.make_node("Conv", ["x", "wa"], ["a"], pads=[1] * 4),
        made.make_node("Conv", ["P", "wb"], ["b"], pads=[1] * 4),
        made.make_node("Relu", ["b"], ["c"]),
    ]
    volume = onnx.TensorProto.FLOAT
    given, *outputs = (
        made.make_tensor_value_info(name, volume, [1, channels, 16, 16])
        for name, channels in (("x", 3), ("a", 8), ("c", 4))
    )
    graph = made.make_graph(nodes, "g", [given], outputs, arrays)
    onnx.save(
        made.make_model(graph, opset_imports=[made.make_opsetid("", 17)]), tmp_path / "a.onnx"
    )
    from convcalc.interop.read.model import read

    with (tmp_path / "a.onnx").open("rb") as file:
        flat = read("a.onnx", file)
    assert kinds(flat) == ["input", "conv"]
    assert flat.difference.endswith(f"P, wb are {LEFT_OUT}")

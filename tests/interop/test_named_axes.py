"""Axes that files name: of one number without axes, and those that a tensor does not have."""

import io
import json
from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.model import read
from tests.interop.onnx_files import array, flat_of, net
from tests.interop.stated_programs import CONV, SHAPES, call, program, tensor
from tests.interop.test_keras_bounds import call as reads
from tests.interop.test_keras_bounds import layer, model

_AXIS, _AXES = {"dim": {"as_int": 0}}, {"dim": {"as_ints": [0]}}


@pytest.mark.parametrize(
    ("target", "given", "made"),
    [
        ("sum.dim_IntList", _AXES, ()),
        ("flatten.using_ints", {}, (1,)),
        ("t.default", {}, ()),
        ("squeeze.dim", _AXIS, ()),
        ("unsqueeze.default", _AXIS, (1,)),
        ("transpose.int", {"dim0": {"as_int": 0}, "dim1": {"as_int": -1}}, ()),
        ("movedim.int", {"source": {"as_int": 0}, "destination": {"as_int": 0}}, ()),
        ("max.dim", _AXIS, ()),
        ("linalg_vector_norm.default", _AXES, ()),
        ("softmax.int", _AXIS, ()),
        ("std.correction", _AXES, ()),
    ],
)
def test_a_learned_number_has_an_axis_where_pytorch_gives_it_one(
    target: str, given: Any, made: tuple[int, ...]
) -> None:
    outputs = ["r", "at"] if target == "max.dim" else ["r"]
    calls = [
        call(target, {"self": tensor("v"), **given}, *outputs),
        call("mul.Tensor", {"self": tensor("y0"), "other": tensor("r")}, "z"),
    ]
    shapes = {**SHAPES, "v": (), "r": made, "at": made, "z": SHAPES["y0"]}
    flat = program([CONV, *calls], shapes, "z", {"w": "c.weight", "v": "v"})
    assert flat.items[-1].output == (8, 8, 3)


@pytest.mark.parametrize(
    ("target", "given"),
    [
        ("sum.dim_IntList", {"dim": {"as_ints": [4]}}),
        ("mean.dim", {"dim": {"as_ints": [2, -5]}}),
        ("softmax.int", {"dim": {"as_int": 4}}),
        ("slice.Tensor", {"dim": {"as_int": -5}, "end": {"as_int": 1}}),
        ("select.int", {"dim": {"as_int": 4}, "index": {"as_int": 0}}),
        ("chunk.default", {"chunks": {"as_int": 2}, "dim": {"as_int": 5}}),
        ("flatten.using_ints", {"start_dim": {"as_int": 1}, "end_dim": {"as_int": 4}}),
        ("squeeze.dim", {"dim": {"as_int": 4}}),
        ("transpose.int", {"dim0": {"as_int": 1}, "dim1": {"as_int": 4}}),
        ("permute.default", {"dims": {"as_ints": [0, 1, 2, 7]}}),
        ("movedim.int", {"source": {"as_int": 1}, "destination": {"as_int": 4}}),
    ],
)
def test_an_axis_that_a_volume_does_not_have_is_refused(target: str, given: Any) -> None:
    """PyTorch refuses it; a size of another axis was counted."""
    shapes = {**SHAPES, "z": SHAPES["y0"]}
    calls = [CONV, call(target, {"self": tensor("y0"), **given}, "z")]
    with pytest.raises(UnreadableError, match=r"there is no axis -?\d: -4 to 3 can be"):
        program(calls, shapes, "z", {"w": "c.weight"})


def test_one_number_cannot_be_cut_or_joined() -> None:
    for target, given in (
        ("slice.Tensor", {"self": tensor("v"), "end": {"as_int": 1}}),
        ("cat.default", {"tensors": {"as_tensors": [{"name": "v"}]}}),
    ):
        calls = [call(target, given, "r")]
        with pytest.raises(UnreadableError, match="there is no axis 0: it is one number"):
            program(calls, {**SHAPES, "v": (), "r": (1,)}, "r", {"v": "v"})


@pytest.mark.parametrize(
    ("op", "attributes"),
    [
        ("Flatten", {"axis": 5}),
        ("Split", {"axis": 4}),
        ("Concat", {"axis": -5}),
        ("Softmax", {"axis": 4}),
        ("ReduceMean", {"axes": [2, 4]}),
        ("Transpose", {"perm": [0, 1, 2, -5]}),
        ("LayerNormalization", {"axis": 4}),
    ],
)
def test_an_axis_that_no_input_of_an_onnx_node_has_is_refused(op: str, attributes: Any) -> None:
    pytest.importorskip("onnx")
    names = "x s" if op == "LayerNormalization" else "x"
    data = net(op, names, (1, 3, 8, 8), [array("s", (8,))], **attributes)
    with pytest.raises(UnreadableError, match=rf"\({op}\): there is no axis -?\d: -4 to \d can be"):
        flat_of(data)


@pytest.mark.parametrize(
    ("cls", "config"),
    [
        ("BatchNormalization", {"axis": 4}),
        ("LayerNormalization", {"axis": [1, 2, 3, -7]}),
        ("Softmax", {"axis": -5}),
    ],
)
def test_an_axis_that_no_input_of_a_keras_layer_has_is_refused(cls: str, config: Any) -> None:
    made = model("m", layer(cls, "l", reads(_X), **config), output=["l", 0, 0])
    with pytest.raises(UnreadableError, match=r"layer l: there is no axis -?\d: -4 to 3 can be"):
        read("m.json", io.BytesIO(json.dumps(made).encode()))


_X = {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}

"""Files that keep parameters out of training: a note says that training counts them."""

import io
import json
from typing import Any

import pytest

from convcalc.interop.read.model import read
from tests.interop.stated_programs import CONV, SHAPES, call, program, tensor

SAID = "are frozen in the file ({}): training counts them as trained, as all others"


def frozen(notes: tuple[str, ...]) -> list[str]:
    return [note for note in notes if "frozen" in note]


@pytest.mark.parametrize(
    ("names", "said"),
    [("", []), ("w", ["1 of 2 parameters "]), ("wb", ["all parameters "])],
)
def test_parameters_of_a_program(names: str, said: list[str]) -> None:
    calls = [call("mul.Tensor", {"self": tensor("y0"), "other": tensor("b")}, "z")]
    shapes = {**SHAPES, "b": (3, 1, 1), "z": SHAPES["y0"]}
    learned = {"w": "c.weight", "b": "s"}
    flat = program([CONV, *calls], shapes, "z", learned, frozen=names)
    assert frozen(flat.notes) == [one + SAID.format("requires_grad=False") for one in said]


@pytest.mark.parametrize(
    ("trained", "said"),
    [
        ((True, None), []),
        ((False, True), ["1 of 2 layers with weights "]),
        ((False, False), ["all layers with weights "]),
    ],
)
def test_layers_of_a_keras_model(trained: tuple[bool | None, ...], said: list[str]) -> None:
    layers: list[Any] = [{"class_name": "InputLayer", "config": {"batch_shape": [None, 8, 8, 3]}}]
    for name, learns in zip("ab", trained, strict=True):
        config = {"name": name, "filters": 8, "kernel_size": [3, 3], "activation": "relu"}
        layers += [
            {"class_name": "Conv2D", "config": config | {"trainable": learns}},
            {"class_name": "Dropout", "config": {"name": f"{name}d", "rate": 0.5}},
        ]
    model = {"class_name": "Sequential", "config": {"name": "net", "layers": layers}}
    flat = read("net.json", io.BytesIO(json.dumps(model).encode()))
    assert frozen(flat.notes) == [one + SAID.format("trainable=False") for one in said]


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        (("", ""), []),
        (("param { lr_mult: 0 }", "param { lr_mult: 0 } param { lr_mult: 0 decay_mult: 0 }"), 1),
        (("param { lr_mult: 0 } param { lr_mult: 0 }",) * 2, 2),
    ],
)
def test_layers_of_a_caffe_net(rates: tuple[str, str], said: Any) -> None:
    text = 'input: "x" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\n'
    for name, rate in zip("ab", rates, strict=True):
        text += (
            f'layer {{ name: "{name}" type: "Convolution" bottom: "x" top: "{name}" {rate} '
            "convolution_param { num_output: 3 kernel_size: 3 } }\n"
        )
    which = {1: "1 of 2 layers with weights ", 2: "all layers with weights "}
    notes = read("net.prototxt", io.BytesIO(text.encode())).notes
    assert frozen(notes) == ([which[said] + SAID.format("lr_mult: 0")] if said else [])

"""No entry of a Keras layer is passed over: it is read, changes nothing, or is refused."""

import io
import json
from typing import Any

import pytest

from convcalc.interop.flat import UnsupportedError
from convcalc.interop.read.keras.layers import CLASSES
from convcalc.interop.read.keras.shaping import PREPARING
from convcalc.interop.read.model import read
from tests.interop.operands import STATES

#: entries with which a Keras layer is read, beside its name
CONFIGS: dict[str, dict[str, Any]] = {
    **{f"Conv{n}D": {"filters": 4, "kernel_size": [3] * n} for n in (1, 2, 3)},
    **{f"Conv{n}DTranspose": {"filters": 4, "kernel_size": [3] * n} for n in (1, 2, 3)},
    **{f"DepthwiseConv{n}D": {"kernel_size": [3] * n} for n in (1, 2)},
    **{f"SeparableConv{n}D": {"filters": 4, "kernel_size": [3] * n} for n in (1, 2)},
    **{f"{how}Pooling{n}D": {"pool_size": [2] * n}
       for n in (1, 2, 3) for how in ("Max", "Average")},
    **{f"Adaptive{how}Pooling{n}D": {"output_size": [2] * n}
       for n in (1, 2, 3) for how in ("Max", "Average")},
    "Dense": {"units": 3},
    "GroupNormalization": {"groups": 2},
    "PReLU": {"shared_axes": [1, 2]},
    "Activation": {"activation": "relu"},
    **{f"ZeroPadding{n}D": {"padding": 1} for n in (1, 2, 3)},
    **{f"Cropping{n}D": {"cropping": 1} for n in (1, 2, 3)},
    "Resizing": {"height": 16, "width": 16},
    "CenterCrop": {"height": 4, "width": 4},
    "Reshape": {"target_shape": [-1, 4]},
    "Permute": {"dims": [1, 2, 3]},
}  # fmt: skip
MERGES = {"Add", "Multiply", "Concatenate", "Subtract", "Maximum", "Average"}


def keras(cls: str, more: dict[str, Any]) -> str:
    """What a Keras layer is refused with; '' where it is read."""
    axes = next((n for n in (1, 2, 3) if f"{n}D" in cls), 2)
    shape = [None, *[8] * axes, 4]
    config = {"name": "l", "trainable": True, **CONFIGS.get(cls, {}), **more}
    tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": ["i", 0, 0]}}
    args = [[tensor, tensor]] if cls in MERGES else [tensor]
    first = {"class_name": "InputLayer", "name": "i", "inbound_nodes": [],
             "config": {"name": "i", "batch_shape": shape}}  # fmt: skip
    layer = {"class_name": cls, "module": "keras.layers", "name": "l", "config": config,
             "inbound_nodes": [{"args": args, "kwargs": {}}]}  # fmt: skip
    last = {"class_name": "ReLU", "module": "keras.layers", "name": "r", "config": {"name": "r"},
            "inbound_nodes": [{"args": [{**tensor, "config": {"keras_history": ["l", 0, 0]}}],
                               "kwargs": {}}]}  # fmt: skip
    model = {"name": "m", "layers": [first, layer, last], "input_layers": [["i", 0, 0]],
             "output_layers": [["r", 0, 0]]}  # fmt: skip
    data = json.dumps({"class_name": "Functional", "config": model}).encode()
    try:
        read("m.json", io.BytesIO(data))
    except UnsupportedError as error:
        return error.lines[0].partition(":")[0]
    return ""


@pytest.mark.parametrize("cls", sorted(set(CLASSES) - PREPARING))
def test_an_entry_that_no_function_of_keras_reads_is_refused(cls: str) -> None:
    assert keras(cls, {}) == ""
    assert keras(cls, {STATES: 2}) == f"{cls} with {STATES} = 2"
    assert keras(cls, {STATES: None, "seed": 3, "kernel_initializer": {"a": 1}}) == ""


def test_what_is_left_out_since_it_prepares_data_may_have_any_entry() -> None:
    assert all(keras(cls, {STATES: 2}) == "" for cls in PREPARING)

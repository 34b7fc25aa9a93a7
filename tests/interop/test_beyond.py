"""Sizes that no spec can state are refused where a model is imported, with the layer's name."""

import io
import json

import pytest

from convcalc.interop.flat import UnreadableError
from convcalc.interop.fold.spec import write
from convcalc.interop.read.model import read


def keras(**changed: object) -> bytes:
    conv = {"name": "c", "filters": 8, "kernel_size": [3, 3], "strides": [1, 1], **changed}
    first = {"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [None, 8, 8, 3]}}
    layers = [first, {"class_name": "Conv2D", "config": conv}]
    model = {"class_name": "Sequential", "config": {"name": "s", "layers": layers}}
    return json.dumps(model).encode()


CFG = "[net]\nheight=8\nwidth=8\n[convolutional]\nfilters=4\nsize=%d\npad=%d\n"
PROTOTXT = """
input: "data" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8
layer { name: "c" type: "Convolution" bottom: "data" top: "c"
        convolution_param { num_output: 4 kernel_size: %d pad: %d } }
"""
LARGE = {"kernel_size": [2**31, 2**31]}


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("m.json", keras(**LARGE), "layer c: window 2147483648 does not fit: input 8"),
        ("m.json", keras(**LARGE, padding="same"), "layer c: with it the net has 110,680,464,44"),
        ("m.json", keras(dilation_rate=[2**31, 2**31]), "layer c: window 2147483648*(3 - 1) + 1"),
        ("m.json", keras(filters=2**31 + 1), "layer c: filters is 2147483649"),
        ("m.cfg", (CFG % (2**31, 0)).encode(), "layer convolutional_0: window 2147483648"),
        ("m.cfg", (CFG % (2**31, 1)).encode(), "layer convolutional_0: with it the net has "),
        ("m.prototxt", (PROTOTXT % (2**31, 2**30)).encode(), "layer c: with it the net has "),
        ("m.prototxt", (PROTOTXT % (9, 0)).encode(), "layer c: window 9 does not fit: input 8"),
    ],
)
def test_sizes_beyond_what_a_spec_can_state(name: str, data: bytes, why: str, folded: bool) -> None:
    with pytest.raises(UnreadableError, match=r"^layer c") as caught:
        write(read(name, io.BytesIO(data)), folded)
    assert str(caught.value).startswith(why)


def test_the_largest_sizes_are_written() -> None:
    text = write(read("m.json", io.BytesIO(keras(filters=2**31)))).text
    assert "conv3-2147483648p0" in text

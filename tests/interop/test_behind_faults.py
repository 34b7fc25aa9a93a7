"""Layers of foreign files behind one that does not fit: that one is what is said, once."""

import io
import json
from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.read.model import read

CAFFE = (
    'input: "x" input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 4\n'
    'layer { name: "c" type: "Convolution" bottom: "x" top: "c"'
    " convolution_param { num_output: 4 kernel_size: 7 } }\n"
)
DARKNET = "[net]\nwidth=4\nheight=4\nchannels=3\n[convolutional]\nfilters=4\nsize=7\n"


def of_text(name: str, text: str) -> Flat:
    return read(name, io.BytesIO(text.encode()))


def only_fault(flat: Flat) -> str:
    ((at, fault),) = flat.faults
    return f"{flat.items[at].name}: {fault.code} {fault.message}"


@pytest.mark.parametrize(
    "layer",
    [
        'type: "Crop" bottom: "c" bottom: "x" crop_param { offset: 1 }',
        'type: "Crop" bottom: "x" bottom: "c"',
        'type: "Reshape" bottom: "c" reshape_param { shape { dim: 0 dim: 2 dim: 2 dim: -1 } }',
        'type: "Pooling" bottom: "c" pooling_param { kernel_size: 3 stride: 2 pad: 1 }',
        'type: "Slice" bottom: "c" slice_param { slice_point: 2 } top: "e"',
    ],
)
def test_of_caffe(layer: str) -> None:
    flat = of_text("net.prototxt", f'{CAFFE}layer {{ name: "d" top: "d" {layer} }}')
    assert only_fault(flat).startswith("c: CC102 window 7 does not fit")


@pytest.mark.parametrize(
    "section",
    [
        "[maxpool]\nsize=3\nstride=2",
        "[convolutional]\nfilters=4\nsize=3\ndilation=2\npad=1",
        "[reorg]\nstride=3\n[maxpool]\nsize=2",
        "[maxpool]\nsize=2\n[route]\nlayers=-1,-2",
    ],
)
def test_of_darknet(section: str) -> None:
    assert only_fault(of_text("net.cfg", DARKNET + section)).startswith("convolutional_0: CC102")


@pytest.mark.parametrize(
    ("cls", "config"),
    [
        ("Rescaling", {"scale": 2.0}),
        ("Reshape", {"target_shape": [-1, 4]}),
        ("Permute", {"dims": [1, 2, 3]}),
        ("Resizing", {"height": 40, "width": 40}),
        ("LayerNormalization", {"axis": -1}),
        ("Dense", {"units": 4}),
        ("GroupNormalization", {"groups": -1}),
        ("Cropping2D", {"cropping": 1}),
        ("CenterCrop", {"height": 2, "width": 2}),
        ("PReLU", {"shared_axes": [1, 2]}),
        ("SeparableConv2D", {"filters": 4, "kernel_size": [3, 3]}),
        ("Activation", {"activation": "softmax"}),
    ],
)
def test_of_keras(cls: str, config: dict[str, Any]) -> None:
    layers = [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 4, 4, 3]}},
        {"class_name": "Conv2D", "config": {"name": "c", "filters": 4, "kernel_size": [7, 7]}},
        {"class_name": cls, "config": {"name": "d", **config}},
    ]
    model = {"class_name": "Sequential", "config": {"name": "net", "layers": layers}}
    assert only_fault(of_text("net.json", json.dumps(model))).startswith("c: CC102")


@pytest.mark.parametrize("layer", ["kernel_size: 3", "kernel_size: 3 stride: 2 pad: 1"])
def test_a_pool_of_a_vector_in_caffe(layer: str) -> None:
    fc = 'layer { name: "f" type: "InnerProduct" bottom: "x" top: "f"'
    pool = 'layer { name: "p" type: "Pooling" bottom: "f" top: "p" pooling_param'
    text = f"{fc} inner_product_param {{ num_output: 4 }} }} {pool} {{ {layer} }} }}"
    head = CAFFE.partition("layer")[0]
    with pytest.raises(UnsupportedError) as refused:
        of_text("net.prototxt", head + text)
    assert refused.value.lines == ("a window over a vector, which has no positions: p",)


def test_a_crop_to_a_volume_of_other_axes_in_caffe() -> None:
    fc = 'layer { name: "f" type: "InnerProduct" bottom: "x" top: "f"'
    crop = 'layer { name: "d" type: "Crop" bottom: "f" bottom: "x" top: "d" }'
    head = CAFFE.partition("layer")[0]
    with pytest.raises(UnsupportedError) as refused:
        of_text("net.prototxt", f"{head}{fc} inner_product_param {{ num_output: 4 }} }} {crop}")
    assert refused.value.lines == ("Crop to the size of a volume of other axes: d",)

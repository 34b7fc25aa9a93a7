"""Caffe and darknet: an argument that changes sizes, weights or numbers is not passed over."""

import io

import pytest

from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.read.model import read

NET = "[net]\nheight=32\nwidth=32\nchannels=3\n"
CONV = "[convolutional]\nfilters=8\nsize=3\nstride=1\npad=1\nactivation=leaky\n"
INPUT = 'input: "x" input_shape { dim: 1 dim: 8 dim: 6 dim: 5 }\n'


def darknet(text: str) -> Flat:
    return read("net.cfg", io.BytesIO((NET + text).encode()))


def caffe(layers: str) -> Flat:
    return read("net.prototxt", io.BytesIO((INPUT + layers).encode()))


def layer(kind: str, more: str = "", bottoms: tuple[str, ...] = ("x",)) -> str:
    reads = " ".join(f'bottom: "{name}"' for name in bottoms)
    return f'layer {{ name: "l" type: "{kind}" {reads} top: "y" {more} }}\n'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (CONV + "antialiasing=1\n", "convolutional with antialiasing = 1: convolutional_0"),
        (CONV + "deform=1\n", "convolutional with deform = 1: convolutional_0"),
        (CONV + "xnor=1\n", "convolutional with xnor = 1: convolutional_0"),
        (CONV + "binary=1\n", "convolutional with binary = 1: convolutional_0"),
        (CONV + CONV + "share_index=0\n", "convolutional with share_index = 0: convolutional_1"),
        (
            CONV + CONV + "[shortcut]\nfrom=-2\nweights_type=per_feature\n",
            "shortcut with weights_type = per_feature: shortcut_2",
        ),
        (CONV + "[reorg]\nstride=2\nreverse=1\n", "reorg with reverse = 1: reorg_1"),
        (CONV + "[reorg]\nstride=2\nflatten=1\n", "reorg with flatten = 1: reorg_1"),
        (CONV + "[upsample]\nstride=2\nscale=0.5\n", "upsample with scale = 0.5: upsample_1"),
        (CONV + "[maxpool]\nsize=2\nstride=2\nantialiasing=1\n", "maxpool with antialiasing = 1"),
    ],
)
def test_what_changes_a_section_of_darknet_is_refused(text: str, line: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        darknet(text)
    (found,) = caught.value.lines
    assert found.startswith(line)


@pytest.mark.parametrize(
    "text",
    [
        CONV + "antialiasing=0\nxnor=0\nshare_index=-1000000000\nstopbackward=1\n",
        CONV + CONV + "[shortcut]\nfrom=-2\nweights_type=none\n",
        CONV + "[upsample]\nstride=2\nscale=1\n",
        CONV + "[reorg]\nstride=2\nreverse=0\n",
    ],
)
def test_what_says_nothing_new_is_read(text: str) -> None:
    assert darknet(text).items[-1].output


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            layer("InnerProduct", "inner_product_param { num_output: 7 axis: 2 }"),
            "InnerProduct with axis = 2: l",
        ),
        (layer("Flatten", "flatten_param { axis: 2 }"), "Flatten with axis = 2: l"),
        (layer("Flatten", "flatten_param { end_axis: 2 }"), "Flatten with end_axis = 2: l"),
        (
            layer("Reshape", "reshape_param { shape { dim: -1 } axis: 2 }"),
            "Reshape with axis = 2: l",
        ),
        (
            layer("Reshape", "reshape_param { shape { dim: -1 } num_axes: 1 }"),
            "Reshape with num_axes = 1: l",
        ),
        (layer("Scale", "scale_param { axis: 2 }"), "Scale with axis = 2: l"),
        (layer("Scale", "scale_param { num_axes: 3 }"), "Scale with num_axes = 3: l"),
        (layer("Swish", "swish_param { beta: 2 }"), "Swish with beta = 2: l"),
        (
            layer("Sigmoid").replace('"y"', '"s"')
            + layer("Scale", "scale_param { bias_term: true axis: 0 }", ("x", "s")),
            "Scale of two volumes with a shift: l",
        ),
    ],
)
def test_what_changes_a_layer_of_caffe_is_refused(text: str, line: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        caffe(text)
    assert caught.value.lines == (line,)


@pytest.mark.parametrize(
    "text",
    [
        layer("InnerProduct", "inner_product_param { num_output: 7 axis: 1 transpose: true }"),
        layer("Flatten", "flatten_param { axis: 1 end_axis: -1 }"),
        layer("Reshape", "reshape_param { shape { dim: 0 dim: -1 } axis: 0 num_axes: -1 }"),
        layer("Scale", "scale_param { axis: 1 num_axes: 1 bias_term: true }"),
        layer("Swish", "swish_param { beta: 1 }"),
    ],
)
def test_the_usual_words_of_caffe_are_read(text: str) -> None:
    assert caffe(text).items[-1].output


def test_a_crop_of_channels_is_refused_and_one_of_positions_read() -> None:
    other = (
        'layer { name: "c" type: "Convolution" bottom: "x" top: "c" '
        "convolution_param { num_output: 4 kernel_size: 3 } }\n"
    )
    text = other + layer("Crop", "crop_param { axis: 1 offset: 0 }", ("x", "c"))
    with pytest.raises(UnsupportedError) as caught:
        caffe(text)
    assert caught.value.lines == ("Crop of the channels: l",)
    assert caffe(text.replace("axis: 1", "axis: 2")).items[-1].output == (4, 3, 8)


def test_stochastic_pooling_is_said() -> None:
    text = layer("Pooling", "pooling_param { pool: STOCHASTIC kernel_size: 2 stride: 2 }")
    flat = caffe(text)
    assert flat.items[-1].output == (3, 3, 8)
    assert flat.notes == ("l pools at random in training: written as max_pool, sizes are equal",)


@pytest.mark.parametrize(
    ("word", "note"),
    [
        ("mish", ()),
        ("swish", ()),
        ("hard_mish", ("mish is hard_mish in the source: sizes are equal (2 times)",)),
        ("gelu", ("gelu is the tanh approximation in the source: sizes are equal (2 times)",)),
    ],
)
def test_another_function_of_darknet_is_said(word: str, note: tuple[str, ...]) -> None:
    flat = darknet(2 * CONV.replace("leaky", word))
    assert flat.notes == note

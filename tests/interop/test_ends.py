"""A blob of Caffe is made by one layer; what no layer reads is an output, whatever it became."""

import io

import pytest

from convcalc.interop.flat import Flat, UnreadableError
from convcalc.interop.read.model import read
from tests.interop.conftest import totals

HEAD = 'input: "x" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }\n'


def layer(name: str, kind: str, reads: str, top: str, more: str = "") -> str:
    bottoms = " ".join(f'bottom: "{bottom}"' for bottom in reads.split())
    tops = " ".join(f'top: "{each}"' for each in top.split())
    return f'layer {{ name: "{name}" type: "{kind}" {bottoms} {tops} {more} }}\n'


def conv(name: str, reads: str, top: str, filters: int, kernel: int = 1) -> str:
    sizes = f"num_output: {filters} kernel_size: {kernel}"
    return layer(name, "Convolution", reads, top, f"convolution_param {{ {sizes} }}")


def caffe(text: str) -> Flat:
    return read("net.prototxt", io.BytesIO((HEAD + text).encode()))


def ends(flat: Flat) -> list[str]:
    return [flat.items[i].name for i in flat.outputs]


TWO = conv("a", "x", "a", 6, 3) + conv("b", "x", "b", 2)
NORM = layer("n", "BatchNorm", "b", "b")
SCALE = layer("s", "Scale", "b", "b", "scale_param { bias_term: true }")
POWER = layer("p", "Power", "b", "b", "power_param { scale: 2 }")
SPLIT = layer("t", "Split", "b", "b1 b2")
CROP = layer("k", "Crop", "b x", "k", "crop_param { axis: 2 }")


_AFFINE = "scale_param { bias_term: true }"
NORMED = conv("a", "x", "a", 6) + layer("n", "BatchNorm", "a", "n")


@pytest.mark.parametrize(
    "rest",
    [
        layer("s", "Scale", "n", "s", _AFFINE) + layer("r", "ReLU", "n", "r"),
        layer("t", "Split", "n", "n1 n2")
        + layer("s", "Scale", "n1", "s", _AFFINE)
        + layer("r", "ReLU", "n2", "r"),
        layer("t", "Split", "n", "n1 n2") + layer("s", "Scale", "n1", "n1", _AFFINE),
    ],
)
def test_a_norm_that_another_layer_or_nobody_reads_is_not_scaled_for_it(rest: str) -> None:
    """Caffe's BatchNorm has no scale and shift; the Scale's are its own readers' alone."""
    flat = caffe(NORMED + rest)
    assert [item.kind for item in flat.items[:4]] == ["input", "conv", "batch_norm", "scale"]
    norm = flat.items[2].layer
    assert norm is not None and norm.__dict__["affine"] is False


def test_a_norm_that_its_scale_alone_reads_is_one_layer_with_it() -> None:
    flat = caffe(NORMED + layer("s", "Scale", "n", "s", _AFFINE) + layer("r", "ReLU", "s", "r"))
    assert [item.kind for item in flat.items] == ["input", "conv", "batch_norm", "relu"]


@pytest.mark.parametrize(
    ("text", "outputs", "params"),
    [
        (TWO, ["a", "b"], 168 + 8),
        (TWO + NORM, ["a", "n"], 168 + 8),
        (TWO + NORM + SCALE, ["a", "n"], 168 + 8 + 4),
        (TWO + POWER, ["a", "b"], 168 + 8),
        (TWO + CROP, ["a", "b"], 168 + 8),
        (TWO + SPLIT, ["a", "b"], 168 + 8),
        (TWO + SPLIT + layer("r", "ReLU", "b1", "b1"), ["a", "r", "b"], 168 + 8),
        (
            TWO + SPLIT + layer("r", "ReLU", "b1", "r") + conv("c", "b2", "c", 1),
            ["a", "c", "r"],
            179,
        ),
        (TWO + conv("c", "b", "c", 1), ["a", "c"], 168 + 8 + 3),
        (TWO + layer("l", "SoftmaxWithLoss", "b label", "l"), ["a", "b"], 168 + 8),
    ],
)
def test_every_top_that_no_layer_reads_is_an_output(
    text: str, outputs: list[str], params: int
) -> None:
    flat = caffe(text)
    assert (ends(flat), totals(flat)[0]) == (outputs, params)


SHAPE = "input_param { shape { dim: 1 dim: 3 dim: 4 dim: 4 } }"


@pytest.mark.parametrize(
    "text",
    [
        conv("a", "x", "y", 6) + conv("b", "x", "y", 2),
        conv("a", "x", "y", 6) + layer("t", "Split", "x", "b y"),
        conv("a", "x", "x2", 6) + layer("t", "Split", "x2", "b b"),
        conv("a", "x", "y", 6) + layer("i", "Input", "", "y", SHAPE),
        layer("i", "Input", "", "x", SHAPE) + conv("a", "x", "y", 6),
        conv("a", "x", "a", 3) + layer("e", "Eltwise", "x a", "a"),
    ],
)
def test_a_top_of_two_layers_is_refused_as_caffe_does(text: str) -> None:
    with pytest.raises(
        UnreadableError,
        match=r"^(layer .|the input) and (layer .|the input) both make the blob .2?$",
    ):
        caffe(text)


CUT = conv("a", "x", "a", 6, 3) + conv("b", "x", "b", 4, 5)
SIZED = layer("k", "Crop", "a b", "k", "crop_param { axis: 2 }")


def test_what_only_gives_a_crop_its_size_is_said() -> None:
    flat = caffe(CUT + SIZED)
    assert (ends(flat), totals(flat)[0], flat.items[-1].output) == (["k"], 168, (4, 4, 6))
    assert flat.notes == ("left out, since no output needs what they make: b, 304 parameters",)
    assert caffe(CUT).notes == ()
    many = "".join(conv(f"c{i}", f"c{i - 1}", f"c{i}", 1) for i in range(1, 9))
    text = CUT.replace('"b"', '"c0"') + many + SIZED.replace('"b"', '"c8"')
    (note,) = caffe(text).notes
    assert note.endswith("make: c0, c1, c2, c3, c4 and 4 more, 323 parameters")


def test_shared_weights_outlive_their_owner() -> None:
    size = "convolution_param { num_output: 4 kernel_size: 5 }"
    shared = [
        layer(name, "Convolution", "x", name, f'param {{ name: "w" }} param {{ name: "v" }} {size}')
        for name in "bcd"
    ]
    flat = caffe(conv("a", "x", "a", 6, 3) + "".join(shared) + SIZED)
    assert (ends(flat), totals(flat)[0]) == (["c", "d", "k"], 168 + 304)
    assert flat.notes == ("left out, since no output needs what they make: b",)


@pytest.mark.parametrize(
    ("options", "windows", "beyond"),
    [  # 33 wide; Caffe has ceil((33 - kernel) / stride) + 1
        ("kernel_size: 2 stride: 3", 11, True),
        ("kernel_size: 2 stride: 3 pad: 1", 12, False),
        ("kernel_size: 2 stride_h: 3 stride_w: 2", 11, True),
        ("kernel_size: 3 stride: 3", 11, False),
        ("kernel_size: 1 stride: 4", 9, False),
        ("kernel_size: 1 stride: 5", 7, True),
        ("kernel_size: 2 stride: 3 round_mode: FLOOR", 11, False),
        ("global_pooling: true", 1, False),
    ],
)
@pytest.mark.parametrize("pool", ["MAX", "AVE"])
def test_a_window_beyond_the_input_is_said(
    pool: str, options: str, windows: int, beyond: bool
) -> None:
    data = 'input: "y" input_shape { dim: 1 dim: 1 dim: 33 dim: 33 }\n'
    text = data + layer("p", "Pooling", "y", "p", f"pooling_param {{ pool: {pool} {options} }}")
    flat = read("net.prototxt", io.BytesIO(text.encode()))
    assert (*flat.items[-1].output, 33)[0] == windows
    assert flat.notes == beyond * (
        "p has a last window beyond its input in Caffe, which reads nothing: not counted",
    )


@pytest.mark.parametrize("text", [TWO.replace('"b"', '"x"'), conv("a", "x", "x", 2)])
def test_a_top_in_place_of_its_bottom_is_none(text: str) -> None:
    assert caffe(text).outputs


def test_data_of_two_stages_is_one_input() -> None:
    size = "transform_param { crop_size: 9 }"
    data = layer("d", "Data", "", "data label", size + ' include { stage: "train" }')
    text = data + data.replace("train", "val") + conv("a", "data", "a", 2)
    (x,) = read("net.prototxt", io.BytesIO(text.encode())).inputs
    assert x.output == (9, 9, 3)

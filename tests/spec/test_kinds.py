"""Every layer kind of the format with its options, as a spec writes them."""

import pytest

from convcalc.layers import BY_NAME

Shape = tuple[int, ...]

# entry, input, output; sizes worked out by hand
ROWS: list[tuple[str, str, Shape]] = [
    ("conv: {filters: 4, kernel: 3}", "8x8x3", (6, 6, 4)),
    ("conv: {filters: 4, kernel: [3, 5]}", "8x8x3", (6, 4, 4)),
    ("conv: {filters: 4, kernel: 3, stride: 2, pad: 1}", "9x9x3", (5, 5, 4)),
    ("conv: {filters: 4, kernel: 3, stride: [1, 2], pad: [1, 0]}", "8x9x3", (8, 4, 4)),
    ("conv: {filters: 4, kernel: 3, stride: 2, pad: same}", "8x8x3", (4, 4, 4)),
    ("conv: {filters: 4, kernel: 3, pad: valid}", "8x8x3", (6, 6, 4)),
    ("conv: {filters: 4, kernel: 3, pad: [0, 1, 2, 3]}", "8x8x3", (7, 11, 4)),
    ("conv: {filters: 4, kernel: 3, dilation: 2}", "8x8x3", (4, 4, 4)),
    ("conv: {filters: 4, kernel: 1, groups: 2, bias: false}", "8x8x6", (8, 8, 4)),
    ("conv: {filters: 4, kernel: 3}", "100x3", (98, 4)),
    ("conv: {filters: 4, kernel: [3, 3, 5]}", "8x8x8x3", (6, 6, 4, 4)),
    ("depthwise_conv: {kernel: 3, pad: 1, multiplier: 2, bias: false}", "8x8x3", (8, 8, 6)),
    ("conv_transpose: {filters: 4, kernel: 2, stride: 2}", "8x8x3", (16, 16, 4)),
    (
        "conv_transpose: {filters: 4, kernel: 3, stride: 2, pad: 1, output_pad: 1}",
        "8x8x3",
        (16, 16, 4),
    ),
    ("locally_connected: {filters: 4, kernel: 3, stride: 1, bias: true}", "8x8x3", (6, 6, 4)),
    ("max_pool: {kernel: 2}", "8x8x3", (4, 4, 3)),
    ("max_pool: {kernel: 3, stride: 1, dilation: 2}", "8x8x3", (4, 4, 3)),
    ("max_pool: {kernel: 3, stride: 2, rounding: ceil}", "9x9x3", (4, 4, 3)),
    ("avg_pool: {kernel: 2, pad: 1, stride: 2, count_padding: false}", "8x8x3", (5, 5, 3)),
    ("l2_pool: {kernel: 2}", "8x8x3", (4, 4, 3)),
    ("fractional_max_pool: {ratio: 0.7}", "25x25x3", (17, 17, 3)),
    ("fractional_max_pool: {output: [7, 6]}", "8x8x3", (7, 6, 3)),
    ("global_avg_pool", "8x8x3", (1, 1, 3)),
    ("global_max_pool", "8x8x3", (1, 1, 3)),
    ("adaptive_avg_pool: {output: 7}", "13x9x3", (7, 7, 3)),
    ("adaptive_max_pool: {output: 3x2}", "8x8x3", (3, 2, 3)),
    ("fc: {units: 10, bias: false}", "8x8x3", (10,)),
    ("batch_norm: {affine: false}", "8x8x3", (8, 8, 3)),
    ("instance_norm: {affine: true}", "8x8x3", (8, 8, 3)),
    ("group_norm: {groups: 2}", "8x8x4", (8, 8, 4)),
    ("layer_norm: {axes: all}", "8x8x3", (8, 8, 3)),
    ("lrn: {size: 5, alpha: 1e-4, beta: 0.75, k: 2}", "8x8x3", (8, 8, 3)),
    ("scale: {bias: true}", "8x8x3", (8, 8, 3)),
    ("leaky_relu: {negative_slope: 0.1}", "8x8x3", (8, 8, 3)),
    ("prelu: {parameters: channel}", "8x8x3", (8, 8, 3)),
    ("elu: {alpha: 0.5}", "8x8x3", (8, 8, 3)),
    ("relu: {in_place: true}", "8x8x3", (8, 8, 3)),
    ("dropout: {rate: 0.5, in_place: false}", "8x8x3", (8, 8, 3)),
    ("add: {branches: [identity, []], in_place: false}", "8x8x3", (8, 8, 3)),
    ("multiply: {branches: [identity, [global_avg_pool]]}", "8x8x3", (8, 8, 3)),
    ("concat: {branches: {a: identity, b: conv1-5}}", "8x8x3", (8, 8, 8)),
    ("flatten", "8x8x3", (192,)),
    ("identity", "8x8x3", (8, 8, 3)),
    ("slice: {start: 1, stop: 3}", "8x8x3", (8, 8, 2)),
    ("pad: {sides: [1, 2, 3, 4], channels: [1, 1]}", "8x8x3", (11, 15, 5)),
    ("crop: {size: [4, 6]}", "8x8x3", (4, 6, 3)),
    ("crop: {sides: 1}", "8x8x3", (6, 6, 3)),
    ("crop: {like: input}", "8x8x3", (8, 8, 3)),
    ("upsample: {scale: 2, mode: bilinear}", "8x8x3", (16, 16, 3)),
    ("upsample: {size: [9, 10]}", "8x8x3", (9, 10, 3)),
    ("upsample: {like: input}", "8x8x3", (8, 8, 3)),
    ("reshape: {shape: 4x16x3}", "8x8x3", (4, 16, 3)),
    ("pixel_shuffle: {factor: 2}", "8x8x4", (16, 16, 1)),
    ("space_to_depth: {factor: 2}", "8x8x4", (4, 4, 16)),
    ("subtract: {branches: [identity, [relu]]}", "8x8x3", (8, 8, 3)),
    ("maximum: {branches: [identity, [relu]]}", "8x8x3", (8, 8, 3)),
    ("average: {branches: [identity, [relu]]}", "8x8x3", (8, 8, 3)),
    ("channel_shuffle: {groups: 2}", "8x8x4", (8, 8, 4)),
    ("repeat: {times: 2, layers: [conv3-4, pool2]}", "8x8x3", (2, 2, 4)),
]
PLAIN = (
    "relu", "relu6", "leaky_relu", "prelu", "elu", "selu", "gelu", "silu", "mish", "hard_swish",
    "hard_sigmoid", "sigmoid", "tanh", "abs", "softmax", "dropout", "batch_norm", "instance_norm",
    "layer_norm", "lrn", "scale", "identity",
)  # fmt: skip


@pytest.mark.parametrize(("entry", "shape", "output"), ROWS, ids=[row[0] for row in ROWS])
def test_a_kind_takes_its_options(layers, entry: str, shape: str, output: Shape) -> None:
    spec = layers(f"- {entry}", shape)
    assert (spec.output, spec.told) == (output, [])


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("entry", ["{}", "{}:", "{}: {{}}"])
def test_a_kind_without_required_options_stands_alone(layers, kind: str, entry: str) -> None:
    spec = layers(f"- {entry.format(kind)}")
    name = "relu6_1" if kind == "relu6" else f"{kind}1"
    assert (spec.layers, spec.told) == ([(name, (8, 8, 3))], [])


def test_no_kind_is_left_out_here() -> None:
    tried = {row[0].partition(":")[0] for row in ROWS} | set(PLAIN)
    assert set(BY_NAME) | {"repeat"} == tried, "every kind is in ROWS, or in PLAIN without options"


@pytest.mark.parametrize(
    ("entry", "needs"),
    [
        ("conv", "conv needs filters and kernel"),
        ("conv: {filters: 3}", "conv needs kernel"),
        ("depthwise_conv", "depthwise_conv needs kernel"),
        ("max_pool", "max_pool needs kernel"),
        ("fc", "fc needs units"),
        ("adaptive_avg_pool", "adaptive_avg_pool needs output"),
        ("fractional_max_pool", "fractional_max_pool needs either ratio or output"),
        ("crop", "crop needs one of size, like and sides"),
        ("upsample", "upsample needs one of scale, size and like"),
        ("repeat", "repeat needs times and layers"),
        ("repeat: {layers: [relu]}", "repeat needs times"),
        ("add", "add has no inputs"),
    ],
)
def test_what_a_kind_needs_is_said_at_its_name(layers, entry: str, needs: str) -> None:
    assert layers(f"- {entry}").told == [f"3:3: error[CC013] {needs}"]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("conv: {filters: 0, kernel: 1}", "filters: expected a positive integer, got 0"),
        ("conv: {filters: 4, kernel: true}", "got true"),
        ("conv: {filters: 4.0, kernel: 1}", "got 4.0"),
        ("conv: {filters: '4', kernel: 1}", "got '4'"),
        ("conv: {filters: 4, kernel: 1, stride: 0}", "stride: expected a positive integer"),
        ("conv: {filters: 4, kernel: 1, pad: -1}", "pad: expected an integer from 0"),
        ("conv: {filters: 4, kernel: 1, pad: sane}", "got 'sane'"),
        ("conv: {filters: 4, kernel: 1, bias: 1}", "bias: expected true or false, got 1"),
        ("conv: {filters: 4, kernel: [1, 1, 1, 1]}", "got [1, 1, 1, 1]"),
        ("conv: {filters: 4, kernel: [1, 1, 1]}", "kernel has 3 numbers, but the input has 2"),
        ("max_pool: {kernel: 2, rounding: up}", "rounding: expected exact, floor or ceil"),
        ("dropout: {rate: 1.5}", "rate: expected a number from 0 to 1"),
        ("prelu: {parameters: two}", "parameters: expected one or channel"),
        ("conv: [4, 3]", "the options of conv must be a mapping"),
        ("fc: 10", "the options of fc must be a mapping"),
    ],
)
def test_a_wrong_value_is_refused_with_what_was_expected(layers, entry: str, told: str) -> None:
    spec = layers(f"- {entry}")
    assert spec.codes == ["CC014"]
    assert told in spec.told[0]


def test_padding_one_an_axis_is_written_as_kernels_are(layers) -> None:
    pool = "max_pool: {kernel: 2x4, stride: 2, pad: 0X1}"
    spec = layers(f"- conv: {{filters: 4, kernel: 3x5, pad: 1x2}}\n- {pool}")
    assert spec.told == []
    assert spec.layers[0] == ("conv1", (8, 8, 4))
    assert layers("- pad: {sides: 1 x 2}").output == (10, 12, 3)
    for wrong in ("1x", "x", "1x2x3x4", "1.0x2", "-1x2"):
        assert layers(f"- conv: {{filters: 4, kernel: 3, pad: {wrong}}}").codes == ["CC014"]


def test_an_input_that_is_a_vector_is_asked_for_its_channels(read) -> None:
    sound = read("input: 16000\nlayers: [conv80-8s4p0, pool4]\n")
    assert sound.help == "sizes end in channels: a sound `input: 16000x1`"
    image = read("input: 784\nlayers: [conv3-8]\n")
    assert image.help == (
        "sizes end in channels: an image `input: 28x28x1`, a sound `input: 784x1`"
    )
    later = read("input: 8x8x3\nlayers: [fc-784, conv3-8]\n")
    assert "input:" not in later.help

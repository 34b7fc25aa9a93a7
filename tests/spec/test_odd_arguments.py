"""Arguments of every type in calls of classes and functions of other tools: never an exception.

Whoever pastes a line of a program pastes pads of pairs, axes in lists and names of variables with
it; what no kind takes is answered with help, by the check and by the repair.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convcalc.fix.words import words_replaced
from convcalc.spec.foreign.meanings import MEANINGS
from convcalc.spec.load import load

WORDS = """
    Conv1d Conv2d Conv2D conv2d ConvTranspose2d Conv2DTranspose DepthwiseConv2D SeparableConv2D
    MaxPool2d MaxPooling2D max_pool2d AvgPool2d AveragePooling2D AdaptiveAvgPool2d LPPool2d
    GlobalAveragePooling2D FractionalMaxPool2d Linear Dense linear Upsample UpSampling2D Resizing
    ReLU relu ReLU6 LeakyReLU PReLU ELU GELU Softmax softmax Hardtanh Activation BatchNorm2d
    BatchNormalization LayerNorm LayerNormalization GroupNorm GroupNormalization InstanceNorm2d
    LocalResponseNorm Dropout Flatten Unflatten Reshape view Permute Squeeze pad ZeroPad2d
    ZeroPadding1D ZeroPadding2D ReflectionPad2d ConstantPad2d Cropping2D PixelShuffle
    depth_to_space SpaceToDepth InnerProduct Pooling Eltwise LRN fully_connected avg_pool Add
""".split()  # noqa: SIM905
MODULES = ["", "nn.", "F.", "layers.", "keras.", "tf.", "slim.", "flax.", "hk.", "caffe.", "L."]
ODD = [
    "[[0,0],[1,2],[3,4],[0,0]]", "[[1,1],[1,1]]", "[[]]", "[]", "()", "{}", "{'a': 1}", "None",
    "[None, None]", "nn.ReLU()", "f(1)", "'abc'", "''", "['same', 'same']", "True", "[True, 1]",
    "-1", "0", "1.5", "[1.5, [2]]", "[(1,2),3]", "((1,2),(3,4))", "99999999999", "...", "x", "3",
    "[x, 1]", "1j", "b'a'", "'same'", "[1,2,3]", "8",
]  # fmt: skip
KEYS = """
    padding paddings kernel_size stride strides pool_size size scale_factor target_shape axis
    filters units activation name bias dilation groups data_format mode value rate alpha
    shared_axes normalized_shape num_features output_padding interpolation affine num_outputs
    track_running_stats window_shape features kernel_shape output_size dtype padding_mode
""".split()  # noqa: SIM905
KINDS = [*WORDS, *MEANINGS]
LAYERS = ["{}", "x = {}", "model.add({})", "{}(x)", '"{}"']


def answered(layer: str, shape: str = "32x32x4") -> tuple[str, ...]:
    """What the check says of a layer, after the repair has read it too."""
    network = load("net.yaml", f"input: {shape}\nlayers:\n  - {layer}\n".encode())
    words_replaced(network)
    return tuple(finding.message for finding in network.findings)


@pytest.mark.parametrize("module", ["", "nn.", "layers.", "tf.", "slim.", "hk."])
@pytest.mark.parametrize("value", ["[[0,0],[1,2]]", "[[1,1],[1,1]]", "[None, None]"])
def test_a_list_of_lists_is_an_argument_of_every_word(module: str, value: str) -> None:
    for word in KINDS:
        answered(f"{module}{word}(x, {value})")
        answered(f"{module}{word}({value}, {value})")
        answered(f"{module}{word}: {{size: {value}, padding: {value}, axis: {value}}}")


def test_a_list_with_an_empty_text_is_no_list_of_sizes() -> None:
    assert answered("flax.Conv2d: [3, '']")
    assert answered("conv: [3, '']")


def test_the_padding_of_pairs_that_tensorflow_takes() -> None:
    for call in (
        "tf.pad(x, [[0,0],[1,2],[3,4],[0,0]])", "tf.pad(x, [[1,1],[2,2]])",
        "tf.pad(x, paddings=[[0,0],[1,1],[1,1],[0,0]])", "pad(x, [[1,2],[3,4]])",
    ):  # fmt: skip
        assert answered(call)


@settings(
    max_examples=400, derandomize=True, suppress_health_check=[HealthCheck.too_slow], deadline=None
)
@given(
    st.sampled_from(MODULES), st.sampled_from(KINDS), st.lists(st.sampled_from(ODD), max_size=4),
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(ODD), max_size=3),
    st.sampled_from([*LAYERS, "list", "mapping"]),
    st.sampled_from(["32x32x4", "32x4", "8x9x10x4", "12"]),
)  # fmt: skip
def test_no_argument_is_an_exception(
    module: str, word: str, places: list[str], named: dict[str, str], form: str, shape: str
) -> None:
    arguments = ", ".join([*places, *(f"{key}={value}" for key, value in named.items())])
    written = {
        "list": f"{module}{word}: [{', '.join(places)}]",
        "mapping": f"{module}{word}: {{{', '.join(f'{k}: {v}' for k, v in named.items())}}}",
    }
    answered(written.get(form) or form.format(f"{module}{word}({arguments})"), shape)

"""Words of PyTorch, Keras and Caffe: each named in one line, each an edit that `--fix` makes."""

import re

import pytest

from convcalc import dialects
from convcalc.analysis.walk import analyze
from convcalc.explain.words import in_words
from convcalc.findings import Severity
from convcalc.fix.search import offers
from convcalc.interop.read.caffe.layers import OUTSIDE, TYPES
from convcalc.interop.read.keras.activations import ACTIVATIONS
from convcalc.interop.read.keras.layers import CLASSES
from convcalc.interop.read.keras.shaping import PREPARING
from convcalc.layers import BY_NAME
from convcalc.spec.load import load

HEAD = "input: 32x32x3\nlayers:\n"


def errors(text: str) -> list[str]:
    found = analyze(load("net.yaml", text.encode())).findings
    return [f.message for f in found if f.severity is Severity.ERROR]


def help_of(entry: str) -> str:
    network = load("net.yaml", f"{HEAD}  - {entry}\n".encode())
    return next(f.help[0] for f in network.findings if f.help)


@pytest.mark.parametrize(
    ("entry", "ours"),
    [
        ("MaxPool2d: {kernel: 2}", "max_pool: {kernel: 2}"),
        ("maxpool: {kernel: 2}", "max_pool: {kernel: 2}"),
        ("maxpol: {kernel: 2}", "max_pool: {kernel: 2}"),
        ("soft-max", "softmax"),
        ("dense: {units: 10}", "fc: {units: 10}"),
        ("nn.Linear: {out_features: 10}", "fc: {units: 10}"),
        ("layers.Conv2D: {filters: 4, kernel: 3}", "conv: {filters: 4, kernel: 3}"),
        ("InnerProduct: {num_output: 10}", "fc: {units: 10}"),
        ("Activation: relu", "relu"),
        ("Activation: swish", "silu"),
        ("MaxPooling2D: {pool_size: 2, strides: 2}", "max_pool: {kernel: 2, stride: 2}"),
        ("conv: {filters: 4, kernel_size: 3}", "conv: {filters: 4, kernel: 3}"),
        ("conv: {filters: 4, kernel: 3, strides: 1}", "conv: {filters: 4, kernel: 3, stride: 1}"),
        (
            "conv: {filters: 4, kernel: 3, padding: SAME}",
            "conv: {filters: 4, kernel: 3, pad: same}",
        ),
        (
            "conv: {filters: 4, kernel: 3, dilation_rate: 2}",
            "conv: {filters: 4, kernel: 3, dilation: 2}",
        ),
        (
            "conv: {filters: 4, kernel: 3, use_bias: false}",
            "conv: {filters: 4, kernel: 3, bias: false}",
        ),
        (
            "conv: {filters: 4, data_format: channels_last, kernel: 3}",
            "conv: {filters: 4, kernel: 3}",
        ),
        (
            "conv: {filters: 4, kernel: 3, kernel_initializer: he_normal}",
            "conv: {filters: 4, kernel: 3}",
        ),
        (
            "conv: {kernel_regularizer: l2, filters: 4, kernel: 3, bias_constraint: x}",
            "conv: {filters: 4, kernel: 3}",
        ),
        (
            "conv: {in_channels: 3, out_channels: 4, kernel_size: [3, 3], padding_mode: zeros}",
            "conv: {filters: 4, kernel: [3, 3]}",
        ),
        ("max_pool: {kernel: 2, ceil_mode: True}", "max_pool: {kernel: 2, rounding: ceil}"),
        ("batch_norm: {num_features: 3}", "batch_norm: {}"),
        ("Softmax: {dim: 1}", "softmax: {}"),
        ("conv: {filters: 4, kernel: 3, activation: linear}", "conv: {filters: 4, kernel: 3}"),
        (
            "conv: {filters: 4, kernel: 3, activation: ReLU}",
            "conv: {filters: 4, kernel: 3}\n  - relu",
        ),
        (
            "conv: {activation: swish, filters: 4, kernel: 3}",
            "conv: {filters: 4, kernel: 3}\n  - silu",
        ),
        (
            "conv:\n      filters: 4\n      activation: relu  # as in Keras\n      kernel: 3",
            "conv:\n      filters: 4\n      kernel: 3\n  - relu  # as in Keras",
        ),
    ],
)
def test_fix_writes_our_words(entry: str, ours: str) -> None:
    text = f"{HEAD}  - {entry}\n  - tanh\n"
    assert errors(text)
    fixed = offers(load("net.yaml", text.encode()))[0].text
    assert fixed == f"{HEAD}  - {ours}\n  - tanh\n"
    assert errors(fixed) == []


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("SeparableConv2D: {filters: 8, kernel: 3}", "it is two layers: "),
        ("Input: {shape: 3}", "the input is a key of the file: "),
        ("conv: {filters: 4, kernel: 3, data_format: channels_last}", "leave out `data_format`: "),
        ("conv: {filters: 4, kernel: 3, data_format: channels_first}", "conv takes filters"),
        ("max_pool: {kernel: 2, ceil_mode: 7}", "max_pool takes kernel"),
        ("conv: {filters: 4, kernel: 3, activation: 3}", "an activation is a separate layer"),
    ],
)
def test_what_has_no_one_meaning_is_said_and_not_edited(entry: str, help: str) -> None:
    assert help_of(entry).startswith(help)


@pytest.mark.parametrize("beside", ["name: c1", "times: 2\n    checkpoint: true"])
def test_an_activation_of_a_layer_repeated_or_read_by_name_is_not_moved(beside: str) -> None:
    entry = f"conv: {{filters: 3, kernel: 3, pad: 1, activation: relu}}\n    {beside}"
    reader = "  - {concat: , from: [c1, input]}\n" if "c1" in beside else ""
    assert offers(load("net.yaml", f"{HEAD}  - {entry}\n{reader}".encode())) == []


def test_an_activation_within_brackets() -> None:
    text = "input: 8x8x3\nlayers: [conv: {filters: 4, kernel: 3, activation: relu}, pool2]\n"
    fixed = offers(load("net.yaml", text.encode()))[0].text
    assert fixed == "input: 8x8x3\nlayers: [conv: {filters: 4, kernel: 3}, relu, pool2]\n"


_OTHERWISE = {
    # several layers, a setting of another kind, or what is no layer of a network
    "keras": {
        "Activation",
        "InputLayer",
        "SeparableConv1D",
        "SeparableConv2D",
        "Permute",
        "ActivityRegularization",
        "AlphaDropout",
        "CustomScaleLayer",
        "GaussianDropout",
    }
    | PREPARING,
    "caffe": {"Power", "Exp", "Log", "BNLL", "Bias", "Slice", "Split", "Input"} | OUTSIDE,
}


@pytest.mark.parametrize(
    ("tool", "name"),
    [("keras", n) for n in sorted(CLASSES)] + [("caffe", n) for n in sorted(TYPES)],
)
def test_every_class_that_a_reader_knows_is_a_word_here(tool: str, name: str) -> None:
    assert dialects.kind(name, BY_NAME) or name in _OTHERWISE[tool], name


def test_keras_activations_are_one_kind_to_suggest_to_read_and_to_write() -> None:
    """Suggestions fold case and modules, a file's names are exact: two tables, held together."""
    for name, kind in ACTIVATIONS.items():
        assert dialects.kind(name, BY_NAME) == kind, name
    written = set()
    for kind in set(ACTIVATIONS.values()):
        network = load("x.yaml", f"input: 8x8x4\nlayers: [{kind}]\n".encode())
        row = analyze(network).rows[-1]
        found = re.fullmatch(r'layers.Activation\("(\w+)"\)', in_words(row, "keras"))
        if found:
            assert ACTIVATIONS[found[1]] == kind
            written.add(kind)
    assert len(written) >= 8

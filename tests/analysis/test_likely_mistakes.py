"""Warnings about nets that are legal and hardly meant."""

import pytest

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.findings import Finding
from convcalc.spec.load import load

MISTAKES = {"CC125", "CC126"}


def mistakes(text: str) -> list[Finding]:
    found = analyze(load("net.yaml", text.encode())).findings
    return [finding for finding in found if finding.code in MISTAKES]


@pytest.mark.parametrize("kind", ["add", "multiply"])
def test_a_merge_of_one_forgot_a_branch(kind: str) -> None:
    net = f"input: 8x8x4\nlayers:\n  - {kind}: {{branches: {{body: [conv3-4]}}}}\n"
    (finding,) = mistakes(net)
    assert (finding.code, finding.severity) == ("CC125", "warning")
    assert finding.message == f"{kind}1 has one input: nothing to {kind}"
    assert mistakes(net.replace("{body:", "{skip: [], body:")) == []
    assert mistakes(net.replace("]}}", "]}, ignore: CC125}")) == []


def test_one_name_under_from_is_told_the_list() -> None:
    net = "input: 8x8x4\nlayers:\n  - conv3-4\n  - relu\n  - conv3-4\n  - add:\n    from: relu1\n"
    (finding,) = mistakes(net)
    assert finding.message == "add1 has one input: nothing to add"
    assert finding.help == ("`from` names all that it reads: write both: `from: [conv2, relu1]`",)
    assert mistakes(net.replace("from: relu1", "from: [conv2, relu1]")) == []
    assert "`[]`" in mistakes(net.replace("from: relu1", "from: conv2"))[0].help[0]
    block = "blocks:\n  b: {layers: [{relu: , name: a}, conv3-4, {add: , from: a}]}\n"
    (inside,) = mistakes(f"{block}input: 8x8x4\nlayers: [b]\n")
    assert inside.help == ("`from` names all that it reads: write both layers",)


def test_a_concat_of_one_is_deliberate() -> None:
    assert mistakes("input: 8x8x4\nlayers: [{concat: {branches: {body: [conv3-4]}}}]\n") == []


def test_the_help_of_a_merge_of_one_works() -> None:
    text = "input: 8x8x4\nlayers: [{add: {branches: {skip: [], body: [conv3-4]}}}]\n"
    assert analyze(load("net.yaml", text.encode())).findings == ()


@pytest.mark.parametrize(
    ("shape", "meant"),
    [
        ("3x64x64", "64x64x3"),
        ("1x28x28", "28x28x1"),
        ("3x480x640", "480x640x3"),
        ("3x16x16x16", "16x16x16x3"),
        ("1x16000", "16000x1"),
        ("2x44100", "44100x2"),
        ("3x16x112x112", "16x112x112x3"),
        ("1x64x128x128", "64x128x128x1"),
    ],
)
def test_channels_first_are_asked_about(shape: str, meant: str) -> None:
    (finding,) = mistakes(f"input: {shape}\nlayers: [relu]\n")
    assert (finding.code, finding.severity) == ("CC126", "warning")
    assert finding.help == (f"channels come last: `{meant}`?",)


@pytest.mark.parametrize(
    ("shape", "help"),
    [
        ("1x3x224x224", "the batch is no part of it and channels come last: `224x224x3`?"),
        ("32x1x28x28", "the batch is no part of it and channels come last: `28x28x1`?"),
        ("1x224x224x3", "the batch is no part of it: `224x224x3`?"),
    ],
)
def test_a_batch_in_the_input_is_asked_about(shape: str, help: str) -> None:
    (finding,) = mistakes(f"input: {shape}\nlayers: [relu]\n")
    assert (finding.code, finding.severity, finding.help) == ("CC126", "warning", (help,))


@pytest.mark.parametrize("shape", ["16x16", "28x28", "224x224"])
def test_an_image_without_channels_is_asked_about(shape: str) -> None:
    (finding,) = mistakes(f"input: {shape}\nlayers: [relu]\n")
    size = shape.partition("x")[0]
    assert (finding.code, finding.severity) == ("CC126", "warning")
    assert f"{size} positions with {size} channels" in finding.message
    assert finding.help == (f"an image has channels too: `{shape}x1` or `{shape}x3`",)


@pytest.mark.parametrize(
    "shape",
    [
        "64x64x3",
        "15x15",
        "28x32",
        "784",
        "64x64x64x64",
        "3x64x3",
        "4x4x512",
        "1x1x2048",
        "3x4x4",
        "5x64x64",
        "1x128x256",
        "2x64x128",
        "16x112x112x3",
        "2x64x64x3",
        "2x500",
        "3x44100",
        "2x16x112x112",
    ],
)
def test_other_inputs_are_left_alone(shape: str) -> None:
    assert mistakes(f"input: {shape}\nlayers: [relu]\n") == []


def test_a_vector_that_becomes_channels_first_is_asked_about() -> None:
    """A decoder of PyTorch's: `x.view(-1, 64, 7, 7)`."""
    (finding,) = mistakes("input: 8\nlayers: [fc-3136, {reshape: {shape: 64x7x7}}]\n")
    assert (finding.code, finding.severity, finding.layer) == ("CC126", "warning", "reshape1")
    assert finding.message == "the shape 64x7x7 has height 64 and 7 channels"
    assert finding.help == ("channels come last: `shape: 7x7x64`?",)


@pytest.mark.parametrize(
    ("before", "shape"),
    [
        ("fc-3136", "7x7x64"), ("fc-3136", "49x64"), ("fc-2048", "8x16x16"),
        ("fc-27", "3x3x3"), ("fc-3136", "64x49"), ("fc-512", "512x1x1"),
        ("conv1-64", "64x8x8"),  # positions of an image in another order: not a decoder's vector
    ],
)  # fmt: skip
def test_other_shapes_of_a_reshape_are_left_alone(before: str, shape: str) -> None:
    assert mistakes(f"input: 8x8x3\nlayers: [{before}, {{reshape: {{shape: {shape}}}}}]\n") == []


@pytest.mark.parametrize("name", zoo.names())
def test_no_bundled_net_is_suspected(name: str) -> None:
    assert mistakes(zoo.read(name).decode()) == []

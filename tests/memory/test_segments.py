"""Segments by rule and by name; those that are none are refused in a sentence."""

import pytest

from convcalc import zoo
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.account import Account
from convcalc.memory.segment_findings import with_segments
from convcalc.memory.segments_named import SegmentError, malformed, spans
from convcalc.memory.training import training
from convcalc.network.record import Network
from convcalc.spec.load import load, load_pattern
from convcalc.study.errors import RequestError
from convcalc.study.load import Text
from convcalc.study.outcome import Case, study

_CHAIN = load_pattern("input-32x32x3 conv3-8 relu pool2 conv3-8 relu pool2 fc-10")


def _resnet() -> Network:
    return load("resnet18.yaml", zoo.read("resnet18"))


def _names(network: Network, text: str) -> list[tuple[str, str]]:
    steps = network.steps
    return [(steps[first].name, steps[last].name) for first, last in spans(network, text)]


def test_pools_end_their_segments_and_the_rest_is_left() -> None:
    assert spans(_CHAIN, "pools") == ((1, 3), (4, 6))


def test_sqrt_covers_all_layers_with_segments_of_one_length() -> None:
    assert spans(_CHAIN, "sqrt") == ((1, 3), (4, 7))


def test_seq_is_checkpoint_sequential_without_its_last_segment() -> None:
    assert spans(_CHAIN, "seq:3") == ((1, 2), (3, 4))
    assert len(spans(_CHAIN, "seq:7")) == 6


def test_seq_of_more_segments_than_layers_is_refused_as_pytorch_does() -> None:
    for most in ("seq:8", "seq:100"):
        with pytest.raises(SegmentError, match=f"{most} of 7 layers: seq:7 at most"):
            spans(_CHAIN, most)
    with pytest.raises(SegmentError, match="seq:2 of 1 layer: there is nothing to split"):
        spans(load_pattern("input-8x8x3 fc-10"), "seq:2")
    with pytest.raises(RequestError, match="seq:40 of 38 layers: seq:38 at most"):
        study(Case("vgg16", Settings(checkpoint="seq:40")))


def test_every_block_is_every_block_of_the_spec() -> None:
    network = _resnet()
    found = spans(network, "every-block")
    assert len(found) == 8
    assert all(network.steps[a].units == network.steps[b].units != () for a, b in found)


def test_every_block_without_blocks_ends_in_merges() -> None:
    text = "input: 8x8x4\nlayers:\n  - conv: {filters: 4, kernel: 1}\n    name: a\n"
    text += "  - relu\n  - add: {}\n    from: [relu1, a]\n  - fc: {units: 2}\n"
    assert spans(load("net.yaml", text.encode()), "every-block") == ((1, 3), (4, 4))


def test_segments_by_name_and_blocks() -> None:
    assert _names(_CHAIN, "conv1..relu1, max_pool1 .. conv2") == [
        ("conv1", "relu1"),
        ("max_pool1", "conv2"),
    ]
    network = _resnet()
    unit = next(step.units for step in network.steps if step.units)
    first, last = spans(network, ".".join(unit))[0]
    assert network.steps[first].units == network.steps[last].units == unit


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("conv1..fc9", "no layer 'fc9' to checkpoint: did you mean fc1?"),
        ("conv1-fc1", "no layer 'conv1-fc1' to checkpoint: did you mean conv1..fc1?"),
        ("nil", "no layer 'nil' to checkpoint: a segment is FIRST..LAST"),
        ("fc1..conv1", "segment fc1..conv1: fc1 comes after conv1"),
        ("conv1..relu1,relu1..fc1", "segments conv1..relu1 and relu1..fc1 overlap"),
        ("input..fc1", "input is an input: a segment begins at a layer"),
    ],
)
def test_what_is_no_segment(text: str, sentence: str) -> None:
    with pytest.raises(SegmentError, match=sentence.replace("?", r"\?")):
        spans(_CHAIN, text)


@pytest.mark.parametrize("text", ["", "seq:", "seq:x", "seq:1", "seq:-2", "a,,b", "every-blok"])
def test_what_is_malformed(text: str) -> None:
    assert malformed(text)


@pytest.mark.parametrize("text", ["pools", "sqrt", "every-block", "seq:2", "a..b", "a..b,c"])
def test_what_is_well_formed(text: str) -> None:
    assert not malformed(text)


_MARKED = """
input: 16x16x3
blocks:
  unit: {layers: [conv3-8, relu]}
layers:
  - unit
  - unit: {}
    checkpoint: true
    times: 2
  - repeat: {times: 2, layers: [conv3-8, unit]}
    checkpoint: true
  - conv3-8
  - relu: {in_place: true}
    checkpoint: tail
  - conv: {filters: 8, kernel: 1}
    checkpoint: tail
  - fc: {units: 10}
    checkpoint: false
"""


def test_a_spec_marks_calls_repeats_and_layers() -> None:
    network = load("net.yaml", _MARKED.encode())
    assert not network.findings
    assert _names(network, "") == [
        ("unit2.conv1", "unit2.relu1"),
        ("unit3.conv1", "unit3.relu1"),
        ("conv1", "unit4.relu1"),
        ("conv2", "unit5.relu1"),
        ("relu1", "conv4"),
    ]


def test_marked_segments_are_simulated_and_options_are_over_them() -> None:
    network = load("net.yaml", _MARKED.encode())
    marked = training(analyze(network, Settings(8)), 8)
    assert len(marked.segments) == 5
    assert len(training(analyze(network, Settings(8, checkpoint="conv1..conv4")), 8).segments) == 1


def test_an_in_place_layer_that_would_overwrite_a_segments_input_is_found() -> None:
    analysis = with_segments(analyze(load("net.yaml", _MARKED.encode())))
    messages = [finding.message for finding in analysis.findings if finding.code == "CC122"]
    assert messages == ["relu1 would overwrite conv3, an input of its checkpointed segment"]


_OVERWRITES = """
input: 8x8x3
layers: [conv3-4, {relu: {in_place: true}}, conv3-4, fc-10]
budget: {training_memory: 1GiB, checkpoint: relu1..conv2}
"""


def test_segments_of_a_budget_are_looked_at_once() -> None:
    case = Case(Text("net.yaml", _OVERWRITES), Settings(checkpoint="relu1..conv2"))
    for each in (case, case._replace(settings=Settings())):
        found = [f for f in study(each).findings if f.code == "CC122"]
        assert [finding.line for finding in found] == [3]


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "silu", "elu", "hardswish", "dropout"])
def test_pytorch_refuses_to_overwrite_a_segments_input(name: str) -> None:
    torch = pytest.importorskip("torch")
    conv, next = torch.nn.Conv2d(3, 4, 3), torch.nn.Conv2d(4, 4, 3)
    function = getattr(torch.nn.functional, name)
    volume = conv(torch.ones(2, 3, 8, 8))
    scores = torch.utils.checkpoint.checkpoint(
        lambda x: next(function(x, inplace=True)), volume, use_reentrant=False
    )
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        scores.sum().backward()


@pytest.mark.parametrize("value", ["[1]", "3", "{a: b}"])
def test_a_mark_is_true_false_or_a_name(value: str) -> None:
    text = f"input: 8x8x3\nlayers:\n  - conv3-8\n  - relu: {{}}\n    checkpoint: {value}\n"
    found = load("net.yaml", text.encode()).findings
    assert [finding.message for finding in found] == ["checkpoint takes true, false or a name"]


@pytest.mark.parametrize(
    ("value", "what", "help"),
    [
        ("conv1..conv3", "a stretch of the net", "`--checkpoint conv1..conv3`"),
        ("'a..b,c..d'", "a stretch of the net", 'checkpoint: "a..b,c..d"}`'),
        ("every-block", "a rule", "at the top `budget: {training_memory: 8GiB, checkpoint: every-"),
        ("seq:4", "a rule", "`--checkpoint seq:4`"),
        ("none", "a rule", "did you mean `false`?"),
    ],
)
def test_what_is_said_of_the_whole_net_is_no_mark(value: str, what: str, help: str) -> None:
    text = f"input: 8x8x3\nlayers:\n  - conv3-8\n  - relu:\n    checkpoint: {value}\n"
    (found,) = load("net.yaml", text.encode()).findings
    assert found.message == f"checkpoint takes true, false or a name, not {what}"
    assert help in found.help[-1]


@pytest.mark.parametrize(("batch", "measured"), [(1, 1_637_160), (4, 6_533_208)])
def test_a_gradient_is_copied_for_a_view_before_its_segment_runs_again(
    batch: int, measured: int
) -> None:
    """`relu_` on what a 1-D pool gives, a view: as PyTorch 2.13 has it, every storage followed."""
    text = """\
input: 4000x2
rounding: floor
layers:
  - {conv: {filters: 4, kernel: 3, pad: 1}}
  - {conv: {filters: 64, kernel: 3, pad: 1}}
  - {slice: {start: 0, stop: 8}}
  - {avg_pool: {kernel: 3, pad: 1, stride: 1}}
  - relu
  - {conv: {filters: 2, kernel: 3, pad: 1}}
  - {avg_pool: {kernel: 100}}
  - fc-2
"""
    settings = Settings(batch, optimizer="sgd", checkpoint="conv2..relu1")
    trace = training(analyze(load("net.yaml", text.encode()), settings), batch)
    assert Account(trace, batch).phase("backward") == measured

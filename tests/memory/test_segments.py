"""Segments by rule and by name; those that are none are refused in a sentence."""

import pytest

from convcalc import zoo
from convcalc.memory.segments_named import SegmentError, malformed, spans
from convcalc.network.record import Network
from convcalc.spec.load import load, load_pattern

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
    assert spans(_CHAIN, "seq:100") == ()


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

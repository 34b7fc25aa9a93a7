"""What is alive at a net's peak, as `explain SPEC LAYER` tells it."""

import re

import pytest

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.explain.peak import Peak
from convcalc.memory.summary import memory_of
from convcalc.spec.load import load


@pytest.mark.parametrize("name", ["lenet5", "vgg16", "resnet18", "googlenet"])
def test_the_parts_add_up_to_the_peak_and_the_layers_to_all_that_is_a_layers(name: str) -> None:
    analysis = analyze(load(name, zoo.read(name)))
    memory = memory_of(analysis)
    assert memory is not None and memory.training is not None
    account = memory.training
    of_layers, peak = 0, Peak(analysis)
    for index in range(len(analysis.rows)):
        section = peak.of(index)
        assert section is not None
        assert section.numbers["peak"] == account.peak
        assert sum(section.numbers["breakdown"].values()) == account.peak
        of_layers += section.numbers["of_this_layer"]
    nobodys = sum(tensor.bytes for tensor in account.alive_at_peak() if tensor.step < 0)
    assert of_layers + nobodys == account.peak


def test_it_says_who_still_needs_a_tensor() -> None:
    analysis = analyze(load("vgg16", zoo.read("vgg16")))
    index = next(i for i, row in enumerate(analysis.rows) if row.step.name == "conv3_3")
    section = Peak(analysis).of(index)
    assert section is not None
    told = {line.label: line.text for line in section.lines}
    assert "output 3,211,264 bytes, kept for the backward pass of relu7" in told["this layer's"]
    assert told["sum"].endswith(" = 1,722,996,880")


def test_a_broken_net_has_no_peak() -> None:
    analysis = analyze(load("net", b"input: 8x8x3\nlayers: [{conv: {filters: 2}}]\n"))
    assert Peak(analysis).of(1) is None


@pytest.mark.parametrize("name", ["lenet5", "vgg16", "resnet18", "googlenet"])
def test_the_largest_tensors_and_the_others_add_up_to_the_peak(name: str) -> None:
    section = Peak(analyze(load(name, zoo.read(name)))).of(1)
    assert section is not None
    told = [line.text for line in section.lines]
    first = [line.label for line in section.lines].index("largest tensors")
    sizes = [
        int(n.replace(",", "")) for n in re.findall("([0-9,]+) bytes", " ".join(told[first:-1]))
    ]
    assert len(sizes) == 7 and sizes[:6] == sorted(sizes[:6], reverse=True)
    assert sum(sizes) == section.numbers["peak"]


def test_every_part_of_a_peak_has_its_words() -> None:
    from convcalc.explain.peak import _WHY
    from convcalc.memory.account import Breakdown

    assert _WHY.keys() == set(Breakdown._fields)


def test_a_padded_copy_is_not_called_the_output() -> None:
    text = (
        "input: 64x64x4\nlayers:\n- conv: {filters: 4, kernel: 3, stride: 2, pad: [1, 0, 1, 0]}\n"
    )
    found = Peak(analyze(load("n.yaml", text.encode()))).of(1)
    assert found is not None
    lines = [line.text for line in found.lines]
    copy = (
        f"padded copy of its input {65 * 65 * 4 * 4:,} bytes, kept for the backward pass of conv1"
    )
    assert lines[-1].startswith(copy) and f"conv1 {copy}" in lines

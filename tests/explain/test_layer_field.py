"""The receptive field of a layer: its growth step by step, and what an output sees."""

import re

import pytest

from convcalc.analysis.walk import analyze
from convcalc.explain.field import field
from convcalc.explain.layer import explain_layer, find
from convcalc.spec.load import load
from tests.explain.explained import bundled, explained, section, text


def test_the_receptive_field_of_vgg16_grows_to_212() -> None:
    field = section(explained("vgg16", "pool5"), "receptive field")
    assert field.numbers == {
        "size": [212, 212],
        "stride": [32, 32],
        "padding": [90, 90],
        "positions_read": [212, 212],
    }
    assert ("pool5", "196 + (2 - 1)*16 = 212, stride 16*2 = 32") in field.lines


def test_a_merge_tells_every_branch_of_the_field() -> None:
    field = section(explained("resnet50", "conv2_x.bottleneck1.add1"), "receptive field")
    assert any("19, the largest of batch_norm3 19, batch_norm4 11" in x.text for x in field.lines)


_SUM = re.compile(r"(\d+) \+ \((\d+) - 1\)\*(\d+) = (\d+)")


@pytest.mark.parametrize("name", ["vgg16", "resnet50", "googlenet", "unet", "mobilenet_v2"])
def test_each_step_of_a_field_adds_up_and_leads_to_the_next(name: str) -> None:
    analysis = bundled(name)
    for index in range(1, len(analysis.rows)):
        sections = explain_layer(analysis, index).sections
        field = next((s for s in sections if s.title == "receptive field"), None)
        if field is None:
            continue
        reached = 1
        for label, told in field.lines[:-1]:
            sums = _SUM.match(told)
            if sums:
                before, extent, distance, after = map(int, sums.groups())
                assert before + (extent - 1) * distance == after, told
                assert before == reached or label == "...", (index, told)
            if label == "...":
                break
            number = re.match(r"\d+", told)
            assert number is not None, told
            if "the largest of" in told:
                assert int(number[0]) == reached, (index, told)
            reached = int(sums[4] if sums else number[0])
        else:
            assert reached == field.numbers["size"][0]


def test_behind_an_upsampling_a_field_is_counted_not_added() -> None:
    """Of three neighbours two always see the same position: 2, where a sum has no whole number."""
    spec = b"input: 8x8x3\nlayers: [{upsample: {scale: 2}}, conv3-4, conv2-4p0, conv3-4]\n"
    analysis = analyze(load("net", spec))
    told = text(section(explain_layer(analysis, 4), "receptive field"))
    assert "1, stride 1*(1/2) = (1/2)" in told
    assert "1 + (3 - 1)*(1/2) = 2" in told
    assert "3, the most that 2 positions (1/2) apart see" in told
    assert "3 + (3 - 1)*(1/2) = 4" in told


def test_one_position_has_no_neighbours() -> None:
    """A global pool and an fc make one; a row has some along one axis."""

    def last_line(layers: str, index: int) -> str:
        analysis = analyze(load("a.yaml", f"input: 8x8x3\nlayers: {layers}".encode()))
        found = field(analysis, index)
        assert found is not None
        return found.lines[-1].text

    assert last_line("[conv3-4, global_avg_pool]", 2) == (
        "an output sees 10 input positions on every axis; it starts 1 before the edge"
    )
    assert last_line("[conv3-4p0, fc-2]", 2) == (
        "an output sees 8 input positions on every axis; it starts at the edge"
    )
    assert last_line("[conv3-4]", 1).endswith(
        "; neighbours lie 1 apart; the first starts 1 before the edge"
    )
    row = "[{max_pool: {kernel: [8, 2]}}]"
    assert last_line(row, 1) == (
        "width: an output sees 2 input positions; neighbours lie 2 apart; "
        "the first starts at the edge"
    )


def test_branches_that_end_in_layers_called_alike_are_told_apart() -> None:
    net = """
input: 8x8x3
blocks: {half: {layers: [conv3-4, batch_norm]}}
layers:
  - {concat: {branches: [half, half, conv1-4]}}
"""
    analysis = analyze(load("net.yaml", net.encode()))
    found = explain_layer(analysis, find(analysis.network, "concat1"))
    shown = text(section(found, "receptive field"))
    assert "3, the largest of half1.batch_norm1 3, half2.batch_norm1 3, conv1 1" in shown

"""What one number depends on that a flatten or a reshape put into another place."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.explain.position import at_position
from convcalc.spec.load import load


@pytest.mark.parametrize(
    ("layers", "place", "told"),
    [
        ("conv3-8, flatten", (9,), "height 0..1, width 0..2"),
        ("conv3-8, flatten, relu", (9,), "height 0..1, width 0..2"),
        ("flatten", (255,), "height 7..7, width 7..7"),
        ("concat: {branches: [[flatten], [conv1-2, flatten]]}", (9,), "height 0..0, width 2..2"),
        ("conv3-8, reshape: {shape: 4x128}", (1, 1), "height 1..3, width 0..1"),
        ("conv3-8, reshape: {shape: 16x4x8}", (15, 3, 7), "height 6..7, width 6..7"),
        ("conv3-8, flatten, reshape: {shape: 8x8x8}, relu", (3, 4, 0), "height 2..4, width 3..5"),
    ],
)
def test_a_number_in_another_shape_depends_on_its_own_field(
    layers: str, place: tuple[int, ...], told: str
) -> None:
    assert field(layers, place).startswith(f"depends on {told} of")


@pytest.mark.parametrize(
    "layers",
    [
        "conv3-8, flatten, fc-10",
        "conv3-8, flatten, fc-10, softmax",
        "conv3-8, global_avg_pool, flatten",
    ],
)
def test_what_reads_all_numbers_depends_on_all_of_the_input(layers: str) -> None:
    assert field(layers, (3,)).startswith("depends on height 0..7, width 0..7 of")


@pytest.mark.parametrize(
    ("layers", "place"),
    [
        ("conv3-8, flatten, batch_norm", (9,)),
        ("conv3-8, reshape: {shape: 16x4x8}, conv3-8", (0, 0, 0)),
    ],
)
def test_where_the_number_is_not_followed_its_field_is_the_most(
    layers: str, place: tuple[int, ...]
) -> None:
    """Behind a reshape the field is that of all numbers, of which some may not be read."""
    assert field(layers, place).startswith("depends on at most height 0..7, width 0..7 of")


@pytest.mark.parametrize(
    ("layers", "place", "depends", "branch"),
    [
        ("", (2, 3, 1), "height 1..3, width 2..4", "channels 0..3 are what relu1 makes"),
        ("", (2, 3, 5), "height 0..4, width 1..5", "channels 4..9 are what conv2 makes"),
        ("", (2, 3, 10), "height 2..2, width 3..3", "channel 10 is what conv3 makes"),
        (", relu", (2, 3, 1), "height 1..3, width 2..4", ""),
        (", flatten", (11 * 8 * 2 + 11 * 3 + 1,), "height 1..3, width 2..4", ""),
        (", conv1-2", (2, 3, 1), "height 0..4, width 1..5", ""),
    ],
)
def test_a_channel_of_a_concat_depends_on_what_its_branch_does(
    layers: str, place: tuple[int, ...], depends: str, branch: str
) -> None:
    joined = "concat: {branches: [[conv3-4, relu], [conv5-6], [conv1-1]]}"
    spec = f"input: 8x8x4\nlayers: [{joined}{layers}]\n"
    found = analyze(load("net.yaml", spec.encode()))
    section = at_position(found, len(found.rows) - 1, place)
    text = " ".join(fact.text for fact in section.lines)
    assert f"depends on {depends} of" in text
    assert branch in text and ("makes: this is its" in text) == bool(branch)


def field(layers: str, place: tuple[int, ...]) -> str:
    """What `explain` says of one output of the last layer."""
    spec = f"input: 8x8x4\nlayers: [{layers}]\n"
    found = analyze(load("net.yaml", spec.encode()))
    assert not found.broken, [f.message for f in found.findings]
    section = at_position(found, len(found.rows) - 1, place)
    (text,) = (fact.text for fact in section.lines if fact.label == "input")
    return text

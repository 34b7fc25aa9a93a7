"""Receptive fields by running where a volume on the way ends inside the input, or holds nothing."""

import numpy as np
import pytest

from convcalc.backend.ops import NumPyOps
from convcalc.report.verify.fields_text import render
from tests.verify.test_fields import observed

CONV = "{conv: {filters: 2, kernel: 1, pad: 1, stride: 3}}"


@pytest.mark.parametrize(
    "shape, layers, whole",
    [
        ("12x12x3", "{crop: {sides: 2}}, conv3-4", 6),
        ("12x12x3", "conv3-4, {crop: {size: 8}}, conv3-4", 6),
        ("12x12x3", "{crop: {sides: [0, 3, 0, 3]}}, conv3-4, conv3-4", 5),
        ("12x12x3", "{crop: {sides: [1, 0, 1, 0]}}, {upsample: {scale: 3, mode: bilinear}}", 31),
        ("12x12x3", "{crop: {size: 8}}, {conv_transpose: {filters: 2, kernel: 3, stride: 2}}", 15),
        ("12x12x4", "{add: {branches: [[conv3-4, {crop: {size: 8}}], [{crop: {size: 8}}]]}}", 8),
        ("12x12x4", "{crop: {size: 8}}, {avg_pool: {kernel: 3, stride: 1, pad: 1}}", 6),
    ],
)
def test_a_crop_cuts_the_fields_behind_it(shape, layers, whole):
    """The next layer's own padding is beside what a crop left, not what it cut off."""
    found = observed(shape, layers)
    assert found.agrees, [one.faults for one in found.fields]
    assert [len(one.whole) for one in found.fields] == [whole, whole]


def test_the_cut_is_said():
    found = observed("12x12x3", "{crop: {sides: 2}}, conv3-4")
    height = found.fields[0]
    assert height.seen[0] == (2, 3) and height.receptive_field.ends(0) == (1, 3)
    text = " ".join(render(found).split())
    assert "inside the input and of the volumes on the way: what is cut off is padding." in text
    assert "of the volumes" not in render(observed("12x12x3", "conv3-4, conv3-4"))


@pytest.mark.parametrize("by", [1, -1])
def test_kernels_that_read_elsewhere_behind_a_crop_are_found(monkeypatch, by):
    whole = NumPyOps.max_pool
    monkeypatch.setattr(NumPyOps, "max_pool", lambda ops, x, s: whole(ops, np.roll(x, by, 1), s))
    found = observed("12x12x1", "{crop: {sides: 2}}, {max_pool: {kernel: 3, stride: 1, pad: 1}}")
    first = found.fields[0].faults[0]
    assert first.startswith("output 0 should see 2..3, it is changed by ")


@pytest.mark.parametrize(
    "shape, layers",
    [
        ("2x3x2", CONV),
        ("2x3x2", f"{CONV}, conv3-4, {{upsample: {{scale: 2}}}}"),
        ("2x3x2", "{conv: {filters: 2, kernel: 1, pad: 1}}, {avg_pool: {kernel: 1, stride: 3}}"),
        ("2x3x2", "{conv_transpose: {filters: 2, kernel: 1, stride: 4, pad: [1, 1, 0, 0]}}"),
    ],
)
def test_what_reads_padding_alone_is_changed_by_nothing(shape, layers):
    """Read on one axis alone is not read: no output of either axis moves."""
    found = observed(shape, layers)
    assert found.agrees, [one.faults for one in found.fields]
    for one in found.fields:
        assert one.blind and not one.whole and set(one.seen) == {None}
    assert "on one axis it reads nothing but padding." in render(found)
    assert "larger --input" not in render(found)


def test_a_branch_that_reads_nothing_adds_nothing():
    branches = f"[[conv1-2], [{CONV}, {{upsample: {{size: [2, 3]}}}}]]"
    found = observed("2x3x2", f"{{add: {{branches: {branches}}}}}")
    assert found.agrees, [one.faults for one in found.fields]
    assert found.fields[1].seen == ((0, 0), (1, 1), (2, 2))


def test_light_where_nothing_is_read_disagrees():
    (height, _) = observed("2x3x2", CONV).fields
    wrong = height._replace(seen=((0, 1), None))
    assert wrong.faults == ("output 0 should see nothing of the input, it is changed by 0..1",)

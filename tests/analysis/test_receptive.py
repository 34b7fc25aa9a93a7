"""Receptive fields of whole nets: through chains, branches, gates and enlarging layers."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import pytest

from convcalc.analysis.record import Analysis, ReceptiveField
from convcalc.findings import Severity

Analyzed = Callable[[str], Analysis]


def _receptive_field(analysis: Analysis, name: str) -> ReceptiveField:
    """The field of a layer that sees the same on both axes."""
    (row,) = [row for row in analysis.rows if row.step.name == name]
    assert len(set(row.receptive_field)) == 1
    return row.receptive_field[0]


def _codes(analysis: Analysis) -> list[str]:
    return [finding.code for finding in analysis.findings]


def test_an_input_sees_itself(analyzed: Analyzed) -> None:
    found = analyzed("layers: [relu, batch_norm, lrn, {dropout: {rate: 0.1}}]")
    assert all(
        row.receptive_field == (ReceptiveField(1, 1, 0), ReceptiveField(1, 1, 0))
        for row in found.rows
    )


def test_a_field_grows_by_the_stride_so_far(analyzed: Analyzed) -> None:
    found = analyzed(
        "input: 63x63x1\nlayers: [conv3-4, conv3-4s2, {max_pool: {kernel: 2}}, conv3-4]"
    )
    assert [row.receptive_field[0] for row in found.rows] == [
        ReceptiveField(1, 1, 0),
        ReceptiveField(3, 1, 1),
        ReceptiveField(5, 2, 2),
        ReceptiveField(7, 4, 2),
        ReceptiveField(15, 4, 6),
    ]


def test_axes_grow_apart(analyzed: Analyzed) -> None:
    found = analyzed("layers: [{conv: {filters: 2, kernel: [1, 3], stride: [1, 2], pad: same}}]")
    assert found.rows[-1].receptive_field == (ReceptiveField(1, 1, 0), ReceptiveField(3, 2, 0))


def test_an_output_that_is_not_there_has_no_field(analyzed: Analyzed) -> None:
    """Seven regions of 45 positions: the fields repeat after 14 outputs, of which there are 7."""
    pools = "{upsample: {scale: 2}}, {max_pool: {kernel: 4, stride: 1}}"
    text = f"input: 24x24x1\nlayers: [{pools}, {{adaptive_avg_pool: {{output: 7}}}}, conv3-1]"
    row = analyzed(text).rows[-1]
    seen = [row.receptive_field[0].ends(output) for output in range(7)]
    assert {last - first + 1 for first, last in seen} == {12}
    assert row.receptive_field[0].size == 12


def test_a_vector_keeps_the_field_of_what_it_was_made_from(analyzed: Analyzed) -> None:
    found = analyzed("layers: [conv3-4, flatten, fc-10, relu, fc-2]")
    assert _receptive_field(found, "flatten1") == ReceptiveField(10, 1, 1)
    assert _receptive_field(found, "fc2") == ReceptiveField(10, 1, 1)
    assert _receptive_field(analyzed("layers: [conv3-4, fc-10]"), "fc1") == ReceptiveField(10, 1, 1)
    assert (
        _receptive_field(analyzed("layers: [conv3-4, global_avg_pool]"), "global_avg_pool1").size
        == 10
    )


BRANCHES = """
    input: 16x16x4
    layers:
      - {conv: {filters: 4, kernel: 3, pad: 1}, name: stem}
      - {conv: {filters: 4, kernel: 1}, from: stem, name: small}
      - {conv: {filters: 4, kernel: 5, pad: 2}, from: stem, name: large}
      - {%s: , from: [small, large], name: joined}
    """


@pytest.mark.parametrize("merge", ["add", "multiply", "concat"])
def test_through_branches_the_largest_field_counts(analyzed: Analyzed, merge: str) -> None:
    found = analyzed(BRANCHES % merge)
    assert (
        _receptive_field(found, "joined")
        == _receptive_field(found, "large")
        == ReceptiveField(7, 1, 3)
    )
    assert found.findings == ()


def test_a_gate_scales_and_is_no_field(analyzed: Analyzed) -> None:
    """Squeeze and excitation: the factor is read from everywhere, the positions are not."""
    found = analyzed(
        """
        layers:
          - {conv: {filters: 4, kernel: 3, pad: 1}, name: c}
          - {global_avg_pool: , name: squeeze}
          - {conv: {filters: 4, kernel: 1}, name: excite}
          - {multiply: , from: [c, excite], name: gated}
        """
    )
    assert _receptive_field(found, "squeeze") == ReceptiveField(10, 8, 1)  # 8x8: one window
    assert (
        _receptive_field(found, "gated") == _receptive_field(found, "c") == ReceptiveField(3, 1, 1)
    )
    assert found.findings == ()


def _shifted(pad: str, filters: int = 4) -> str:
    """A branch of two unpadded columns whose zeros lie on one side, beside an identity."""
    return (
        "layers:\n"
        "  - {conv: {filters: 4, kernel: 1}, name: stem}\n"
        f"  - {{conv: {{filters: {filters}, kernel: 3, pad: {pad}}}, name: side}}\n"
        "  - {add: , from: [side, stem], name: sum}\n"
    )


def test_centred_branches_are_aligned(analyzed: Analyzed) -> None:
    assert analyzed(_shifted("[1, 1, 1, 1]")).findings == ()


@pytest.mark.parametrize("pad", ["[2, 0, 1, 1]", "[0, 2, 1, 1]", "[1, 1, 2, 0]"])
def test_branches_that_see_other_places_are_misaligned(analyzed: Analyzed, pad: str) -> None:
    """By a whole output position: a warning."""
    (finding,) = analyzed(_shifted(pad)).findings
    assert (finding.code, finding.severity, finding.layer) == ("CC121", Severity.WARNING, "sum")
    assert finding.message == "side and stem see places 1 input position apart"


def test_a_shift_of_half_a_position(analyzed: Analyzed) -> None:
    """An even kernel cannot be centred: same padding puts the odd zero at the end."""
    text = "layers: [{add: {branches: [[{conv: {filters: 4, kernel: 2, pad: same}}], []]}}]"
    (finding,) = analyzed(text).findings
    assert finding.severity is Severity.NOTE
    assert finding.message.endswith("see places 0.5 input positions apart")


_PYRAMID = """
        input: {size}x{size}x3
        rounding: floor
        layers:
          - {{conv3-8s2: , name: c1}}
          - {{conv3-8s2: , name: c2}}
          - {{conv3-8s2: , name: c3}}
          - {{conv1-8: , name: p3}}
          - {{upsample: {{like: c2}}, name: up3}}
          - {{conv1-8: , from: c2, name: l2}}
          - {{add: , from: [up3, l2], name: p2}}
          - {{upsample: {{like: c1}}, name: up2}}
          - {{conv1-8: , from: c1, name: l1}}
          - {{add: , from: [up2, l1], name: p1}}
"""


def test_a_feature_pyramid_on_even_sizes_is_noted_with_its_reason(analyzed: Analyzed) -> None:
    found = [f for f in analyzed(_PYRAMID.format(size=64)).findings if f.code == "CC121"]
    assert [(f.layer, f.severity) for f in found] == [
        ("p2", Severity.NOTE),
        ("p1", Severity.NOTE),
    ]
    # c3 on 16 leaves one padding unread: an output of stride 8 is centred at 0, the pair of c2
    # (stride 4) that it is copied to is centred at 2
    assert found[0].message == (
        "up3 and l2 see places 2 input positions apart: "
        "strided windows on even sizes (c3) are centred before the middle"
    )
    assert "(c2, c3) are centred" in found[1].message


def test_a_pyramid_that_pads_one_side_more_is_still_a_warning(analyzed: Analyzed) -> None:
    text = _PYRAMID.format(size=64).replace(
        "{conv1-8: , from: c1, name: l1}",
        "{conv: {filters: 8, kernel: 5, pad: [0, 4, 2, 2]}, from: c1, name: l1}",
    )
    found = {f.layer: f for f in analyzed(text).findings if f.code == "CC121"}
    assert found["p1"].severity is Severity.WARNING
    cropped = _PYRAMID.format(size=64).replace(
        "{conv1-8: , from: c1, name: l1}",
        "[{pad: {sides: [0, 6, 0, 0]}, from: c1}, {crop: {sides: [6, 0, 0, 0]}, name: l1}]",
    )
    text = cropped.replace("- [{pad", "- {pad").replace("c1}, {crop", "c1}\n          - {crop")
    text = text.replace("name: l1}]", "name: l1}")
    found = {f.layer: f for f in analyzed(text).findings if f.code == "CC121"}
    assert found["p1"].severity is Severity.WARNING


def test_branches_of_other_strides_are_misaligned(analyzed: Analyzed) -> None:
    found = analyzed(
        """
        layers:
          - {conv: {filters: 4, kernel: 2, stride: 2}, name: halved}
          - {crop: {size: 4}, from: input, name: cut}
          - {add: , from: [halved, cut], name: sum}
        """
    )
    (finding,) = found.findings
    assert finding.code == "CC121"
    assert finding.message == "halved steps by 2 input positions, cut by 1"


def test_a_misalignment_may_be_ignored(analyzed: Analyzed) -> None:
    text = _shifted("[2, 0, 1, 1]")
    assert analyzed(text.replace("name: sum", "name: sum, ignore: CC121")).findings == ()


def test_over_one_position_nothing_is_misaligned(analyzed: Analyzed) -> None:
    text = "layers: [{add: {branches: [[global_avg_pool], [conv8-4p0]]}}]"
    assert analyzed(text).findings == ()


def test_an_enlarged_volume_steps_by_parts_of_a_position(analyzed: Analyzed) -> None:
    found = analyzed(
        "layers: [conv2-4s2p0, {upsample: {scale: 2}, name: up}, {conv3-4: , name: c}]"
    )
    # down by 2 and up again: whole steps; each pair of outputs sees the same two inputs, and a
    # window of three always meets two of those pairs
    assert (_receptive_field(found, "up").size, _receptive_field(found, "up").stride) == (2, 1)
    assert (_receptive_field(found, "c").size, _receptive_field(found, "c").stride) == (4, 1)
    thirds = analyzed("layers: [{upsample: {scale: 3}, name: up}]")
    assert _receptive_field(thirds, "up").stride == Fraction(1, 3)


def test_a_net_that_comes_back_up_is_aligned_with_its_skip(analyzed: Analyzed) -> None:
    for up in ("upsample: {scale: 2}", "conv_transpose: {filters: 4, kernel: 2, stride: 2}"):
        text = f"layers: [{{add: {{branches: [[conv2-4s2p0, {{{up}}}], []]}}}}]"
        assert analyzed(text).findings == ()


def test_fields_never_shrink_on_the_way(analyzed: Analyzed) -> None:
    found = analyzed(
        "rounding: floor\nlayers: [conv3-4, relu, conv3-4s2, {upsample: {scale: 2}}, conv3-4]"
    )
    sizes = [row.receptive_field[0].size for row in found.rows]
    assert all(before <= after for before, after in pairwise(sizes))


@pytest.mark.parametrize(
    "pool", ["global_avg_pool: ", "adaptive_avg_pool: {output: 1}", "avg_pool: {kernel: 8}"]
)
@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_image_pooling_is_as_coarse_as_what_it_is_joined_to(
    analyzed: Analyzed, pool: str, mode: str
) -> None:
    """What is copied to all positions of the volume that it was pooled from steps as that does."""
    found = analyzed(
        f"""
        input: 32x32x3
        rounding: floor
        layers:
          - {{conv3-4s2: , name: c1}}
          - {{conv3-4s2: , name: c2}}
          - {{{pool}, name: pooled}}
          - {{upsample: {{size: 8, mode: {mode}}}, name: copied}}
          - {{concat: , from: [c2, copied], name: joined}}
        """
    )
    assert "CC121" not in _codes(found)
    # c2 sees 7; eight of them, 4 apart, see 7 + 7*4
    assert _receptive_field(found, "pooled") == ReceptiveField(35, 32, 3)
    for name in ("copied", "joined"):
        field = _receptive_field(found, name)
        assert (field.size, field.stride) == (35, 4)
        assert {field.ends(output) for output in range(8)} == {(-3, 31)}


def test_what_is_the_same_everywhere_is_nowhere_misaligned(analyzed: Analyzed) -> None:
    """An unpadded branch is smaller than what was pooled; the copies do not mind."""
    text = """
        layers:
          - {conv3-4p0: , name: side}
          - {global_avg_pool: , from: input, name: pooled}
          - {upsample: {size: 6}, name: copied}
          - {conv1-4: , name: mixed}
          - {add: , from: [side, mixed], name: sum}
    """
    assert "CC121" not in _codes(analyzed(text))
    reshaped = text.replace("{global_avg_pool: ,", "{fc-36: ,").replace(
        "{upsample: {size: 6}, name: copied}", "{reshape: {shape: 6x6x1}, name: copied}"
    )
    assert "CC121" not in _codes(analyzed(reshaped))

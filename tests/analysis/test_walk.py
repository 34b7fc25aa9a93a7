"""The tally: rows, totals, shared parameters, and what is unknown."""

from collections.abc import Callable

import pytest

from convcalc.analysis.record import Analysis, Totals
from convcalc.findings import Severity

Analyzed = Callable[[str], Analysis]

_UNKNOWN = (None,) * (len(Totals._fields) - 1)


def _codes(analysis: Analysis) -> list[str]:
    return [finding.code for finding in analysis.findings]


def test_the_input_comes_first_and_counts_as_an_activation(analyzed: Analyzed) -> None:
    found = analyzed("layers: [conv3-4]")
    first, conv = found.rows
    assert (first.step.kind, first.activations, first.params, first.macs) == ("input", 256, 0, 0)
    assert (conv.activations, conv.params, conv.macs) == (256, 148, 9216)
    assert found.totals == Totals(1, 512, 144, 4, 0, 148, 0, 148, 9216, 9216)
    assert found.output == (8, 8, 4)
    assert not found.broken


def test_what_makes_no_new_volume_is_not_added(analyzed: Analyzed) -> None:
    """In-place layers, dropout and the aliases; softmax and norms make volumes of their own."""
    plain = analyzed("layers: [conv3-4, fc-10]").totals.activations
    more = analyzed(
        """
        layers:
          - conv3-4
          - relu
          - dropout
          - identity
          - reshape: {shape: 16x16x1}
          - flatten
          - fc-10
          - dropout
        """
    )
    assert more.totals.activations == plain == 256 + 256 + 10
    counted = [row.step.kind for row in more.rows if row.new_volume]
    assert counted == ["input", "conv", "fc"]
    assert analyzed("layers: [conv3-4, batch_norm, softmax]").totals.activations == 4 * 256


def test_an_activation_that_cannot_be_in_place_is_added(analyzed: Analyzed) -> None:
    assert analyzed("layers: [relu]").totals.activations == 512
    assert analyzed("layers: [conv3-4, sigmoid]").totals.activations == 3 * 256
    assert analyzed("layers: [conv3-4, {relu: {in_place: false}}]").totals.activations == 3 * 256


def test_parameters_by_class(analyzed: Analyzed) -> None:
    found = analyzed("layers: [{conv: {filters: 6, kernel: 1}}, batch_norm, prelu, fc-2]")
    totals = found.totals
    assert (totals.weights, totals.biases) == (4 * 6 + 8 * 8 * 6 * 2, 6 + 2)
    assert (totals.norm, totals.buffers) == (12 + 1, 12)
    assert totals.params == totals.trainable == 24 + 768 + 8 + 13


def test_shared_parameters_are_counted_once(analyzed: Analyzed) -> None:
    found = analyzed(
        """
        layers:
          - {conv: {filters: 4, kernel: 3, pad: 1}, name: a}
          - {conv: {filters: 4, kernel: 3, pad: 1}, name: b, weights: a}
          - {conv: {filters: 4, kernel: 3, pad: 1}, name: c, weights: b}
        """
    )
    assert found.findings == ()
    assert [row.params for row in found.rows] == [0, 148, 0, 0]
    assert [row.macs for row in found.rows] == [0, 9216, 9216, 9216]  # they are computed each time
    assert (found.totals.params, found.totals.macs) == (148, 3 * 9216)


@pytest.mark.parametrize(
    ("second", "needs"),
    [
        ("conv: {filters: 5, kernel: 3, pad: 1}", "185"),
        ("conv: {filters: 4, kernel: 1}", "20"),
        ("conv: {filters: 4, kernel: 3, pad: 1, bias: false}", "144"),
    ],
)
def test_parameters_of_another_size_cannot_be_shared(
    analyzed: Analyzed, second: str, needs: str
) -> None:
    found = analyzed(
        f"""
        layers:
          - {{conv: {{filters: 4, kernel: 3, pad: 1}}, name: a}}
          - {{{second}, name: b, weights: a}}
        """
    )
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("CC123", Severity.ERROR)
    assert finding.message == f"b needs {needs} parameters, a has 148"
    assert [related.message for related in finding.related] == ["shares with this layer"]


def test_parameters_of_the_same_number_but_another_shape_cannot_be_shared(
    analyzed: Analyzed,
) -> None:
    """6 filters of 2x3 on 4 channels, and of 3x2: 144 weights both, and not the same ones."""
    found = analyzed(
        """
        layers:
          - {conv: {filters: 4, kernel: [2, 3]}, name: a}
          - {conv: {filters: 4, kernel: [3, 2]}, name: b, weights: a}
        """
    )
    (finding,) = found.findings
    assert (finding.code, finding.message) == (
        "CC123",
        "b needs a 3x2 kernel and 4 outputs, a has a 2x3 kernel and 4 outputs",
    )
    two = "{fc: {units: 2, bias: false}, name: a}"
    swapped = f"layers: [{two}, {{fc: {{units: 256, bias: false}}, weights: a}}]"
    assert _codes(analyzed(swapped)) == ["CC123"]


def test_who_shares_what_is_shared_is_held_to_the_owner(analyzed: Analyzed) -> None:
    found = analyzed(
        """
        layers:
          - {conv: {filters: 4, kernel: 3, pad: 1}, name: a}
          - {conv: {filters: 4, kernel: 3, pad: 1}, name: b, weights: a}
          - {conv: {filters: 5, kernel: 3, pad: 1}, name: c, weights: b}
        """
    )
    (finding,) = found.findings
    assert (finding.code, finding.message) == ("CC123", "c needs 185 parameters, a has 148")


def test_one_slope_may_be_shared_over_any_channels(analyzed: Analyzed) -> None:
    found = analyzed("layers: [{prelu: , name: slope}, conv3-9, {prelu: , weights: slope}]")
    assert found.findings == ()
    assert found.totals.norm == 1


def test_a_kind_without_parameters_shares_none(analyzed: Analyzed) -> None:
    found = analyzed("layers: [{conv3-4: , name: a}, {relu: , weights: a}]")
    assert _codes(found) == ["CC123"]


BROKEN = """
    layers:
      - {conv: {filters: 4, kernel: 3, pad: 1}, name: fine}
      - {conv: {filters: 4, kernel: 9}, name: broken}
      - {relu: , name: behind}
      - {max_pool: {kernel: 2}, from: fine, name: beside}
      - {concat: , from: [behind, beside], name: joined}
      - {fc: {units: 10}, name: last}
    """


def test_what_is_unknown_is_never_zero(analyzed: Analyzed) -> None:
    found = analyzed(BROKEN)
    numbers = {row.step.name: (row.activations, row.params, row.macs) for row in found.rows}
    unknown = (None, None, None)
    assert numbers == {
        "input": (256, 0, 0),
        "fine": (256, 148, 9216),
        "broken": unknown,
        "behind": unknown,
        "beside": (64, 0, 0),
        "joined": unknown,
        "last": unknown,
    }
    assert found.totals == Totals(6, *_UNKNOWN)
    assert found.broken
    assert found.output is None


def test_a_broken_layer_is_told_once_not_for_all_behind_it(analyzed: Analyzed) -> None:
    errors = [f for f in analyzed(BROKEN).findings if f.severity is Severity.ERROR]
    assert [(f.code, f.layer) for f in errors] == [("CC102", "broken")]


def test_expectations_of_a_broken_net_are_not_checked(analyzed: Analyzed) -> None:
    found = analyzed("expect: {params: 1, output: 3x3x3}\nlayers: [conv3-4, conv9-4p0]")
    assert _codes(found) == ["CC102"]


def test_several_inputs_and_outputs(analyzed: Analyzed) -> None:
    found = analyzed(
        """
        inputs: {image: 8x8x3, depth: 8x8x1}
        outputs: [aux]
        layers:
          - {conv: {filters: 2, kernel: 3, pad: 1}, from: image, name: a}
          - {conv: {filters: 2, kernel: 3, pad: 1}, from: depth, name: b}
          - {concat: , from: [a, b], name: both}
          - {fc: {units: 5}, name: aux}
          - {fc: {units: 10}, from: both, name: scores}
        """
    )
    assert found.findings == ()
    assert [row.step.kind for row in found.rows[:2]] == ["input", "input"]
    assert found.totals.layers == 5
    assert found.totals.activations == 192 + 64 + 128 + 128 + 256 + 5 + 10
    names = [found.network.steps[i].name for i in found.network.outputs]
    assert names == ["aux", "scores"]
    assert found.output == (10,)


def test_a_layer_that_nobody_reads_is_a_warning(analyzed: Analyzed) -> None:
    found = analyzed(
        """
        layers:
          - {conv: {filters: 2, kernel: 3, pad: 1}, name: a}
          - {conv: {filters: 2, kernel: 3, pad: 1}, name: lonely}
          - {conv: {filters: 2, kernel: 3, pad: 1}, name: last, from: a}
        """
    )
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("CC120", Severity.WARNING)
    assert finding.layer == "lonely"
    assert found.totals.params is not None  # it is there, so it counts


def test_an_input_that_nobody_reads_is_a_warning(analyzed: Analyzed) -> None:
    found = analyzed("inputs: {a: 4x4x1, b: 4x4x1}\nlayers: [{conv3-2: , from: a}]")
    assert _codes(found) == ["CC120"]


def test_equal_layers_on_equal_inputs_cost_the_same(analyzed: Analyzed) -> None:
    """Their tallies are worked out once; a layer object on another input is another tally."""
    found = analyzed("layers: [{conv: {filters: 4, kernel: 3}, times: 3}]")
    assert [row.macs for row in found.rows] == [0, 5184, 2304, 576]


@pytest.mark.parametrize(
    ("layers", "each"),
    [
        ("[conv3-4, relu, conv3-4]", [1, 2]),  # the first conv's input needs no gradient
        ("[relu, conv3-4]", [1]),  # nothing before it learns
        ("[batch_norm, conv3-4]", [2]),  # the norm's scale does
        ("[fc-5, fc-6, fc-7]", [1, 2, 2]),
        ("[{add: {branches: [[conv3-4], []]}}, conv3-4]", [1, 2]),
    ],
)
def test_the_backward_pass_is_twice_the_forward_s_but_for_the_first_layer(
    analyzed: Analyzed, layers: str, each: list[int]
) -> None:
    """CS231n notes, Backpropagation: gradients of weights and, where they flow on, of inputs."""
    rows = [row for row in analyzed(f"layers: {layers}").rows if row.macs]
    assert [row.macs_backward for row in rows] == [
        row.macs * times for row, times in zip(rows, each, strict=True)
    ]

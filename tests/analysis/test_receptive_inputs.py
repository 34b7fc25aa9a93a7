"""Receptive fields behind several inputs, and behind a reshape."""

from tests.analysis.test_receptive import Analyzed, _codes


def test_positions_of_different_inputs_are_not_compared(analyzed: Analyzed) -> None:
    text = """
        inputs: {a: 32x32x4, b: 8x8x4}
        layers:
          - {conv2-4s2p0: , from: a}
          - {conv2-4s2p0: , name: small}
          - {conv3-4: , from: b, name: other}
          - {add: , from: [small, other], name: sum}
          - {conv3-4: , from: b, name: beside}
          - {%s, from: beside, name: moved}
          - {add: , from: [sum, moved], name: again}
    """
    aligned = "conv: {filters: 4, kernel: 3, pad: 1}"
    assert "CC121" not in _codes(analyzed(text % aligned))
    shifted = "conv: {filters: 4, kernel: 3, pad: [2, 0, 1, 1]}"
    (finding,) = [f for f in analyzed(text % shifted).findings if f.code == "CC121"]
    assert finding.layer == "again"
    assert finding.message == "sum and moved see places 1 input position apart"


def test_a_reshape_of_positions_that_see_different_places(analyzed: Analyzed) -> None:
    text = """
        input: 3x2x4
        rounding: floor
        layers:
          - conv_transpose: {filters: 4, kernel: 4, stride: 2, dilation: 3}
          - reshape: {shape: 14x24x2}
    """
    fields = analyzed(text).rows[-1].receptive_field
    assert [(field.stride, field.size >= 3) for field in fields] == [(0, True), (0, True)]

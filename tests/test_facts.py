"""The worked examples of the CS231n notes and of the lecture slides: single layers and stacks.

cs231n.github.io/convolutional-networks, section by section. Whole nets: test_facts_nets.py.
"""

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.findings import Finding, Severity
from convcalc.shapes import Shape, elements
from convcalc.spec.document import Overrides
from convcalc.spec.load import load


def _net(layers: str, input: str = "224x224x3", rounding: str = "exact") -> Analysis:
    text = f"input: {input}\nrounding: {rounding}\nlayers: [{layers}]\n"
    return analyze(load("facts.yaml", text.encode()))


def _outputs(analysis: Analysis) -> list[Shape | None]:
    return [row.step.output for row in analysis.rows[1:]]


def _errors(analysis: Analysis) -> list[Finding]:
    return [f for f in analysis.findings if f.severity is Severity.ERROR]


# One layer: spatial arrangement


@pytest.mark.parametrize(("stride", "output"), [(1, 5), (2, 3)])
def test_a_window_of_3_over_5_with_a_zero_on_each_side(stride: int, output: int) -> None:
    found = _net(f"conv: {{filters: 1, kernel: 3, stride: {stride}, pad: 1}}", "5x1")
    assert found.output == (output, 1)


def test_a_window_of_3_over_5_by_3_does_not_come_out() -> None:
    (error,) = _errors(_net("conv: {filters: 1, kernel: 3, stride: 3, pad: 1}", "5x1"))
    assert "(5 - 3 + 2*1)/3 + 1 = 2.33" in error.message


def test_the_notes_illegal_stride_and_its_repairs() -> None:
    """W=10, F=3, S=2, P=0: 4.5. 2P would have to be odd, so the padding cannot be symmetric."""
    (error,) = _errors(_net("conv: {filters: 1, kernel: 3, stride: 2}", "10x10x1"))
    assert error.code == "CC101"
    assert "(10 - 3 + 2*0)/2 + 1 = 4.5" in error.message
    assert error.help == (
        "`stride: 1` (8x8x1)",
        "`pad: [0, 1, 0, 1]` (5x5x1) or `pad: same` (5x5x1)",
        "`kernel: 2` (5x5x1) or `kernel: 4` (4x4x1)",
        "an input of 9x9 or 11x11 to this layer",
        "`rounding: {conv: floor}` at the top (4x4x1; 1 row never read; 1 column never read)",
    )


@pytest.mark.parametrize(
    ("options", "output"), [("stride: 1", 5), ("stride: 2", 3), ("stride: 1, pad: 1", 7)]
)
def test_a_3x3_over_7x7(options: str, output: int) -> None:
    found = _net(f"conv: {{filters: 1, kernel: 3, {options}}}", "7x7x1")
    assert found.output == (output, output, 1)


def test_a_3x3_over_7x7_by_3() -> None:
    layer = "conv: {filters: 1, kernel: 3, stride: 3}"
    (error,) = _errors(_net(layer, "7x7x1"))
    assert "= 2.33" in error.message
    floored = _net(layer, "7x7x1", "floor")
    assert floored.output == (2, 2, 1)
    (finding,) = floored.findings
    assert (finding.code, finding.severity) == ("CC103", Severity.WARNING)
    assert "1 row and 1 column never read" in finding.message


def test_the_first_layer_of_alexnet() -> None:
    found = _net("conv: {filters: 96, kernel: 11, stride: 4}", "227x227x3")
    row = found.rows[-1]
    assert row.step.output == (55, 55, 96)
    assert row.activations == 290_400  # neurons
    assert row.parameters is not None
    assert row.parameters.weights == 34_848 == 96 * 363  # 363 weights each, shared
    assert row.params == 34_944


def test_the_first_layer_of_alexnet_without_sharing() -> None:
    found = _net("locally_connected: {filters: 96, kernel: 11, stride: 4}", "227x227x3")
    assert found.output == (55, 55, 96)
    assert found.rows[-1].params == 105_705_600 == 290_400 * (363 + 1)


def test_its_pool_has_no_parameters() -> None:
    found = _net("max_pool: {kernel: 3, stride: 2}", "55x55x96")
    assert found.output == (27, 27, 96)
    assert found.rows[-1].params == 0


@pytest.mark.parametrize(("channels", "params"), [(3, 760), (1, 260)])
def test_ten_5x5_filters(channels: int, params: int) -> None:
    found = _net("conv: {filters: 10, kernel: 5, pad: 2}", f"28x28x{channels}")
    assert found.output == (28, 28, 10)
    assert found.totals.params == params


def test_six_5x5_filters_without_padding() -> None:
    assert _net("conv: {filters: 6, kernel: 5}", "28x28x1").output == (24, 24, 6)


def test_the_cifar_net_of_the_notes() -> None:
    """[INPUT - CONV - RELU - POOL - FC]; the notes write the scores as 1x1x10."""
    found = _net("conv3-12, relu, pool2, fc-10", "32x32x3")
    assert _outputs(found) == [(32, 32, 12), (32, 32, 12), (16, 16, 12), (10,)]


def test_the_convolution_demo() -> None:
    assert _net("conv: {filters: 2, kernel: 3, stride: 2, pad: 1}", "5x5x3").output == (3, 3, 2)


def test_the_numpy_example() -> None:
    """V[2,3,1] reads X[4:9, 6:11, :]: the window at 2*S and 3*S, five positions wide."""
    found = _net("conv: {filters: 2, kernel: 5, stride: 2}", "11x11x4")
    assert found.output == (4, 4, 2)
    rows, columns = found.rows[-1].receptive_field
    first = [2 * rows.stride - rows.padding, 3 * columns.stride - columns.padding]
    assert [(start, start + 5) for start in first] == [(4, 9), (6, 11)]
    assert (rows.size, columns.size) == (5, 5)


def test_a_pool_discards_three_quarters() -> None:
    found = _net("max_pool: {kernel: 2, stride: 2}", "224x224x64")
    assert found.output == (112, 112, 64)
    before, after = (row.activations for row in found.rows)
    assert before is not None and after is not None
    assert 4 * after == before  # exactly 75 %


@pytest.mark.parametrize(
    ("volume", "kernel", "connections"), [("16x16x20", 3, 180), ("32x32x3", 5, 75)]
)
def test_connections_of_one_neuron(volume: str, kernel: int, connections: int) -> None:
    found = _net(f"conv: {{filters: 1, kernel: {kernel}, pad: same, bias: false}}", volume)
    assert found.totals.params == connections


def test_the_first_fc_of_vgg_is_a_7x7_convolution() -> None:
    dense = _net("fc: {units: 4096}", "7x7x512")
    conv = _net("conv: {filters: 4096, kernel: 7}", "7x7x512")
    assert dense.output == (4096,)
    assert conv.output == (1, 1, 4096)
    assert dense.totals.weights == conv.totals.weights == 102_760_448
    assert (dense.totals.params, dense.totals.macs) == (conv.totals.params, conv.totals.macs)


def test_im2col_of_the_first_layer_of_alexnet() -> None:
    """X_col is 363 x 3025, W_row 96 x 363, their product 96 x 3025."""
    row = _net("conv: {filters: 96, kernel: 11, stride: 4}", "227x227x3").rows[-1]
    assert row.step.output is not None and row.parameters is not None and row.macs is not None
    *spatial, filters = row.step.output
    positions = elements(tuple(spatial))
    assert (positions, filters) == (3025, 96)
    assert row.parameters.weights == filters * 363
    assert row.macs == filters * 363 * positions


# Stacks


def test_three_3x3_see_7x7_with_fewer_parameters() -> None:
    stack = _net("conv3-8, conv3-8, conv3-8", "32x32x8")
    assert [row.receptive_field[0].size for row in stack.rows[1:]] == [3, 5, 7]
    single = _net("conv7-8", "32x32x8")
    assert single.rows[-1].receptive_field[0].size == 7
    assert stack.totals.weights == 27 * 8**2
    assert single.totals.weights == 49 * 8**2


def test_two_3x3_see_5x5() -> None:
    assert _net("conv3-8, conv3-8", "32x32x8").rows[-1].receptive_field[0].size == 5


def test_a_dilated_window_of_3() -> None:
    """w of 3 at dilation 2 (the notes call it 1) reads x[0], x[2], x[4]."""
    found = _net("conv: {filters: 1, kernel: 3, dilation: 2}", "5x1")
    assert found.output == (1, 1)
    assert found.rows[-1].receptive_field[0].size == 5
    assert found.totals.weights == 3


def test_three_convolutions_on_an_image_take_73_mib() -> None:
    """The notes say 72MB: activations and their gradients, four bytes each."""
    found = _net("conv3-64, conv3-64, conv3-64")
    volumes = sum(row.activations or 0 for row in found.rows[1:])
    assert volumes == 9_633_792
    assert volumes * 2 * 4 == 73.5 * 2**20


def test_the_scores_of_vgg16_as_convolutions() -> None:
    text = zoo.read("vgg16").decode()
    for units, kernel in ((4096, 7), (4096, 1), (1000, 1)):
        text = text.replace(f"fc: {{units: {units}}}", f"conv{kernel}-{units}p0", 1)
    text = text[: text.index("expect:")]
    same = analyze(load("vgg16-conv", text.encode()))
    assert (same.output, same.totals.params) == ((1, 1, 1000), 138_357_544)
    larger = analyze(load("vgg16-conv", text.encode(), Overrides(input=(384, 384, 3))))
    pool5 = next(row for row in larger.rows if row.step.name == "pool5")
    assert pool5.step.output == (12, 12, 512)
    assert larger.output == (6, 6, 1000)
    assert larger.totals.params == 138_357_544
    # one position of the 36 a crop at stride 32
    assert larger.rows[-1].receptive_field[0].stride == 32

"""The worked examples of the CS231n notes and of the lecture slides built on them.

cs231n.github.io/convolutional-networks, section by section, and what papers print about whole nets.
The counts of whole nets, layer by layer, are in test_architectures.py.
"""

from functools import cache

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.findings import Finding, Severity
from convcalc.shapes import Shape, elements
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern
from convcalc.window import Grade, Rounding


def _net(layers: str, input: str = "224x224x3", rounding: str = "exact") -> Analysis:
    text = f"input: {input}\nrounding: {rounding}\nlayers: [{layers}]\n"
    return analyze(load("facts.yaml", text.encode()))


@cache
def _bundled(name: str) -> Analysis:
    return analyze(load(name, zoo.read(name)))


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
        "`pad: [0, 1, 0, 1]` (5x5x1)",
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
    assert _bundled("convolution-demo").output == (3, 3, 2)
    assert _net("conv: {filters: 2, kernel: 3, stride: 2, pad: 1}", "5x5x3").output == (3, 3, 2)


def test_the_numpy_example() -> None:
    """V[2,3,1] reads X[4:9, 6:11, :]: the window at 2*S and 3*S, five positions wide."""
    found = _net("conv: {filters: 2, kernel: 5, stride: 2}", "11x11x4")
    assert found.output == (4, 4, 2)
    rows, columns = found.rows[-1].sight
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
    assert [row.sight[0].size for row in stack.rows[1:]] == [3, 5, 7]
    single = _net("conv7-8", "32x32x8")
    assert single.rows[-1].sight[0].size == 7
    assert stack.totals.weights == 27 * 8**2
    assert single.totals.weights == 49 * 8**2


def test_two_3x3_see_5x5() -> None:
    assert _net("conv3-8, conv3-8", "32x32x8").rows[-1].sight[0].size == 5


def test_a_dilated_window_of_3() -> None:
    """w of 3 at dilation 2 (the notes call it 1) reads x[0], x[2], x[4]."""
    found = _net("conv: {filters: 1, kernel: 3, dilation: 2}", "5x1")
    assert found.output == (1, 1)
    assert found.rows[-1].sight[0].size == 5
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
    assert larger.rows[-1].sight[0].stride == 32  # one position of the 36 a crop at stride 32


# Whole nets: what papers and notes print beside the totals


def test_the_totals_that_the_slides_print() -> None:
    millions = {
        "vgg11": 133,
        "vgg11-lrn": 133,
        "vgg13": 133,
        "vgg16-c": 134,
        "vgg16": 138,
        "vgg19": 144,
    }
    for name, printed in millions.items():
        params = _bundled(name).totals.params
        assert params is not None
        assert round(params / 10**6) == printed


def test_vgg16_holds_15_million_activations() -> None:
    """The notes print "24M * 4 bytes ~= 93MB" below rows that add up to 15.2M = 58.1 MiB.

    cs231n.github.io issue 88: a slip of theirs, not imitated.
    """
    found = _bundled("vgg16")
    assert found.totals.activations == 15_237_608
    assert round(15_237_608 * 4 / 2**20, 1) == 58.1
    assert found.totals.weights == 138_344_128


def test_the_sizes_of_alexnet() -> None:
    """The listing of the slides: 55, 27, 27, 27, 13, 13, 13, 13, 13, 6, then three vectors."""
    found = _bundled("alexnet-ungrouped")
    listed = {"conv", "max_pool", "lrn", "fc"}
    sizes = [row.step.output for row in found.rows if row.step.kind in listed]
    spatial = [shape[0] for shape in sizes if shape is not None and len(shape) == 3]
    assert spatial == [55, 27, 27, 27, 13, 13, 13, 13, 13, 6]
    assert sizes[len(spatial) :] == [(4096,), (4096,), (1000,)]


@pytest.mark.parametrize(
    ("name", "pool", "size"),
    [
        # Araujo, Norris & Sim 2019, Computing receptive fields of CNNs, distill.pub, the table
        ("alexnet", "pool5", 195),
        ("vgg16", "pool5", 212),
        ("resnet50-v1", "global", 483),
        ("mobilenet_v1", "global", 315),
        ("inception_v3", "global", 1311),
        ("inception_v4", "global", 2071),
        # v1.5 steps in the 3x3, which then still reads at the stride of the stage before
        ("resnet50", "global", 427),
    ],
)
def test_receptive_fields(name: str, pool: str, size: int) -> None:
    """Of the last layer with positions: the last pool, or what the global pool reads."""
    rows = _bundled(name).rows
    if pool == "global":
        (last,) = [row for row in rows if row.step.kind == "global_avg_pool"]
        (before,) = last.step.inputs
        row = rows[before]
    else:
        (row,) = [row for row in rows if row.step.name == pool]
    assert [(sight.size, sight.stride) for sight in row.sight] == [(size, 32)] * 2


def _grades(name: str) -> list[Grade]:
    """How the layers of a net end that are not exact, one a layer."""
    windows = [row.step.size.windows for row in _bundled(name).rows]
    return [w[0].grade for w in windows if w and w[0].grade is not Grade.EXACT]


@pytest.mark.parametrize("name", ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"])
def test_eight_layers_of_each_resnet_are_inexact(name: str) -> None:
    grades = _grades(name)
    assert len(grades) == 8
    assert grades.count(Grade.SUB_SAMPLING) == 3  # the projections, 1x1 of stride 2
    assert grades.count(Grade.PADDING_UNUSED) == 5  # conv1, the pool, a 3x3 in each later stage


def test_five_layers_of_googlenet_are_inexact() -> None:
    """Four pools of 3x3 and stride 2 overhang (112, 56, 28 and 14 are even), and in conv1 a zero
    is never read. A fifth overhanging pool, which some lists name, there is not: the last is 7x7
    on 7x7, exact.
    """
    assert _grades("googlenet") == [Grade.PADDING_UNUSED] + [Grade.OVERHANG] * 4


def test_the_first_layer_of_the_one_tower_alexnet_leaves_padding_unread() -> None:
    assert _grades("alexnet-one-tower") == [Grade.PADDING_UNUSED]
    (finding,) = _bundled("alexnet-one-tower").findings
    assert "(224 - 11 + 2*2)/4 + 1 = 55.25" in finding.message


def test_resnets_at_224_need_floor() -> None:
    """What floor lets through is an error under exact: told once each, nothing behind it."""
    strict = analyze(load("resnet18", zoo.read("resnet18"), Overrides(rounding=Rounding.EXACT)))
    assert {f.code for f in _errors(strict)} == {"CC101"}
    assert strict.broken


# The patterns of the notes, section Layer Patterns


@pytest.mark.parametrize(
    ("pattern", "layers"),
    [
        ("INPUT -> FC", 1),
        ("INPUT -> CONV -> RELU -> FC", 3),
        ("INPUT -> [CONV -> RELU -> POOL]*2 -> FC -> RELU -> FC", 9),
        ("INPUT -> [CONV -> RELU -> CONV -> RELU -> POOL]*3 -> [FC -> RELU]*2 -> FC", 20),
    ],
)
def test_the_notes_patterns_with_sizes(pattern: str, layers: int) -> None:
    sized = pattern.replace("CONV", "conv3-16").replace("POOL", "pool2").replace("FC", "fc-10")
    found = analyze(load_pattern(sized, Overrides(input=(32, 32, 3))))
    assert found.findings == ()
    assert found.totals.layers == layers
    assert found.output == (10,)

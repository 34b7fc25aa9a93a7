"""The bundled families: every published member has its published totals.

Parameters are those of the weights that torchvision, timm (RegNetX: the authors' models) or the
authors published; MACs as far as they are printed.
"""

from typing import Any

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.layers.conv import Conv
from convcalc.shapes import Shape
from convcalc.spec.document import Overrides
from convcalc.spec.load import load


def member(family: str, variables: dict[str, Any], shape: Shape | None = None) -> Analysis:
    overrides = Overrides(shape, variables=tuple(variables.items()))
    found = analyze(load(family, zoo.read(family), overrides))
    assert found.totals.params is not None, [f.message for f in found.findings]
    return found


def resnet(*blocks: int, **others: Any) -> dict[str, Any]:
    return dict(zip(("conv2", "conv3", "conv4", "conv5"), blocks, strict=True)) | others


@pytest.mark.parametrize(
    ("variables", "params", "gmacs"),
    [
        (resnet(2, 2, 2, 2, bottleneck=False), 11_689_512, 1.81),
        (resnet(3, 4, 6, 3, bottleneck=False), 21_797_672, 3.66),
        (resnet(3, 4, 6, 3), 25_557_032, 4.09),
        (resnet(3, 4, 23, 3), 44_549_160, 7.80),
        (resnet(3, 8, 36, 3), 60_192_808, 11.51),
        (resnet(3, 4, 6, 3, groups=32, group_width=4), 25_028_904, 4.23),
        (resnet(3, 4, 23, 3, groups=32, group_width=8), 88_791_336, 16.41),
        (resnet(3, 4, 23, 3, groups=64, group_width=4), 83_455_272, 15.46),
        (resnet(3, 4, 6, 3, group_width=128), 68_883_240, 11.40),
        (resnet(3, 4, 23, 3, group_width=128), 126_886_696, 22.75),
    ],
    ids=str,
)
def test_resnet_as_torchvision_has_it(variables: dict[str, Any], params: int, gmacs: float) -> None:
    totals = member("resnet", variables).totals
    assert totals.params == params and totals.macs is not None
    assert round(totals.macs / 1e9, 2) == gmacs


@pytest.mark.parametrize(
    ("groups", "width", "params"),
    [
        (1, 144, 1_531_936),
        (2, 200, 1_733_848),
        (3, 240, 1_865_728),
        (4, 272, 1_968_344),
        (8, 384, 2_434_768),
    ],
)
def test_shufflenets_of_all_groups_have_the_published_parameters(
    groups: int, width: int, params: int
) -> None:
    """Widths: arXiv:1707.01083, table 1; parameters: the models of pytorchcv."""
    assert member("shufflenet_v1", {"groups": groups, "width": width}).totals.params == params


@pytest.mark.parametrize(
    ("depth", "width", "millions"),
    # arXiv:1605.07146, table 4
    [(40, 1, "0.6"), (40, 2, "2.2"), (40, 4, "8.9"), (40, 8, "35.7"), (28, 10, "36.5"),
     (28, 12, "52.5"), (22, 8, "17.2"), (22, 10, "26.8"), (16, 8, "11.0"), (16, 10, "17.1")],
)  # fmt: skip
def test_wide_resnets_have_the_parameters_of_table_4(depth: int, width: int, millions: str) -> None:
    totals = member("wrn", {"depth": depth, "width": width}).totals
    assert totals.params is not None and f"{totals.params / 1e6:.1f}" == millions


@pytest.mark.parametrize(
    ("width", "millions", "mmacs"),
    # the table of the authors' checkpoints, whose parameters leave batch_norm out
    [(1.4, "6.06", 582), (1.3, "5.34", 509), (1, "3.47", 300), (0.75, "2.61", 209),
     (0.5, "1.95", 97), (0.35, "1.66", 59)],
)  # fmt: skip
def test_mobilenets_have_the_totals_of_the_checkpoints(
    width: float, millions: str, mmacs: int
) -> None:
    totals = member("mobilenet_v2", {"width": width}).totals
    assert totals.weights is not None and totals.macs is not None and totals.biases is not None
    assert f"{(totals.weights + totals.biases) / 1e6:.2f}" == millions
    assert abs(totals.macs / 1e6 - mmacs) < 1


@pytest.mark.parametrize(
    ("width", "depth", "side", "params", "gmacs"),
    # torchvision.models' tables; it evaluates B2 at 288
    [(1.0, 1.0, 224, 5_288_548, "0.39"), (1.0, 1.1, 240, 7_794_184, "0.69"),
     (1.1, 1.2, 288, 9_109_994, "1.09"), (1.2, 1.4, 300, 12_233_232, "1.83"),
     (1.4, 1.8, 380, 19_341_616, "4.39"), (1.6, 2.2, 456, 30_389_784, "10.27"),
     (1.8, 2.6, 528, 43_040_704, "19.07"), (2.0, 3.1, 600, 66_347_960, "37.75")],
)  # fmt: skip
def test_efficientnets_are_torchvisions(
    width: float, depth: float, side: int, params: int, gmacs: str
) -> None:
    found = member("efficientnet", {"width": width, "depth": depth}, (side, side, 3)).totals
    assert found.params == params and found.macs is not None
    assert f"{found.macs / 1e9:.2f}" == gmacs


REGNET_X = {
    # arXiv:2003.13678, table 5: depth, w0, wa, wm, group width; GF and M as printed; exact params
    "200MF": (13, 24, 36.44, 2.49, 8, "0.2", "2.7", 2_684_792),
    "400MF": (22, 24, 24.48, 2.54, 16, "0.4", "5.2", 5_157_512),
    "600MF": (16, 48, 36.97, 2.24, 24, "0.6", "6.2", 6_196_040),
    "800MF": (16, 56, 35.73, 2.28, 16, "0.8", "7.3", 7_259_656),
    "1.6GF": (18, 80, 34.01, 2.25, 24, "1.6", "9.2", 9_190_136),
    "3.2GF": (25, 88, 26.31, 2.25, 48, "3.2", "15.3", 15_296_552),
    "4.0GF": (23, 96, 38.65, 2.43, 40, "4.0", "22.1", 22_118_248),
    "6.4GF": (17, 184, 60.83, 2.07, 56, "6.5", "26.2", 26_209_256),
    "8.0GF": (23, 80, 49.56, 2.88, 120, "8.0", "39.6", 39_572_648),
    "12GF": (19, 168, 73.36, 2.37, 112, "12.1", "46.1", 46_106_056),
    "16GF": (22, 216, 55.59, 2.1, 128, "15.9", "54.3", 54_278_536),
    "32GF": (23, 320, 69.86, 2.0, 168, "31.7", "107.8", 107_811_560),
}


@pytest.mark.parametrize("name", REGNET_X)
def test_regnets_have_the_totals_of_table_5(name: str) -> None:
    *values, billions, millions, params = REGNET_X[name]
    variables = dict(zip(("depth", "w0", "wa", "wm", "group_width"), values, strict=True))
    totals = member("regnet_x", variables).totals
    assert totals.params == params and totals.macs is not None
    assert f"{params / 1e6:.1f}" == millions
    assert abs(totals.macs / 1e9 - float(billions)) <= 0.051


def test_regnet_widths_are_those_of_the_logarithm() -> None:
    """The comparisons of the spec against the authors' formula."""
    import math
    import random

    chance = random.Random(1)
    for _ in range(12):
        depth, group = chance.randint(2, 64), chance.choice((1, 8, 16, 24))
        w0, wm = 8 * chance.randint(1, 16), round(chance.uniform(1.8, 3), 2)
        wa = round(chance.uniform(8, 40), 1)
        expected, last = [], 0
        exponents = [round(math.log((w0 + wa * j) / w0) / math.log(wm)) for j in range(depth)]
        if max(exponents) > 6:
            continue
        for s in exponents:
            width = round(w0 * wm**s / 8) * 8
            own = min(group, width)
            filters = round(width / own) * own
            expected.append((filters, own, 1 + (width != last)))
            last = width
        variables = {"depth": depth, "w0": w0, "wa": wa, "wm": wm, "group_width": group}
        found = member("regnet_x", variables, (2048, 2048, 3))
        layers = [row.step.layer for row in found.rows[2:]]
        threes = [one for one in layers if isinstance(one, Conv) and one.kernel[0] == 3]
        got = [(one.filters, one.filters // one.groups, one.stride[0]) for one in threes]
        assert got == expected, variables

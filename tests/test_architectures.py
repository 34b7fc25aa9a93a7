"""Every bundled net: its published totals, its source and what it expects, no errors.

Nets with measured rows (`test_measured_nets.py`) need no published totals.
"""

import json
import re
from functools import cache
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.cli import cli
from convcalc.findings import Severity
from convcalc.spec.load import load
from tests.test_measured_nets import CALLED, MEASURED


@cache
def analysis(name: str) -> Analysis:
    return analyze(load(name, zoo.read(name)))


class Published(NamedTuple):
    params: int
    macs: str
    """As printed: the MACs rounded to as many digits must read so."""
    source: str


#: Nets without measured rows. Parameters to the last one, MACs as far as they are printed.
PUBLISHED = {
    "convnext_tiny": Published(28_589_128, "4.46G", "torchvision.models, convnext_tiny"),
    "dcgan-generator": Published(
        100 * 512 * 16 + 16 * (512 * 256 + 256 * 128 + 128 * 64 + 64 * 3) + 2 * (512 + 256 + 192),
        "105M",
        "PyTorch's DCGAN example, the generator of 64 filters (3,576,704)",
    ),
    "darknet53": Published(41_609_928, "9.29G", "timm darknet53; 18.57 Bn operations in YOLOv3"),
    "efficientnet": Published(5_288_548, "0.39G", "arXiv:1905.11946, table 2: as it is, B0"),
    "efficientnet_b0": Published(5_288_548, "0.39G", "torchvision.models; arXiv:1905.11946, t. 2"),
    "inception_v3": Published(23_834_568, "5.71G", "torchvision.models, less its auxiliary head"),
    "inception_v4": Published(42_679_816, "12.3G", "timm inception_v4"),
    "inception_resnet_v2": Published(55_843_464, "13.2G", "timm inception_resnet_v2"),
    "mnasnet1_0": Published(4_383_312, "0.314G", "torchvision.models, mnasnet1_0"),
    "mobilenet_v3_large": Published(5_483_032, "0.22G", "torchvision.models, mobilenet_v3_large"),
    "mobilenet_v3_small": Published(2_542_856, "0.06G", "torchvision.models, mobilenet_v3_small"),
    "regnet_x": Published(5_157_512, "0.4G", "arXiv:2003.13678, table 5: as it is, 400MF"),
    "regnet_x_400mf": Published(5_495_976, "0.41G", "torchvision.models, regnet_x_400mf"),
    "regnet_y_400mf": Published(4_344_144, "0.40G", "torchvision.models, regnet_y_400mf"),
    "resnet": Published(25_557_032, "4.09G", "torchvision.models: as it is, resnet50"),
    "resnet50-preact": Published(25_568_360, "3.5G", "Keras' ResNet50V2: 25,613,800 in all"),
    "se-resnet50": Published(28_088_024, "3.9G", "timm legacy_seresnet50; arXiv:1709.01507, t. 2"),
    "shufflenet_v1": Published(
        1_865_728, "137M", "pytorchcv shufflenet_g3_w1; arXiv:1707.01083, table 1, g = 3"
    ),
    "shufflenet_v2_x1_0": Published(2_278_604, "0.14G", "torchvision.models, shufflenet_v2_x1_0"),
    "wrn": Published(36_479_194, "5.2G", "arXiv:1605.07146, table 4: as it is, 28-10"),
    "wrn-28-10": Published(36_479_194, "5.2G", "arXiv:1605.07146, table 4 (36.5M)"),
    "xception": Published(22_855_952, "8.4G", "arXiv:1610.02357, table 3; timm legacy_xception"),
    # worked out by hand below, from nets that are measured or printed
    "resnet56-b": Published(853_018 + (16 * 32 + 2 * 32) + (32 * 64 + 2 * 64), "126M", "option A"),
    "vae-mnist": Published(
        # encoder: two convs, fc 16, the two fc 2 of the code
        (9 * 32 + 32)
        + (32 * 9 * 64 + 64)
        + (7 * 7 * 64 * 16 + 16)
        + 2 * (16 * 2 + 2)
        # decoder: fc 3136, three transposed convs
        + (2 * 3136 + 3136)
        + (64 * 9 * 64 + 64)
        + (64 * 9 * 32 + 32)
        + (32 * 9 + 1),
        "6.7M",
        "by hand: the layers of Keras' example",
    ),
    "convolution-demo": Published(2 * (3 * 3 * 3 + 1), "486", "CS231n notes: 3*3*2 numbers of 27"),
    "cifar10-pattern": Published(
        (27 + 1) * 64 + 5 * (576 + 1) * 64 + (1024 + 1) * 256 + (256 + 1) * 256 + (256 + 1) * 10,
        "63.4M",
        "by hand: six 3x3 of 64 filters, fc 256, 256, 10",
    ),
}


def test_every_net_is_measured_or_published() -> None:
    measured = {CALLED.get(name, name) for name in MEASURED}
    assert measured.isdisjoint(PUBLISHED)
    assert measured | set(PUBLISHED) == set(zoo.names()), "PUBLISHED here needs a row"


_UNITS = {"": 1, "M": 10**6, "G": 10**9}


@pytest.mark.parametrize("name", PUBLISHED)
def test_totals_agree_with_the_published_ones(name: str) -> None:
    totals, published = analysis(name).totals, PUBLISHED[name]
    assert totals.params == published.params
    match = re.fullmatch(r"(\d+)(?:\.(\d+))?([MG]?)", published.macs)
    assert match
    digits = len(match[2] or "")
    scale = _UNITS[match[3]]
    assert totals.macs is not None
    hundredths = (totals.macs * 10**digits * 2 + scale) // (2 * scale)  # rounded half up
    assert hundredths == int(match[1] + (match[2] or ""))


@pytest.mark.parametrize("name", zoo.names())
def test_every_file_says_where_it_comes_from_and_what_it_expects(name: str) -> None:
    first, *_ = zoo.read(name).decode().splitlines()
    line = "# yaml-language-server: $schema=../schema/convcalc-1.json"
    assert first == line, f"line 1 of architectures/{name}.yaml: {line}"
    network = analysis(name).network
    assert network.origin.strip(), f"architectures/{name}.yaml has no `source:`"
    expected = {expectation.key: expectation.value for expectation in network.expect}
    totals = analysis(name).totals
    missing = {"params", "weights", "macs", "output"} - expected.keys()
    assert not missing, f"`expect:` of architectures/{name}.yaml has no {sorted(missing)}"
    assert (expected["params"], expected["weights"], expected["macs"]) == (
        totals.params,
        totals.weights,
        totals.macs,
    )


@pytest.mark.parametrize("name", zoo.names())
def test_no_bundled_net_has_an_error(name: str) -> None:
    found = analysis(name)
    assert not [f for f in found.findings if f.severity is Severity.ERROR]
    assert not found.broken


@pytest.mark.parametrize("name", zoo.names())
def test_the_rows_add_up_to_the_totals(name: str) -> None:
    found = analysis(name)
    rows, totals = found.rows, found.totals
    assert totals.layers == len(rows) - 1
    assert totals.params == sum(row.params or 0 for row in rows)
    assert totals.macs == sum(row.macs or 0 for row in rows)
    assert totals.activations == sum(row.activations or 0 for row in rows if row.new_volume)


def test_list_and_show_serve_them() -> None:
    listed = CliRunner().invoke(cli, ["list", "--plain"]).output.split()
    assert listed == list(zoo.names()) == sorted(listed)
    for name in listed:
        assert CliRunner().invoke(cli, ["show", name]).output == zoo.copy(name).decode()


@pytest.mark.parametrize("name", ["", "nothing", "../pyproject", "a/b", ".", "vgg16.yaml", "a\\b"])
def test_what_is_not_bundled_is_not_found(name: str) -> None:
    assert zoo.find(name) is None
    with pytest.raises(KeyError):
        zoo.read(name)


@pytest.mark.parametrize(
    ("words", "params"),
    [
        ((), 25_557_032),  # torchvision resnet50
        (("--set", "width=2"), 68_883_240),  # torchvision wide_resnet50_2
    ],
)
def test_the_family_of_resnet50(words: tuple[str, ...], params: int) -> None:
    """CS231n notes, Case studies: Residual Networks; Wide ResNets, arXiv:1605.07146."""
    found = CliRunner().invoke(cli, ["analyze", "resnet50", "--format", "json", *words])
    assert json.loads(found.output)["totals"]["params"] == params

"""Layers of two graphs that are one, however their options are written."""

import pytest

from convcalc.network.pairs import paired
from convcalc.network.record import Network
from convcalc.spec.load import load


def net(layers: str, size: str = "12x12x4", more: str = "") -> Network:
    found = load(
        "a.yaml", f"input: {size}\n{more}layers: [{layers}, {{tanh: , name: end}}]\n".encode()
    )
    assert not any(finding.severity == "error" for finding in found.findings), found.findings
    return found


def pairs(left: Network, right: Network) -> dict[str, str]:
    found = paired(left.steps, right.steps)
    return {left.steps[i].name: right.steps[j].name for i, j in found.items()}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{conv: {filters: 4, kernel: 3, pad: 1}}",
            "{conv: {filters: 4, kernel: [3, 3], pad: [1, 1]}}"),
        ("{conv: {filters: 4, kernel: 3, pad: same}}",
            "{conv: {filters: 4, kernel: 3, pad: [1, 1, 1, 1]}}"),
        ("{conv: {filters: 4, kernel: 1, dilation: 2}}", "{conv: {filters: 4, kernel: [1, 1]}}"),
        ("{max_pool: {kernel: 2}}", "{max_pool: {kernel: [2, 2], stride: 2}}"),
        ("{max_pool: {kernel: 3, pad: 1, stride: 2, rounding: floor}}",
            "{max_pool: {kernel: 3, pad: [1, 0, 1, 0], stride: [2, 2]}}"),
        ("{avg_pool: {kernel: 12}}", "{adaptive_avg_pool: {output: [1, 1]}}"),
        ("{pad: {sides: 1}}", "{pad: {sides: [1, 1, 1, 1]}}"),
        ("{slice: {start: 2, stop: 4}}", "{slice: {start: 2}}"),
        ("{crop: {size: 10}}", "{crop: {sides: [1, 1]}}"),
        ("{upsample: {scale: 2}}", "{upsample: {size: [24, 24]}}"),
        ("{lrn: {size: 5, alpha: 0.0005, alpha_over: size}}", "{lrn: {alpha: 0.0001}}"),
        ("{depthwise_conv: {kernel: 3, pad: 1}}",
            "{conv: {filters: 4, kernel: 3, pad: [1, 1], groups: 4}}"),
        ("{conv: {filters: 4, kernel: 1}}", "{conv: {filters: 4, kernel: 1, bias: false}}"),
    ],
)  # fmt: skip
def test_one_layer_in_other_words(old: str, new: str) -> None:
    for first, second in ((old, new), (new, old)):
        left, right = net(first), net(second)
        assert pairs(left, right) == {left.steps[1].name: right.steps[1].name, "end": "end"}


def test_the_argument_of_a_block_is_its_value() -> None:
    conv = "{conv: {filters: 4, kernel: =k, pad: =p}, name: c}"
    block = f"blocks:\n  b: {{args: {{k: , p: 0}}, layers: [{conv}]}}\n"
    called = net("{b: {k: 3, p: 1}, name: one}", more=block)
    plain = net("{conv: {filters: 4, kernel: [3, 3], pad: same}, name: c}")
    assert pairs(called, plain) == {"one.c": "c", "end": "end"}


def test_the_order_of_what_a_sum_reads() -> None:
    twins = "{relu: , name: a}, {elu: , name: b, from: input}, "
    sums = ["{add: , from: [a, b], name: s}, ", "{add: , from: [a, input], name: u}, "]
    turned = ["{add: , from: [input, a], name: v}, ", "{add: , from: [b, a], name: w}, "]
    first, second = net(twins + "".join(sums) + "relu"), net(twins + "".join(turned) + "relu")
    assert {"s": "w", "u": "v"}.items() <= pairs(first, second).items()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{conv: {filters: 4, kernel: 3, pad: 1}}",
            "{conv: {filters: 4, kernel: 3, pad: [2, 0, 2, 0]}}"),
        ("{pad: {sides: [0, 2, 0, 2]}}", "{pad: {sides: [2, 0, 2, 0]}}"),
        ("{slice: {stop: 2}}", "{slice: {start: 2}}"),
        ("{avg_pool: {kernel: 12}}", "global_max_pool"),
        ("{elu: {alpha: 1}}", "{elu: {alpha: 2}}"),
    ],
)  # fmt: skip
def test_another_layer_of_the_same_size(old: str, new: str) -> None:
    assert pairs(net(old), net(new)) == {"end": "end"}

"""Specs that ask for few layers and for much work on each: refused before it is done."""

import pytest

from convcalc.spec.document import Overrides
from convcalc.spec.load import load
from convcalc.tree.decode import Limits

LIMITS = Limits(layers=500)


def codes(text: str, limits: Limits = LIMITS) -> list[str]:
    network = load("a.yaml", f"input: 8x8x8\n{text}".encode(), Overrides(), limits)
    return [finding.code for finding in network.findings if finding.code == "CC002"]


def listed(item: str, number: int) -> str:
    return ", ".join(item.format(n) for n in range(number))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            f"layers: [{{relu: , times: 400, ignore: [{listed('CC203', 90)}]}}]", id="codes"
        ),
        pytest.param(
            f"blocks: {{b: {{args: {{{listed('a{}: 1', 60)}}}, layers: [relu]}}}}\n"
            "layers: [{b: , times: 100}]",
            id="arguments",
        ),
        pytest.param(
            f"vars: {{{listed('a{}: 1', 1500)}}}\nblocks: {{b: {{layers: [relu]}}}}\n"
            "layers: [{b: , times: 100}]",
            id="variables",
        ),
        pytest.param(
            "layers: [{repeat: {times: 400, layers: [{conv: {kernel: 1, filters: '=8"
            f"{'+0' * 90}'}}}}]}}}}]",
            id="formulas",
        ),
        pytest.param(
            "vars: {a: 0.5}\nlayers: [{repeat: {times: 400, layers: [{dropout: {rate: '=a"
            f"{'*a' * 15}'}}}}]}}}}]",
            id="fractions",
        ),
        pytest.param(
            f"layers: [{{repeat: {{times: 400, layers: [{{conv: {{filters: 8, kernel: "
            f"[{listed('1', 90)}]}}}}]}}}}]",
            id="lists",
        ),
        pytest.param(
            f"layers: [{{repeat: {{times: 400, layers: [{{conv: {{filters: 8, kernel: 1, "
            f"{listed('o{}: 1', 90)}}}}}]}}}}]",
            id="options",
        ),
        pytest.param(
            "blocks: {b: {args: {n: 1}, layers: [{repeat: {times: =n, layers: ["
            f"relu, {listed('{{relu: , when: =0}}', 90)}]}}}}]}}}}\nlayers: [{{b: {{n: 300}}}}]",
            id="entries left out",
        ),
        pytest.param(
            f"layers: [relu, {{add: , times: 400, from: [{listed('relu1', 90)}]}}]", id="inputs"
        ),
    ],
)
def test_work_is_bounded_as_layers_are(text: str) -> None:
    assert codes(text) == ["CC002"]
    assert codes(text, LIMITS._replace(layers=50_000)) == []


def test_long_names_in_deep_blocks_are_bounded() -> None:
    blocks = ["  b0: {layers: [{relu: , times: 300}]}"]
    for depth in range(1, 20):
        blocks.append(f"  b{depth}: {{layers: [{{b{depth - 1}: , name: {'n' * 110}}}]}}")
    text = "\n".join(["blocks:", *blocks, "layers: [b19]"])
    assert codes(text) == ["CC002"]
    assert codes(text, Limits()) == []


def test_a_net_with_all_its_layers_is_within_it() -> None:
    text = (
        "vars: {width: 8}\nblocks: {unit: {args: {filters: =width, stride: 1, pad: 1}, layers: "
        "[{conv: {filters: =filters, kernel: [3, 3], stride: =stride, pad: =pad, bias: false}}, "
        "batch_norm, relu]}}\nlayers: [{unit: {filters: =2*width-in_channels}, times: 90}]"
    )
    assert codes(text) == []


def test_a_product_of_very_many_decimals_is_refused() -> None:
    found = load(
        "a.yaml",
        f"input: 8x8x8\nlayers: [{{dropout: {{rate: '=0.5{'*0.123456789' * 20}'}}}}]".encode(),
    )
    assert "a fraction of more than 77 digits" in found.findings[0].message

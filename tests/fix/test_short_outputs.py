"""`check --fix` of an expected output: `output_pad` makes it, before it is stated anew."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.spec.load import load
from tests.fix.repairs import first, offered, told

SPEC = """\
input: 7x7x4
layers:
  - conv_transpose: {{filters: 8, kernel: 3, stride: 2, pad: 1{0}}}
  - relu
  - {1}
expect: {{output: {2}}}
"""
AGAIN = "conv_transpose: {filters: 1, kernel: 3, stride: 2, pad: 1}"
PADDED = "conv_transpose: {filters: 1, kernel: 3, stride: 2, pad: 1, output_pad: 1}"


@pytest.mark.parametrize(
    ("slip", "right"),
    [
        (("", "conv1-2", "14x14x2"), (", output_pad: 1", "conv1-2", "14x14x2")),
        ((", output_pad: 1", AGAIN, "28x28x1"), (", output_pad: 1", PADDED, "28x28x1")),
        (("", "conv1-2", "14x13x2"), (", output_pad: [1, 0]", "conv1-2", "14x13x2")),
    ],
)
def test_the_last_transposed_conv_is_given_what_it_lacks(
    slip: tuple[str, ...], right: tuple[str, ...]
) -> None:
    assert first(SPEC.format(*slip)) == SPEC.format(*right)


@pytest.mark.parametrize(("layer", "size"), [("conv1-2", "15x15x2"), ("conv1-2", "14x14x3")])
def test_what_it_cannot_make_is_stated_anew_alone(layer: str, size: str) -> None:
    (offer,) = offered(SPEC.format("", layer, size))
    assert told(offer) == [("", "expect output", "13x13x2")]


def test_the_help_names_it() -> None:
    analysis = analyze(load("net.yaml", SPEC.format("", "conv1-2", "14x14x2").encode()))
    (fault,) = [f for f in analysis.findings if f.code == "CC130"]
    assert fault.help[0] == "`output_pad: 1` of conv_transpose1 (14x14x2)"

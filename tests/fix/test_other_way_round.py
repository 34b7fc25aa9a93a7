"""`check --fix` of convs whose kernel and number of filters are given the other way round."""

import pytest

from convcalc.findings import Severity
from convcalc.spec.load import load
from tests.fix.repairs import faults, first, offered, told

SPEC = "input: 28x28x1\nlayers:\n  - {}\n  - relu\n  - pool2\n  - fc-10\n"
GIVEN = "conv: {filters: 3, kernel: 32, pad: 1}"
MEANT = "conv: {filters: 32, kernel: 3, pad: 1}"
BLOCK = """\
input: 28x28x1
blocks:
  twice:
    args: {filters: , kernel: 3}
    layers:
      - conv: {filters: =filters, kernel: =kernel, pad: 1}
      - conv3-8
layers:
  - twice: [16]
  - twice: %s
  - fc-10
"""
TRANSPOSED = """\
input: 32x32x8
layers:
  - {relu: , name: skip}
  - pool2
  - conv_transpose: {filters: %s, kernel: %s, stride: 2}
    name: up
  - concat:
    from: [up, skip]
"""


def helps(spec: str) -> list[str]:
    findings = load("net.yaml", spec.encode()).findings
    return [line for f in findings if f.severity is Severity.ERROR for line in f.help]


@pytest.mark.parametrize("pad", ["pad: 1", "bias: false"])
def test_the_two_numbers_are_exchanged_first(pad: str) -> None:
    wrong, meant = (SPEC.format(form.replace("pad: 1", pad)) for form in (GIVEN, MEANT))
    found = offered(wrong)
    assert found[0].text == meant and found[0].errors == ()
    assert told(found[0])[0] == ("conv1", "filters, kernel", "32, 3")


def test_the_help_asks_for_it_first() -> None:
    line, *others = helps(SPEC.format(GIVEN))
    asked = "kernel 32 and filters 3 the other way round?"
    assert line == f"`filters: 32, kernel: 3` (28x28x32): {asked}"
    assert others[0] == "`pad: 2` (1x1x3)"


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("conv: {K: 3, F: 32, P: 1}", "conv: {K: 32, F: 3, P: 1}"),
        ("conv: {kernel: 32, filters: 3, pad: 1}", "conv: {kernel: 3, filters: 32, pad: 1}"),
        ("locally_connected: {filters: 5, kernel: 64, pad: 2}",
         "locally_connected: {filters: 64, kernel: 5, pad: 2}"),
        ("conv: {filters: 3, kernel: 1024, dilation: 2, pad: 2}",
         "conv: {filters: 1024, kernel: 3, dilation: 2, pad: 2}"),
    ],
)  # fmt: skip
def test_the_options_as_they_are_written(wrong: str, meant: str) -> None:
    assert first(SPEC.format(wrong)) == SPEC.format(meant)


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("[3, 64]", "[64, 3]"), ("{kernel: 64, filters: 3}", "{kernel: 3, filters: 64}")],
)
def test_numbers_of_a_call_are_exchanged_in_the_call(wrong: str, meant: str) -> None:
    assert first(BLOCK % wrong) == BLOCK % meant


def test_variables_are_exchanged() -> None:
    wrong = SPEC.format("conv: {filters: =c, kernel: =k, pad: 1}")
    assert first(f"vars: {{c: 3, k: 32}}\n{wrong}") == f"vars: {{c: 32, k: 3}}\n{wrong}"


@pytest.mark.parametrize(
    "layer",
    [
        "conv: {filters: 10, kernel: 30}",  # a kernel that is a little too large
        "conv: {filters: 64, kernel: 40}",
        "depthwise_conv: {kernel: 256, pad: 1}",
        "max_pool: {kernel: 32}",
    ],
)
def test_other_windows_are_made_smaller(layer: str) -> None:
    spec = SPEC.format(layer).replace("filters: 10", "filters: 20").replace("pool2", "relu")
    found = offered(spec)
    assert found and all("filters" not in change[1] for offer in found for change in told(offer))
    assert not any("other way round" in line for line in helps(spec))


def test_no_padding_is_larger_than_what_arrives() -> None:
    spec = SPEC.format("depthwise_conv: {kernel: 256, pad: 1}").replace("pool2", "relu")
    assert told(offered(spec)[0])[0][1:] == ("kernel", "30")
    assert not any("pad" in line for line in helps(spec))
    small = "input: 3x3x8\nlayers:\n  - conv: {filters: 8, kernel: 7}\n"
    assert told(offered(small)[0])[0][1] in {"pad", "kernel"}


@pytest.mark.parametrize("kernel", [1, 2, 3, 5, 7])
@pytest.mark.parametrize("stride", [2, 3, 4, 6])
@pytest.mark.parametrize("kind", ["conv: {filters: 8, ", "max_pool: {", "depthwise_conv: {"])
def test_padding_beyond_half_of_the_window_is_never_first(
    kind: str, kernel: int, stride: int
) -> None:
    spec = f"input: 16x16x8\nlayers:\n  - {kind}kernel: {kernel}, stride: {stride}}}\n"
    for offer in offered(spec)[:1]:
        assert not any(change.overpads for change in offer.changes)


def test_a_conv_before_a_fault_whose_padding_is_that_of_its_filters() -> None:
    wrong = SPEC.format("conv: {filters: 3, kernel: 16, pad: 1}")  # 15x15: the pool halves nothing
    assert first(wrong) == SPEC.format("conv: {filters: 16, kernel: 3, pad: 1}")


def test_a_transposed_conv_that_should_double() -> None:
    wrong, meant = TRANSPOSED % (2, 128), TRANSPOSED % (128, 2)
    assert faults(wrong) == ["CC107"] and faults(meant) == []
    assert first(wrong) == meant
    assert any("kernel 128 and filters 2 the other way round?" in line for line in helps(wrong))

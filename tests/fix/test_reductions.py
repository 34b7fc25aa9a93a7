"""`check --fix`: the stride that a branch of a reduction lacks, or a pool has another of."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import faults, first, offered, told

NET = """\
input: 56x56x16
rounding: floor
layers:
  - concat:
      branches:
        a: [conv: {filters: 16, kernel: 3, stride: 2, pad: 1}, relu]
        b: [conv: {filters: 16, kernel: 1}, conv: {filters: 16, kernel: 3, stride: 2, pad: 1}]
        c: [max_pool: {kernel: 3, stride: 2, pad: 1}]
  - fc-10
"""
ODD = NET.replace("56x56", "57x57").replace("rounding: floor\n", "")


def without(spec: str, branch: str) -> str:
    """The net without the stride of a branch."""
    lines = spec.splitlines(keepends=True)
    return "".join(
        line.replace("stride: 2, ", "") if f" {branch}: [" in line else line for line in lines
    )


def repaired(spec: str, branch: str) -> str:
    """The net with that stride where an edit writes it."""
    lines = spec.splitlines(keepends=True)
    return "".join(
        line.replace("stride: 2, pad: 1", "pad: 1, stride: 2") if f" {branch}: [" in line else line
        for line in lines
    )


def helps(spec: str) -> tuple[str, ...]:
    return next(f.help for f in load("net.yaml", spec.encode()).findings if f.code == "CC107")


@pytest.mark.parametrize("kind", ["concat", "add"])
@pytest.mark.parametrize("spec", [NET, ODD])
@pytest.mark.parametrize("branch", ["a", "b", "c"])
def test_the_one_stride_that_is_forgotten_comes_first(spec: str, branch: str, kind: str) -> None:
    spec = spec.replace("concat", kind)
    assert first(without(spec, branch)) == repaired(spec, branch)


@pytest.mark.parametrize(
    ("branch", "line"),
    [
        ("a", "a: `stride: 2` of conv1 (28x28)"),
        ("b", "b: `stride: 2` of conv3 (28x28)"),
        ("c", "c: `stride: 2` of max_pool1 (28x28)"),
    ],
)
def test_the_help_names_it(branch: str, line: str) -> None:
    assert helps(without(NET, branch))[0] == line


@pytest.mark.parametrize("spec", [NET, ODD])
def test_of_two_branches_the_conv_steps_where_the_pool_says_that_it_does(spec: str) -> None:
    two = "".join(line for line in spec.splitlines(keepends=True) if " b: [" not in line)
    broken = without(two, "a")
    assert first(broken) == repaired(two, "a")
    assert told(offered(broken)[1]) == [("max_pool1", "stride", "1")]
    assert any(line.startswith("a: `stride: 2` of conv1") for line in helps(broken))


def test_a_pool_that_steps_by_default_beside_convs_that_do_not_was_to_stay() -> None:
    spec = without(without(NET, "a"), "b").replace("kernel: 3, stride: 2, pad: 1}]\n  - fc",
        "kernel: 3, pad: 1}]\n  - fc")  # fmt: skip
    assert told(offered(spec)[0]) == [("max_pool1", "stride", "1")]
    assert not any("`stride: 2`" in line for line in helps(spec))


@pytest.mark.parametrize(
    ("branch", "made"),
    [("conv3-8", "conv3-8s2"), ("maxpool3p1", "maxpool3s2p1"), ("maxpool3s1p1", "maxpool3s2p1")],
)
def test_a_short_form_is_written_with_the_stride(branch: str, made: str) -> None:
    spec = f"""\
input: 57x57x8
rounding: floor
layers:
  - concat:
      branches: [[conv3-8s2p1, relu], [conv1-8, conv3-8s2p1], [{branch}]]
"""
    assert faults(first(spec)) == [] and first(spec) == spec.replace(f"[{branch}]", f"[{made}]")


def test_a_stride_that_a_call_gives() -> None:
    spec = """\
input: 57x57x8
blocks:
  cbr: {args: {c: , s: 1}, layers: [conv: {filters: =c, kernel: 3, stride: =s, pad: 1}, relu]}
layers:
  - concat:
      branches:
        a: [cbr: [8, 2]]
        b: [cbr: 8, cbr: [8]]
        c: [max_pool: {kernel: 3, stride: 2, pad: 1}]
"""
    assert first(spec) == spec.replace("cbr: [8]", "cbr: [8, 2]")


def test_an_encoder_that_forgot_to_go_up_again_is_enlarged() -> None:
    spec = """\
input: 32x32x8
layers:
  - {conv3-8: , name: start}
  - {conv3-8: , name: skip}
  - {pool2: , from: start}
  - {conv3-16: , name: deep}
  - concat:
    from: [skip, deep]
"""
    assert all(option != "stride" for offer in offered(spec) for _, option, _ in told(offer))


@pytest.mark.parametrize(
    "short",
    [
        "depthwise_conv: {kernel: 3, pad: 1}, batch_norm, conv1-58, relu",
        "conv: {filters: 58, kernel: 3, pad: 1}, relu",
        "conv3-58, relu",
    ],
)
def test_of_two_branches_of_a_unit_the_conv_without_a_stride_steps(short: str) -> None:
    spec = f"""\
input: 56x56x24
rounding: floor
layers:
  - concat:
      branches:
        - [{short}]
        - [conv1-58, relu, depthwise_conv: {{kernel: 3, stride: 2, pad: 1}}, conv1-58, relu]
"""
    one, two, three = (told(offer) for offer in offered(spec)[:3])
    assert [change[1:] for change in one] == [("stride", "2")]
    assert [change[1:] for change in two] == [("stride", "1")]  # of the other branch
    assert [option for _, option, _ in three] == ["branch 2"]  # enlarged again


def test_a_strided_encoder_beside_its_skip_is_enlarged() -> None:
    spec = """\
input: 33x33x8
layers:
  - {conv3-8: , name: start}
  - {conv3-8: , name: skip}
  - {conv: {filters: 16, kernel: 3, stride: 2, pad: 1}, name: deep, from: start}
  - concat:
    from: [skip, deep]
"""
    assert [option for _, option, _ in told(offered(spec)[0])] != ["stride"]


def test_of_two_unpadded_branches_the_pool_that_stays_steps() -> None:
    """Both lose their border: the stem of Inception-v4 (Szegedy et al. 2017, figure 3)."""
    spec = """\
input: 35x35x64
layers:
  - concat:
      branches:
        conv: [{conv: {filters: 96, kernel: 3, stride: 2}}, relu]
        pool: [{max_pool: {kernel: 3, stride: 1}}]
"""
    assert first(spec) == spec.replace("stride: 1", "stride: 2")
    assert helps(spec)[0].startswith("pool: `stride: 2` of")

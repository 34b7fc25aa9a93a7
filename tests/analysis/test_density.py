"""Positions that an output reads against sets of them, and the notes about gridding."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convcalc.analysis.density import positions_read
from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.spec.load import load

layers = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=4
)


def _net(chain: list[tuple[int, int, int]]) -> bytes:
    rows = "".join(
        f"- conv: {{filters: 1, kernel: {k}, stride: {s}, dilation: {d}}}\n" for k, s, d in chain
    )
    return f"input: 2000x1\nrounding: floor\nlayers:\n{rows}".encode()


@given(layers)
@settings(max_examples=60, deadline=None)
def test_positions_are_those_of_the_taps(chain: list[tuple[int, int, int]]) -> None:
    found = analyze(load("net.yaml", _net(chain)))
    places, stride = {0}, 1
    for kernel, step, dilation in chain:
        places = {p + tap * dilation * stride for p in places for tap in range(kernel)}
        stride *= step
    assert positions_read(found.rows, len(chain), 0) == len(places)


@pytest.mark.parametrize(
    ("chain", "noted"),
    [
        ([(3, 1, 2)] * 3, ["conv2"]),  # field 13, 7 positions
        ([(3, 1, 1), (3, 1, 2), (3, 1, 2)], []),
        ([(3, 1, 2)], []),
        ([(3, 1, 1), (3, 1, 2), (3, 1, 5)], []),
        ([(2, 2, 2)], ["conv1"]),  # the stride's factor, at the window
    ],
)
def test_a_field_with_holes_is_noted_where_they_begin(
    chain: list[tuple[int, int, int]], noted: list[str]
) -> None:
    found = analyze(load("net.yaml", _net(chain)))
    assert [f.layer for f in found.findings if f.code == "CC112"] == noted


def test_three_dilated_layers_read_7_of_13() -> None:
    found = analyze(load("net.yaml", _net([(3, 1, 2)] * 3)))
    assert found.rows[-1].receptive_field[0].size == 13
    assert positions_read(found.rows, 3, 0) == 7


def test_a_dilated_window_that_does_not_fit_has_no_field_to_count() -> None:
    spec = b"input: 7x7x3\nrounding: floor\nlayers: [conv2-4d2s2p0, conv2-4d3p0]\n"
    assert [f.code for f in analyze(load("net.yaml", spec)).findings] == ["CC112", "CC102"]


@pytest.mark.parametrize(
    ("shape", "layer", "said"),
    [
        ("8x8x3", "max_pool: {kernel: 3, stride: 1, pad: 2}", "pad 2 is more than half the"),
        ("8x8x3", "avg_pool: {kernel: [3, 5], stride: 1, pad: 2}", "pad 2 is more than half the"),
        ("9x9x9x3", "fractional_max_pool: {output: 8}", "8 of 9 is more than PyTorch's"),
        ("8x8x3", "max_pool: {kernel: 3, stride: 1, pad: 1}", ""),
        ("8x8x3", "max_pool: {kernel: 3, stride: 1, pad: 2, dilation: 2}", "half the kernel 3"),
        ("8x8x3", "max_pool: {kernel: 4, stride: 1, pad: 2, dilation: 2}", ""),
        ("8x3", "max_pool: {kernel: 3, stride: 1, pad: 2, dilation: 2}", "half the kernel 3"),
        ("8x8x3", "l2_pool: {kernel: 3, stride: 1, pad: 2}", ""),
        ("9x9x9x3", "fractional_max_pool: {output: 7}", ""),
        ("9x9x3", "fractional_max_pool: {output: 8}", ""),
        ("4x2x6x3", "avg_pool: {kernel: 3, stride: 1, pad: 1}", "the window 3 is larger than the"),
        ("4x3x6x3", "avg_pool: {kernel: 3, stride: 1, pad: 1}", ""),
        ("4x2x6x3", "max_pool: {kernel: 3, stride: 1, pad: 1}", ""),
        ("2x6x3", "avg_pool: {kernel: 3, stride: 1, pad: 1}", ""),
    ],
)
def test_pools_that_pytorch_refuses_are_warned_of(shape: str, layer: str, said: str) -> None:
    """As PyTorch 2.13 does: padding up to half of the kernel, dilated or not; LPPool takes none."""
    spec = f"input: {shape}\nlayers: [{{{layer}}}]\n"
    found = analyze(load("net.yaml", spec.encode()))
    messages = [f.message for f in found.findings if f.code == "CC111"]
    assert bool(messages) is bool(said)
    assert all(said in message for message in messages)
    assert found.rows[-1].step.output is not None


@pytest.mark.parametrize(
    ("shape", "layer", "warned"),
    [
        ("1x1x4", "instance_norm", True),
        ("1x1x4", "instance_norm: {affine: true}", True),
        ("2x1x4", "instance_norm", False),
        ("1x1x4", "group_norm: {groups: 4}", True),
        ("1x1x4", "group_norm: {groups: 2}", False),
        ("1x2x4", "group_norm: {groups: 4}", False),
        ("5x5x1", "layer_norm", True),
        ("5x5x2", "layer_norm", False),
        ("5x5x1", "layer_norm: {axes: all}", False),
        ("1x1x1", "layer_norm: {axes: all}", True),
        ("1x1x4", "batch_norm", False),
    ],
)
def test_a_norm_over_one_number_is_warned_of(shape: str, layer: str, warned: bool) -> None:
    entry = layer if ":" not in layer else f"{{{layer}}}"
    found = analyze(load("net.yaml", f"input: {shape}\nlayers: [{entry}]\n".encode()))
    warnings = {f.code for f in found.findings if f.severity is Severity.WARNING}
    assert ("CC113" in warnings) is warned
    assert found.rows[-1].step.output is not None


def test_a_ceiled_window_above_its_input_says_what_pytorch_does() -> None:
    spec = "input: 9x9x3\nrounding: ceil\nlayers: [{max_pool: {kernel: %s, stride: 4}}]\n"
    (near,) = analyze(load("net.yaml", (spec % 12).encode())).findings
    (far,) = analyze(load("net.yaml", (spec % 13).encode())).findings
    assert near.code == far.code == "CC102"
    assert "PyTorch's ceil_mode gives 1 position" in near.message
    assert "PyTorch" not in far.message

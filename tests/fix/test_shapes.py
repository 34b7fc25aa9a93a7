"""`check --fix` where a number in a block is right in one of its calls alone."""

import pytest

from tests.fix.repairs import faults, first, offered, told

GATE = """\
input: 8x8x4
blocks:
  se:
    args: {{c: , r: 2}}
    layers:
      - multiply:
          branches:
            - []
            - - global_avg_pool
              - fc: {{units: =c//r}}
              - fc: {{units: =c}}
              - reshape: {{shape: {}}}
layers: [{{se: {{c: 4}}}}, conv1-6, {{se: {{c: 6}}}}]
"""


@pytest.mark.parametrize("shape", ["1x1x4", "[1, 1, 4]", "1x1x6", '"1x1x4"'])
def test_a_gate_in_a_block_takes_the_width_of_its_call(shape: str) -> None:
    spec = GATE.format(shape)
    assert faults(spec) != []
    own, arriving = offered(spec)
    assert own.text == GATE.format("[1, 1, =c]")
    assert arriving.text == GATE.format("[1, 1, =in_channels]")
    assert faults(own.text) == faults(arriving.text) == []


def test_a_gate_outside_of_blocks_takes_what_arrives() -> None:
    spec = (
        "input: 8x8x4\nlayers:\n  - multiply:\n      branches:\n        - []\n"
        "        - [global_avg_pool, fc-4, {reshape: {shape: 1x1x8}}]\n"
    )
    (best,) = offered(spec)
    assert best.text == spec.replace("1x1x8", "1x1x4")
    assert told(best) == [("reshape1", "shape", "1x1x4")]
    assert best.changes[0].effect == "reshape1 makes 1x1x4"


def test_a_shape_that_nothing_divides_is_left() -> None:
    assert offered("input: 7\nlayers:\n  - reshape: {shape: 2x2x4}\n") == []


def test_a_depth_in_a_block_is_that_of_its_call() -> None:
    spec = """\
input: 8x8x4
blocks:
  b:
    args: {w: }
    layers:
      - add:
          branches:
            - conv: {filters: 4, kernel: 3, pad: 1}
            - []
layers: [{b: {w: 4}}, conv1-6, {b: {w: 6}}]
"""
    assert first(spec) == spec.replace("filters: 4", "filters: =w")


@pytest.mark.parametrize("first", [True, False])
def test_a_gate_is_made_as_wide_as_what_it_gates_and_keeps_its_size(first: bool) -> None:
    gate, x = "gate: [global_avg_pool, conv1-8, relu, conv1-16, sigmoid]", "x: identity"
    branches = ", ".join([gate, x] if first else [x, gate])
    spec = f"input: 32x32x16\nlayers: [conv3-32, {{multiply: {{branches: {{{branches}}}}}}}]\n"
    assert [offer.text for offer in offered(spec)] == [spec.replace("conv1-16", "conv1-32")]


def test_a_gate_that_is_read_by_name_is_made_wider_too() -> None:
    spec = (
        "input: 32x32x16\nlayers: [conv3-32, global_avg_pool, conv1-8, relu, conv1-16, sigmoid,\n"
        "  {multiply: , from: [conv1, sigmoid1]}]\n"
    )
    assert [offer.text for offer in offered(spec)] == [spec.replace("conv1-16", "conv1-32")]


@pytest.mark.parametrize("shape", ["3136", "[3136]"])
def test_a_vector_takes_all_numbers_that_arrive(shape: str) -> None:
    spec = f"input: 28x28x1\nlayers: [conv5-32p0, pool2, {{reshape: {{shape: {shape}}}}}, fc-10]\n"
    (best,) = offered(spec)
    assert best.text == spec.replace(shape, "4608") and faults(best.text) == []


def test_a_vector_in_a_block_takes_the_width_of_its_call() -> None:
    spec = (
        "input: 8\nblocks:\n  b: {args: {c: }, layers: [fc: {units: =c}, reshape: {shape: 4}]}\n"
        "layers: [{b: {c: 4}}, {b: {c: 6}}]\n"
    )
    assert [faults(offer.text) for offer in offered(spec)[:2]] == [[], []]

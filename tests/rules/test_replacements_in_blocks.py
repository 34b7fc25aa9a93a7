"""An entry of a block is one line for all its calls: what rules offer suits all of them."""

import pytest

from tests.rules.advised import advice

_CALLS = """
input: 16x16x8
blocks:
  block:
    args: {n: 8}
    layers:
      - %s
      - relu
layers:
  - conv3-8
  - block
  - %s
  - block: {n: %d}
  - %s
"""


@pytest.mark.parametrize(
    ("layer", "between", "n", "after", "rule", "help"),
    [
        (
            *("conv: {filters: =n, kernel: 5, pad: 2}", "relu", 8, "relu"),
            *("stack-of-small-kernels", ('`"conv3-8 relu conv3-8"`',)),
        ),
        # the other call has 9 filters
        (
            *("conv: {filters: =n, kernel: 5, pad: 2}", "relu", 9, "relu"),
            *("stack-of-small-kernels", ()),
        ),
        # 22, 10, 4, 1 without padding; with it from the second call on 18 would do: 8, 4, 2
        (
            *("max_pool: {kernel: 4, stride: 2, pad: 1}", "block", 8, "relu"),
            *("padded-pool", ("`pad: 0` with an input of 22x22",)),
        ),
        # 16 becomes 18, and 16 or 20 by an odd window in both calls: pool2 takes these
        (
            *("conv: {filters: =n, kernel: 4, pad: 2}", "relu", 8, "pool2"),
            *("even-kernel", ("`kernel: 3` or `kernel: 5`",)),
        ),
        ("max_pool: {kernel: 2, stride: 2}", "conv1-4", 8, "relu", "pool-for-conv", None),
    ],
)
def test_an_entry_of_a_block_is_changed_for_all_its_calls(
    layer: str, between: str, n: int, after: str, rule: str, help: tuple[str, ...] | None
) -> None:
    found = advice(_CALLS % (layer, between, n, after)).get(rule)
    assert (found and found.help) == help


def test_a_bias_that_another_call_needs_is_kept() -> None:
    text = """
        input: 16x16x8
        blocks: {block: {layers: [conv3-8]}}
        layers: [block, batch_norm, block, %s]
    """
    assert advice(text % "batch_norm")["bias-before-batch-norm"].help[0].startswith("`conv: {")
    assert advice(text % "relu")["bias-before-batch-norm"].help == ()


def test_a_bias_that_shared_weights_need_elsewhere_is_kept() -> None:
    """The same numbers shift what the `relu` reads."""
    text = """
        inputs: {{a: 16x16x3, b: 16x16x3}}
        layers:
          - {{conv3-8: , name: one, from: a}}
          - {{batch_norm: , name: n}}
          - {{conv3-8: , name: two, from: b, weights: one}}
          - {{{}: , name: m}}
          - {{add: , from: [n, m]}}
    """
    assert "bias-before-batch-norm" not in advice(text.format("relu"))
    found = advice(text.format("batch_norm"))["bias-before-batch-norm"]
    assert found.message == "n takes away what the 8 biases of one add" and found.help == ()


def test_weights_that_are_shared_keep_their_shape() -> None:
    text = """
        input: 16x16x8
        layers:
          - {conv4-8: , name: one}
          - {conv4-8: , name: two, weights: one}
    """
    assert advice(text)["even-kernel"].help == ()

"""`check --fix` of what a call passes to its block: the call is mended, the block stays."""

import pytest

from tests.fix.repairs import DECODER, faults, first, offered, told

MERGE = """\
input: 32x32x8
blocks:
  merge:
    args: {skip: }
    layers:
      - {conv3-8: , name: t}
      - add:
        from: [=skip, t]
layers:
  - {conv3-8: , name: first}
  - {conv3-8: , name: second}
  - merge: first
"""
ACT = """\
input: 32x32x8
blocks:
  b: {args: {act: relu, c: 8}, layers: [conv: {filters: =c, kernel: 3, pad: 1}, =act]}
layers:
  - b
  - b: silu
"""
UP = (
    """\
input: 32x32x3
blocks:
"""
    + DECODER
    + """\
layers:
  - {conv3-8: , name: d1}
  - pool2
  - {conv3-8: , name: d2}
  - pool2
  - up: [8, d2]
  - up: [8, d1]
"""
)


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (MERGE + "  - merge: second\n", "merge: second", "merge: secnd"),
        (ACT + "  - b: hard_swish\n", "b: hard_swish", "b: hswish"),
        (ACT + "  - b: relu\n", "b: relu", "b: rleu"),
        (ACT + "  - b: {act: {leaky_relu: {negative_slope: 0.1}}}\n", None, "b: {act: leaky}"),
        (ACT + "  - b: [relu conv3-8]\n", "[relu conv3-8]", "[rleu conv3-8]"),
        (ACT, "{act: relu,", "{act: rleu,"),  # the default
        (ACT, "=act]", "act]"),
        (UP, "up: [8, d2]", "up: [8, D2]"),
        (UP, "[=skip, t]", "[skip, t]"),
        (UP, "up: [8, d2]", "up: [8, =d2]"),
        (UP, "up: [8, d2]", "up: {c: 8, skip: =d2}"),
        (
            ACT.replace("=c,", "=c*2,") + "  - b: {c: =in_channels}\n",
            "=in_channels",
            "in_channels",
        ),
    ],
)
def test_the_slip_alone_is_mended(text: str, right: str | None, wrong: str) -> None:
    assert "error" not in faults(text) and not [c for c in faults(text) if c < "CC100"]
    if right is None:
        right = "b: {act: {leaky_relu: {negative_slope: 0.1}}}"
    elif wrong.startswith("up: {"):
        text = text.replace(right, right := "up: {c: 8, skip: d2}")
    assert text.count(right) == 1
    assert first(text.replace(right, wrong)) == text


def test_words_of_two_calls_are_mended_each_in_its_own() -> None:
    text = ACT + "  - b: leaky\n  - b: swish\n"
    (best,) = offered(text)
    assert [(c.line, c.after) for c in best.changes] == [
        (7, "[{leaky_relu: {negative_slope: 0.1}}]"),
        (8, "silu"),
    ]


def test_nothing_is_an_empty_list_and_not_a_call_without_arguments() -> None:
    for wrong, right in (("none", "[[]]"), ("{act: None}", "{act: []}"), ("[none]", "[[]]")):
        assert first(f"{ACT}  - b: {wrong}\n") == f"{ACT}  - b: {right}\n"


def test_a_variable_is_mended_where_it_is_set() -> None:
    text = "input: 8x8x4\nvars: {act: relu}\nlayers:\n  - conv3-4\n  - =act\n  - =act\n"
    assert first(text.replace(": relu", ": rleu")) == text


WAITS = """\
input: 224x224x3
blocks:
  b:
    args: {inc: =in_channels}
    layers:
      - conv: {filters: =inc, kernel: 1}
      - relu
layers:
  - conv: {filters: 32, kernel: 3, stride: 2, pad: 1}
  - b
  - fc-10
"""


def test_a_slip_in_a_block_that_waits_for_a_size_is_mended_with_it() -> None:
    right, wrong = offered(WAITS), offered(WAITS.replace("kernel: 1", "kernel_size: 1"))
    assert [offer.text for offer in wrong] == [offer.text for offer in right]
    assert all(not offer.errors and "kernel" in told(offer)[0] for offer in wrong)


def test_sizes_are_mended_before_a_slip_that_nobody_can_mend() -> None:
    right, wrong = offered(WAITS), offered(WAITS.replace("- relu", "- zzz"))
    assert [offer.errors for offer in wrong] == [("CC011",)] * len(right)

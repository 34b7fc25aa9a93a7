"""Repairs of what is legal and hardly meant: flat branches, a merge of one, a size as a factor."""

import pytest

from tests.fix.repairs import faults, first, offered, told

HEAD = "input: 32x32x16\nlayers:\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "  - add:\n      branches:\n        - conv3-16  # a\n        - relu\n"
            "        # b\n        - conv: {filters: 16,\n            kernel: 3, pad: 1}\n",
            "  - add:\n      branches:\n        body:\n          - conv3-16  # a\n"
            "          - relu\n"
            "          # b\n          - conv: {filters: 16,\n              kernel: 3, pad: 1}\n"
            "        skip: []\n",
        ),
        (  # a list as far left as its key
            "  - add:\n      branches:\n      - conv3-16\n      - relu\n      - conv3-16",
            "  - add:\n      branches:\n        body:\n          - conv3-16\n          - relu\n"
            "          - conv3-16\n        skip: []",
        ),
        (
            "  - add: {branches: [conv3-16, batch_norm, relu, conv3-16]}\n",
            "  - add: {branches: {body: [conv3-16, batch_norm, relu, conv3-16], skip: []}}\n",
        ),
        ("  - upsample: {size: 2}\n", "  - upsample: {scale: 2}\n"),
        ("  - upsample: {size: [2, 4], mode: bilinear}\n",
         "  - upsample: {scale: [2, 4], mode: bilinear}\n"),
        (
            "  - add: {branches: {body: [conv3-16, relu, conv3-16]}}\n",
            "  - add: {branches: {body: [conv3-16, relu, conv3-16], skip: []}}\n",
        ),
        (
            "  - add:\n      branches:\n        body: [conv3-16, relu]  # a\n",
            "  - add:\n      branches:\n        body: [conv3-16, relu]  # a\n        skip: []\n",
        ),
        (
            "  - add: {branches: [[conv3-16, relu, conv3-16]]}\n",
            "  - add: {branches: [[conv3-16, relu, conv3-16], []]}\n",
        ),
        (
            "  - fc-3136\n  - reshape: {shape: 64x7x7}\n",
            "  - fc-3136\n  - reshape: {shape: 7x7x64}\n",
        ),
        (
            "  - fc-3136\n  - reshape:\n      shape: [64, 7, 7]  # as view\n",
            "  - fc-3136\n  - reshape:\n      shape: [7, 7, 64]  # as view\n",
        ),
        (
            "  - relu\n  - conv3-16\n  - add:\n    from: relu1\n",
            "  - relu\n  - conv3-16\n  - add:\n    from: [conv1, relu1]\n",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_clear_mistake_is_put_right(before: str, after: str, newline: str) -> None:
    spec, wanted = ((HEAD + part).replace("\n", newline) for part in (before, after))
    assert faults(spec)
    (offer,) = offered(spec)
    assert offer.text == wanted and not faults(offer.text)


def test_all_of_a_file_are_put_right_together() -> None:
    spec = HEAD + (
        "  - add: {branches: [conv3-16, relu, conv3-16]}\n  - upsample: {size: 2}\n"
        "  - add: {branches: {body: [conv3-16, relu]}}\n"
    )
    (offer,) = offered(spec)
    assert not faults(offer.text) and len(offer.changes) == 3
    assert [change[:2] for change in told(offer)] == [
        ("add1", "branches"), ("upsample1", "size"), ("add2", "branches"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rest",
    [
        "  - add: {branches: [conv3-32, batch_norm, relu]}\n",  # no skip fits, nor did the sum
        "  - concat: {branches: [conv3-16, relu, conv3-16]}\n",
        "  - multiply: {branches: {body: [conv3-16, relu, conv3-16]}}\n",
        "  - add: {branches: {body: [conv3-32, relu, conv3-32]}}\n",  # a projection is missing
        "  - add: {branches: {skip: [conv3-16, relu]}}\n",  # its body is missing
        "  - add: {branches: [conv3-16]}\n",
        "  - upsample: {size: 16}\n",
        "  - upsample: {size: 1}\n",
        "  - pool2: {name: p}\n  - upsample: {like: p}\n  - relu\n",
        "  - conv3-16\n  - conv3-16\n    from: input\n  - add:\n    from: conv1\n",  # side by side
    ],
)
def test_what_would_be_a_guess_is_left(rest: str) -> None:
    assert not [o for o in offered(HEAD + rest) if {c.option for c in o.changes} & {
        "branches", "size"}]  # fmt: skip


def test_it_breaks_nothing_that_the_file_states() -> None:
    spec = HEAD + "  - upsample: {size: 2}\nexpect: {output: %s}\n"
    assert not offered(spec % "2x2x16")
    assert "scale: 2" in first(spec % "64x64x16")


def test_what_goes_wrong_below_comes_of_it() -> None:
    """A window that does not fit the two positions that `size: 2` made fits those that it meant."""
    assert first(HEAD + "  - upsample: {size: 2}\n  - conv5-16p0\n") == (
        HEAD + "  - upsample: {scale: 2}\n  - conv5-16p0\n"
    )


def test_what_the_file_ignores_is_left() -> None:
    assert not offered(HEAD + "  - upsample: {size: 2}\n    ignore: [CC114]\n")
    assert not offered("rules: {CC114: off}\n" + HEAD + "  - upsample: {size: 2}\n")


def test_a_shape_that_is_also_in_the_order_of_pytorch_is_turned_first() -> None:
    """The words of an option are put right before the net is read: what is likely follows them."""
    one, other = offered(HEAD + "  - fc-3136\n  - reshape: [64, 7, 7]\n  - relu\n")
    assert one.text.endswith("  - reshape: {shape: [7, 7, 64]}\n  - relu\n")
    assert other.text.endswith("  - reshape: {shape: [64, 7, 7]}\n  - relu\n")

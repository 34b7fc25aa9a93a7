"""The kernel and the dilation that a block call gives are repaired in the call."""

import pytest

from tests.fix.repairs import faults, offered

NET = """\
input: 32x32x3
blocks:
  cbr:
    args: {c: , k: 3, p: 1, d: 1}
    layers: [conv: {filters: =c, kernel: =k, pad: =p, dilation: =d}, relu]
layers:
  - {cbr: {c: 16}, name: a}
  - {cbr: {c: 16, CALL}, name: b}
  - {add: , from: [a, b]}
"""


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("k: 5", "k: 3"),
        ("d: 2", "d: 1"),
        ("k: 3, d: 4, p: 2", "k: 3, d: 2, p: 2"),
        ("k: 7, p: 2", "k: 5, p: 2"),
        ("k: 5", "k: 5, p: 2"),
    ],
)
def test_the_window_that_the_padding_is_for(wrong: str, right: str) -> None:
    texts = [offer.text for offer in offered(NET.replace("CALL", wrong))]
    made = NET.replace("CALL", right)
    assert made in texts and not faults(made)


@pytest.mark.parametrize(("wrong", "right"), [("d: 20", "d: 16"), ("d: 20, k: 5", "d: 8, k: 5")])
def test_a_dilation_with_which_the_window_does_not_fit(wrong: str, right: str) -> None:
    spec = NET.partition("  - {add")[0]
    texts = [offer.text for offer in offered(spec.replace("CALL", wrong))]
    made = spec.replace("CALL", right)
    assert made in texts and not faults(made)

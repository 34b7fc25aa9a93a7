"""One slip in both alternatives of a block: the second is read once the first can be."""

import pytest

from tests.fix.repairs import faults, offered, told

NET = """\
input: 32x32x8
vars: {w: 1}
blocks:
  q: {args: {a: 4, n: 1}, layers: [conv: {filters: =a, kernel: =n}]}
  b:
    args: {c: , inc: =in_channels}
    layers:
      - SLIP
        when: =inc == c
      - SLIP
        when: =inc != c
layers:
  - b: 16
  - b: 16
  - fc-10
"""


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("conv: {filters: =c, kernel_size: 1}", "conv: {filters: =c, kernel: 1}"),
        ("conv: {filters: c, kernel: 1}", "conv: {filters: =c, kernel: 1}"),
        ("conv: {filters: =c*W, kernel: 1}", "conv: {filters: =c*w, kernel: 1}"),
        ("q: {A: =c}", "q: {a: =c}"),
        ("q: {a: =cc}", "q: {a: =c}"),
        ("conv(16, 3):", "conv3-16:"),
        ("concat: {branches: [[conv3-8, ReLu], [batch_nrm]]}",
         "concat: {branches: [[conv3-8, relu], [batch_norm]]}"),
    ],
)  # fmt: skip
def test_both_are_repaired_at_once(slip: str, meant: str) -> None:
    (offer,) = offered(NET.replace("SLIP", slip))
    assert offer.text == NET.replace("SLIP", meant) and not faults(offer.text)


def test_an_argument_that_is_defined_under_another_name_than_it_is_used() -> None:
    net = NET.replace("SLIP", "conv: {filters: =t*c, kernel: 1}")
    net = net.replace("{c: , inc", "{T: , c: , inc").replace("b: 16", "b: {t: 2, c: 16}")
    (offer,) = offered(net)
    assert not faults(offer.text) and {change[2] for change in told(offer)} == {"t"}


def test_what_is_in_three_calls_and_behind_them() -> None:
    net = (
        "input: 32x32x3\nblocks:\n  b:\n    args: {c: }\n    layers:\n"
        "      - conv: {filters: =c, kernal: 3}\n"
        "layers:\n  - b: {C: 8}\n  - conv: {filters: 8, kernal: 3}\n  - b: {C: 9}\n"
    )
    (offer,) = offered(net)
    assert offer.text == net.replace("kernal", "kernel").replace("C:", "c:")

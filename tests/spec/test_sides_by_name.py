"""Sides by their names, which are one list: ``crop: {top: 1}``."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import first, offered

HEAD = "input: 32x32x3\nlayers:\n"


@pytest.mark.parametrize(
    ("entry", "repaired"),
    [
        ("crop: {top: 1}", "crop: {sides: [1, 0, 0, 0]}"),
        ("crop: {right: 3, top: 1}", "crop: {sides: [1, 0, 0, 3]}"),
        ("pad: {bottom: 1, mode: edge, top: 2}", "pad: {sides: [2, 1, 0, 0], mode: edge}"),
        ("pad: {left: 1, right: 1, top: 1, bottom: 1}", "pad: {sides: 1}"),
        ("crop:\n      top: 1  # row\n      left: 2", "crop:\n      sides: [1, 0, 2, 0]  # row"),
        ("crop: {sides: {top: 1}}", "crop: {sides: [1, 0, 0, 0]}"),
        ("conv: {filters: 8, kernel: 3, pad: {left: 2}}",
         "conv: {filters: 8, kernel: 3, pad: [0, 0, 2, 0]}"),
    ],
)  # fmt: skip
def test_they_are_repaired_to_the_list(entry: str, repaired: str) -> None:
    assert first(f"{HEAD}  - {entry}\n  - relu\n") == f"{HEAD}  - {repaired}\n  - relu\n"


def test_one_axis_has_two_sides() -> None:
    spec = "input: 32x3\nlayers:\n  - crop: {right: 2}\n"
    assert first(spec) == spec.replace("right: 2", "sides: [0, 2]")


@pytest.mark.parametrize("options", ["top: x", "top: 1, sides: 2", "top: [1, 2]"])
def test_what_is_no_number_is_answered_with_the_order_of_the_list(options: str) -> None:
    spec = f"{HEAD}  - crop: {{{options}}}\n"
    found = load("net.yaml", spec.encode()).findings
    assert [f.help[0] for f in found] == [
        "its sides are one list: `sides: [top, bottom, left, right]`"
    ]
    assert not offered(spec)


def test_a_comment_between_them_is_not_lost() -> None:
    spec = f"{HEAD}  - crop: {{top: 1, # row\n      left: 2}}\n"
    assert not offered(spec)


def test_a_side_of_a_kind_without_sides_is_no_name_of_a_layer() -> None:
    found = load("net.yaml", f"{HEAD}  - conv: {{filters: 8, kernel: 3, top: 1}}\n".encode())
    (fault,) = found.findings
    assert fault.help == ("conv takes filters, kernel, stride, pad, dilation, groups, bias",)

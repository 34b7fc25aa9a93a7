"""A variable's wrong value is told, and repaired, where the file sets it."""

import pytest

from convcalc.findings import Finding
from convcalc.fix.search import offers
from convcalc.spec.load import load

HEAD = "input: 32x32x16\nvars: {s: 2, w: 8, k: 3}\n"


def set_at(finding: Finding) -> list[tuple[str, int, int]]:
    return [
        (one.message, one.span.line, one.span.column)
        for one in finding.related
        if one.span and one.message.endswith("is set here")
    ]


@pytest.mark.parametrize(
    ("entry", "places"),
    [
        ("conv: {filters: =w, kernel: 3, stride: =s, pad: 1}", [("s is set here", 2, 11)]),
        (
            "conv: {filters: 4, kernel: =k*s*w}",
            [(f"{v} is set here", 2, at) for v, at in (("k", 23), ("s", 11), ("w", 17))],
        ),
        ("conv: {filters: =w-8, kernel: 1}", [("w is set here", 2, 17)]),
        ("conv: {filters: =w, kernel: 3, stride: 2, pad: 1}", []),
    ],
)
def test_a_finding_at_a_formula_shows_where_its_variables_are_set(
    entry: str, places: list[tuple[str, int, int]]
) -> None:
    (finding, *_) = load("net.yaml", f"{HEAD}layers:\n  - {entry}\n".encode()).findings
    assert set_at(finding) == places


def test_an_argument_of_a_block_is_no_variable_of_its_name() -> None:
    block = "blocks: {b: {args: {s: }, layers: [{conv: {filters: 4, kernel: 3, stride: =s}}]}}\n"
    (finding, *_) = load("net.yaml", f"{HEAD}{block}layers: [b: {{s: 2}}]\n".encode()).findings
    assert finding.code == "CC101"
    assert set_at(finding) == []


def repaired(text: str) -> list[str]:
    return [offer.text for offer in offers(load("net.yaml", text.encode()))]


def test_a_stride_that_a_variable_gives_is_repaired_where_it_is_set() -> None:
    conv = "  - conv: {filters: =w, kernel: 3, stride: =s, pad: 1}\n"
    text = f"{HEAD}layers:\n{conv}  - conv3-8\n{conv}"
    assert text.replace("s: 2", "s: 1") in repaired(text)
    assert all(text.split("layers")[1].count("=s") == 2 for text in repaired(text))


def test_all_that_a_variable_changes_is_said() -> None:
    conv = "  - conv: {filters: =w, kernel: 3, stride: =s, pad: "
    text = f"{HEAD}layers:\n{conv}[1, 0, 1, 0]}}\n  - conv3-8\n{conv}1}}\n"
    (effect,) = [
        offer.changes[0].effect
        for offer in offers(load("net.yaml", text.encode()))
        if offer.text == text.replace("s: 2", "s: 1")
    ]
    assert effect == "conv1 makes 31x31x8, conv3 makes 31x31x8"  # 32 - 3 + 1 + 1, then + 2*1 - 2

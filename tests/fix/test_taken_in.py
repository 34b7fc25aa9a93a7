"""`check --fix` where an option stands beside its kind: it goes among the kind's own."""

import pytest

import convcalc

HEAD = "input: 33x33x8\nblocks:\n  b:\n    args: {c: , pad: 1}\n    layers:\n"
HEAD += "    - conv: {filters: =c, kernel: 3, pad: =pad}\nlayers:\n"


@pytest.mark.parametrize(
    ("beside", "inside"),
    [
        ("- conv: {filters: 8, kernel: 3}\n  pad: 1", "- conv: {filters: 8, kernel: 3, pad: 1}"),
        (
            "- conv: {filters: 8, kernel: 3} # c\n  name: a\n  padding: [1, 1]",
            "- conv: {filters: 8, kernel: 3, pad: [1, 1]} # c\n  name: a",
        ),
        (
            "- conv: {filters: 8, kernel: 3}\n  pad: 1\n  stride: 2",
            "- conv: {filters: 8, kernel: 3, pad: 1, stride: 2}",
        ),
        ("- {conv: {filters: 8, kernel: 3}, pad: 0}", "- {conv: {filters: 8, kernel: 3, pad: 0}}"),
        ("- conv: [8, 3]\n  pad: 1", "- conv: {filters: 8, kernel: 3, pad: 1}"),
        (
            "- max_pool: {kernel: 3, stride: 2}\n  pad: 1",
            "- max_pool: {kernel: 3, stride: 2, pad: 1}",
        ),
        (
            "- upsample: {mode: bilinear}\n  scale: 2",
            "- upsample: {mode: bilinear, scale: 2}",
        ),
        ("- conv3-8:\n  pad: 0", "- conv3-8p0:"),
        ("- {conv3-8: , padding: 0}", "- {conv3-8p0: }"),
        ("- {conv3-8: , strides: 2, name: a}", "- {conv3-8s2: , name: a}"),
        ("- conv3-8:\n  bias: false", "- conv: {filters: 8, kernel: 3, pad: 1, bias: false}"),
        ("- conv3-8:\n  pad: same", "- conv: {filters: 8, kernel: 3, pad: same}"),
        ("- b: 16\n  pad: 0", "- b: {c: 16, pad: 0}"),
        ("- b: {c: 16}\n  pad: 0", "- b: {c: 16, pad: 0}"),
        ("- Conv2d: {filters: 8, kernel: 3}\n  pad: 1", "- conv: {filters: 8, kernel: 3, pad: 1}"),
    ],
)
def test_an_option_beside_its_kind_is_taken_in(beside: str, inside: str) -> None:
    first = convcalc.load(f"{HEAD}{beside}\n- fc-10\n").repairs[0]
    assert first.text == f"{HEAD}{inside}\n- fc-10\n" and convcalc.load(first.text).ok


@pytest.mark.parametrize(
    "entry",
    [
        "- conv: {filters: 8, kernel: 3}\n  pad: {sides: 1}",
        "- conv: {filters: 8, kernel: 3, pad: 1}\n  pad: {sides: 1}",
        "- relu:\n  pad: {sides: 1}",
    ],
)
def test_padding_that_is_a_layer_stays_one(entry: str) -> None:
    (finding,) = convcalc.load(f"{HEAD}{entry}\n").findings
    assert finding.code == "CC019" and finding.help == ("start each layer with its own `- `",)

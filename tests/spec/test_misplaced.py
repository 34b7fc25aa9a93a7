"""A key beside a layer that belongs elsewhere, and what is said of it."""

import pytest

from convcalc.fix.search import offers
from convcalc.spec.load import load


@pytest.mark.parametrize("word", ["b", "relu", "conv3-8", "add"])
def test_a_number_beside_an_entry_is_how_many_times(layers, word) -> None:
    head = "blocks: {b: {layers: [relu]}}\n"
    spec = layers(f"- {word}:\n  repeat: 2\n  from: [input]", head=head)
    assert spec.told[0] == f"5:3: error[CC010] unknown key 'repeat' beside {word}"
    assert spec.help.startswith("did you mean `times`?\n")


@pytest.mark.parametrize(
    ("word", "indent"), [("add", True), ("Add", True), ("b", False), ("conv3-8", False)]
)
def test_branches_beside_an_entry(layers, word, indent) -> None:
    head = "blocks: {b: {layers: [relu]}}\n"
    spec = layers(f"- {word}:\n  branches: [[relu], [tanh]]", head=head)
    assert f"5:3: error[CC010] unknown key 'branches' beside {word}" in spec.told
    assert ("`branches:` goes inside" in spec.help) is indent


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("b:\n  step: 2", "indent it by two more spaces, or write `b: {step: 2}`"),
        ("b: 64\n  step: 2", "write `b: {width: 64, step: 2}`"),
        ("b: [64]\n  step: 2", "write `b: {width: 64, step: 2}`"),
        ("b: {width: 64}\n  step: 2", "write `b: {width: 64, step: 2}`"),
        ("b:\n    width: 64\n  step: 2", "indent it by two more spaces, or write `b: {width"),
        ("conv: {filters: 4}\n  kernel: 3", "write `conv: {filters: 4, kernel: 3}`"),
        ("conv3-8:\n  stride: 2", "write `conv3-8s2`"),
        (
            "conv3-8:\n  bias: false",
            "with that option `conv3-8` is written out: "
            "`conv: {filters: 8, kernel: 3, pad: 1, bias: false}`",
        ),
        ("relu:\n  xyzzy: 2", "beside a layer: name, from, times, when, weights"),
    ],
)
def test_a_key_that_belongs_inside(layers, entry, help) -> None:
    block = "{args: {width: , step: 1}, layers: [{conv: {filters: =width, kernel: =step}}]}"
    assert help in layers(f"- {entry}", head=f"blocks: {{b: {block}}}\n").help


@pytest.mark.parametrize("between", ["", "    checkpoint: true\n"])
def test_layers_beside_a_repeat_go_inside_it(between: str) -> None:
    """One level too far left, below `times` in its place."""
    head, body = "input: 8x8x3\nlayers:\n  - repeat:\n      times: 3\n", "layers:\n"
    text = f"{head}{between}    {body}      - conv3-3\n  - fc-10\n"
    told = load("net.yaml", text.encode())
    help = "put it right below `repeat:`" if between else "indent it by two more spaces"
    assert any(line.startswith(help) for found in told.findings for line in found.help)
    assert "repeat needs layers" in [found.message for found in told.findings]
    (offer, *_) = offers(told)
    assert offer.text == f"{head}      {body}        - conv3-3\n{between}  - fc-10\n"


@pytest.mark.parametrize("key", ["repeat: 2", "nmae: c"])
def test_a_key_beside_a_kind_of_another_tool_is_the_unknown_one(layers, key) -> None:
    spec = layers(f"- Conv2d: {{filters: 4, kernel: 3}}\n  {key}")
    assert [told.split("] ")[1] for told in spec.told] == [
        "unknown layer kind 'Conv2d'",
        f"unknown key '{key.split(':')[0]}' beside Conv2d",
    ]


def test_all_unknown_keys_beside_an_entry_are_told(layers) -> None:
    spec = layers("- relu:\n  nmae: x\n  form: input")
    assert spec.told == [
        "4:3: error[CC010] unknown key 'nmae' beside relu",
        "5:3: error[CC010] unknown key 'form' beside relu",
    ]
    assert spec.help == "did you mean `name`?\ndid you mean `from`?"

"""Keys without colons, other tools' variables, and anchors on keys."""

import pytest

from convcalc.fix.words import words_replaced
from convcalc.spec.load import load


@pytest.mark.parametrize(
    ("text", "told", "help"),
    [
        ("input 8x8x3\nlayers: [relu]\n", "1:1: error[CC001] not YAML: `input` needs a colon",
         "did you mean `input: 8x8x3`?"),
        ("input = 8x8x3\nlayers: [relu]\n", "1:1: error[CC001] not YAML: `input` needs a colon",
         "did you mean `input: 8x8x3`?"),
        ("layers: [relu]\ninput 8x8x3\n", "2:1: error[CC001] not YAML: `input` needs a colon",
         "did you mean `input: 8x8x3`?"),
        ("input: 8x8x3\nvars: {w: 4}\nlayers:\n  - conv: {filters: ${w}, kernel: 3}\n",
         "4:21: error[CC001] not YAML: `${w}` is no variable here", "did you mean `=w`?"),
        ("input: 8x8x3\nlayers:\n  - &r relu: {}\n  - *r\n",
         "4:5: error[CC005] no anchor &r before this",
         "an anchor on a key names the key alone: write `&r {relu: {}}`"),
    ],
)  # fmt: skip
def test_a_slip_is_told_of_where_it_is(read, text, told, help) -> None:
    spec = read(text)
    assert spec.told[0].startswith(told)
    assert spec.help == help


@pytest.mark.parametrize("variable", ['"${w}"', '"$w"', '"{{ w }}"', "'%w%'", "$w"])
def test_a_variable_of_another_tool_is_one_here(variable) -> None:
    text = "input: 8x8x3\nvars: {w: 4}\nlayers:\n  - conv: {filters: %s, kernel: 3}\n"
    found = words_replaced(load("net.yaml", (text % variable).encode()))
    assert found is not None and found.text == text % "=w"


def test_a_text_in_such_brackets_is_no_variable_unless_it_is_one(read) -> None:
    spec = read("input: 8x8x3\nlayers:\n  - conv: {filters: '${w}', kernel: 3}\n")
    assert "did you mean" not in spec.help


def test_one_axis_is_asked_for_one_number(read) -> None:
    spec = read("input: 28x28\nlayers: [conv3x3-8]\n")
    assert spec.help.splitlines()[:2] == [
        "give one number, 3, for the length",
        "an image has a height, a width and channels: `input: 28x28x1`",
    ]
    spec = read("input: 28x28\nlayers:\n  - conv: {filters: 8, kernel: [3, 5]}\n")
    assert spec.help.startswith("give one number, for the length")


@pytest.mark.parametrize("line", ["  :", "  : 3", " :", "  : {kernel: 3}", "  '':"])
def test_a_line_without_a_word_before_its_colon_is_told(read, line) -> None:
    spec = read(f"input: 8x8x3\nlayers:\n  - conv3-8\n{line}\n")
    assert "error[CC0" in spec.told[0]

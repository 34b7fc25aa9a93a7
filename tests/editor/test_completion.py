"""Completion: the place of the cursor, what is proposed there, its snippets and defaults."""

import re

import pytest

from convcalc.editor.beside import given
from convcalc.editor.completion import proposals
from convcalc.editor.cursor import typing
from tests.editor.asked_net import NET


def labels(read, at, text, good=None):
    text, line, column = at(text)
    return {p.label: p for p in proposals(read(text), good, line, column).found}


@pytest.mark.parametrize(
    ("text", "keys", "key", "word", "entry"),
    [
        ("in|", (), None, "in", False),
        ("layers:\n  - co|", ("layers",), None, "co", True),
        ("layers:\n- co|", ("layers",), None, "co", True),
        ("layers:\n  - conv: {fil|", ("layers", "conv"), None, "fil", False),
        ("layers:\n  - conv: {filters: 3, pad: sa|", ("layers", "conv"), "pad", "sa", False),
        ("layers:\n  - conv:\n      fil|", ("layers", "conv"), None, "fil", False),
        ("layers:\n  - conv:\n      pad: s|", ("layers", "conv"), "pad", "s", False),
        ("layers:\n  - conv: {}\n    na|", ("layers",), None, "na", False),
        ("layers:\n  - add:\n    from: [a, b|", ("layers", "from"), "from", "b", True),
        ("blocks:\n  b:\n    layers:\n      - c|", ("blocks", "b", "layers"), None, "c", True),
        ("blocks:\n  b:\n    ar|", ("blocks", "b"), None, "ar", False),
        ("layers:\n  - add:\n      branches:\n        - - c|", ("layers", "add", "branches"), None,
         "c", True),
        ("layers:\n  - fc: {units: =wi|", ("layers", "fc"), "units", "wi", False),
        ("layers:\n  - fc: {units: = 2 * wi|", ("layers", "fc"), "units", "wi", False),
        ("layers:\n  - fc: {units: '=2*wi|", ("layers", "fc"), "units", "wi", False),
        ("layers: [relu, conv: {pad: 1, fil|", ("layers", "conv"), None, "fil", False),
        ("layers: [conv: {pad: 1}, re|", ("layers",), "layers", "re", True),
        ("layers:\n  - add: {branches: [[conv: {pad: 1}, re|", ("layers", "add", "branches"),
         None, "re", True),
    ],
)  # fmt: skip
def test_the_place_of_the_cursor_is_known_without_a_tree(at, text, keys, key, word, entry) -> None:
    text, line, column = at(text)
    found = typing(text.split("\n"), line, column)
    assert (found.keys, found.key, found.word, found.entry) == (keys, key, word, entry)


def test_kinds_short_forms_and_blocks_begin_an_entry(read, at) -> None:
    found = labels(read, at, NET.replace("  - add:", "  - |add:"))
    assert {"conv", "relu", "conv3-64", "repeat", "double"} <= found.keys()
    assert found["conv"].text == "conv: {filters: , kernel: }" and found["relu"].text == "relu"
    assert found["double"].text == "double: {width: }"
    assert "from" not in found and "input" not in found


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("- conv: {filters: 3, |, pad: [1, 0]}", {"filters", "pad"}),
        ("- conv: {filters: 3, ke|", {"filters"}),
        ("- {conv: {kernel: 3}, |}", {"conv"}),
        ("- conv: {kernel: [|]}", set()),
        ("- a: 1\n- conv: {}\n  na|\n  from: x\n- b: 2", {"conv", "from"}),
        ("input: 1\nlayers:\n  - a:\n      b: 1\n|\nvars: {c: 1}", {"input", "layers", "vars"}),
        ("|", set()),
    ],
)
def test_what_is_written_beside_a_place_is_known_without_a_tree(at, text, keys) -> None:
    text, line, column = at(text)
    assert given(text.split("\n"), line, column) == keys


def test_what_is_there_is_not_proposed_again(read, at) -> None:
    found = labels(read, at, "layers:\n  - conv: {filters: 3, |}")
    assert "filters" not in found and "kernel" in found
    found = labels(read, at, "layers:\n  - conv:\n      kernel: 3\n      f|")
    assert "kernel" not in found and "filters" in found


def test_snippets_stop_where_something_is_to_be_typed(read, at) -> None:
    found = labels(read, at, NET.replace("  - add:", "  - |add:"))
    assert found["conv"].snippet == "conv: {filters: $1, kernel: $2}$0"
    assert found["double"].snippet == "double: {width: $1}$0"
    assert found["repeat"].snippet == "repeat: {times: 2, layers: [$1]}$0"
    assert found["relu"].snippet == found["conv3-64"].snippet == ""
    assert labels(read, at, "layers:\n  - conv: {k|")["kernel"].snippet == "kernel: $0"
    sections = labels(read, at, "input: 8x8x3\n|")
    assert sections["layers"].snippet == "layers:\n  - $0" and "input" not in sections
    assert sections["vars"].snippet == "vars: {${1:width}: ${2:16}}"
    for one in found.values():  # without its stops a snippet is the text, or begins with the word
        assert re.sub(r"\$\d", "", one.snippet or one.text) == one.text


def test_options_come_with_their_defaults(read, at) -> None:
    found = labels(read, at, NET.replace("{filters: 16, ", "{fil|ters: 16, "))
    assert found["stride"].detail.endswith("default [1]") or "1" in found["stride"].detail
    assert "required" in found["filters"].detail
    assert found["filters"].text == "filters: " and "name" not in found
    assert {"args", "layers"} <= labels(read, at, "blocks:\n  a:\n    |\nlayers: [relu]").keys()
    assert {"name", "from", "times"} <= labels(read, at, "layers:\n  - relu:\n    |").keys()
    assert {"input", "layers", "blocks"} == labels(read, at, "|").keys() & {
        "input", "layers", "blocks", "conv",
    }  # fmt: skip


def test_values_arguments_variables_and_names(read, at) -> None:
    assert {"true", "false"} <= labels(read, at, "layers:\n  - conv: {bias: |").keys()
    assert {"same", "valid"} <= labels(read, at, "layers:\n  - conv: {pad: s|").keys()
    assert {"exact", "floor"} <= labels(read, at, "rounding: |").keys()
    arguments = labels(read, at, NET.replace("double: {width: =width}", "double: {w|: 3}"))
    assert arguments.keys() == {"width", "act"} and "default 1" in arguments["act"].detail
    said = labels(read, at, "layers:\n  - relu:\n    |")
    assert said["from"].detail == "the layer it reads, or several for a merge"
    assert labels(read, at, "|")["vars"].detail.startswith("variables for formulas")
    formula = labels(read, at, NET.replace("=2*width", "=2*wi|dth"))
    assert {"width", "act", "in_channels"} <= formula.keys()
    assert "argument of double" in formula["width"].detail
    assert formula["width"].text == "width"  # what is typed begins with = already
    value = labels(read, at, NET.replace("{width: =width}", "{width: |}"))
    assert value["width"].text == "=width"
    names = labels(read, at, NET.replace("[stem, conv1]", "[stem, |]"))
    assert {"input", "stem", "conv1", "body.inner"} <= names.keys() and "add1" not in names
    assert {"CC103"} <= labels(read, at, "layers:\n  - relu:\n    ignore: [|").keys()


def test_calls_are_read_by_their_names_below_them(read, at) -> None:
    names = labels(read, at, NET.replace("[stem, conv1]", "[stem, |]"))
    assert [*names].index("body") < [*names].index("body.inner")
    assert names["body"].detail == "block call, 32x32x32"
    above = labels(read, at, NET.replace("    name: body\n", "    name: body\n    from: |\n"))
    assert "stem" in above and not {"body", "body.inner", "body.relu1"} & above.keys()
    inside = labels(read, at, NET.replace("      - relu\n", "      - relu:\n        from: |\n"))
    assert "inner" in inside


def test_names_are_those_of_the_last_good_version(read, at) -> None:
    broken = NET.replace("    from: [stem, conv1]", "    from: [st|").replace("vars: {", "vars: [")
    found = labels(read, at, broken, read(NET))
    assert {"stem", "conv1"} <= found.keys()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("  - conv: {filters: 4, kernel: 3\n  - add:\n    from: [st|]", "stem"),
        ("  - add:\n    from: [st|", "stem"),
        ("  - add:\n    from: st|\n  - fc: {units: 3", "stem"),
        ("  - fc: {units: 3\n  - fc: {units: =w|}", "width"),
        ("  - fc: {units: =w|", "width"),
        ("  - rellu\n  relu\n  - fc: {units: =w|}", "width"),
    ],
)
def test_a_text_that_was_never_without_errors_has_names_too(read, at, text, found) -> None:
    """It is opened as it is: no version before is known."""
    head = "input: 8x8x3\nvars: {width: 8}\nlayers:\n  - conv3-8:\n    name: stem\n"
    assert found in labels(read, at, head + text)
    broken = head.replace("8}", "8")
    assert found in labels(read, at, broken + text)


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("budget: {checkpoint: |}", {"every-block", "pools", "sqrt"}),
        ("budget:\n  optimizer: |", {"adam", "none"}),
        ("budget: {ema: |}", {"true", "false"}),
        ("rounding: {conv: |}", {"exact", "floor", "ceil"}),
    ],
)
def test_words_of_sections_are_known_and_no_formula_is_offered(read, at, text, some) -> None:
    found = labels(read, at, "vars: {width: 8}\n" + text)
    assert some <= found.keys() and "width" not in found


BLOCK = """\
input: 8x8x3
blocks:
  res:
    args: {skip: , width: 3, act: true}
    layers:
      - conv3-3
      - {conv3-3: , name: t}
      - relu
      - add:
        from: [|]
layers:
  - {conv3-3: , name: stem}
  - relu
CALLS
"""


@pytest.mark.parametrize(
    "calls",
    [
        "  - res: stem\n  - res: stem",
        "  - {res: stem, name: r}",
        "  - repeat: {times: 2, layers: [{res: stem}]}",
    ],
)
def test_in_a_block_its_own_layers_and_arguments_are_read(read, at, calls) -> None:
    found = labels(read, at, BLOCK.replace("CALLS", calls))
    assert [*found] == ["relu1", "t", "conv1", "stem", "input", "=skip"]
    assert found["relu1"].detail == "relu, 8x8x3"
    formula = labels(read, at, BLOCK.replace("CALLS", calls).replace("[|]", "[=sk|]"))
    assert formula["skip"].text == "skip"


def test_a_block_within_a_block_is_read_by_the_name_of_its_call(read, at) -> None:
    text = BLOCK.replace("CALLS", "  - res: stem\n  - res: stem")
    text = text.replace("  res:", "  in2:\n    layers: [conv3-3, relu]\n  res:")
    found = labels(read, at, text.replace("      - conv3-3\n", "      - in2\n"))
    assert [*found][:4] == ["relu1", "t", "in2_1", "in2_1.relu1"]
    assert found["in2_1"].detail == "block call, 8x8x3"


def test_the_names_of_a_block_that_is_not_called_yet_are_known(read, at) -> None:
    assert [*labels(read, at, BLOCK.replace("CALLS", ""))] == ["t", "input", "=skip"]

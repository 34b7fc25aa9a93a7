"""Hover, completion, actions, names, outline: each asked in process."""

import re

import pytest

from convcalc.editor.actions import actions, edits_between, fix_all
from convcalc.editor.beside import given
from convcalc.editor.completion import proposals
from convcalc.editor.cursor import typing
from convcalc.editor.hover import hover
from convcalc.editor.outline import folds, outline, totals
from convcalc.editor.reading import Wishes
from convcalc.editor.renaming import CannotRenameError, rename
from convcalc.memory.devices import find
from convcalc.source import Source
from convcalc.spec.edit import Editor

NET = """\
input: 32x32x3
vars: {width: 16}
blocks:
  double:
    args: {width: , act: 1}
    layers:
      - conv: {filters: =2*width, kernel: 3, pad: 1}
        name: inner
      - relu
layers:
  - conv: {filters: =width, kernel: 3, pad: 1}
    name: stem
  - double: {width: =width}
    name: body
  - conv: {filters: 16, kernel: 3, pad: 1}
  - add:
    from: [stem, conv1]
  - identity:
    from: body.inner
"""


def made(text, edits):
    return Editor(Source("net.yaml", text)).apply(edits)


def labels(read, at, text, good=None):
    text, line, column = at(text)
    return {p.label: p for p in proposals(read(text), good, line, column).found}


def test_the_net_is_sound(read) -> None:
    assert [f for f in read(NET).findings if f.severity == "error"] == []


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


def test_names_are_those_of_the_last_good_version(read, at) -> None:
    broken = NET.replace("    from: [stem, conv1]", "    from: [st|").replace("vars: {", "vars: [")
    found = labels(read, at, broken, read(NET))
    assert {"stem", "conv1"} <= found.keys()


def test_hover_explains_layers_options_codes_and_names(read, at) -> None:
    text, line, column = at(NET.replace("- conv: {filters: =width", "- co|nv: {filters: =width"))
    said = hover(read(text), line, column).text
    assert "(32 - 3 + 2*1)/1 + 1 = 32" in said and "PyTorch" in said and "nn.Conv2d(3, 16" in said
    text, line, column = at(NET.replace("{filters: =2*width, ker", "{filters: =2*width, k|er"))
    assert "size of the window" in hover(read(text), line, column).text
    text, line, column = at(NET.replace("=2*width", "=2*wid|th"))
    assert "argument of double, line 5" in hover(read(text), line, column).text
    text, line, column = at(NET.replace("[stem, conv1]", "[st|em, conv1]"))
    assert hover(read(text), line, column).text.startswith("```text\nstem  conv 3x3")
    text, line, column = at(NET.replace("- double: {", "- do|uble: {"))
    said = hover(read(text), line, column).text
    assert "block double, line 4" in said and "body  32x32x32" in said and "4.64 K params" in said
    text, line, column = at(NET + "    ignore: [CC1|03]\n")
    assert hover(read(text), line, column).text.startswith("# CC103: input lost")
    text, line, column = at("input: 8x8x3 |\nlayers: [relu]")
    assert hover(read(text), line, column + 1) is None


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("va|rs: {", "variables for formulas"),
        ("from|: [stem", "the layer it reads"),
        ("inp|ut: 32", "height x width x channels"),
        ("nam|e: stem", "name of the layer"),
    ],
)
def test_hover_says_what_sections_and_keys_are_for(read, at, place, said) -> None:
    text, line, column = at(NET.replace(place.replace("|", ""), place, 1))
    assert said in hover(read(text), line, column).text


def test_every_repair_that_is_offered_makes_the_net_sound(read) -> None:
    text = "input: 11x11x3\nlayers:\n  - conv: {filters: 4, kernel: 4, stride: 3}\n  - relu\n"
    reading = read(text)
    assert [f.code for f in reading.findings if f.severity == "error"] == ["CC101"]
    found = [a for a in actions(reading, 3, 3) if a.title.startswith("Change")]
    assert len(found) > 3 and found[0].preferred
    for action in found:
        after = read(made(text, action.edits))
        assert [f for f in after.findings if f.severity == "error"] == [], action.title
    assert actions(reading, 4, 4) == []


def test_words_that_were_meant_are_replaced_one_or_all(read) -> None:
    text = "input: 8x8x3\nlayers:\n  - conv: {filtres: 4, kernel: 3}\n  - rellu\n"
    found = actions(read(text), 3, 3)
    assert [action.title for action in found][:2] == [
        "Change filtres to filters", "Fix all that is unambiguous (2 words)",
    ]  # fmt: skip
    assert [f.code for f in read(made(text, found[0].edits)).findings] == ["CC011"]
    after = read(made(text, found[1].edits))
    assert [f for f in after.findings if f.severity == "error"] == []
    assert fix_all(read(text)) == found[1]
    alone = actions(read(text.replace("filtres", "filters")), 4, 4)
    assert [action.title for action in alone] == ["Change rellu to relu"]


@pytest.mark.parametrize(
    "entry",
    ["conv: {filters: 4, kernel: 3, stride: 2}", "{conv: {filters: 4, kernel: 3, stride: 2}}"],
)
def test_a_finding_is_ignored_where_it_is(read, entry) -> None:
    text = f"input: 8x8x3\nrounding: floor\nlayers:\n  - {entry}\n"
    reading = read(text)
    assert [f.code for f in reading.findings] == ["CC103"]
    (action,) = [a for a in actions(reading, 4, 4) if a.title.startswith("Ignore")]
    assert action.title == "Ignore CC103 (input-lost) here"
    assert read(made(text, action.edits)).findings == ()


def test_edits_are_no_wider_than_they_must_be() -> None:
    old, new = "a: 1\nb: 2\nc: 3\n", "a: 1\nb: 25\nc: 3\nd: 4\n"
    edits = edits_between(old, new)
    assert made(old, edits) == new and all(edit.end - edit.start == 0 for edit in edits)


@pytest.mark.parametrize(
    ("text", "count", "number"),
    [
        ("name: st|em", "x", 2),
        ("[st|em, conv1]", "x", 2),
        ("name: bo|dy", "x", 2),
        ("from: bo|dy.inner", "x", 2),
        ("from: body.inn|er", "x", 2),
        ("do|uble: {width: =", "x", 2),
        ("vars: {wid|th", "x", 3),
        ("=2*wid|th", "x", 3),
    ],
)
def test_rename_changes_every_use_and_nothing_else(read, at, text, count, number) -> None:
    marked = NET.replace(text.replace("|", ""), text, 1)
    text, line, column = at(marked)
    assert text == NET
    edits = rename(read(text), line, column, count)
    assert len(edits) == number
    after = read(made(text, edits))
    assert len(after.findings) == len(read(text).findings)


def test_rename_refuses_what_would_be_another_net(read, at) -> None:
    for text, name, why in (
        ("name: st|em", "body", "two layers"),
        ("do|uble: {width: =", "relu", "cannot be called"),
        ("  - con|v: {filters: 16", "x", "automatic"),
        ("vars: {wid|th", "min", "cannot be a variable"),
        ("inp|ut: 32", "x", "no layer, block or variable"),
    ):
        marked, line, column = at(NET.replace(text.replace("|", ""), text, 1))
        with pytest.raises(CannotRenameError, match=why):
            rename(read(marked), line, column, name)


def test_an_option_called_as_a_kind_is_no_layer(read) -> None:
    layers = [use for use in read(NET).symbols.uses if use.symbol.sort == "layer" and use.defines]
    assert len(layers) == 7


def test_outline_folds_and_totals(read) -> None:
    items = {item.name: item for item in outline(read(NET))}
    assert [*items] == ["input", "vars", "blocks", "layers"]
    assert [(i.name, i.detail) for i in items["layers"].below] == [
        ("stem", "32x32x16"), ("body", "32x32x32"), ("conv1", "32x32x16"),
        ("add1", "32x32x16"), ("identity1", "32x32x32"),
    ]  # fmt: skip
    assert [i.name for i in items["blocks"].below[0].below] == ["body.inner", "body.relu1"]
    assert (3, 9) in folds(read(NET)) and (10, 19) in folds(read(NET))
    text = "input: 32x32x3\nlayers: [conv3-8, fc-10]\n"
    lines = totals(read(text, Wishes(device=find("rtx-4090"))))
    params = 3 * 3 * 3 * 8 + 8 + 32 * 32 * 8 * 10 + 10
    assert params == 82154 and lines[0].startswith("82.2 K params, 303 K MACs, 11.3 K activations")
    assert lines[1].startswith("largest batch on rtx-4090: ")
    assert totals(read("layers: [")) == []

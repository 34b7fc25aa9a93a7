"""Hover, completion, actions, names, outline: each asked in process."""

import pytest

from convcalc.editor import actions as module
from convcalc.editor.actions import actions, edits_between, fix_all
from convcalc.editor.documents import Document
from convcalc.editor.hover import hover
from convcalc.editor.outline import folds, outline, totals
from convcalc.editor.reading import Wishes
from convcalc.editor.renaming import CannotRenameError, rename
from convcalc.memory.devices import find
from convcalc.rules.advise import Selection
from convcalc.source import Source
from convcalc.spec.edit import Editor
from tests.editor.asked_net import NET


def made(text, edits):
    return Editor(Source("net.yaml", text)).apply(edits)


def test_the_net_is_sound(read) -> None:
    assert [f for f in read(NET).findings if f.severity == "error"] == []


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


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("input: 8x8x8\nlayers:\n  - conv9-8p0\n", "Change conv1 pad 0 to 1: conv1 makes 2x2x8"),
        ("input: 8x8x8\nlayers:\n  - conv9-8p0\n", "Change the input 8x8x8 to 9x9x8"),
        (
            "input: 8x8x8\nlayers:\n  - conv3-8\n  - {conv3-16: , name: b}\n"
            "  - {add: , from: [conv1, b]}\n",
            "Put `conv1-16` before add1",
        ),
        (
            "input: 7x7x3\nlayers:\n  - conv3-4\n  - pool2\n  - fc: 10\n",
            "Change 10 to {units: 10}, the input 7x7x3 to 6x6x3",
        ),
    ],
)
def test_a_repair_is_called_by_what_it_changes(read, text: str, title: str) -> None:
    assert title in [action.title for action in actions(read(text), 1, 9)]


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


@pytest.mark.parametrize("word", ["tim", "fro", "kern", "exp", "fi"])
@pytest.mark.parametrize(
    "layers",
    [
        "  - conv: {{filters: 8, kernel: 3}}\n    {}\n  - rellu\n",
        "  - conv:\n      filters: 8\n      {}\n      kernel: 3\n  - rellu\n",
        "  - conv3-8\n  {}\n  - rellu\n",
        "  - conv3-8\n  - rellu\n{}\n",
    ],
)
def test_fixing_all_makes_nothing_of_a_key_that_is_typed(read, layers, word) -> None:
    reading = read(f"input: 8x8x3\nlayers:\n{layers.format(word)}")
    action = fix_all(reading)
    assert action is None or f"\n{word}\n" in made(reading.text, action.edits)


def test_fixing_all_gives_a_layer_its_dash(read) -> None:
    text = "input: 8x8x3\nlayers:\n  - conv3-8\n  {}\n  - tanh\n"
    for word, layer in (("relu", "- relu"), ("rellu", "- relu"), ("pool2", "- pool2")):
        action = fix_all(read(text.format(word)))
        assert action is not None and made(text.format(word), action.edits) == text.format(layer)


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


def test_the_word_of_a_call_without_a_name_is_the_block(read, at) -> None:
    nameless = NET.replace("    name: body\n", "").replace("    from: body.inner\n", "")
    text, line, column = at(nameless.replace("  - double:", "  - dou|ble:"))
    for document in (read(text), read(text)):
        found = document.symbols.at(line, column)
        assert found is not None and found.symbol.sort == "block"
    assert len(rename(read(text), line, column, "twice")) == 2


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


def test_repairs_are_tried_once_a_version_and_not_for_an_old_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[str] = []
    real = module.all_replaced
    monkeypatch.setattr(
        module, "all_replaced", lambda n, w: (tried.append(n.source.text), real(n, w))[1]
    )
    line = "  - conv: {filtrs: 8, kernl: 3, pd: 1}\n"
    document = Document("net.yaml", f"input: 64x64x3\nlayers:\n{line * 30}", Wishes())
    reading = document.reading
    for at in range(3, 9):  # the cursor moves
        assert any("Fix all" in one.title for one in actions(reading, at, at))
    assert len(tried) == 1
    document.change("input: 64x64x3\nlayers:\n  - convv\n", 2)
    assert reading.outdated and not document.reading.outdated
    old = Document("net.yaml", reading.text, Wishes()).reading
    old.outdated = True
    assert not any("Fix all" in one.title for one in actions(old, 3, 3))


def test_words_replaced_in_very_many_lines_are_not_searched_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Lines that are all alike: what each becomes is the line of its number."""
    monkeypatch.setattr("difflib.SequenceMatcher", None)
    edits = edits_between("- {kernell: 3}\n" * 2000, "- {kernel: 3}\n" * 2000)
    assert len(edits) == 2000 and {edit.end - edit.start for edit in edits} == {1}


@pytest.mark.parametrize("rules", ["", "rules: {CC103: false}\n"])
def test_an_error_is_repaired_and_not_the_loss_that_is_turned_off(read, rules) -> None:
    net = "input: 33x1\nrounding: floor\nlayers:\n- max_pool: {kernel: 2, stride: 2}\n"
    faulty = "- conv: {filters: 8, kernel: 20}\n- add: {from: [input, conv1]}\n"
    heard = Selection() if rules else Selection(ignore=frozenset({"CC103"}))
    reading = read(f"{rules}{net}{faulty}", Wishes(selection=heard))
    titles = [action.title for action in actions(reading, 5, 7)]
    assert titles and not any("pool" in title for title in titles)


@pytest.mark.parametrize(
    ("entry", "after"),
    [
        ("add: {branches: [conv3-16, relu, conv3-16]}",
         "add: {branches: {body: [conv3-16, relu, conv3-16], skip: []}}"),
        ("upsample: {size: 2}", "upsample: {scale: 2}"),
    ],
)  # fmt: skip
def test_what_is_hardly_meant_is_repaired_where_it_stands(read, entry: str, after: str) -> None:
    text = f"input: 32x32x16\nlayers:\n  - {entry}\n  - relu\n"
    found = actions(read(text), 3, 3)
    assert made(text, found[0].edits) == text.replace(entry, after)
    assert actions(read(text), 4, 4) == []

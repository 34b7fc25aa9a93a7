"""Names in an editor: where each is defined and used, in every form that a spec has for it."""

import pytest

from convcalc.editor.reading import Reading
from convcalc.editor.renaming import CannotRenameError, rename
from convcalc.source import Source
from convcalc.spec.edit import Editor

SHORT = """\
input: 8x8x3
layers:
{entry}
  - relu
  - add:
    from: [relu1, d1]
"""


def lines(reading: Reading, line: int, column: int) -> tuple[int, list[int]]:
    """The line where the name at a place is defined, and those where it is used."""
    use = reading.symbols.at(line, column)
    assert use is not None
    definition = reading.symbols.definition(use.symbol)
    assert definition is not None
    return definition.span.line, [use.span.line for use in reading.symbols.of(use.symbol)]


def places(text: str, word: str) -> list[tuple[int, int]]:
    """The lines and columns, from 1, where a word stands by itself."""
    return [
        (number, at + 1)
        for number, line in enumerate(text.splitlines(), 1)
        for at in range(len(line))
        if line.startswith(word, at) and not f" {line}"[at].isalnum()
    ]


def renamed(reading: Reading, line: int, column: int, name: str) -> str:
    """The text with another name for the one at a place."""
    edits = rename(reading, line, column, name)
    return Editor(Source("net.yaml", reading.text)).apply(edits)


@pytest.mark.parametrize(
    "entry",
    [
        "  - conv: {filters: 3, kernel: 3, pad: 1}\n    name: d1",
        "  - conv3-3:\n    name: d1",
        "  - {conv3-3: , name: d1}",
        "  - conv3-3: {bias: false}\n    name: d1",
        "  - name: d1\n    conv3-3:",
        "  - pool3s1p1:\n    name: d1",
    ],
)
def test_a_named_layer_in_short_form_is_found_from_all_its_uses(read, entry) -> None:
    text = SHORT.format(entry=entry)
    found = places(text, "d1")
    where = [line for line, _ in found]
    for line, column in found:
        assert lines(read(text), line, column) == (where[0], where)
        assert renamed(read(text), line, column, "enc") == text.replace("d1", "enc")


def test_a_branch_called_as_a_short_form_is_no_layer(read) -> None:
    text = (
        "input: 8x8x3\nlayers:\n  - concat:\n      branches:\n"
        "        pool2: [conv3-3]\n        relu: [conv3-3]\n"
    )
    layers = [use for use in read(text).symbols.uses if use.symbol.sort == "layer"]
    assert [use.span.line for use in layers] == [3, 5, 6]


PATTERN = {
    "in one line": "layers: conv3-3 relu -> [conv3-3 relu]*2 -> pool2\noutputs: [conv1, {0}]\n",
    "in quotes": 'layers: "conv3-3 relu conv3-3 relu"\noutputs: [conv1, {0}]\n',
    "below": "layers: >\n  conv3-3 relu\n  conv3-3 relu\noutputs: [conv1, {0}]\n",
    "in a list": "layers:\n  - conv3-3 relu conv3-3\n  - relu\noutputs: [conv1, {0}]\n",
}


@pytest.mark.parametrize("form", PATTERN)
def test_a_layer_of_a_pattern_is_defined_by_its_word(read, form: str) -> None:
    text = "input: 8x8x3\n" + PATTERN[form].format("relu2" if form != "in one line" else "relu1")
    reading = read(text)
    assert not [f for f in reading.findings if f.severity.value == "error"]
    ((line, column),) = places(text, "conv1")
    use = reading.symbols.at(line, column)
    assert use is not None
    definition = reading.symbols.definition(use.symbol)
    assert definition is not None
    first = places(text, "conv3-3")[0]
    assert (definition.span.line, definition.span.column) == first
    assert definition.span.end_column == definition.span.column + len("conv3-3")
    with pytest.raises(CannotRenameError, match="automatic"):
        rename(reading, line, column, "stem")


FOLDED = """\
input: 8x8x3
vars: {width: 4}
blocks:
  up:
    args: {c: }
    layers:
      - conv:
          filters: >
            =c *
            width
          kernel: 3
layers:
  - up: {c: 2}
"""


@pytest.mark.parametrize(
    ("word", "lines"), [("width", ["vars: {n: 4}", "            n"]), ("c", ["=n *", "{n: }"])]
)
def test_names_in_a_formula_over_several_lines_are_renamed(
    read, word: str, lines: list[str]
) -> None:
    found = [
        place for place in places(FOLDED, word) if "conv" not in FOLDED.splitlines()[place[0] - 1]
    ]
    expected = renamed(read(FOLDED), *found[0], "n")
    assert all(line in expected for line in lines)
    for place in found[1:]:
        assert renamed(read(FOLDED), *place, "n") == expected

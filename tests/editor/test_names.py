"""Names in an editor: where each is defined and used, in every form that a spec has for it."""

import pytest

from convcalc.editor.reading import Reading
from convcalc.editor.renaming import rename
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

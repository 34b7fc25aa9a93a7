"""Code actions over a text of very many faults: each costs what it changes, not the whole text."""

import pytest

pytest.importorskip("pygls")

from convcalc.editor import actions as module
from convcalc.editor import positions
from convcalc.editor.actions import actions, edits_between
from convcalc.editor.positions import UTF_16
from convcalc.editor.protocol import Places
from convcalc.editor.reading import Reading, Wishes
from convcalc.spec.edit import Editor

MANY = 400
MISTYPED = "input: 8x8x3\nlayers:\n" + "- conv: {filers: 3, kernal: 1}\n" * MANY


class Looked:
    """`re` that counts the letters it goes through."""

    letters = 0

    def __init__(self) -> None:
        import re

        self.re = re

    def __getattr__(self, name: str):
        def looked(pattern: str, text: str):
            self.letters += len(text)
            return getattr(self.re, name)(pattern, text)

        return looked


def test_places_of_edits_are_found_without_the_text_before_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading = Reading("net.yaml", MISTYPED, Wishes())
    everything = next(one for one in actions(reading, 1, MANY + 2) if "Fix all" in one.title)
    looked = Looked()
    monkeypatch.setattr(positions, "re", looked)
    action = Places(reading.lines, UTF_16).action(everything, reading, "file:///a", "quickfix")
    assert looked.letters <= 2 * len(MISTYPED)  # the lines, and where they begin
    edits = action.edit.changes["file:///a"]
    at = [(edit.range.start.line, edit.range.start.character) for edit in edits]
    assert at == [
        (line, MISTYPED.index("filers") - MISTYPED.index("- ") + 3) for line in range(2, MANY + 2)
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_place_is_the_line_and_column_of_an_offset(end: str) -> None:
    text = f"ab{end}{end}c"
    lines = positions.Lines(text)
    at = {0: (1, 1), 2: (1, 3), 2 + len(end): (2, 1), 2 + 2 * len(end): (3, 1), len(text): (3, 2)}
    assert {offset: lines.place(offset) for offset in at} == at
    assert positions.Lines("").place(0) == (1, 1)


def test_words_on_very_many_lines_are_the_first_of_them_and_all() -> None:
    found = actions(Reading("net.yaml", MISTYPED, Wishes()), 1, MANY + 2)
    words = [one for one in found if one.title.startswith("Change")]
    assert len(words) == 100 and max(one.findings[0].span.line for one in words) == 52
    assert found[-1].title == "Fix all that is unambiguous (800 words)"


def test_ignoring_looks_at_the_text_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(module, "Editor", lambda source: made.append(1) or Editor(source))
    lines = "- conv: {filters: 3, kernel: 3, stride: 2}\n  from: input\n" * MANY
    reading = Reading("net.yaml", f"input: 8x8x3\nrounding: floor\nlayers:\n{lines}", Wishes())
    assert len([f for f in reading.findings if f.code == "CC103"]) == MANY
    found = actions(reading, 1, 9999)
    assert len([one for one in found if one.title.startswith("Ignore")]) == 12
    assert len(made) < 20


def test_lines_that_are_all_alike_are_not_held_against_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = "- conv1-8\n" * 3000
    assert [edit.text for edit in edits_between(old, f"rounding: floor\n{old}")] == [
        "rounding: floor\n"
    ]
    monkeypatch.setattr("difflib.SequenceMatcher", None)
    new = f"- relu\n{old}- relu\n"
    (edit,) = edits_between(old, new)
    assert old[: edit.start] + edit.text + old[edit.end :] == new

"""An editor's text is what `check` reads: same findings, last good version, hints."""

from threading import Thread
from time import sleep
from typing import Any

import pytest

from convcalc import zoo
from convcalc.editor import documents
from convcalc.editor import reading as reading_module
from convcalc.editor.asked import asked, wishes
from convcalc.editor.documents import Document
from convcalc.editor.hints import hints
from convcalc.editor.hover import hover
from convcalc.editor.outline import folds, outline
from convcalc.editor.positions import Lines
from convcalc.editor.reading import Reading, Wishes
from convcalc.editor.versions import moved, same_lines
from convcalc.findings import Span
from convcalc.rules.advise import Selection
from convcalc.study.check import check
from convcalc.study.load import Text
from convcalc.study.outcome import Case

NET = """\
input: 32x32x3
blocks:
  double:
    args: {width: }
    layers:
      - conv: {filters: =width, kernel: 3, pad: 1}
      - relu
layers:
  - double: {width: 16}
  - pool2
  - double: {width: 32}
  - "[conv3-8 relu]*2"
  - fc-10
"""
FAULTY = (
    "layers: [",
    "a: *b",
    "layers: [conv]",
    "input: 3\nlayers: [{conv: {}}]",
    "\x00",
    "- a",
    "",
)


@pytest.mark.parametrize("name", ["vgg16", "resnet50", "inception_v3", "densenet121"])
def test_diagnostics_are_the_findings_of_check(read, name) -> None:
    text = zoo.read(name).decode()
    case = Case(Text("net.yaml", text), selection=Selection())
    assert sorted(read(text).findings) == sorted(check([case]).findings)


@pytest.mark.parametrize("text", FAULTY)
def test_what_is_no_spec_has_the_findings_of_check(read, text) -> None:
    found = check([Case(Text("net.yaml", text), selection=Selection())])
    reading = read(text)
    assert sorted(reading.findings) == sorted(found.findings) != []
    assert not reading.whole and hints(reading, None) == []


def test_every_prefix_of_a_spec_is_answered(read) -> None:
    document = Document("net.yaml", NET, Wishes())
    assert document.reading.whole
    for length in range(0, len(NET), 3):
        document.change(NET[:length], length + 1)
        reading = document.reading
        hints(reading, document.good)
        assert reading.symbols is not None and reading.root is not None


def test_hints_show_what_each_line_makes(read) -> None:
    found = {hint.line: hint.text for hint in hints(read(NET), None)}
    assert found == {
        6: "→ 32x32x16, 16x16x32",
        7: "→ 32x32x16, 16x16x32",
        9: "→ 32x32x16",
        10: "→ 16x16x16",
        11: "→ 16x16x32",
        12: "→ 16x16x8",
        13: "→ 10",
    }


def test_hints_show_what_is_asked_for(read) -> None:
    wanted = Wishes(hints=("output", "params", "macs", "activations", "memory"))
    found = {hint.line: hint.text for hint in hints(read(NET, wanted), None)}
    params, macs = 3 * 3 * 3 * 16 + 16, 32 * 32 * 16 * 27
    assert (params, macs) == (448, 442368)
    assert found[9] == "→ 32x32x16, 448 params, 442 K MACs, 16.4 K activations, 64.0 KiB"
    assert found[13] == "→ 10, 20.5 K params, 20.5 K MACs, 10 activations, 40 B"


def test_the_last_good_reading_stays_beside_a_new_fault() -> None:
    document = Document("net.yaml", NET, Wishes())
    assert document.reading.whole
    typed = NET.replace("  - pool2\n", "  - pool2\n  - con\n")
    document.change(typed, 2)
    assert [f.code for f in document.reading.findings] == ["CC011"]
    found = {hint.line: hint.text for hint in hints(document.reading, document.good)}
    assert found[10] == "→ 16x16x16"
    assert found[12] == "→ 16x16x32 (before)"
    assert found[14] == "→ 10 (before)"
    document.change(NET.replace("layers:\n  - double", "layers: [\n  - double"), 3)
    found = {hint.line: hint.text for hint in hints(document.reading, document.good)}
    assert document.reading.findings[0].code == "CC001"
    assert found[13] == "→ 10 (before)"


def test_names_and_structure_stay_while_a_line_is_half_typed() -> None:
    document = Document("net.yaml", NET, Wishes())
    before = document.reading
    assert document.legible is before
    document.change(NET.replace("  - pool2\n", "  - pool2\n  - conv: {filters: 16, ker\n"), 2)
    reading = document.legible
    assert not document.reading.root.entries and reading.whole
    assert [item.name for item in outline(reading)] == [item.name for item in outline(before)]
    assert folds(before) == [(2, 7), (3, 7), (5, 7), (8, 13)]
    assert folds(reading) == [(2, 7), (3, 7), (5, 7), (8, 14)]
    assert "16x16x32" in hover(reading, 12, 6).text
    assert document.same(10) and not document.same(11) and document.same(12)
    document.change("input: 32x32x3\nlayers: [", 3)  # fewer lines: nothing is sure any more
    assert document.legible is document.reading


def test_a_version_that_comes_while_another_is_read_is_not_lost(monkeypatch) -> None:
    document = Document("net.yaml", NET, Wishes())
    study, typed = reading_module.study, NET.replace("pool2", "pol")

    def slow(case):
        if document.text != typed:
            document.change(typed, 2)  # as another thread does
        return study(case)

    monkeypatch.setattr(reading_module, "study", slow)
    assert document.reading.text == NET
    assert document.reading.text == typed
    assert not document.reading.whole and document.good is None


def test_a_version_that_comes_just_as_another_is_kept_is_not_lost() -> None:
    typed = NET.replace("pool2", "pol")

    class Slow(Document):
        def __setattr__(self, name, value) -> None:
            if name == "_reading" and value is not None and self.text != typed:
                self.change(typed, 2)  # as another thread does
            super().__setattr__(name, value)

    document = Slow("net.yaml", NET, Wishes())
    old = document.reading
    assert old.text == NET and old.outdated
    assert document.reading.text == typed and not document.reading.outdated


def test_settings_are_part_of_what_is_read() -> None:
    document = Document("net.yaml", NET, Wishes())
    before = document.reading
    document.ask(Wishes())
    assert document.reading is before
    document.ask(Wishes(selection=Selection(advice=False, limits={"params": 10})))
    assert [f.code for f in document.reading.findings] == ["CC131"]


def test_lines_are_followed_from_version_to_version() -> None:
    old, new = ["a", "b", "c", "d"], ["a", "b", "x", "y", "d"]
    assert same_lines(old, new) == {1: 1, 2: 2, 4: 5}
    assert same_lines(old, old) == {1: 1, 2: 2, 3: 3, 4: 4}
    assert same_lines(["a", "a"], ["a"]) == {1: 1}
    assert moved(old, new) == "a\nb\nc\n\nd" and moved(new, old) is None


@pytest.mark.parametrize(("units", "expected"), [("utf-8", 7), ("utf-16", 4), ("utf-32", 3)])
def test_columns_are_counted_as_the_editor_counts(units, expected) -> None:
    lines = Lines("x\r\né😀a\rb")
    assert lines.lines == ["x", "é😀a", "b"]
    assert lines.to_editor(2, 4, units) == (1, expected)
    assert lines.from_editor(1, expected, units) == (2, 4)
    assert lines.from_editor(99, 99, units) == (3, 2)
    assert lines.end(2) == Span(2, 4, 2, 4)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (3, "must be an object"),
        ({"inlayHint": []}, "did you mean inlayHints?"),
        ({"inlayHints": ["shape"]}, "expected a list of output, activations"),
        ({"inlayHints": [{}]}, "expected a list"),
        ({"device": "rtx-409"}, "did you mean"),
        ({"device": 4}, "expected a name"),
        ({"settings": {"batch": 0}}, "expected a positive integer"),
        ({"settings": {"batsh": 1}}, "no setting 'batsh'"),
        ({"settings": 5}, "expected an object"),
    ],
)
def test_settings_of_an_editor_are_checked(given, complaint) -> None:
    found = asked(given)
    assert len(found.complaints) == 1 and complaint in found.complaints[0]
    assert found._replace(complaints=()) == asked(None)


def test_settings_and_configuration_are_heeded(tmp_path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.convcalc]\nignore = ["CC202"]\n')
    given = asked({"inlayHints": ["params"], "device": "rtx-4090", "settings": {"batch": 8}})
    found, complaint = wishes(given, str(tmp_path))
    assert (found.hints, found.settings.batch, complaint) == (("params",), 8, "")
    assert found.device is not None and found.device.name == "rtx-4090"
    assert found.selection.ignore == {"CC202"}
    (tmp_path / "pyproject.toml").write_text('[tool.convcalc]\nignore = ["CC999"]\n')
    found, complaint = wishes(given, str(tmp_path))
    assert "no code 'CC999'" in complaint and found.selection == Selection()


def test_two_questions_of_one_version_wait_for_one_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A long net takes seconds and memory: once, not once for each thread that asks."""
    made, other = list[Reading](), list[Thread]()
    document = Document("net.yaml", "input: 8x8x3\nlayers: [relu]\n", Wishes())

    def reading(*given: Any) -> Reading:
        if not other:  # another question comes while the first one is answered
            other.append(Thread(target=lambda: document.reading))
            other[0].start()
            for _ in range(1000):
                sleep(0)
        made.append(Reading(*given))
        return made[-1]

    monkeypatch.setattr(documents, "Reading", reading)
    assert document.reading is document.reading
    other[0].join()
    assert len(made) == 1

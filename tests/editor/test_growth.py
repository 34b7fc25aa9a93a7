"""Long texts in an editor: four times the lines are about four times the work of each answer.

Counted in lines of Python, of the answer alone: what reads a text is in `tests/edges`.
"""

from collections.abc import Callable
from types import SimpleNamespace as Given
from typing import Any

import pytest

pytest.importorskip("pygls")

from convcalc.editor.answers import Answers
from convcalc.editor.documents import Document
from convcalc.editor.naming import NameTable
from convcalc.editor.protocol import diagnostics
from convcalc.editor.session import Session
from convcalc.suggest import Suggestions
from tests.lines_run import lines_run

URI = "file:///net.yaml"
HEAD = "input: 8x8x4\nrounding: floor\n"
BLOCK = "blocks:\n  b:\n    args: {n: 4}\n    layers: [{conv: {filters: =n, kernel: 1}}, relu]\n"


def _lines(line: str, number: int) -> str:
    return "".join(line.format(i=i, last=i - 1) + "\n" for i in range(1, number + 1))


#: texts of so many lines; the last line is where names are asked for
TEXTS: dict[str, Callable[[int], str]] = {
    "layers": lambda n: f"{HEAD}layers:\n" + _lines("- conv: {{filters: 4, kernel: 1}}", n),
    "short forms": lambda n: f"{HEAD}layers:\n" + _lines("- conv1-4", n),
    "one pattern over lines": lambda n: f"{HEAD}layers:\n- conv1-4\n" + _lines("  relu", n),
    "brackets over lines": lambda n: f"{HEAD}layers: [conv1-4,\n{_lines('  relu,', n)}  relu]\n",
    "names that are read": lambda n: (
        f"{HEAD}layers:\n- {{relu: {{}}, name: l0}}\n"
        + _lines("- {{relu: {{}}, name: l{i}, from: l{last}}}", n)
    ),
    "one that all read": lambda n: (
        f"{HEAD}layers:\n- {{relu: {{}}, name: l0}}\n" + _lines("- {{relu: {{}}, from: l0}}", n)
    ),
    "one merge": lambda n: (
        f"{HEAD}layers:\n"
        + _lines("- {{relu: {{}}, name: l{i}}}", n)
        + "- add:\n  from:\n"
        + _lines("  - l{i}", n)
    ),
    "variables": lambda n: (
        f"{HEAD}vars:\n  v0: 4\n"
        + _lines("  v{i}: =v{last}", n)
        + f"layers:\n- conv: {{filters: =v{n}, kernel: 1}}\n"
    ),
    "one variable": lambda n: (
        f"{HEAD}vars: {{v: 4}}\nlayers:\n" + _lines("- conv: {{filters: =v, kernel: 1}}", n)
    ),
    "calls": lambda n: f"{HEAD}{BLOCK}layers:\n" + _lines("- b", n),
    "calls with arguments": lambda n: f"{HEAD}{BLOCK}layers:\n" + _lines("- b: {{n: 4}}", n),
    "repeats of calls": lambda n: (
        f"{HEAD}{BLOCK}layers:\n- repeat:\n    times: 2\n    layers:\n" + _lines("    - b", n)
    ),
    "blocks": lambda n: (
        f"{HEAD}blocks:\n"
        + _lines("  b{i}: {{layers: [relu]}}", n)
        + "layers:\n"
        + _lines("- b{i}", n)
    ),
    "a call many times": lambda n: f"{HEAD}{BLOCK}layers:\n- b\n- b: {{n: 4}}\n  times: {n}\n",
    "branches": lambda n: (
        f"{HEAD}layers:\n- relu\n- add:\n    branches:\n" + _lines("    - [relu]", n)
    ),
    "faults": lambda n: f"{HEAD}layers:\n" + _lines("- rellu", n),
    "unlike faults": lambda n: f"{HEAD}layers:\n" + _lines("- rellu{i}", n),
    "warnings": lambda n: (
        f"{HEAD}layers:\n" + _lines("- conv: {{filters: 4, kernel: 1, pad: 1}}", n)
    ),
    "windows too large": lambda n: f"{HEAD}layers:\n" + _lines("- conv31-4p0", n),
    "names in a call": lambda n: (
        f"{HEAD}blocks:\n  a:\n    layers:\n"
        + _lines("    - {{relu: {{}}, name: r{i}}}", n)
        + "layers:\n- {a: {}, name: q}\n"
        + _lines("- {{relu: {{}}, from: q.r{i}}}", n)
    ),
    "ignored": lambda n: (
        f"{HEAD}layers:\n"
        + _lines("- {{conv: {{filters: 4, kernel: 1, pad: 1}}, ignore: [CC104]}}", n)
    ),
    "expectations": lambda n: (
        f"{HEAD}layers:\n" + _lines("- {{conv: {{filters: 4, kernel: 1}}, expect: 8x8x5}}", n)
    ),
    "comments": lambda n: f"{HEAD}" + _lines("# relu", n) + "layers:\n- relu\n",
    "empty lines": lambda n: f"{HEAD}layers:\n" + "\n" * n + "- relu\n",
    "half typed": lambda n: (
        f"{HEAD}layers:\n" + _lines("- conv1-4", n) + "- conv: {filters: 4, ker"
    ),
}


#: those that are wrong on purpose
FAULTY = {"faults", "unlike faults", "windows too large", "half typed"}


class _Editor:
    """A server without a stream, which has one text open."""

    def __init__(self, text: str) -> None:
        capabilities = Given(text_document=None, workspace=None)
        workspace = Given(position_encoding="utf-16")
        self.session = Session(Given(client_capabilities=capabilities, workspace=workspace))  # type: ignore[arg-type]
        self.session.documents[URI] = self.document = Document(
            "net.yaml", text, self.session.wishes(URI)
        )
        self.document.is_spec = True
        self.answers, self.names = Answers(self.session), NameTable(self.session)
        self.document.reading.findings  # noqa: B018 - read, and known to be
        self.lines = text.split("\n")

    def params(self, line: int, character: int, **more: Any) -> Any:
        """What a request is about: a place, all lines, and whatever else any of them asks."""
        whole = Given(start=Given(line=0), end=Given(line=len(self.lines)))
        return Given(
            text_document=Given(uri=URI),
            position=Given(line=line, character=character),
            range=whole,
            context=Given(only=None, include_declaration=True),
            new_name="other",
            **more,
        )

    def places(self) -> list[Any]:
        """The first layer's line and the last line, at their ends and in their words."""
        first = next(i for i, line in enumerate(self.lines) if line.startswith("layers:")) + 1
        last = max(i for i, line in enumerate(self.lines) if line)
        return [
            self.params(line, column)
            for line in (min(first, last), last)
            for column in (3, len(self.lines[line]) - 1, len(self.lines[line]))
        ]


def _told(act: Callable[[Document, Any], object], document: Document, params: Any) -> None:
    """An answer, or the refusal of one."""
    try:
        act(document, params)
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "pygls":
            raise


def _work(text: str) -> dict[str, int]:
    """The lines of Python that each request takes."""
    editor = _Editor(text)
    answers, names, places = editor.answers, editor.names, editor.places()
    document = editor.document
    reading = document.reading
    asked: dict[str, Callable[[], object]] = {
        "diagnostics": lambda: diagnostics(reading, URI, editor.session.places(reading)),
        "hints": lambda: answers.hint(document, places[0]),
        "outline": lambda: answers.outline(document, places[0]),
        "folds": lambda: answers.fold(document, places[0]),
        "totals": lambda: answers.lens(document, places[0]),
        "hover": lambda: [answers.hover(document, place) for place in places],
        "completion": lambda: [answers.complete(document, place) for place in places],
        "definition": lambda: [names.define(document, place) for place in places],
        "references": lambda: [names.refer(document, place) for place in places],
        "highlights": lambda: [names.highlight(document, place) for place in places],
        "prepare": lambda: [_told(names.prepare, document, place) for place in places],
        "rename": lambda: [_told(names.rename, document, place) for place in places],
        "actions": lambda: answers.act(document, places[0]),
    }
    return {request: lines_run(act) for request, act in asked.items()}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_are_as_sound_as_they_are_meant(name: str) -> None:
    assert _Editor(TEXTS[name](8)).document.reading.whole is (name not in FAULTY)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_four_times_the_lines_are_about_four_times_the_work(
    text: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # compares with every name, but only so often for one file
    monkeypatch.setattr(Suggestions, "_nearest", lambda *given: ("", ""))
    _work(text(10))  # what is made once
    small, large = _work(text(30)), _work(text(120))
    grown = {name: (small[name], large[name]) for name in small if large[name] >= 5 * small[name]}
    assert not grown

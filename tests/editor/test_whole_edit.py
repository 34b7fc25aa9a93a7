"""A net is designed from an empty file as in an editor: keys, proposals, repairs, names."""

import re
from typing import Any

import pytest

pytest.importorskip("pygls")

URI = "file:///nets/block.convcalc.yaml"

WANTED = """\
input: 56x56x64
vars: {width: 64}
blocks:
  residual:
    layers:
      - add: {branches: [[conv: {filters: =width, kernel: 3, pad: 1}, batch_norm, relu, \
conv: {filters: =width, kernel: 3, pad: 1}, batch_norm], identity]}
      - relu
layers:
  - residual
  - residual
"""


class Page:
    """A text with a cursor and stops, in an editor that knows snippets."""

    def __init__(self, client: Any) -> None:
        self.client, self.text, self.at, self.version = client, "", 0, 1
        self.stops: list[int] = []
        self.found = client.open(URI, "", "yaml")

    def _changed(self) -> None:
        self.version += 1
        self.found = self.client.change(URI, self.text, self.version)

    @property
    def errors(self) -> list[str]:
        return [one["code"] for one in self.found if one["severity"] == 1]

    def type(self, text: str, slowly: bool = False) -> None:
        """Keys, shown to the server one by one or in one go."""
        for part in text if slowly else [text]:
            self._put(self.at, self.at, part)
            self._changed()

    def _put(self, start: int, end: int, text: str) -> None:
        moved = len(text) - (end - start)
        self.text = self.text[:start] + text + self.text[end:]
        self.stops = [stop + moved if stop >= end else stop for stop in self.stops]
        self.at = start + len(text)

    def over(self, marked: str, text: str) -> None:
        """Type over what is marked at a stop."""
        assert self.text.startswith(marked, self.at)
        self._put(self.at, self.at + len(marked), text)
        self._changed()

    def where(self) -> tuple[int, int]:
        before = self.text[: self.at]
        return before.count("\n"), self.at - before.rfind("\n") - 1

    def offset(self, place: dict[str, int]) -> int:
        lines = self.text.split("\n")
        return sum(len(line) + 1 for line in lines[: place["line"]]) + place["character"]

    def proposals(self) -> dict[str, Any]:
        items = self.client.at("completion", URI, *self.where())["items"]
        return {item["label"]: item for item in items}

    def accept(self, label: str, typed: str = "") -> None:
        """Type the beginning of a word and take a proposal; the cursor is at its first stop."""
        self.type(typed)
        edit = self.proposals()[label]
        change = edit["textEdit"]
        start, end = (self.offset(change["range"][which]) for which in ("start", "end"))
        assert typed.endswith(self.text[start:end]) and end == self.at
        text = change["newText"]
        if edit.get("insertTextFormat") == 2:
            indent = re.match(r" *", self.text[self.text.rfind("\n", 0, start) + 1 :])[0]
            text = text.replace("\n", f"\n{indent}")
            plain, stops = "", []
            for part in re.split(r"(\$\d|\$\{\d:[^}]*\})", text):
                if part[:1] == "$":
                    stops.append(start + len(plain))
                    plain += part[4:-1] if part[1] == "{" else ""
                else:
                    plain += part
            self._put(start, end, plain)
            self.at, self.stops = stops[0], [*stops[1:], *self.stops]
        else:
            self._put(start, end, text)
        self._changed()

    def tab(self) -> None:
        """To the next stop."""
        self.at = self.stops.pop(0)

    def end(self) -> None:
        """To the end of the text."""
        self.at, self.stops = len(self.text), []

    def find(self, text: str) -> None:
        """The cursor into a word."""
        self.at, self.stops = self.text.index(text) + 1, []

    def apply(self, edits: list[dict[str, Any]]) -> None:
        for edit in sorted(edits, key=lambda e: -self.offset(e["range"]["start"])):
            start, end = (self.offset(edit["range"][which]) for which in ("start", "end"))
            self._put(start, end, edit["newText"])
        self._changed()

    def fix(self, title: str) -> None:
        """Take a code action at the cursor."""
        place = dict(zip(("line", "character"), self.where(), strict=True))
        given = self.client.of(
            "codeAction", URI, range={"start": place, "end": place}, context={"diagnostics": []}
        )
        (action,) = [one for one in given if one["title"].startswith(title)]
        self.apply(action["edit"]["changes"][URI])

    def rename(self, name: str) -> None:
        """Another name for what the cursor is at."""
        self.apply(self.client.at("rename", URI, *self.where(), newName=name)["changes"][URI])

    def shapes(self) -> dict[int, str]:
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
        hints = self.client.of("inlayHint", URI, range=whole)
        return {hint["position"]["line"]: hint["label"] for hint in hints}


def conv(page: Page) -> None:
    """A convolution by proposals alone."""
    page.accept("conv", "co")
    page.accept("width", "=w")
    page.tab()
    page.type("3, ")
    page.accept("pad", "pa")
    page.type("1")
    page.tab()


def test_a_resnet_block_from_an_empty_file(client) -> None:
    item = {"completionItem": {"snippetSupport": True}}
    client.initialize({"device": "rtx-4090"}, textDocument={"completion": item})
    page = Page(client)
    assert page.errors == ["CC019"]

    page.accept("input", "in")
    page.over("32x32x3", "56x56x64")
    page.type("\n", slowly=True)
    page.accept("vars", "v")
    page.tab()
    page.over("16", "64")
    page.end()
    page.type("\n")
    page.accept("blocks", "b")
    page.over("block", "residal")
    page.tab()

    page.accept("add", "ad")
    conv(page)
    page.type(", batch_nrm, relu, ", slowly=True)  # mistyped
    conv(page)
    page.type(", batch_norm")
    page.tab()
    page.type("\n      - ")
    page.accept("relu", "rel")
    page.end()
    page.type("\n")
    page.accept("layers", "lay")
    page.accept("residal", "res")
    page.type("\n  - ")
    page.accept("residal")
    page.type("\n")

    assert page.errors == ["CC011"]
    page.find("batch_nrm")
    page.fix("Change batch_nrm to batch_norm")
    assert page.errors == []
    page.find("residal")
    page.rename("residual")
    assert page.text == WANTED and page.errors == []
    assert page.shapes() == dict.fromkeys((5, 6, 8, 9), "→ 56x56x64")
    totals, batches = (lens["command"]["title"] for lens in client.of("codeLens", URI))
    params = 2 * (2 * (9 * 64 * 64 + 64) + 2 * 2 * 64)
    assert params == 148_224 and totals.startswith("148 K params")
    assert batches.startswith("largest batch on rtx-4090: ")
    assert client.messages == [] and client.heard == []
    assert client.leave() == 0

"""The server as an editor meets it: over standard input and output."""

import json

import pytest

pytest.importorskip("pygls")

URI = "file:///nets/net.yaml"

#: a whole edit, from an empty file to a ResNet block: each version with the codes that it shows
EDIT = (
    ("", {"CC019"}),
    ("inp", {"CC019"}),
    ("input: 32x32x16\n", {"CC013"}),
    ("input: 32x32x16\nlayers:\n", {"CC013"}),
    ("input: 32x32x16\nlayers:\n  - \n", {"CC019"}),
    ("input: 32x32x16\nlayers:\n  - con", {"CC011"}),
    ("input: 32x32x16\nlayers:\n  - conv: {filters: }", {"CC014"}),
    ("input: 32x32x16\nlayers:\n  - conv: {filters: 16, kernel: 3}\n", set()),
)
BLOCK = """\
input: 32x32x16
layers:
  - add:
      branches:
        - - conv: {filters: 16, kernel: 3, pad: 1, bias: false}
          - batch_norm
          - relu
          - conv: {filters: %s, kernel: 3, pad: 1, bias: false}
          - batch_norm
        - identity
  - relu
"""


def codes(found) -> set[str]:
    return {one["code"] for one in found}


def errors(found) -> list[str]:
    return [one["code"] for one in found if one["severity"] == 1]


def applied(text: str, edits) -> str:
    lines = [*text.splitlines(keepends=True), ""]

    def offset(place) -> int:
        return sum(map(len, lines[: place["line"]])) + place["character"]

    for edit in sorted(edits, key=lambda e: -offset(e["range"]["start"])):
        start, end = offset(edit["range"]["start"]), offset(edit["range"]["end"])
        text = text[:start] + edit["newText"] + text[end:]
    return text


def test_a_resnet_block_from_an_empty_file(client) -> None:
    can = client.initialize({"inlayHints": ["output", "params"], "device": "rtx-4090"})
    assert can["textDocumentSync"]["change"] == 1 and can["renameProvider"]
    found = client.open(URI, "")
    for version, (text, expected) in enumerate(EDIT, 2):
        found = client.change(URI, text, version)
        assert set(errors(found)) == expected, (text, found)
    text = BLOCK % 32  # the branches do not match
    found = client.change(URI, text, 20)
    assert errors(found) == ["CC107"]
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    given = client.of("codeAction", URI, range=whole, context={"diagnostics": found})
    repair = next(one for one in given if one.get("isPreferred"))
    text = applied(text, repair["edit"]["changes"][URI])
    assert text == BLOCK % 16
    assert errors(client.change(URI, text, 21)) == []
    hints = client.of("inlayHint", URI, range=whole)
    assert [hint["label"] for hint in hints][:2] == ["→ 32x32x16", "→ 32x32x16, 2.30 K params"]
    assert {hint["position"]["line"] for hint in hints} == {2, 4, 5, 6, 7, 8, 9, 10}
    (above, batches) = client.of("codeLens", URI)
    assert above["command"]["title"].startswith("4.67 K params, 4.72 M MACs")
    assert batches["command"]["title"].startswith("largest batch on rtx-4090")
    assert client.messages == []
    assert client.leave() == 0


def test_questions_over_the_wire(client) -> None:
    text = "input: 8x8x3\nlayers:\n  - conv3-4\n  - relu\n    # é😀\n  - add:\n    from: [a, a]\n"
    text = text.replace("- relu\n", "- relu:\n    name: a\n")
    client.initialize()
    assert errors(client.open(URI, text)) == []
    assert "conv 3x3" in client.at("hover", URI, 2, 5)["contents"]["value"]
    labels = [one["label"] for one in client.at("completion", URI, 7, 11)["items"]]
    assert {"a", "conv1", "input"} <= set(labels)
    there = client.at("definition", URI, 7, 11)
    assert there["range"]["start"] == {"line": 4, "character": 10}
    context = {"includeDeclaration": True}
    assert len(client.at("references", URI, 7, 11, context=context)) == 3
    assert len(client.at("documentHighlight", URI, 4, 10)) == 3
    assert client.at("prepareRename", URI, 4, 10)["end"] == {"line": 4, "character": 11}
    edits = client.at("rename", URI, 4, 10, newName="act")["changes"][URI]
    assert "name: act" in applied(text, edits) and "[act, act]" in applied(text, edits)
    assert "automatic" in client.at("prepareRename", URI, 2, 5)
    names = [one["name"] for one in client.of("documentSymbol", URI)]
    assert names == ["input", "layers"]
    assert {"startLine": 1, "endLine": 7} in client.of("foldingRange", URI)


@pytest.mark.parametrize(
    ("offered", "chosen", "column"),
    [(None, "utf-16", 16), (["utf-16"], "utf-16", 16), (["utf-8", "utf-16"], "utf-8", 18),
     (["utf-32", "utf-16"], "utf-32", 15)],
)  # fmt: skip
def test_columns_are_counted_in_the_units_that_the_editor_offers(
    client, offered, chosen, column
) -> None:
    general = {} if offered is None else {"general": {"positionEncodings": offered}}
    assert client.initialize(None, **general)["positionEncoding"] == chosen
    assert client.open(URI, "input: 8x8x3\nlayers:\n  - relu  # \U0001f600 x\n  - relu\n") == []
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    hints = client.of("inlayHint", URI, range=whole)
    assert [hint["position"]["character"] for hint in hints] == [column, 8]


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (None, ["quickfix", "quickfix"]),
        (["quickfix"], ["quickfix", "quickfix"]),
        (["source"], ["source.fixAll.convcalc"]),
        (["source.fixAll"], ["source.fixAll.convcalc"]),
        (["source.fixAll.convcalc"], ["source.fixAll.convcalc"]),
        (["source.organizeImports"], []),
        (["refactor", "source.fixAll.ruff", ""], []),
        (["quick"], []),
    ],
)
def test_code_actions_are_of_the_kinds_that_are_asked_for(client, only, kinds) -> None:
    can = client.initialize()
    assert can["codeActionProvider"]["codeActionKinds"] == ["quickfix", "source.fixAll.convcalc"]
    client.open(URI, "input: 8x8x3\nlayers:\n  - conv: {filtres: 4, kernel: 3}\n  - rellu\n")
    place = {"line": 2, "character": 12}
    context = {"diagnostics": [], **({} if only is None else {"only": only})}
    found = client.of("codeAction", URI, range={"start": place, "end": place}, context=context)
    assert [one["kind"] for one in found] == kinds


def test_other_yaml_is_left_alone(client) -> None:
    client.initialize()
    assert client.open("file:///a/compose.yaml", "services:\n  web: {}\n", "yaml") == []
    assert client.at("hover", "file:///a/compose.yaml", 0, 2) is None
    assert client.open("file:///a/empty.yaml", "", "yaml") == []
    items = client.at("completion", "file:///a/empty.yaml", 0, 0)["items"]
    assert "input" in {one["label"] for one in items}
    assert codes(client.open("file:///a/net.convcalc.yaml", "x: 1", "yaml")) >= {"CC010"}
    # what may become one is completed, and has no findings yet
    assert client.open("file:///a/begun.yaml", "input: 8x8x3\nlay", "yaml") == []
    items = client.at("completion", "file:///a/begun.yaml", 1, 3)["items"]
    assert "layers" in {one["label"] for one in items}
    assert client.open("file:///a/action.yaml", "name: x\nruns:\n  in", "yaml") == []
    assert client.at("completion", "file:///a/action.yaml", 2, 4) is None


@pytest.mark.parametrize("known", [True, False])
def test_snippets_are_for_editors_that_know_them(client, known) -> None:
    item = {"completionItem": {"snippetSupport": known}}
    client.initialize(None, textDocument={"completion": item})
    client.open(URI, "input: 8x8x3\nlayers:\n  - co\n")
    items = {one["label"]: one for one in client.at("completion", URI, 2, 6)["items"]}
    text, form = ("conv: {filters: $1, kernel: $2}$0", 2) if known else (
        "conv: {filters: , kernel: }", None,
    )  # fmt: skip
    assert items["conv"]["textEdit"]["newText"] == text
    assert items["conv"].get("insertTextFormat") == form
    assert items["relu"].get("insertTextFormat") is None


def test_malformed_messages_and_settings_change_nothing(client) -> None:
    client.initialize({"inlayHint": 3, "device": "no\x1b[31m"})
    client.raw(b"Content-Length: 5\r\n\r\nhello")
    client.raw(b"garbage\r\n\r\n")
    for body in (b"{}", b"[]", b"null", b'{"jsonrpc":"2.0","method":"textDocument/didOpen"}'):
        client.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    client.send({"id": 1000, "method": "nope", "params": {}})
    client.send({"id": 1001, "method": "textDocument/hover", "params": {"textDocument": 3}})
    client.notify("textDocument/didChange", textDocument={"uri": "file:///x", "version": 3},
                  contentChanges=[{"text": "a"}])  # fmt: skip
    client.notify("workspace/didChangeConfiguration", settings={"convcalc": {"device": 4}})
    client.notify("textDocument/didClose", textDocument={"uri": "file:///never/opened.yaml"})
    assert errors(client.open(URI, "input: 8x8x3\nlayers: [relu]\n")) == []
    assert client.at("hover", URI, 99, 99) is None
    assert "\x1b" not in json.dumps(client.messages)
    assert any("did you mean inlayHints?" in text for text in client.messages)
    assert any("device: expected a name" in text for text in client.messages)


def test_ten_megabytes_are_refused_and_the_next_text_is_read(client) -> None:
    client.initialize()
    assert codes(client.open(URI, "layers: [relu]\n" + "#" * 10_000_000)) == {"CC002"}
    deep = "layers: " + "[" * 100_000
    assert codes(client.change(URI, deep, 2)) == {"CC002"}
    assert errors(client.change(URI, "input: 8x8x3\nlayers: [relu]\n", 3)) == []


@pytest.mark.parametrize("goodbye", ["", "half a message"])
def test_a_client_that_dies_leaves_no_server_behind(client, goodbye) -> None:
    client.initialize()
    client.open(URI, "input: 8x8x3\nlayers: [relu]\n")
    if goodbye:
        client.raw(b"Content-Length: 500\r\n\r\n{")
    client.process.stdin.close()
    assert client.process.wait(client.patience) == 0
    assert goodbye or not client.heard

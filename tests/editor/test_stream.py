"""How much an editor may say that it sends: too much ends the server, in a sentence."""

import gc
import io
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from convcalc.cli import run
from convcalc.editor.stream import BoundedInput
from convcalc.tree.decode import LARGEST_FILE

pytest.importorskip("pygls")


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"Content-Length: 99999999999999\r\n\r\n{}", "a message of 99,999,999,999,999 bytes"),
        (b"Content-Length: " + b"9" * 20 + b"\r\n\r\n{}", "a header that no editor sends"),
        (b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}", "a header that no editor sends"),
        (b"x" * 100_000, "a header that no editor sends"),
        (b"A: b\r\n" * 300_000, "more than 100 headers of one message"),
    ],
)
def test_a_message_that_is_too_large_ends_the_stream(sent: bytes, why: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "convcalc", "lsp"], input=sent, capture_output=True, timeout=300
    )
    text = told.stderr.decode()
    assert f"convcalc lsp stops: the editor sent {why}" in text
    assert "Traceback" not in text
    assert told.returncode in {0, 1}


def test_what_is_as_large_as_any_spec_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    largest = json.dumps({"text": "\x01" * LARGEST_FILE}).encode()
    assert len(largest) > 6 * LARGEST_FILE
    assert BoundedInput(io.BytesIO(largest)).read(len(largest)) == largest
    most = 16 * LARGEST_FILE
    assert BoundedInput(io.BytesIO(b"{}")).read(most) == b"{}"
    assert not capsys.readouterr().err
    assert BoundedInput(io.BytesIO(b"{}")).read(most + 1) == b""
    assert "a message of 16,777,217 bytes, at most 16,777,216 are read" in capsys.readouterr().err


@pytest.mark.parametrize(
    "message",
    [
        b"{",
        b"[1,2]",
        b"null",
        b"\xff\xfe",
        b'{"id":1}',
        b'{"jsonrpc":"2.0","id":1,"method":"nosuch"}',
        b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":5}',
        b'{"jsonrpc":"2.0","method":"\\u001b[2J\\n::error::x"}',
        b"[" * 100_000,
    ],
    ids=lambda value: value[:60].decode("ascii", "replace"),
)
def test_a_message_that_is_none_is_a_line(message: bytes) -> None:
    sent = b"Content-Length: %d\r\n\r\n%s" % (len(message), message)
    told = subprocess.run(
        [sys.executable, "-m", "convcalc", "lsp"], input=sent, capture_output=True, timeout=300
    )
    text = told.stderr.decode()
    assert 1 <= len(text.splitlines()) <= 2, text
    assert all(line.startswith("convcalc lsp: ") for line in text.splitlines())
    assert "Traceback" not in text and "\x1b" not in text


def sent(body: object) -> bytes:
    data = json.dumps(body).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(data), data)


def session(messages: "list[dict[str, Any]]") -> "subprocess.CompletedProcess[bytes]":
    """A server that is greeted, given a text and these messages, and told to leave."""
    greeting = {"processId": None, "rootUri": None, "capabilities": {}}
    text = {"uri": URI, "languageId": "convcalc", "version": 1, "text": "input: 8x8x3\nlayers: []"}
    first = [
        {"id": "first", "method": "initialize", "params": greeting},
        {"method": "initialized", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": text}},
    ]
    last: list[dict[str, Any]] = [{"id": "last", "method": "shutdown"}, {"method": "exit"}]
    stream = b"".join(sent({"jsonrpc": "2.0", **one}) for one in [*first, *messages, *last])
    command = [sys.executable, "-m", "convcalc", "lsp"]
    return subprocess.run(command, input=stream, capture_output=True, timeout=300)


def spoken(stream: bytes) -> "Iterator[Any]":
    """The messages of a server."""
    while stream:
        head, _, rest = stream.partition(b"\r\n\r\n")
        length = int(head.partition(b"Content-Length: ")[2].split()[0])
        yield json.loads(rest[:length])
        stream = rest[length:]


URI = "file:///net.yaml"
PLACE = {"line": 1, "character": 9}
WITH_PLACE = {"textDocument": {"uri": URI}, "position": PLACE}
REQUESTS: dict[str, Any] = {
    "hover": WITH_PLACE,
    "completion": WITH_PLACE,
    "definition": WITH_PLACE,
    "documentHighlight": WITH_PLACE,
    "prepareRename": WITH_PLACE,
    "references": {**WITH_PLACE, "context": {"includeDeclaration": True}},
    "rename": {**WITH_PLACE, "newName": "x"},
    "inlayHint": {"textDocument": {"uri": URI}, "range": {"start": PLACE, "end": PLACE}},
    "codeAction": {
        "textDocument": {"uri": URI},
        "range": {"start": PLACE, "end": PLACE},
        "context": {"diagnostics": []},
    },
    "documentSymbol": {"textDocument": {"uri": URI}},
    "foldingRange": {"textDocument": {"uri": URI}},
    "codeLens": {"textDocument": {"uri": URI}},
}
CHANGES: dict[str, Any] = {
    "didOpen": {
        "textDocument": {"uri": "file:///b.yaml", "languageId": "a", "version": 1, "text": ""}
    },
    "didChange": {
        "textDocument": {"uri": URI, "version": 2},
        "contentChanges": [{"text": ""}],
    },
    "didSave": {"textDocument": {"uri": URI}},
    "didClose": {"textDocument": {"uri": "file:///b.yaml"}},
}


def damaged(params: Any) -> "Iterator[Any]":
    """The parameters, with a wrong value in the place of each part."""
    yield from (None, 5, "x", [], {}, 10**30)
    for key in params:
        for value in (None, -1, 10**30, 1.5, "\ud800", [], {}, [None]):
            yield {**params, key: value}
        if isinstance(params[key], dict):
            for part in params[key]:
                for value in (None, -1, 10**30, 2**31 - 1, [], {"a": 1}):
                    yield {**params, key: {**params[key], part: value}}


def test_every_request_with_wrong_values_is_answered() -> None:
    numbered = enumerate(
        (method, params) for method, good in REQUESTS.items() for params in damaged(good)
    )
    messages = [
        {"id": number, "method": f"textDocument/{method}", "params": params}
        for number, (method, params) in numbered
    ]
    changes = [
        {"method": f"textDocument/{method}", "params": params}
        for method, good in CHANGES.items()
        for params in damaged(good)
    ]
    told = session([*messages, *changes])
    said = told.stderr.decode().splitlines()
    assert told.returncode == 0
    assert all(line.startswith("convcalc lsp: ") and "---" not in line for line in said), said[:9]
    assert b'"id":"last"' in told.stdout.replace(b'"id": ', b'"id":')
    answers = Counter(one["id"] for one in spoken(told.stdout) if "method" not in one)
    assert answers == Counter(["first", *range(len(messages)), "last"]) and len(messages) > 300


@pytest.mark.parametrize(
    "header",
    [
        b"Foo: 1\r\n\r\n{}",
        b"Content-Length: -5\r\n\r\n{}",
        b"Content-Length: abc\r\n\r\n{}",
        b"Content-Length: 0\r\n\r\n",
        b"Content-Length: 200\r\n\r\n{}",
        b"\r\n" * 5000,
        b"A: b\r\n" * 5000 + b"\r\n",
    ],
    ids=lambda value: value[:25].decode().strip(),
)
def test_a_header_that_says_no_length_ends_in_no_more_than_a_line(header: bytes) -> None:
    command = [sys.executable, "-m", "convcalc", "lsp"]
    told = subprocess.run(command, input=header, capture_output=True, timeout=300)
    said = told.stderr.decode().splitlines()
    assert told.returncode in {0, 1} and len(said) <= 1
    assert all(line.startswith("convcalc lsp") for line in said)


def test_requests_before_the_greeting_are_answered() -> None:
    asked = [
        {"jsonrpc": "2.0", "id": number, "method": f"textDocument/{method}", "params": params}
        for number, (method, params) in enumerate(REQUESTS.items())
    ]
    stream = b"".join(map(sent, [*asked, {"jsonrpc": "2.0", "method": "exit"}]))
    command = [sys.executable, "-m", "convcalc", "lsp"]
    told = subprocess.run(command, input=stream, capture_output=True, timeout=300)
    said = told.stderr.decode().splitlines()
    assert told.returncode in {0, 1}
    assert all(line.startswith("convcalc lsp: ") for line in said), said[:9]


@pytest.mark.parametrize(
    ("message", "number", "code"),
    [
        (b"{", None, -32700),
        (b"\xff\xfe", None, -32700),
        (b"[" * 100_000, None, -32700),
        (b"[1,2]", None, -32600),
        (b"null", None, -32600),
        (b'{"id":7,"method":"textDocument/hover"}', 7, -32600),
        (b'{"jsonrpc":"1.0","id":7,"method":"shutdown"}', 7, -32600),
        (b'{"jsonrpc":"2.0","id":7,"method":5}', 7, -32600),
        (b'{"jsonrpc":"2.0","id":7,"method":[],"params":{}}', 7, -32600),
        (b'{"jsonrpc":"2.0","id":[7],"method":"textDocument/hover"}', None, -32600),
        (b'{"jsonrpc":"2.0","id":7,"method":"nosuch"}', 7, -32601),
        (b'{"jsonrpc":"2.0","id":7,"method":"$/nosuch","params":{}}', 7, -32601),
        (b'{"jsonrpc":"2.0","id":7,"method":"textDocument/hover"}', 7, -32602),
    ],
    ids=lambda value: value[:60].decode("ascii", "replace") if isinstance(value, bytes) else "",
)
def test_what_cannot_be_read_is_answered(message: bytes, number: int | None, code: int) -> None:
    """An editor waits for an answer to each request; JSON-RPC has null where no number is known."""
    stream = b"Content-Length: %d\r\n\r\n%s" % (len(message), message)
    command = [sys.executable, "-m", "convcalc", "lsp"]
    told = subprocess.run(command, input=stream, capture_output=True, timeout=300)
    (answer,) = spoken(told.stdout)
    assert (answer["id"], answer["error"]["code"]) == (number, code)


def test_after_a_shutdown_requests_are_refused() -> None:
    late = {"id": "late", "method": "textDocument/hover", "params": WITH_PLACE}
    told = session([{"id": "down", "method": "shutdown"}, late])
    errors = {
        one["id"]: one.get("error", {}).get("code") for one in spoken(told.stdout) if "id" in one
    }
    assert errors == {"first": None, "down": None, "late": -32600, "last": -32600}
    assert told.returncode == 0


def test_an_unknown_notification_is_no_message_for_people() -> None:
    told = session(
        [{"method": "$/nosuch"}, {"method": "nosuch"}, {"method": "nosuch", "params": 5}]
    )
    assert b"window/showMessage" not in told.stdout


def test_a_long_run_collects_what_its_answers_leave_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    from convcalc.editor import server

    collects = []
    monkeypatch.setattr(server, "serve", lambda debug: collects.append(gc.isenabled()))
    was = gc.isenabled()
    gc.disable()  # as the command line does for its short runs
    try:
        assert run(["lsp"]) == 0
    finally:
        (gc.enable if was else gc.disable)()
    assert collects == [True]

"""Readings of texts, and a small client of the language server."""

import json
import queue
import subprocess
import sys
import threading
from typing import Any

import pytest

from convcalc.editor.reading import Reading, Wishes

PATIENCE = 300  #: seconds until a server counts as dead, on a loaded machine


class Client:
    """One server process and what it says."""

    patience = PATIENCE

    def __init__(self, *options: str, cwd: Any = None) -> None:
        command = [sys.executable, "-m", "convcalc", "lsp", *options]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd
        )
        self.said: queue.Queue[Any] = queue.Queue()
        self.shown: dict[str, Any] = {}
        self.messages: list[str] = []
        self.heard: list[str] = []
        self.number = 0
        targets = (self._listen, self._hear)
        self.readers = [threading.Thread(target=one, daemon=True) for one in targets]
        for reader in self.readers:
            reader.start()

    def _listen(self) -> None:
        stream = self.process.stdout
        while line := stream.readline():
            length = 0
            while line.strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
                line = stream.readline()
            body = stream.read(length)
            if len(body) < length:  # killed while it spoke
                break
            self.said.put(json.loads(body))
        self.said.put(None)

    def _hear(self) -> None:
        for line in self.process.stderr:
            self.heard.append(line.decode())

    def raw(self, data: bytes) -> None:
        """Whatever bytes."""
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: dict[str, Any]) -> None:
        """One message."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def notify(self, method: str, **params: Any) -> None:
        """Say something that has no answer."""
        self.send({"method": method, "params": params})

    def ask(self, method: str, **params: Any) -> Any:
        """The result of a request; an error's message as a str."""
        self.number += 1
        given = {"params": params} if params else {}
        self.send({"id": self.number, "method": method, **given})
        while True:
            message = self.next()
            if message.get("id") == self.number and "method" not in message:
                return message["error"]["message"] if "error" in message else message["result"]

    def next(self) -> Any:
        """The next message of the server; what it shows is kept."""
        message = self.said.get(timeout=PATIENCE)
        assert message is not None, "the server has ended"
        if message.get("method") == "textDocument/publishDiagnostics":
            params = message["params"]
            self.shown[params["uri"]] = params
        if message.get("method") == "window/showMessage":
            self.messages.append(message["params"]["message"])
        if "id" in message and "method" in message:
            self.send({"id": message["id"], "result": None})
        return message

    def initialize(self, options: Any = None, **capabilities: Any) -> Any:
        """Introduce oneself; gives what the server can do."""
        answer = self.ask(
            "initialize",
            processId=None,
            rootUri=None,
            capabilities=capabilities,
            initializationOptions=options,
        )
        self.notify("initialized")
        return answer["capabilities"]

    def open(self, uri: str, text: str, language: str = "convcalc") -> list[Any]:
        """Open a text; gives its findings."""
        given = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", textDocument=given)
        return self.found(uri, 1)

    def change(self, uri: str, text: str, version: int) -> list[Any]:
        """Another version of it; gives its findings."""
        self.notify(
            "textDocument/didChange",
            textDocument={"uri": uri, "version": version},
            contentChanges=[{"text": text}],
        )
        return self.found(uri, version)

    def found(self, uri: str, version: int) -> list[Any]:
        """What is shown of one version of a text."""
        while self.shown.get(uri, {}).get("version") != version:
            self.next()
        return self.shown[uri]["diagnostics"]

    def at(self, method: str, uri: str, line: int, character: int, **more: Any) -> Any:
        """Ask about a place, both numbers from 0."""
        position = {"line": line, "character": character}
        return self.ask(
            f"textDocument/{method}", textDocument={"uri": uri}, position=position, **more
        )

    def of(self, method: str, uri: str, **more: Any) -> Any:
        """Ask about a text."""
        return self.ask(f"textDocument/{method}", textDocument={"uri": uri}, **more)

    def leave(self) -> int:
        """Go as the protocol asks; gives the server's exit code."""
        self.ask("shutdown")
        self.notify("exit")
        return self.process.wait(PATIENCE)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()
        for reader in self.readers:  # they read to the end of streams that are closed then
            reader.join(PATIENCE)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()


@pytest.fixture
def read():
    """The reading of a text."""

    def reading(text: str, wishes: Wishes | None = None) -> Reading:
        return Reading("net.yaml", text, wishes or Wishes())

    return reading


@pytest.fixture
def at():
    """The line and column, from 1, of the mark | in a text, and the text without it."""

    def split(text: str) -> tuple[str, int, int]:
        before, _, after = text.partition("|")
        return before + after, before.count("\n") + 1, len(before) - before.rfind("\n")

    return split


@pytest.fixture
def client():
    """A server and its client; both end with the test."""
    with Client() as started:
        yield started

"""The server and the client of pytest-lsp: pygls' own types on the wire, checked as it checks them.

The client is used without the fixture that goes with it, which needs pytest-asyncio in every test.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

pytest_lsp = pytest.importorskip("pytest_lsp")
types = pytest.importorskip("lsprotocol.types")

URI = "file:///nets/net.yaml"
WRONG = "input: 8x8x3\nlayers:\n  - conv: {filtres: 4, kernel: 3}\n  - relu\n"
PATIENCE = 300  #: seconds until a server counts as dead, on a loaded machine


def served(edit: Callable[[Any], Awaitable[None]], editor: str) -> None:
    """An edit by a client that can do what an editor can, from the first message to the last."""

    async def session() -> None:
        config = pytest_lsp.ClientServerConfig(
            server_command=[sys.executable, "-m", "convcalc", "lsp"]
        )
        client = await config.start()
        try:
            await asyncio.wait_for(talk(client), PATIENCE)
        finally:
            if client._server.returncode is None:
                client._server.kill()
            await client.stop()

    async def talk(client: Any) -> None:
        await client.initialize_session(
            types.InitializeParams(capabilities=pytest_lsp.client_capabilities(editor))
        )
        await edit(client)
        await client.shutdown_session()
        assert client.error is None and client.messages == []
        assert client._server.returncode == 0

    # Playwright's loop runs on in a process that has opened a page: a thread has none
    with ThreadPoolExecutor(1) as alone:
        alone.submit(lambda: asyncio.run(session())).result()


async def opened(client: Any, text: str) -> Any:
    """What the server finds in a text that is opened."""
    item = types.TextDocumentItem(uri=URI, language_id="convcalc", version=1, text=text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return client.diagnostics[URI]


@pytest.mark.parametrize("editor", ["visual-studio-code", "neovim", "emacs"])
def test_a_fault_is_shown_repaired_and_gone(editor: str) -> None:
    document = types.TextDocumentIdentifier(uri=URI)

    async def edit(client: Any) -> None:
        (fault,) = await opened(client, WRONG)
        assert (fault.code, fault.severity) == ("CC012", types.DiagnosticSeverity.Error)
        context = types.CodeActionContext(diagnostics=[fault])
        actions = await client.text_document_code_action_async(
            types.CodeActionParams(text_document=document, range=fault.range, context=context)
        )
        repair = next(one for one in actions if one.kind == types.CodeActionKind.QuickFix)
        (change,) = repair.edit.changes[URI]
        assert change.new_text == "filters"
        place = change.range
        lines = WRONG.splitlines(keepends=True)
        line = lines[place.start.line]
        lines[place.start.line] = (
            line[: place.start.character] + change.new_text + line[place.end.character :]
        )
        whole = types.TextDocumentContentChangeWholeDocument(text="".join(lines))
        version = types.VersionedTextDocumentIdentifier(uri=URI, version=2)
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(text_document=version, content_changes=[whole])
        )
        await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        errors = types.DiagnosticSeverity.Error
        assert not [one for one in client.diagnostics[URI] if one.severity == errors]

    served(edit, editor)


def test_questions_have_answers_of_the_protocols_types() -> None:
    document = types.TextDocumentIdentifier(uri=URI)

    async def edit(client: Any) -> None:
        await opened(client, "input: 8x8x3\nlayers:\n  - conv3-4\n  - relu\n  - fc-10\n")
        place = types.Position(line=2, character=5)
        hover = await client.text_document_hover_async(
            types.HoverParams(text_document=document, position=place)
        )
        assert "conv 3x3" in hover.contents.value
        page = types.Range(types.Position(0, 0), types.Position(9, 0))
        hints = await client.text_document_inlay_hint_async(
            types.InlayHintParams(text_document=document, range=page)
        )
        assert [hint.label.strip() for hint in hints] == ["→ 8x8x4", "→ 8x8x4", "→ 10"]
        symbols = await client.text_document_document_symbol_async(
            types.DocumentSymbolParams(text_document=document)
        )
        assert [one.name for one in symbols] == ["input", "layers"]

    served(edit, "neovim")

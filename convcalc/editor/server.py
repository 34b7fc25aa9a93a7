"""The language server: the protocol's requests to questions about a `Reading`, and back."""

import asyncio
import os
import re
import sys
from collections.abc import Mapping
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from convcalc import __version__
from convcalc.editor import protocol, renaming
from convcalc.editor.actions import actions
from convcalc.editor.asked import Asked, asked, wishes
from convcalc.editor.completion import proposals
from convcalc.editor.documents import Document
from convcalc.editor.hints import hints
from convcalc.editor.hover import hover
from convcalc.editor.outline import folds, outline, totals
from convcalc.editor.protocol import Places
from convcalc.editor.symbols import Use
from convcalc.files import SPEC_ENDINGS
from convcalc.findings import plain

_DELAY = 0.03  #: seconds without a key until a text is read again
#: Questions that may take a second: they are answered on a thread of their own.
_SLOW = frozenset({types.TEXT_DOCUMENT_CODE_ACTION, types.TEXT_DOCUMENT_CODE_LENS})
_SECTION = re.compile(r"(?m)^(layers|blocks)\s*:|^# yaml-language-server: .*convcalc")


class Server:
    """The open texts of one editor. Handlers run on one thread, but for slow questions."""

    def __init__(self, lsp: LanguageServer) -> None:
        self.lsp = lsp
        self.asked = Asked()
        self.documents: dict[str, Document] = {}
        self.waiting: dict[str, asyncio.TimerHandle] = {}
        self.complained: set[str] = set()
        self.root = os.getcwd()

    def initialize(self, params: Any) -> None:
        """The editor introduces itself."""
        folders = params.workspace_folders or []
        uri = folders[0].uri if folders else params.root_uri
        path = to_fs_path(uri) if uri else None
        if path and os.path.isdir(path):
            self.root = path
        self.configure(params.initialization_options)

    def configure(self, given: object) -> None:
        """Other settings: every text is read anew."""
        if isinstance(given, Mapping) and set(given) == {"convcalc"}:
            given = given["convcalc"]
        self.asked = asked(given)
        self.complain(*self.asked.complaints)
        for uri, document in self.documents.items():
            document.ask(self.wishes(uri))
            self.publish(uri)

    def wishes(self, uri: str) -> Any:
        """What is wanted of a text."""
        path = to_fs_path(uri) if uri.startswith("file:") else None
        folder = os.path.dirname(path) if path else self.root
        inside = path is None or path.startswith(os.path.join(self.root, ""))
        found, complaint = wishes(self.asked, self.root if inside else folder)
        self.complain(*filter(None, [complaint]))
        return found

    def complain(self, *complaints: str) -> None:
        """Tell each complaint once."""
        for text in complaints:
            if text not in self.complained:
                self.complained.add(text)
                self.lsp.window_show_message(
                    types.ShowMessageParams(types.MessageType.Warning, plain(f"convcalc: {text}"))
                )

    def opened(self, params: Any) -> None:
        """A text is opened."""
        given = params.text_document
        document = Document(self.path(given.uri), given.text, self.wishes(given.uri), given.version)
        document.is_spec = given.language_id == "convcalc" or ".convcalc." in given.uri
        self.documents[given.uri] = document
        self.publish(given.uri)

    def path(self, uri: str) -> str:
        """What findings call a text; never a name by which it would be read as a model."""
        path = (to_fs_path(uri) if uri.startswith("file:") else None) or uri.rpartition("/")[2]
        return path if path.endswith(SPEC_ENDINGS) else f"{path}.yaml"

    def changed(self, params: Any) -> None:
        """A text is changed: it is read when no key follows for a moment."""
        uri = params.text_document.uri
        document = self.documents.get(uri)
        if document is None or not params.content_changes:
            return
        document.change(params.content_changes[-1].text, params.text_document.version)
        self.stop(uri)
        loop = asyncio.get_running_loop()
        self.waiting[uri] = loop.call_later(_DELAY, self.publish, uri)

    def saved(self, params: Any) -> None:
        """A text is saved; so may a configuration have been."""
        uri = params.text_document.uri
        if uri in self.documents:
            self.documents[uri].ask(self.wishes(uri))
            self.publish(uri)

    def closed(self, params: Any) -> None:
        """A text is closed: nothing is wrong with it any more."""
        uri = params.text_document.uri
        self.stop(uri)
        if self.documents.pop(uri, None) is not None:
            found = types.PublishDiagnosticsParams(uri, [])
            self.lsp.text_document_publish_diagnostics(found)

    def stop(self, uri: str) -> None:
        """A text is not read after all."""
        timer = self.waiting.pop(uri, None)
        if timer is not None:
            timer.cancel()

    def publish(self, uri: str) -> None:
        """Show what is wrong with a text."""
        self.stop(uri)
        document = self.documents.get(uri)
        if document is None:
            return
        found: list[Any] = []
        if self.is_spec(document):
            reading = document.reading
            found = protocol.diagnostics(reading, uri, self.places(document))
        params = types.PublishDiagnosticsParams(uri, found, document.version)
        self.lsp.text_document_publish_diagnostics(params)
        self.refresh()

    def refresh(self) -> None:
        """Ask the editor to ask again for hints and totals."""
        known = self.lsp.client_capabilities.workspace
        if known is not None and known.inlay_hint and known.inlay_hint.refresh_support:
            self.lsp.workspace_inlay_hint_refresh(None)
        if known is not None and known.code_lens and known.code_lens.refresh_support:
            self.lsp.workspace_code_lens_refresh(None)

    def is_spec(self, document: Document) -> bool:
        """Whether a YAML text is a spec at all: other YAML is none of our business."""
        return document.is_spec or _SECTION.search(document.text) is not None

    def places(self, document: Document) -> Places:
        """How this editor counts the text's characters."""
        return Places(document.reading.lines, str(self.lsp.workspace.position_encoding.value))

    def document(self, params: Any, empty: bool = False) -> Document | None:
        """The spec that a request is about; None where it is none."""
        document = self.documents.get(params.text_document.uri)
        if document is None or self.is_spec(document) or (empty and not document.text.strip()):
            return document
        return None

    def hint(self, params: Any) -> Any:
        """What stands at the end of each line."""
        document = self.document(params)
        if document is None:
            return None
        places = self.places(document)
        first, last = params.range.start.line + 1, params.range.end.line + 1
        return [
            places.hint(hint)
            for hint in hints(document.reading, document.good)
            if first <= hint.line <= last
        ]

    def hover(self, params: Any) -> Any:
        """What is under the pointer."""
        document = self.document(params)
        if document is None:
            return None
        places = self.places(document)
        found = hover(document.reading, *places.read(params.position))
        return None if found is None else places.hover(found)

    def complete(self, params: Any) -> Any:
        """What can be typed."""
        document = self.document(params, empty=True)
        if document is None:
            return None
        places = self.places(document)
        at = places.read(params.position)
        return places.completions(proposals(document.reading, document.good, *at))

    def act(self, params: Any) -> Any:
        """What can be done about some lines. Repairs are tried: it may take a second."""
        document = self.document(params)
        if document is None:
            return None
        places, reading = self.places(document), document.reading
        first, last = params.range.start.line + 1, params.range.end.line + 1
        uri = params.text_document.uri
        only = [str(kind) for kind in params.context.only or ()]
        all_only = bool(only) and all(kind.startswith("source") for kind in only)
        found = actions(reading, first, last, all_only)
        return [places.action(one, reading, uri) for one in found]

    def use(self, params: Any) -> tuple[Document, Use] | None:
        """The name at a place."""
        document = self.document(params)
        if document is None:
            return None
        places = self.places(document)
        use = document.reading.symbols.at(*places.read(params.position))
        return None if use is None else (document, use)

    def define(self, params: Any) -> Any:
        """Where a name is defined."""
        found = self.use(params)
        if found is None:
            return None
        document, use = found
        defined = document.reading.symbols.definition(use.symbol)
        if defined is None:
            return None
        return types.Location(params.text_document.uri, self.places(document).range(defined.span))

    def refer(self, params: Any) -> Any:
        """Where a name is used."""
        found = self.use(params)
        if found is None:
            return None
        document, use = found
        places, uri = self.places(document), params.text_document.uri
        uses = document.reading.symbols.of(use.symbol)
        wanted = [u for u in uses if params.context.include_declaration or not u.defines]
        return [types.Location(uri, places.range(one.span)) for one in wanted]

    def highlight(self, params: Any) -> Any:
        """The uses of a name, for marking."""
        found = self.use(params)
        if found is None:
            return None
        document, use = found
        places = self.places(document)
        uses = document.reading.symbols.of(use.symbol)
        return [types.DocumentHighlight(places.range(one.span)) for one in uses]

    def prepare(self, params: Any) -> Any:
        """Whether a name can be changed."""
        document = self.document(params)
        if document is None:
            return None
        places = self.places(document)
        try:
            use = renaming.renamable(document.reading, *places.read(params.position))
        except renaming.CannotRenameError as error:
            raise protocol.refused(str(error)) from error
        return places.range(use.span)

    def rename(self, params: Any) -> Any:
        """Change a name everywhere."""
        document = self.document(params)
        if document is None:
            return None
        places, reading = self.places(document), document.reading
        try:
            at = places.read(params.position)
            edits = renaming.rename(reading, *at, params.new_name)
        except renaming.CannotRenameError as error:
            raise protocol.refused(str(error)) from error
        return places.changes(edits, reading.text, params.text_document.uri)

    def outline(self, params: Any) -> Any:
        """The sections, blocks and layers."""
        document = self.document(params)
        if document is None:
            return None
        places = self.places(document)
        return [places.symbol(item) for item in outline(document.reading)]

    def fold(self, params: Any) -> Any:
        """What can be folded."""
        document = self.document(params)
        if document is None:
            return None
        found = folds(document.reading)
        return [types.FoldingRange(first - 1, last - 1) for first, last in found]

    def lens(self, params: Any) -> Any:
        """The totals, above the text."""
        document = self.document(params)
        if document is None:
            return None
        nowhere = types.Range(types.Position(0, 0), types.Position(0, 0))
        source = document.reading if document.reading.whole else document.good
        texts = [] if source is None else totals(source)
        if source is not None and source is not document.reading:
            texts = [f"before this fault: {text}" for text in texts]
        return [types.CodeLens(nowhere, types.Command(text, "")) for text in texts]


def serve() -> None:
    """Answer an editor on standard input and output until it leaves."""
    lsp = LanguageServer(
        "convcalc", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full
    )
    server = Server(lsp)
    for method, handler, options in (
        (types.INITIALIZE, server.initialize, None),
        (types.WORKSPACE_DID_CHANGE_CONFIGURATION, lambda p: server.configure(p.settings), None),
        (types.TEXT_DOCUMENT_DID_OPEN, server.opened, None),
        (types.TEXT_DOCUMENT_DID_CHANGE, server.changed, None),
        (types.TEXT_DOCUMENT_DID_SAVE, server.saved, None),
        (types.TEXT_DOCUMENT_DID_CLOSE, server.closed, None),
        (types.TEXT_DOCUMENT_INLAY_HINT, server.hint, None),
        (types.TEXT_DOCUMENT_HOVER, server.hover, None),
        (types.TEXT_DOCUMENT_COMPLETION, server.complete,
         types.CompletionOptions(trigger_characters=["-", "{", ",", " ", "=", "["])),
        (types.TEXT_DOCUMENT_CODE_ACTION, server.act,
         types.CodeActionOptions(
             [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]
         )),
        (types.TEXT_DOCUMENT_DEFINITION, server.define, None),
        (types.TEXT_DOCUMENT_REFERENCES, server.refer, None),
        (types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, server.highlight, None),
        (types.TEXT_DOCUMENT_PREPARE_RENAME, server.prepare, None),
        (types.TEXT_DOCUMENT_RENAME, server.rename, types.RenameOptions(True)),
        (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, server.outline, None),
        (types.TEXT_DOCUMENT_FOLDING_RANGE, server.fold, None),
        (types.TEXT_DOCUMENT_CODE_LENS, server.lens, None),
    ):  # fmt: skip
        answer = _function(handler)
        lsp.feature(method, options)(lsp.thread()(answer) if method in _SLOW else answer)
    # pygls closes what it writes to; the program's own standard output is flushed at its end
    lsp.start_io(stdout=os.fdopen(os.dup(sys.stdout.fileno()), "wb"))


def _function(handler: Any) -> Any:
    """A handler as a function: pygls marks what it calls, and a method cannot be marked."""

    def answer(params: Any) -> Any:
        return handler(params)

    return answer

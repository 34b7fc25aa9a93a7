"""The open texts of one editor: its settings, what is read when, and what is shown of it."""

import asyncio
import os
import re
from collections.abc import Mapping
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from convcalc.editor import protocol
from convcalc.editor.asked import Asked, asked, wishes
from convcalc.editor.documents import Document
from convcalc.editor.protocol import Places
from convcalc.editor.reading import Reading
from convcalc.files import SPEC_ENDINGS
from convcalc.findings import plain
from convcalc.spec.document import KEYS

_DELAY = 0.03  #: seconds without a key until a text is read again
_TOP = re.compile(r"(?m)^[\w-]+")
_SECTION = re.compile(r"(?m)^(layers|blocks)\s*:|^# yaml-language-server: .*convcalc")


class Session:
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
            found = protocol.diagnostics(reading, uri, self.places(reading))
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

    def places(self, reading: Reading) -> Places:
        """How this editor counts the text's characters."""
        # a member where the editor said nothing, a word of what the editor offered where it did
        units = types.PositionEncodingKind(self.lsp.workspace.position_encoding)
        return Places(reading.lines, units.value)

    @property
    def snippets(self) -> bool:
        """Whether the editor knows texts with places for the cursor."""
        known = self.lsp.client_capabilities.text_document
        item = known.completion.completion_item if known and known.completion else None
        return bool(item and item.snippet_support)

    def document(self, params: Any, begun: bool = False) -> Document | None:
        """The spec that a request is about; None where it is none.

        `begun`: also what may become one, having none but its sections.
        """
        document = self.documents.get(params.text_document.uri)
        if document is None or self.is_spec(document) or (begun and _begun(document.text)):
            return document
        return None


def _begun(text: str) -> bool:
    """Whether every word at the beginning of a line is a section, or may become one."""
    return all(any(key.startswith(word) for key in KEYS) for word in _TOP.findall(text))

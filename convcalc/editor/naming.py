"""What the server answers about a name: where it is defined and used, and another name for it."""

from typing import Any, NamedTuple

from lsprotocol import types

from convcalc.editor import protocol, renaming
from convcalc.editor.documents import Document
from convcalc.editor.protocol import Places
from convcalc.editor.session import Session
from convcalc.editor.symbols.record import Symbols, Use


class _Found(NamedTuple):
    """A name at a place, and how to answer about it."""

    use: Use
    symbols: Symbols
    document: Document
    places: Places

    def uses(self) -> list[Use]:
        """All its uses on lines that the text has."""
        found = self.symbols.of(self.use.symbol)
        return [use for use in found if self.document.same(use.span.line)]


class NameTable:
    """The requests about layers, blocks and variables by name, in the text that they are about."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def use(self, document: Document, params: Any) -> _Found | None:
        """The name at a place."""
        reading = document.legible
        places = self.session.places(reading)
        line, column = places.read(params.position)
        use = reading.symbols.at(line, column) if document.same(line) else None
        return None if use is None else _Found(use, reading.symbols, document, places)

    def define(self, document: Document, params: Any) -> Any:
        """Where a name is defined."""
        found = self.use(document, params)
        if found is None:
            return None
        where = next((use for use in found.uses() if use.defines), None)
        if where is None:
            return None
        return types.Location(params.text_document.uri, found.places.range(where.span))

    def refer(self, document: Document, params: Any) -> Any:
        """Where a name is used."""
        found = self.use(document, params)
        if found is None:
            return None
        uri, all_ = params.text_document.uri, params.context.include_declaration
        wanted = [use for use in found.uses() if all_ or not use.defines]
        return [types.Location(uri, found.places.range(use.span)) for use in wanted]

    def highlight(self, document: Document, params: Any) -> Any:
        """The uses of a name, for marking."""
        found = self.use(document, params)
        if found is None:
            return None
        return [types.DocumentHighlight(found.places.range(use.span)) for use in found.uses()]

    def prepare(self, document: Document, params: Any) -> Any:
        """Whether a name can be changed."""
        reading = document.reading
        places = self.session.places(reading)
        try:
            use = renaming.renamable(reading, *places.read(params.position))
        except renaming.CannotRenameError as error:
            raise protocol.refused(str(error)) from error
        return places.range(use.span)

    def rename(self, document: Document, params: Any) -> Any:
        """Change a name everywhere."""
        reading = document.reading
        places = self.session.places(reading)
        try:
            edits = renaming.rename(reading, *places.read(params.position), params.new_name)
        except renaming.CannotRenameError as error:
            raise protocol.refused(str(error)) from error
        return places.changes(edits, params.text_document.uri)

"""What the server answers about a text: hints, hover, completion, actions, outline, totals."""

from typing import Any

from lsprotocol import types

from convcalc.editor.actions import actions, fix_all
from convcalc.editor.completion import proposals
from convcalc.editor.documents import Document
from convcalc.editor.hints import hints
from convcalc.editor.hover import hover
from convcalc.editor.outline import folds, outline, totals
from convcalc.editor.session import Session

#: The kinds of code actions: those about lines, and the one about the text, for saving.
QUICK_FIX, FIX_ALL = types.CodeActionKind.QuickFix.value, "source.fixAll.convcalc"


class Answers:
    """The requests about lines and whole texts, each with the text that it is about."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def hint(self, document: Document, params: Any) -> Any:
        """The text at the end of each line."""
        reading = document.reading
        places = self.session.places(reading)
        first, last = params.range.start.line + 1, params.range.end.line + 1
        found = hints(reading, document.good)
        return [places.hint(hint) for hint in found if first <= hint.line <= last]

    def hover(self, document: Document, params: Any) -> Any:
        """What is under the pointer."""
        reading = document.legible
        places = self.session.places(reading)
        line, column = places.read(params.position)
        found = hover(reading, line, column) if document.same(line) else None
        return None if found is None else places.hover(found)

    def complete(self, document: Document, params: Any) -> Any:
        """What can be typed."""
        reading = document.reading
        places = self.session.places(reading)
        at = places.read(params.position)
        found = proposals(reading, document.good, *at)
        return places.completions(found, self.session.snippets)

    def act(self, document: Document, params: Any) -> Any:
        """What can be done about some lines. Repairs are tried: it may take a second."""
        reading = document.reading
        places = self.session.places(reading)
        first, last = params.range.start.line + 1, params.range.end.line + 1
        uri = params.text_document.uri
        only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
        found: list[Any] = []
        if _asked(QUICK_FIX, only):
            given = actions(reading, first, last)
            found = [places.action(one, reading, uri, QUICK_FIX) for one in given]
        everything = fix_all(reading) if only and _asked(FIX_ALL, only) else None
        if everything is not None:
            found.append(places.action(everything, reading, uri, FIX_ALL))
        return found

    def outline(self, document: Document, params: Any) -> Any:
        """The sections, blocks and layers."""
        reading = document.legible
        places = self.session.places(reading)
        return [places.symbol(item) for item in outline(reading)]

    def fold(self, document: Document, params: Any) -> Any:
        """What can be folded."""
        found = folds(document.legible)
        return [types.FoldingRange(first - 1, last - 1) for first, last in found]

    def lens(self, document: Document, params: Any) -> Any:
        """The totals, above the text."""
        nowhere = types.Range(types.Position(0, 0), types.Position(0, 0))
        reading = document.reading
        source = reading if reading.whole else document.good
        texts = [] if source is None else totals(source)
        if source is not None and source is not reading:
            texts = [f"before this fault: {text}" for text in texts]
        return [types.CodeLens(nowhere, types.Command(text, "")) for text in texts]


def _asked(kind: str, only: list[str]) -> bool:
    """Whether an editor asks for a kind: for all kinds, or for one that it is a part of."""
    return not only or any(f"{kind}.".startswith(f"{one}.") for one in only if one)

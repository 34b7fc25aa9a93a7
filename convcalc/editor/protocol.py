"""Our records as the protocol's, with places in the units that the editor counts in."""

from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidRequest

from convcalc.editor.actions import Action
from convcalc.editor.completion import BLOCK, FORMULA, KEY, KIND, NAME, VALUE, Proposals
from convcalc.editor.hints import Hint
from convcalc.editor.hover import Hover
from convcalc.editor.outline import OutlineItem
from convcalc.editor.positions import Lines
from convcalc.editor.reading import Reading
from convcalc.findings import Finding, Related, Severity, Span
from convcalc.spec.edit import Edit

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
_UNUSED = frozenset({"CC120", "CC124"})
_KINDS = {
    KIND: types.CompletionItemKind.Class,
    BLOCK: types.CompletionItemKind.Function,
    KEY: types.CompletionItemKind.Property,
    VALUE: types.CompletionItemKind.EnumMember,
    NAME: types.CompletionItemKind.Reference,
    FORMULA: types.CompletionItemKind.Variable,
}
_SYMBOLS = {
    "section": types.SymbolKind.Namespace,
    "block": types.SymbolKind.Function,
    "variable": types.SymbolKind.Variable,
    "layer": types.SymbolKind.Object,
}


def refused(message: str) -> Exception:
    """What an editor shows where a request has no answer."""
    error: Exception = JsonRpcInvalidRequest(message)
    return error


def diagnostics(reading: Reading, uri: str, places: "Places") -> list[Any]:
    """What `check` finds, as an editor shows it."""
    if reading.refusal:
        return [types.Diagnostic(places.first_line(), reading.refusal, source="convcalc")]
    return [places.diagnostic(finding, uri) for finding in reading.findings]


class Places:
    """One text's places in one editor's units."""

    def __init__(self, lines: Lines, units: str) -> None:
        self.lines = lines
        self.units = units

    def read(self, position: Any) -> tuple[int, int]:
        """Line and column, from 1, of an editor's position."""
        return self.lines.from_editor(position.line, position.character, self.units)

    def position(self, line: int, column: int) -> Any:
        """An editor's position."""
        return types.Position(*self.lines.to_editor(line, column, self.units))

    def range(self, span: Span) -> Any:
        """An editor's range."""
        return types.Range(self.position(*span[:2]), self.position(*span[2:]))

    def first_line(self) -> Any:
        """Where a remark without a place is shown."""
        return self.range(Span(1, 1, 1, len(self.lines.line(1)) + 1))

    def diagnostic(self, finding: Finding, uri: str) -> Any:
        """A finding; its help is in the message."""
        text = "\n".join([finding.message, *(f"help: {help}" for help in finding.help)])
        return types.Diagnostic(
            self.range(finding.span) if finding.span else self.first_line(),
            text,
            _SEVERITIES[finding.severity],
            finding.code,
            source="convcalc",
            tags=[types.DiagnosticTag.Unnecessary] if finding.code in _UNUSED else None,
            related_information=[self.related(one, uri) for one in finding.related] or None,
        )

    def related(self, one: Related, uri: str) -> Any:
        """A second place of a finding."""
        return types.DiagnosticRelatedInformation(
            types.Location(uri, self.range(one.span)), one.message
        )

    def hint(self, hint: Hint) -> Any:
        """A hint, at the end of its line."""
        end = self.lines.end(hint.line)
        return types.InlayHint(
            self.position(*end[:2]),
            hint.text,
            types.InlayHintKind.Type,
            tooltip=hint.tip or None,
            padding_left=True,
        )

    def hover(self, found: Hover) -> Any:
        """Markdown about a range."""
        text = types.MarkupContent(types.MarkupKind.Markdown, found.text)
        return types.Hover(text, self.range(found.span))

    def completions(self, found: Proposals, snippets: bool) -> Any:
        """What can be typed, in its order."""
        where, formats = self.range(found.span), types.InsertTextFormat
        items = [
            types.CompletionItem(
                one.label,
                kind=_KINDS[one.sort],
                detail=one.detail or None,
                documentation=one.doc or None,
                sort_text=f"{number:04}",
                filter_text=one.text if one.text[:1] == "=" else one.label,
                insert_text_format=formats.Snippet if snippets and one.snippet else None,
                text_edit=types.TextEdit(where, (snippets and one.snippet) or one.text),
            )
            for number, one in enumerate(found.found)
        ]
        return types.CompletionList(False, items)

    def changes(self, edits: tuple[Edit, ...], uri: str) -> Any:
        """Edits of a text."""
        found = []
        for edit in edits:
            start = self.position(*self.lines.place(edit.start))
            end = self.position(*self.lines.place(edit.end))
            found.append(types.TextEdit(types.Range(start, end), edit.text))
        return types.WorkspaceEdit({uri: found})

    def action(self, action: Action, reading: Reading, uri: str, kind: str) -> Any:
        """A change with its title."""
        return types.CodeAction(
            action.title,
            kind,
            [self.diagnostic(finding, uri) for finding in action.findings] or None,
            action.preferred or None,
            edit=self.changes(action.edits, uri),
        )

    def symbol(self, item: OutlineItem) -> Any:
        """An item of the outline, with what is in it."""
        return types.DocumentSymbol(
            item.name,
            _SYMBOLS[item.sort],
            self.range(item.span),
            self.range(item.word),
            item.detail or None,
            children=[self.symbol(one) for one in item.below],
        )

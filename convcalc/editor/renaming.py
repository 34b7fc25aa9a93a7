"""Rename: every use of a layer, block or variable, kept only if the engine reads the same net."""

from collections.abc import Iterator

from convcalc.editor.reading import Reading
from convcalc.editor.symbols.record import BLOCK, LAYER, Symbol, Symbols, Use
from convcalc.findings import Finding, Severity, Span
from convcalc.layers.base import Layer
from convcalc.layers.words import Reference
from convcalc.memory.segments_named import SegmentError, spans
from convcalc.network.record import Network
from convcalc.spec.edit import Edit, Editor
from convcalc.spec.names import before_number


class CannotRenameError(Exception):
    """A name that cannot be changed so; the message says why."""


def renamable(reading: Reading, line: int, column: int) -> Use:
    """The name at a place.

    Raises:
        CannotRenameError: there is none, or the text does not give it.
    """
    use = reading.symbols.at(line, column)
    if use is None:
        raise CannotRenameError("there is no layer, block or variable here")
    if use.symbol.sort == LAYER and not use.symbol.name:
        raise CannotRenameError("its name is automatic: give it one with `name:` beside its kind")
    return use


def rename(reading: Reading, line: int, column: int, name: str) -> tuple[Edit, ...]:
    """The edits that give the thing at a place another name.

    Raises:
        CannotRenameError: there is nothing to rename, or the net would not be the same.
    """
    use = renamable(reading, line, column)
    if reading.outcome is None:
        raise CannotRenameError(reading.refusal)
    source = reading.outcome.network.source
    editor = Editor(source)
    edits = []
    for span, old, new in _places(reading.symbols, use.symbol, name):
        start = editor.offset(span.line, span.column)
        end = editor.offset(span.end_line, span.end_column)
        if editor.text[start:end] != old:  # in quotes
            start, end = start + 1, end - 1
        if editor.text[start:end] != old:
            raise CannotRenameError(f"line {span.line} writes it in another way")
        edits.append(Edit(start, end, new))
    again = Reading(source.path, editor.apply(edits), reading.wishes)
    _same(reading, again, name)
    return tuple(edits)


def _places(symbols: Symbols, symbol: Symbol, name: str) -> Iterator[tuple[Span, str, str]]:
    """Where to put what in the place of what: a block's calls have automatic names after it."""
    uses = symbols.of(symbol)
    for use in uses:
        yield use.span, symbol.name, name
    words = {use.span for use in uses} if symbol.sort == BLOCK else set()
    defined = (use for use in symbols.uses if use.defines and use.span in words)
    calls = {use.symbol for use in defined if use.symbol.sort == LAYER and not use.symbol.name}
    old, new = before_number(symbol.name), before_number(name)
    for use in symbols.uses:
        if use.symbol in calls and not use.defines:  # up1, of the block up
            line, column, *_ = use.span
            yield Span(line, column, line, column + len(old)), old, new


def _same(before: Reading, after: Reading, name: str) -> None:
    """Raise unless the net is the same but for its names, and nothing new is wrong."""
    new = _new_error(before.findings, after.findings)
    if new is not None:
        raise CannotRenameError(f"{name!r}: {new.message}")
    assert before.outcome is not None, "it was read"
    if (
        after.outcome is None
        or before.symbols.bindings() != after.symbols.bindings()
        or _face(before.outcome.network) != _face(after.outcome.network)
    ):
        raise CannotRenameError(f"with {name!r} it would be another net")


def _new_error(before: tuple[Finding, ...], after: tuple[Finding, ...]) -> Finding | None:
    """The first error of a kind that was not there, or not so often."""
    left = [f.code for f in before if f.severity is Severity.ERROR]
    for finding in after:
        if finding.severity is not Severity.ERROR:
            continue
        if finding.code not in left:
            return finding
        left.remove(finding.code)
    return None


def _face(network: Network) -> list[object]:
    """What a net is, whatever its layers are called."""
    steps = [
        (step.kind, _options(step.layer), step.inputs, step.like, step.shares, step.checkpoint)
        for step in network.steps
    ]
    return [*steps, network.returned, network.outputs, _segments(network)]


def _options(layer: Layer | None) -> dict[str, object] | None:
    """A layer's options but for names of other layers, which its step has by number."""
    if layer is None:
        return None
    named = {one.key for one in layer.options() if isinstance(one, Reference)}
    return {word: value for word, value in vars(layer).items() if word not in named}


def _segments(network: Network) -> tuple[tuple[int, int], ...]:
    """The stretches of layers that a budget checkpoints."""
    stated = next((one.value for one in network.budget if one.key == "checkpoint"), "")
    try:
        return spans(network, str(stated)) if stated else ()
    except SegmentError:
        return ()

"""What is shown where the pointer rests: a layer's arithmetic, or the page of a word."""

import re
from typing import NamedTuple

from convcalc.analysis.record import Row
from convcalc.editor.cursor import Spot, spot
from convcalc.editor.positions import first_word
from convcalc.editor.reading import Reading
from convcalc.editor.symbols.record import BLOCK, LAYER, Use
from convcalc.editor.words import beside, sections
from convcalc.explain import lookup
from convcalc.explain.kind import kind as kind_page
from convcalc.explain.layer import explain_layer
from convcalc.findings import CODES, Span
from convcalc.layers import BY_NAME
from convcalc.network.place import Mark
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.units import count
from convcalc.report.explain.markdown import markdown
from convcalc.report.explain.text import explanation_text
from convcalc.shapes import written
from convcalc.tree.nodes import Node, Scalar

_WIDTH = 88
_CALLS = 12  #: calls of a block that are listed
_CODE = re.compile(r"CC[0-9]{3}")


class Hover(NamedTuple):
    """Markdown about a stretch of the text."""

    text: str
    span: Span


def hover(reading: Reading, line: int, column: int) -> Hover | None:
    """What there is to say about a place; None for nothing."""
    text = reading.lines.line(line)
    for match in _CODE.finditer(text):
        if match.start() < column <= match.end() + 1 and match[0] in CODES:
            page = lookup.code(match[0])
            span = Span(line, match.start() + 1, line, match.end() + 1)
            return None if page is None else Hover(markdown(page), span)
    column = max(column, first_word(text) + 1)  # before the word is at the word
    use = reading.symbols.at(line, column)
    if use is not None:
        if use.symbol.sort == LAYER:
            return _layer(reading, use.symbol.start, use.span)
        return _defined(reading, use)
    here = spot(reading.root, line, column)
    if here is None:
        return None
    return _layer_at(reading, here) or _option(here) or _key(here)


def _layer_at(reading: Reading, here: Spot) -> Hover | None:
    """The layer of an entry whose kind is pointed at."""
    if here.is_key or here.key is None:
        found = _layer(reading, here.node.start, here.node.span)
        if found is not None:
            return found
    word = here.word
    page = kind_page(word) if word in BY_NAME else None
    return None if page is None else Hover(markdown(page), here.node.span)


def _layer(reading: Reading, start: int, span: Span) -> Hover | None:
    """The arithmetic of the layer whose kind is at a place."""
    if reading.outcome is None:
        return None
    analysis = reading.outcome.analysis
    found = [i for i, row in enumerate(analysis.rows) if _is_at(row.step.place.kind, start)]
    if not found:
        return _calls(reading, start, span)
    explained = explanation_text(explain_layer(analysis, found[0]), Palette(width=_WIDTH))
    text = f"```text\n{explained}```\n"
    others = [analysis.rows[index].step.name for index in found[1:]]
    if others:
        more = f" and {len(others) - 8} more" if len(others) > 8 else ""
        text += f"\nalso made by this line: {', '.join(others[:8])}{more}\n"
    page = kind_page(analysis.rows[found[0]].step.kind)
    if page is not None:
        text += f"\n---\n\n{markdown(page)}"
    return Hover(text, span)


def _is_at(mark: Mark | None, start: int) -> bool:
    return isinstance(mark, Node) and mark.start == start


def _calls(reading: Reading, start: int, span: Span) -> Hover | None:
    """What each call of a block makes and costs, where a call is at the place."""
    assert reading.outcome is not None, "it has layers"
    calls: dict[str, list[Row]] = {}
    block = ""
    for row in reading.outcome.analysis.rows:
        step = row.step
        for up, mark in enumerate(step.place.calls, 1):
            if _is_at(mark, start) and isinstance(mark, Scalar):
                calls.setdefault(step.units[len(step.units) - up], []).append(row)
                block = mark.text
    if not calls:
        return None
    lines = []
    for name, rows in [*calls.items()][:_CALLS]:
        params, macs = [row.params for row in rows], [row.macs for row in rows]
        costs = [f"{len(rows)} layers"]
        if None not in params and None not in macs:
            costs.append(f"{count(sum(n or 0 for n in params))} params")
            costs.append(f"{count(sum(n or 0 for n in macs))} MACs")
        output = rows[-1].step.output
        lines.append(f"{name}  {written(output) if output else '?'}  {', '.join(costs)}")
    if len(calls) > _CALLS:
        lines.append(f"and {len(calls) - _CALLS} more")
    uses = [use for use in reading.symbols.uses if use.defines and use.symbol.name == block]
    where = next((f", line {use.span.line}" for use in uses if use.symbol.sort == BLOCK), "")
    return Hover("\n".join([f"block {block}{where}", "", "```text", *lines, "```", ""]), span)


def _option(here: Spot) -> Hover | None:
    """The declaration of an option, at its name or its value."""
    layer = BY_NAME.get(here.parent) if here.parent in BY_NAME else None
    word = here.word if here.is_key else here.key
    if layer is None or word is None:
        return None
    for option in layer.options():
        if word in (option.key, option.letter) and word:
            needed = "required" if option.required else ""
            head = f"**{option.key}** of {layer.kind}: {option.wants}"
            return Hover("\n\n".join(filter(None, (head, option.doc, needed))), here.node.span)
    return None


def _key(here: Spot) -> Hover | None:
    """What a section is, or a key beside a layer's kind."""
    known = beside() if here.keys else sections()
    said = known.get(here.word, "") if here.is_key else ""
    return Hover(f"**{here.word}**: {said}", here.node.span) if said else None


def _defined(reading: Reading, use: Use) -> Hover | None:
    """Where a variable, an argument or a block is defined, as it is written there."""
    found = reading.symbols.definition(use.symbol)
    if found is None:
        return None
    if use.symbol.sort == BLOCK and not use.defines:
        called = _calls(reading, _start(use.span), use.span)
        if called is not None:
            return called
    what = f"argument of {use.symbol.scope}" if use.symbol.scope else use.symbol.sort
    words = reading.lines.line(found.span.line).strip()
    return Hover(f"{what}, line {found.span.line}\n\n```yaml\n{words}\n```\n", use.span)


def _start(span: Span) -> int:
    """The place of a node as a tree keeps it."""
    return (span.line - 1) << 32 | (span.column - 1)

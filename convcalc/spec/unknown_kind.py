"""An entry whose word is no kind, short form or block: reported, with what it may mean.

Imported only where something is wrong.
"""

from collections.abc import Container
from typing import TYPE_CHECKING

from convcalc.findings import plain
from convcalc.spec import (
    arriving,
    block_calls,
    chomped,
    formula_forms,
    hints,
    inputs,
    layer_as_value,
    multiplied,
    numbered,
    type_beside,
)
from convcalc.spec.as_text import text_of
from convcalc.spec.by_number import of_darknet
from convcalc.spec.called import kind_of
from convcalc.spec.context import Context, Entry, is_empty
from convcalc.spec.foreign import entries as foreign
from convcalc.spec.misplaced import in_one_line
from convcalc.spec.nearforms import in_pattern
from convcalc.spec.passed import as_argument
from convcalc.spec.too_deep import in_short_form, kept, of_another_tool
from convcalc.spec.typed import name_as_key
from convcalc.spec.values import is_passed
from convcalc.tree.nodes import Mapping, Marked, Passed, Scalar

if TYPE_CHECKING:
    from convcalc.spec.steps import Steps


def probable(steps: "Steps", word: str) -> str:
    """The kind that a word which is none probably means; names after it count on."""
    steps.names.unread += len(word.split())
    return kind_of(word, steps.words_with_options) or word


def unknown_kind(steps: "Steps", entry: Entry, context: Context, at: int, short: bool) -> str:
    """Report a word that is no kind, short form or block; gives the kind that it may mean."""
    if short:
        return in_short_form(entry, steps.graph.steps[at], steps.remarks, context.calls)
    if entry.value is None and is_empty(entry.at):
        help: tuple[str, ...] = ("write a layer after the `- `, or remove it",)
        steps.remarks.error("CC019", "an empty entry", entry.at, "", help, calls=context.calls)
        return entry.kind
    help = ()
    if steps.remarks.helps:
        deep, rest = of_another_tool(entry, steps.remarks, context.calls)
        help = kept(_help(steps, rest, context, at), deep)
    text = f"unknown layer kind {plain(entry.kind)!r}"
    steps.remarks.error("CC011", text, entry.at, "unknown", help, calls=context.calls)
    return probable(steps, entry.kind)


def _help(steps: "Steps", entry: Entry, context: Context, at: int) -> tuple[str, ...]:
    """What to type for an entry whose word is no kind, short form or block."""
    word, value, step = entry.kind, entry.value, steps.graph.steps[at]
    if help := type_beside.alone(word, value, steps.blocks):
        return help
    if help := inputs.as_layer(word, value, step):
        return help
    if help := layer_as_value.help(word, value, step, entry.beside, steps.blocks):
        return arriving.at_once(entry, help)
    if help := numbered.help(word, value, step, entry.beside, steps.graph.steps):
        return arriving.at_once(entry, help)
    if steps.names.find(context.frame, word) is not None:
        return (f"{plain(word)} is a layer's name: a merge reads layers by name with "
                f"`from: [{plain(word)}, ...]` beside it",)  # fmt: skip
    names = steps.words_with_options if isinstance(value, Mapping) else steps.words
    suggest, shape = steps.remarks.suggest, step.output
    scope = entry.at.scope if isinstance(entry.at, Passed) else context.variables
    if value is None and is_passed(word, scope):
        return (f"did you mean `={plain(word)}`?",)
    help = of_darknet(word, value, *steps.by_number(context, at))
    help = help or chomped.help(word, value, shape)
    if word == "layers":
        times = entry.beside.get("times")
        if times is None and "when" in entry.beside:
            return (
                "layers under one `when` stand inside `repeat: {times: 1, layers: [...]}`, with "
                "the `when` beside it",
            )
        number = plain(text_of(times)) if isinstance(times, Scalar) else "2"
        return (
            f"layers that are repeated stand inside `repeat: {{times: {number}, layers: [...]}}`",
        )
    help = help or in_one_line(word, value, steps.words.set)
    help = help or _call(entry, steps, scope) or name_as_key(word, value, step)
    help = help or formula_forms.help(entry, context.variables, shape)
    help = help or foreign.help(word, value, step)
    help = help or hints.kind(word, value, names, suggest, shape)
    help = arriving.at_once(entry, arriving.in_graph(word, steps.graph, at, help, value))
    if isinstance(entry.at, Passed):
        return as_argument(word, help, entry.at.bare)
    return in_pattern(word, help, suggest) if isinstance(entry.at, Marked) else help


def _call(entry: Entry, steps: "Steps", scope: Container[str]) -> tuple[str, ...]:
    """What to type for a call of a block, or calls that are repeated; () for others."""
    word, blocks = entry.kind, steps.blocks
    if entry.value is not None:
        help = (
            type_beside.alone(word, entry.value, blocks)
            or block_calls.beside(entry, blocks, scope)
            or block_calls.joined(entry, blocks, scope)
        )
        if help:
            return help
    help = multiplied.help(word, steps.graph.steps[0], blocks, scope)[::-1]
    return help or block_calls.help(word, blocks, scope)

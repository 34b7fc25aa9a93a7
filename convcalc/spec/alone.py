"""A value alone where a kind's options were expected: ``- dropout: 0.5``."""

import re
from typing import Any

from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.layers.option import Option, Value
from convcalc.network.record import Step
from convcalc.spec.hints import missing, missing_space, text_of
from convcalc.spec.shortforms import expand
from convcalc.spec.truth import truth
from convcalc.spec.viewed import help as view_help
from convcalc.spec.viewed import numbers
from convcalc.tree.nodes import Node, Scalar, Sequence
from convcalc.tree.scalars import AmbiguousError, resolve


def is_only_taker(kind: str, key: str, text: str) -> bool:
    """Whether a value alone can mean one option only: the required one, or the only one."""
    options, value = BY_NAME[kind].options(), _value(Scalar(text, 0))
    required = [option.key for option in options if option.required]
    takers = [option.key for option in options if option.takes(value)]
    return key in takers and [key] in (required, takers)


def bare_value(
    kind: str,
    options: tuple[Option[Any], ...],
    node: Node,
    above: str = "",
    step: Step | None = None,
) -> tuple[str, ...]:
    """``- dropout: 0.5``: the option that takes the value, the required ones asked first.

    `step` is what arrives, `above` its name, '' where it has none that can be written.
    """
    if BY_NAME[kind].merges:
        return _merge(kind, node, above)
    if isinstance(node, Scalar) and not node.plain and ": " in node.text:
        return (f"remove the quotes, and write braces: `{kind}: {{{plain(node.text)}}}`",)
    spaced = missing_space(node.text) if isinstance(node, Scalar) else ()
    if spaced:
        return spaced
    there, got = truth(node), text_of(node)
    if there is False:
        return (f"leave out `{kind}: {got}`: every entry is a layer",)
    required = [option.key for option in options if option.required]
    if there and required:
        (sample,) = missing(BY_NAME[kind], required, False)
        return (f"it needs {' and '.join(required)}: {sample.removeprefix('write ')}",)
    if there:
        return (f"write `{kind}` in place of `{kind}: {got}`",)
    if not options:
        return (f"`- {kind}`",)
    if kind == "reshape" and -1 in numbers(node):
        (help,) = view_help(numbers(node), step)
        if help.startswith("did you mean"):
            return (f"write `flatten` in place of `reshape: {got}`",)
        return (re.sub("`(shape: [0-9x]+)`", r"`reshape: {\1}`", help),)
    if isinstance(node, Scalar) and (given := numbers(node)) and node.text[:1] == "(":
        got = f"[{', '.join(map(str, given))}]"
        node = Sequence(node.start)
        node.items = [Scalar(str(number), node.start) for number in given]
    value = _value(node)
    if isinstance(node, Sequence) and required == ["filters", "kernel"] and len(node.items) == 2:
        filters, kernel = map(text_of, node.items)
        return (f"write `{kind}: {{filters: {filters}, kernel: {kernel}}}`",)

    if kind == "slice" and isinstance(node, Sequence) and len(node.items) == 2:
        start, stop = map(text_of, node.items)
        return (f"write `slice: {{start: {start}, stop: {stop}}}`",)
    if kind == "crop":
        cut, kept = f"`crop: {{sides: {got}}}`", f"`crop: {{size: {got}}}`"
        return (f"{cut} cuts so much from every side, {kept} keeps so much",)
    if kind.endswith("_norm") and not required and isinstance(value, int) and step is not None:
        if step.output is not None and step.output[-1] == value:
            return (f"write `{kind}` in place of `{kind}: {got}`",)
        arrives = f" are {step.output[-1]:,}" if step.output else ""
        return (f"write `- {kind}`: the channels that arrive{arrives or ' are known'}",)

    def rank(option: Option[Any]) -> tuple[bool, bool]:
        return value not in getattr(option, "words", ()), not option.required

    for option in sorted(options, key=rank):
        if option.takes(value):
            further = [key for key in required if key != option.key]
            (sample,) = missing(BY_NAME[kind], further, True) if further else ("",)
            more = f", {sample.removeprefix('add `').rstrip('`')}" if sample else ""
            return (f"write `{kind}: {{{option.key}: {got}{more}}}`",)
    return (f"{kind} takes {', '.join(option.key for option in options)}",)


def _merge(kind: str, node: Node, above: str) -> tuple[str, ...]:
    """``- concat: [d3]``: names that belong to `from`, with the layer above where one is alone."""
    items = node.items if isinstance(node, Sequence) else [node]
    names = [item.text for item in items if isinstance(item, Scalar)]
    if not names or truth(node) is not None or any(w in BY_NAME or expand(w) for w in names):
        return (f"`{kind}: {{branches: [...]}}`",)
    names = [above if above and name == "-1" else plain(name) for name in names]
    if len(names) == 1 and not above:
        also = f"`from: [that name, {names[0]}]`"
        return (f"give the layer above a `name:`, and write {also} beside `{kind}:`",)
    both = names if above in names else [above, *names]
    if len(names) == 1:
        names = both
    help = f"write `from: [{', '.join(names)}]` on its own line below `{kind}:`"
    if above and names != both:
        return help, f"or `from: [{', '.join(both)}]`, to read the layer above it too"
    return (help,)


def _value(node: Node) -> Value:
    if isinstance(node, Sequence):
        return tuple(_value(item) for item in node.items)
    text = node.text if isinstance(node, Scalar) else ""
    if text[:1] == "=":
        return 1  # what a formula makes is a number
    try:
        return resolve(text)
    except AmbiguousError:
        return text

"""Layers that other tools give as options of another: what to type for them, and where.

Imported only where something is wrong.
"""

import re
from collections.abc import Mapping

from convcalc import dialects
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.spec.as_text import text_of
from convcalc.spec.called import activation_of
from convcalc.spec.shortforms import expand
from convcalc.spec.truth import absent, truth
from convcalc.spec.values import IN_CHANNELS
from convcalc.tree.nodes import Node, Scalar

#: layers that builders of other code take as options of a convolution
_SEPARATE = ("batch_norm", "relu", "dropout", "softmax")


def separate(word: str, value: Node) -> tuple[str, ...]:
    """``batch_norm: true`` in the options of a conv or beside it, or ``dropout: 0.5``."""
    layer = dialects.kind(word.lower().removeprefix("use_"), BY_NAME)
    if layer not in _SEPARATE:
        return ()
    if absent(value):
        return (f"leave out `{plain(word)}`: a layer that is not there needs no word for it",)
    entry = f"- {layer}"
    if layer == "dropout" and re.fullmatch(r"0?\.[0-9]+", rate := text_of(value)):
        entry = f"- dropout: {{rate: {rate}}}"
    return (f"{layer} is a separate layer: `{entry}` on the next line",)


def activation(word: str, value: Node) -> tuple[str, ...]:
    """``activation: relu``, an option in other tools."""
    if word.lower() not in {"activation", "act", "nonlinearity"}:
        return ()
    if absent(value):
        return (f"leave out `{plain(word)}`: a layer without an activation needs no word for it",)
    name = activation_of(text_of(value)) if isinstance(value, Scalar) else ""
    if not name and truth(value):
        return ("an activation is a separate layer, such as `- relu` on the next line",)
    if not name:
        return ("an activation is a separate layer: `convcalc list --kinds` names the kinds",)
    return (f"an activation is a separate layer: `- {name}` on the next line",)


_NEXT = re.compile(r"(.* is a separate layer|a layer before it pads so): `- ([^`]+)`(.*)")


def placed(
    help: tuple[str, ...], kind: str, beside: Mapping[str, Node], alone: bool
) -> tuple[str, ...]:
    """The help for an entry with keys `beside` its kind, `alone` where it is a whole branch.

    A layer on the next line would follow the last of several copies only; on the next line of a
    branch another branch would stand.

    >>> told = ("relu is a separate layer: `- relu` on the next line",)
    >>> placed(told, "conv", {}, True)
    ('relu is a separate layer: make a list of both, `[conv: {...}, relu]`',)
    >>> placed(told, "conv", {"times": Scalar("2", 0)}, False)[0].partition(": ")[2]
    'with `times`, write `repeat: {times: 2, layers: [conv: {...}, relu]}`'
    """
    return tuple(_placed(line, kind, beside, alone) for line in help)


def _placed(line: str, kind: str, beside: Mapping[str, Node], alone: bool) -> str:
    match = _NEXT.match(line)
    if match is None:
        return line
    why, layer, rest = match.groups()
    word = plain(kind)
    both = [word if expand(kind) else f"{word}: {{...}}", layer]
    before = why.startswith("a layer before")
    if before:
        both.reverse()
    when = text_of(beside["when"]) if "when" in beside else ""
    listed = ", ".join(both)
    if "times" in beside:
        times = text_of(beside["times"])
        return f"{why}: with `times`, write `repeat: {{times: {times}, layers: [{listed}]}}`"
    if when and (alone or IN_CHANNELS in when):
        return f"{why}: with this `when`, write `repeat: {{times: 1, layers: [{listed}]}}`"
    if alone:
        return f"{why}: make a list of both, `[{listed}]`"
    also = [rest]
    if when:
        also.append("with the same `when`")
    if before and "from" in beside:
        also.append(f"and `from: {text_of(beside['from'])}` below it instead of here")
    if not before and "name" in beside:
        also.append(f"and `name: {text_of(beside['name'])}` below it if a `from` reads it")
    return f"{why}: `- {layer}`{', '.join(also)}"


_CALLED = re.compile(r"write `- ([^`]+)` and on the next line `- ([^`]+)`\Z")
_WORDS = re.compile(r"did you mean `([\w-]+) ([\w-]+)`[?]\Z")


def in_entry(help: tuple[str, ...], beside: Mapping[str, Node]) -> tuple[str, ...]:
    """The help for a call that stands for two layers, where keys are beside it: no pattern has any.

    >>> in_entry(("did you mean `conv3-8 relu`?",), {"times": Scalar("2", 0)})
    ('write `repeat: {times: 2, layers: [conv3-8, relu]}` in its place',)
    """
    match = next(
        (found for h in help[:1] for p in (_CALLED, _WORDS) if (found := p.match(h))), None
    )
    if match is None or beside.keys().isdisjoint({"times", "when", "name"}):
        return help
    one, other = match.groups()
    when = text_of(beside["when"]) if "when" in beside else ""
    times = text_of(beside["times"]) if "times" in beside else "1"
    if "times" in beside or IN_CHANNELS in when:
        return (f"write `repeat: {{times: {times}, layers: [{one}, {other}]}}` in its place",)
    keys = ["the same `when`"] if when else []
    keys += [f"`name: {text_of(beside['name'])}`"] if "name" in beside else []
    return (f"write `- {one}`, and on the next line `- {other}` with {' and '.join(keys)}",)

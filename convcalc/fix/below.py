"""Layers on the lines below an entry, in its layout."""

import re

from convcalc.spec.edit import Edit, Editor
from convcalc.spec.values import IN_CHANNELS
from convcalc.tree.nodes import Mapping, Node, Scalar


def below(
    editor: Editor, items: Node, item: Mapping, layers: tuple[str, ...], comment: str
) -> Edit | None:
    """Layers after an entry of a list, under its condition; None where that is not the same.

    Args:
        editor: knows the text.
        items: the list.
        item: the entry; only what it says itself has to be as before.
        layers: as entries of a list.
        comment: what goes with the last of them, where it has a line.
    """
    when, name = item.get("when"), item.get("name")
    if name is not None and _is_read(editor, name):
        return None  # by those that mean what the last of the layers makes
    told = editor.written(when) if when is not None else ""
    if when is not None and (not isinstance(when, Scalar) or not {"#", "\n"}.isdisjoint(told)):
        return None
    if IN_CHANNELS in told:
        return None  # other channels arrive at the layers below
    text, start = editor.text, editor.start(item)
    if editor.is_flow(items):
        end = editor.end(item)
        return Edit(end, end, "".join(f", {_in_braces(layer, told)}" for layer in layers))
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if not re.fullmatch(r" *- +", line):
        return None
    newline = editor.newline()
    condition = f"{newline}{' ' * len(line)}when: {told}" if told else ""
    if told:
        layers = tuple(layer if ":" in layer else f"{layer}:" for layer in layers)
    lines = [f"{line.rstrip()} {layer}" for layer in layers]
    lines[-1] += comment
    entry = newline.join(f"{layer}{condition}" for layer in lines)
    end = text.find("\n", editor.end(item)) + 1  # the line may be one that is taken out
    if not end:
        return Edit(len(text), len(text), f"{newline}{entry}")
    return Edit(end, end, f"{entry}{newline}")


def comment_behind(editor: Editor, mapping: Mapping, value: Node) -> str:
    """The comment behind a value on a line of its own, with the spaces before it."""
    text, end = editor.text, editor.end(value)
    rest = text[end : text.find("\n", end) % (len(text) + 1)].rstrip()
    return rest if rest.lstrip()[:1] == "#" and not editor.is_flow(mapping) else ""


def _in_braces(layer: str, when: str) -> str:
    """A layer as an entry of a list in brackets."""
    if when:
        layer = f"{layer}, when: {when}" if ": " in layer else f"{layer}: , when: {when}"
    return f"{{{layer}}}" if ": " in layer else layer


def _is_read(editor: Editor, name: Node) -> bool:
    """Whether a name may be read anywhere else in the file."""
    text = name.text if isinstance(name, Scalar) else ""
    return not text or len(re.findall(rf"(?<!\w){re.escape(text)}(?!\w)", editor.text)) > 1

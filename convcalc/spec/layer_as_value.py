"""Entries whose value is a layer of its own: ``pool1: maxpool2``, ``fc1: {fc: 10}``.

The key is the layer's name, as other files and printed nets have it, also where it could be read as
a short form. Imported only where something is wrong.
"""

import re
from collections.abc import Container

from convcalc import dialects
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.network.graph import is_name
from convcalc.network.record import Step
from convcalc.spec.alone import bare_value, is_only_taker
from convcalc.spec.as_text import text_of
from convcalc.spec.foreign import entries
from convcalc.spec.foreign.asked import NotCertainError
from convcalc.spec.other_layers import layer_of_another_tool
from convcalc.spec.shortforms import expand
from convcalc.spec.truth import truth
from convcalc.spec.typed import NAMED, WORDS, name_as_key, needed
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

_NUMBERED = re.compile(r"([A-Za-z][A-Za-z_]*?)[-_.]?[0-9][\w.-]*\Z", re.ASCII)
_ENTRY = re.compile(r"write `((\w+): \{(\w+): ([^{}]+)\})`\Z")
_MEANT = re.compile(r"did you mean `([^`]+)`\?\Z")
#: keys that are no names: they are answered for themselves
_OTHERS = frozenset({*WORDS, "as", "layers", "return"})
#: kinds that are options elsewhere: ``up1: {scale: 2}`` is no layer of its own
_OPTIONS = frozenset(option.key for kind in BY_NAME.values() for option in kind.options())


def help(
    word: str, value: Node | None, step: Step, beside: Container[str], blocks: Container[str] = ()
) -> tuple[str, ...]:
    """What to type for a key whose value is a layer of its own; () for any other entry.

    Args:
        word: the key.
        value: what is behind it.
        step: what arrives.
        beside: the keys beside it.
        blocks: the blocks of the file.
    """
    if value is None or word.lower() in _OTHERS or not is_name(word) or word.isdigit():
        return ()
    if isinstance(value, Sequence) and len(value.items) == 1:
        value = value.items[0]
    if not (layer := _layer(word, value, step, blocks)):
        return _called(word, value, step) or _unsized(word, value)
    kind = (expand(layer) or (layer.partition(":")[0],))[0]
    own = dialects.kind(word, BY_NAME)
    if (own and own not in kind and kind not in own) or layer_of_another_tool(word, value):
        return ()  # `skip: relu`, `Activation: relu`
    if "name" in beside:
        return (f"write `{plain(layer)}` in place of `{plain(word)}: {text_of(value)}`",)
    colon = "" if ":" in layer else ":"
    return (f"{NAMED}{plain(layer)}{colon}`, and `name: {plain(word)}` below it",)


def _called(word: str, value: Node, step: Step) -> tuple[str, ...]:
    """The same of a call of code, and of a mapping that has its kind among its options."""
    typed = isinstance(value, Mapping) and any(isinstance(value.get(w), Scalar) for w in WORDS)
    call = isinstance(value, Scalar) and "(" in value.text
    return name_as_key(word, value, step) if typed or call else ()


def _unsized(word: str, value: Node) -> tuple[str, ...]:
    """The same of a kind whose sizes are not said: ``pool1: MaxPool2D``."""
    kind = dialects.kind(value.text, BY_NAME) if isinstance(value, Scalar) else ""
    if not kind or kind not in dialects.kind(_stem(word), BY_NAME):
        return ()
    return tuple(f"the name stands below its layer, `name: {word}`: {line}"
                 for line in needed(kind))  # fmt: skip


def _stem(word: str) -> str:
    """A name without its number."""
    numbered = _NUMBERED.match(word)
    return numbered[1] if numbered else word


def _layer(word: str, value: Node, step: Step, blocks: Container[str]) -> str:
    """The entry that a value is; '' where it is none, or not certainly one."""
    if isinstance(value, Scalar):
        return _word(value.text, step, blocks)
    if not isinstance(value, Mapping) or len(value.entries) != 1:
        return ""
    ((key, (_, inner)),) = value.entries.items()
    if isinstance(inner, Scalar) and not inner.text:
        return _word(key, step, blocks)
    kind = dialects.kind(key, BY_NAME)
    same = dialects.kind(_stem(word), BY_NAME) == kind
    if not kind or (kind in _OPTIONS and not same) or truth(inner) is not None:
        return ""
    try:
        if isinstance(inner, Mapping):
            found = entries.translated(key, inner, step)
            return found[2] if found else ""
    except NotCertainError:
        return ""
    told = entries.in_order(key, inner, step) or bare_value(
        kind, BY_NAME[kind].options(), inner, step=step
    )
    match = _ENTRY.match(told[0]) if len(told) == 1 else None
    return match[1] if match and is_only_taker(*match.groups()[1:]) else ""


def _word(text: str, step: Step, blocks: Container[str]) -> str:
    """The entry of a word that is a layer alone: ``maxpool2``, ``relu``, ``ReLU``, a block."""
    if not text or len(text) > 100 or "(" in text:
        return ""
    if expand(text) or text in BY_NAME or text in blocks:
        return text
    if not (kind := dialects.kind(text, BY_NAME)):
        return ""
    told = entries.help(text, None, step)
    if told:
        match = _MEANT.match(told[0]) if len(told) == 1 else None
        return match[1] if match else ""
    return "" if needed(kind) else kind

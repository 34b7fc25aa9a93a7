"""Sides by their names, which are one list here: ``crop: {top: 1, right: 2}``.

Imported only where something is wrong.
"""

import re

from convcalc.network.record import Step
from convcalc.spec.as_text import text_of
from convcalc.tree.nodes import Mapping, Node

#: in the order of the list, by the axes of the volume
_SIDES = {1: ("left", "right"), 2: ("top", "bottom", "left", "right")}
SIDES = frozenset(_SIDES[2])
_NUMBER = re.compile(r"[0-9]{1,6}|=[\w +*/()-]{1,40}", re.ASCII)


def help(options: Mapping, arriving: Step | None) -> tuple[str, ...]:
    """What to type for sides among the options of a layer, behind the step that arrives."""
    pairs = [f"`{word}: {text_of(value)}`" for word, (_, value) in _named(options)]
    text = _listed(options, _order(arriving))
    if not text or "sides" in options.entries:
        return _one_list("sides: ", arriving)
    *others, last = pairs
    several = f"{', '.join(others)} and {last}" if others else last
    return (f"write `sides: {text}` in place of {several}",)


def as_value(given: Mapping, arriving: Step | None) -> tuple[str, ...]:
    """What to type for a mapping of sides as the value of an option."""
    text = _listed(given, _order(arriving))
    return (f"did you mean `{text}`?",) if text else _one_list("", arriving)


def is_first(word: str, options: Mapping) -> bool:
    """Whether no other side is named before a word: one finding is about all of them."""
    return next(iter(_named(options)))[0] == word


def _order(arriving: Step | None) -> tuple[str, ...]:
    """The sides of what arrives in the order of their list; () where they have no names."""
    shape = arriving.output if arriving is not None else None
    return _SIDES.get(len(shape) - 1 if shape else 2, ())


def _listed(given: Mapping, order: tuple[str, ...]) -> str:
    """The list that says what sides by their names do; '' where one is unknown or no number."""
    texts = {word: text_of(value) for word, (_, value) in _named(given)}
    if not texts or not texts.keys() <= {*order} or not all(map(_NUMBER.fullmatch, texts.values())):
        return ""
    values = [texts.get(side, "0") for side in order]
    return values[0] if len({*values}) == 1 else f"[{', '.join(values)}]"


def _one_list(key: str, arriving: Step | None) -> tuple[str, ...]:
    order = ", ".join(_order(arriving))
    return (f"its sides are one list: `{key}[{order}]`" if order else "its sides are one list",)


def _named(options: Mapping) -> list[tuple[str, tuple[Node, Node]]]:
    return [(word, pair) for word, pair in options.entries.items() if word in SIDES]

"""Options as calls have them, behind a layer or a number: ``conv-32 k=3, s=2``, ``32, k=3``.

YOLO's files and many papers' tables have them. Imported only where something is wrong.
"""

import re
from collections.abc import Container, Iterator, Sequence

from convcalc import dialects
from convcalc.layers import BY_NAME
from convcalc.spec.as_text import text_of
from convcalc.spec.nearforms import LARGEST_KERNEL
from convcalc.spec.pattern_hints import Fault
from convcalc.spec.shortforms import expand, lettered
from convcalc.tree.nodes import Mapping, Node, Scalar

_SIZES = r"[1-9][0-9]{0,3}(?:x[1-9][0-9]{0,3}){0,2}"
_PAIR = re.compile(rf"([A-Za-z_]{{1,20}})=({_SIZES}|0|[a-z]{{1,8}})")
#: a word, its window and filters, and what is behind it
_LAYER = re.compile(
    rf"(?<![\w=.(-])([A-Za-z][A-Za-z_]{{0,30}}?(?:[123][dD])?)"
    rf"(?:({_SIZES})-(\d{{1,6}})|([-_ ]?)({_SIZES}))?"
    rf"((?:(?:\s*,\s*|\s+){_PAIR.pattern})+)(?=[\s,\]]|\Z)"
)
_LONGEST = 40  #: letters of an option with its value
_POOLS = {"max_pool": "pool", "avg_pool": "avgpool"}
_LETTER = re.compile(r"(?:[1-9]|1[0-9])(?:x[0-9]{1,2}){0,2}\Z")


def named(word: str, text: str, names: Sequence[str]) -> str:
    """The option that a word of a call is; '' for none.

    `k` is the kernel where its value may be one: the notes count filters with it.

    >>> named("k", "3", ["filters", "kernel"]), named("k", "64", ["filters", "kernel"])
    ('kernel', '')
    """
    if word in names:
        return word
    window = word == "k" and "kernel" in names and _is_window(text)
    return "kernel" if window else dialects.option(word, names)


def as_pair(word: str, text: str) -> tuple[str, str]:
    """A key and its value, where the key may be both as calls have them: ``{s=2}``.

    >>> as_pair("s=2", ""), as_pair("stride", "2"), as_pair("s=2", "3")
    (('s', '2'), ('stride', '2'), ('s=2', '3'))
    """
    match = None if text else _PAIR.fullmatch(re.sub(r"\s*=\s*", "=", word[:_LONGEST]))
    return (match[1], match[2]) if match else (word, text)


def pairs_of(value: Node | None) -> list[tuple[str, str]]:
    """The options below a layer: of a mapping, and of ``s=2, p=1``; [] for other values."""
    if isinstance(value, Mapping):
        return [as_pair(word, text_of(node)) for word, (_, node) in value.entries.items()]
    parts = re.split(r"\s*,\s*|\s+", value.text[:200]) if isinstance(value, Scalar) else []
    pairs = [as_pair(part, "") for part in parts]
    return pairs if all(text for _, text in pairs) else []


def _is_window(text: str) -> bool:
    """Whether a text may be the size of a window."""
    return bool(_LETTER.match(text)) and max(map(int, text.split("x"))) <= LARGEST_KERNEL


def found(text: str, blocks: Container[str]) -> Iterator[Fault]:
    """The layers of a pattern with options behind them, each with its short form."""
    for match in _LAYER.finditer(text):
        word, window, filters, between, number, behind, *_ = match.groups()
        kind = dialects.kind(word, BY_NAME) or word
        if word in blocks or kind not in {"conv", *_POOLS}:
            continue
        given = _options(kind, behind)
        if number and kind == "conv" and (between or "kernel" in given):
            filters = number
        form = _form(kind, window or (number if kind != "conv" else ""), filters, given)
        help = "a pattern has words only: `conv3-64s2` is 3x3 with 64 filters and stride 2"
        told = (f"did you mean `{form}`?",) if form else (help,)
        size = match.end() - match.start()
        yield Fault("a layer is one word, with its options in it", match.start(), size, told, 0)


def _options(kind: str, behind: str) -> dict[str, str]:
    """The pairs of a run by our names; {'': ...} where one is unknown or there twice."""
    names = [option.key for option in BY_NAME[kind].options()]
    pairs = [(named(word, own, names), own) for word, own in _PAIR.findall(behind)]
    given = dict(pairs)
    return given if len(given) == len(pairs) else {"": ""}


def _form(kind: str, window: str, filters: str, given: dict[str, str]) -> str:
    """The short form with all of it; '' where none says it."""
    if "kernel" in given:
        if window:
            return ""
        window = given.pop("kernel")
    if kind != "conv":
        return lettered(f"{_POOLS[kind]}{window}", given) if window else ""
    if "filters" in given:
        if filters:
            return ""
        filters = given.pop("filters")
    form = f"conv{window}-{filters}"
    return lettered(form, given) if window and filters and expand(form) else ""


def behind_number(kind: str, names: list[str], text: str) -> str:
    """``32, k=3, s=2`` as the options of a kind, what has no name first; '' for other texts."""
    first, *rest = re.split(r"\s*,\s*|\s+", text.strip()[:200])
    pairs = [_PAIR.fullmatch(part) for part in rest]
    required = [option.key for option in BY_NAME[kind].options() if option.required]
    if not required or not re.fullmatch(_SIZES, first) or not pairs or not all(pairs):
        return ""
    given = {names[0]: first}
    for pair in filter(None, pairs):
        key = named(pair[1], pair[2], names)
        if not key or key in given:
            return ""
        given[key] = pair[2]
    if not given.keys() >= {*required}:
        return ""
    return f"{{{', '.join(f'{key}: {own}' for key, own in given.items())}}}"

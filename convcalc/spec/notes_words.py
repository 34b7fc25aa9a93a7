"""The words of the CS231n notes and of VGG's table: bare CONV, POOL and FC, ``maxpool``, dashes.

A bare word has a default size (CS231n notes, Architecture Overview and Layer Patterns): CONV is
3x3, stride 1, pad 1; POOL is 2x2, stride 2; the last FC has the classes. A pattern with N, M, K
or ``POOL?`` stands for a family of nets, whose members are written out here.
"""

import re
from collections.abc import Collection, Mapping
from itertools import product

from convcalc.layers import BY_NAME
from convcalc.records import NamedTuple
from convcalc.spec.shortforms import expand

#: What a bare word leaves open, with the notes' own numbers for CIFAR-10: 12 filters, 10 classes.
SIZES = {"filters": 12, "hidden": 64, "classes": 10}

#: How often N, M and K repeat in the notes: N <= 3, K < 3, and M as far as 32x32 halves well.
RANGES = {"N": range(4), "M": range(4), "K": range(3)}

#: one layer in several words, which no pattern has: ``conv 3 64``, ``max pool 2``, ``batch norm``
SPACED = re.compile(
    r"(?:[a-z]+(?: [a-z]+)?(?: [0-9]+){1,2}"
    r"|(?:batch|layer|group|instance|leaky|max|avg|average|global|fully) [a-z]+)\Z",
    re.IGNORECASE | re.ASCII,
)

_FIXED = {
    "pool": "pool2",
    "maxpool": "maxpool2",
    "max-pool": "maxpool2",
    "avgpool": "avgpool2",
    "soft-max": "softmax",
    "dense": "fc",
}
_CHOICES = 3  #: question marks in one pattern, at most
_TOKEN = r"->|\u2192|\[|\]|\*\s*[0-9A-Za-z]+|\?|[^\s\[\]*?]+?(?=->|\u2192|[\s\[\]*?]|\Z)"
#: what is between a bracket and the end of a group that is repeated; linear in hostile texts
_REPEATED = r"(?<![^\[\]])([^\[\]]*+)\](?=\s*\*)"

Scope = Mapping[str, object]


def spelled(word: str, scope: Scope, last: bool) -> str:
    """The short form that a word of the notes stands for; any other word as it is.

    `scope` may set `filters`, `hidden` and `classes`; `last` says that no layer with weights
    follows.

    >>> spelled("conv", {}, False), spelled("fc", {"classes": 1000}, True)
    ('conv3-12', 'fc-1000')
    """
    word = _FIXED.get(word, word)
    if word == "conv":
        return f"conv3-{_size('filters', scope)}"
    if word == "fc":
        return f"fc-{_size('classes' if last else 'hidden', scope)}"
    return word


def _size(name: str, scope: Scope) -> int:
    value = scope.get(name)
    return value if isinstance(value, int) else SIZES[name]


def split(word: str, blocks: Collection[str] = ()) -> list[str]:
    """The layers in a word of the notes with dashes between: ``input-conv-relu``.

    A dash before a number belongs to a short form. A word with a part that is no layer is whole.

    >>> split("input-conv3-64-relu-fc-10"), split("soft-max"), split("my-block")
    (['input', 'conv3-64', 'relu', 'fc-10'], ['soft-max'], ['my-block'])
    """
    if "-" not in word or word in blocks or word in _FIXED:
        return [word]
    parts = re.split(r"-(?=[a-z])", word)
    return parts if all(_known(part) for part in parts) else [word]


def _known(word: str) -> bool:
    if word.startswith("input"):
        return re.fullmatch(r"input(-[0-9x]+)?", word) is not None
    return word in BY_NAME or word in _FIXED or expand(word) is not None


class Member(NamedTuple):
    """One net of a family."""

    choices: tuple[tuple[str, int], ...]
    """N, M, K and whether the optional layers are there, in the order of the pattern."""
    pattern: str

    @property
    def words(self) -> str:
        """The choices, as ``N=2 M=3 K=1 POOL``."""
        return " ".join(
            name if number is True else f"no {name}" if number is False else f"{name}={number}"
            for name, number in self.choices
        )


class TooManyChoicesError(ValueError):
    """A pattern leaves more open than is listed."""


def open_letters(text: str) -> tuple[str, ...]:
    """The variables that a pattern has: N, M, K where they repeat, sizes of its bare words."""
    tokens = [match[0].strip() for match in re.finditer(_TOKEN, text)]
    found = [token[1:].strip() for token in tokens if token[:1] == "*"]
    names = [name for name in RANGES if name in found]
    words = [part for token in tokens for part in split(token.lower())]
    names += ["filters"] if "conv" in words else []
    dense = sum(word in {"fc", "dense"} for word in words)
    weighted = [word for word in words if word.startswith(("conv", "fc", "dense"))]
    ends = weighted[-1:] in (["fc"], ["dense"])  # one before a layer with weights is hidden
    names += ["classes"] if ends else []
    inner = (match[1] for match in re.finditer(_REPEATED, text.lower()))
    repeated = any(re.search(r"\bfc\b", part) for part in inner)
    hidden = dense > 1 or (dense and (repeated or not ends))
    return (*names, *(["hidden"] if hidden else []))


def defaults(text: str, scope: Scope) -> str:
    """One line that states what the bare words of a pattern are; '' where there are none.

    Sizes that `scope` sets are not stated: variants differ in them.

    >>> defaults("FC -> fc-10", {})
    'FC is fc-64; change it with --set hidden=64'
    >>> defaults("CONV -> FC", {"filters": 8}), defaults("FC -> FC", {"hidden": 8, "classes": 2})
    ('CONV is 3x3 (stride 1, pad 1), FC is fc-10; change it with --set classes=10', '')
    """
    tokens = [match[0].strip().lower() for match in re.finditer(_TOKEN, text)]
    words = [part for token in tokens for part in split(token)]
    names = open_letters(text)
    unset = [name for name in names if name in SIZES and not isinstance(scope.get(name), int)]
    meanings = []
    if "conv" in words:
        filters = f"conv3-{SIZES['filters']} (3x3, stride 1, pad 1)"
        meanings.append(f"CONV is {filters if 'filters' in unset else '3x3 (stride 1, pad 1)'}")
    if "pool" in words:
        meanings.append("POOL is pool2 (2x2, stride 2)")
    if "maxpool" in words or "max-pool" in words:
        meanings.append("maxpool is maxpool2 (2x2, stride 2)")
    hidden, last = f"fc-{SIZES['hidden']}", f"fc-{SIZES['classes']}"
    if "hidden" in unset:
        rest = f"FC is {hidden}, the last {last}"
        other = f"FC but the last is {hidden}" if "classes" in names else f"FC is {hidden}"
        meanings.append(rest if "classes" in unset else other)
    elif "classes" in unset:
        meanings.append(f"{'the last FC' if 'hidden' in names else 'FC'} is {last}")
    own = " --set ".join(f"{name}={SIZES[name]}" for name in unset)
    change = f"; change {'them' if len(unset) > 1 else 'it'} with --set {own}" if own else ""
    return f"{', '.join(meanings)}{change}" if meanings else ""


def members(text: str, scope: Scope) -> tuple[Member, ...]:
    """The nets of a family, each written out once; empty where nothing is left open.

    A repeat by N, M or K takes what `scope` sets, or each number of its usual range; a layer with
    a question mark is there or not.

    >>> [m.pattern for m in members("[CONV -> POOL?]*M -> FC", {"M": 1})]
    ['[CONV ]*M -> FC', '[CONV -> POOL]*M -> FC']

    Raises:
        TooManyChoicesError: more than three question marks.
    """
    tokens = list(re.finditer(_TOKEN, text))
    letters = {m[0][1:].strip() for m in tokens if m[0][:1] == "*"} & set(RANGES)
    marks = [i for i, m in enumerate(tokens) if m[0] == "?" and i and _is_layer(tokens[i - 1][0])]
    free = [name for name in RANGES if name in letters and not isinstance(scope.get(name), int)]
    if not free and not marks:
        return ()
    if len(marks) > _CHOICES:
        raise TooManyChoicesError(f"{len(marks)} question marks: at most {_CHOICES} are listed")
    found: dict[str, Member] = {}
    names = [*free, *(tokens[i - 1][0].strip() for i in marks)]
    for numbers in product(*(RANGES[n] for n in free), *([(False, True)] * len(marks))):
        chosen = dict(zip(free, numbers, strict=False))
        kept = dict(zip(marks, numbers[len(free) :], strict=True))
        pattern = _written(text, tokens, chosen, kept)
        found.setdefault(_flat(pattern), Member(tuple(zip(names, numbers, strict=True)), pattern))
    return tuple(found.values())


def _is_layer(token: str) -> bool:
    return token.strip()[:1] not in {"[", "*", "?", "-", "\u2192"}


def _written(
    text: str,
    tokens: list[re.Match[str]],
    chosen: Mapping[str, int],
    kept: Mapping[int, int],
) -> str:
    """The pattern with letters replaced by numbers and optional layers there or left out."""
    out: list[str] = []
    at = 0
    for index, match in enumerate(tokens):
        token = match[0]
        if index in kept:  # the question mark
            out.append(text[at : match.start()])
        elif index + 1 in kept and not kept[index + 1]:  # the layer before it, left out
            before = text[at : match.start()]
            out.append(before)
            while out and out[-1].strip() in {"", "->", "\u2192"}:  # and the arrow that leads to it
                out.pop()
            out.append(" ")
        elif token[:1] == "*" and token[1:].strip() in chosen:
            out += [text[at : match.start()], f"*{chosen[token[1:].strip()]}"]
        else:
            out += [text[at : match.start()], token]
        at = match.end()
    return "".join([*out, text[at:]])


def _flat(pattern: str) -> str:
    """The layers of a pattern one after another: equal for equal nets."""
    tokens = [match[0].strip() for match in re.finditer(_TOKEN, pattern)]
    stack: list[list[str]] = [[]]
    closed: list[str] | None = None
    for token in tokens:
        if token == "[":
            stack.append([])
        elif token == "]" and len(stack) > 1:
            closed = stack.pop()
            stack[-1] += closed
            continue
        elif token[:1] == "*" and closed is not None and token[1:].strip().isdigit():
            times = int(token[1:])
            del stack[-1][len(stack[-1]) - len(closed) :]
            if times * len(closed) > 10_000:  # no net of the notes: distinguished by its text
                return pattern
            stack[-1] += closed * times
        elif token not in {"->", "\u2192"}:
            stack[-1].append(token)
        closed = None
    return " ".join(stack[0])

"""Where an entry is expanded, and what an entry is."""

from collections.abc import Callable

from convcalc.layers import MERGES
from convcalc.records import NamedTuple
from convcalc.spec.names import Frame
from convcalc.spec.values import Later, Scope
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence
from convcalc.tree.scalars import NULLS


class Context(NamedTuple):
    """Where an entry is expanded: its variables, names and the calls around it."""

    variables: Scope
    frame: Frame
    calls: tuple[Node, ...] = ()
    open: tuple[str, ...] = ()
    """Blocks that are being expanded."""
    units: tuple[str, ...] = ()
    suffix: str = ""
    """Of given names inside a repeat: .1, .2, ..."""
    ignore: tuple[str, ...] = ()
    checkpoint: str = ""
    """The segment that training runs again; that of the outermost entry which is marked."""
    depth: int = 0
    copies: int = 1
    """How often the repeats around this entry will make it."""
    alone: bool = False
    """Whether this entry is a whole branch, and no list has it: nothing can stand below it."""


Maker = Callable[[Context, int], int]


class Entry(NamedTuple):
    """One entry's keys, sorted out."""

    kind: str
    at: Scalar
    value: Node | None
    beside: dict[str, Node]


#: Levels of blocks, repeats and arguments' layers inside each other.
DEEPEST = 64


class TooDeepError(Exception):
    """An entry is nested too deep: neither it nor anything else is expanded."""

    def __init__(self, node: Node, calls: tuple[Node, ...] = ()) -> None:
        super().__init__(f"blocks and repeats nested deeper than {DEEPEST} levels")
        self.node = node
        self.calls = calls


#: Kinds whose options hold entries of the same scope.
_NESTING = frozenset({"repeat"}) | MERGES


def given_names(node: Node, variables: Scope) -> frozenset[str]:
    """The names that entries of one scope are given, inside branches and repeats too.

    Layers that an argument puts in place (``- =body``) are of this scope as well.
    """
    found: set[str] = set()
    waiting: list[tuple[Node, Scope]] = [(node, variables)]
    spliced: set[int] = set()  # a list may name itself, or one list be named many times
    while waiting:
        current, scope = waiting.pop()
        if isinstance(current, Sequence):
            waiting.extend((item, scope) for item in current.items if not _is_word(item))
        elif isinstance(current, Scalar) and current.text[:1] == "=":
            later = scope.get(current.text[1:].strip())
            if isinstance(later, Later) and id(later.node) not in spliced:
                spliced.add(id(later.node))
                waiting.append((later.node, later.variables))
        elif isinstance(current, Mapping):
            entries = current.entries
            named = entries.get("name")
            if named is not None and isinstance(named[1], Scalar):
                found.add(named[1].text)
            if entries.keys().isdisjoint(_NESTING):
                continue
            for _, value in entries.values():
                if isinstance(value, Mapping):
                    inner = value.get("branches") or value.get("layers")
                    if isinstance(inner, Mapping):
                        waiting.extend((v, scope) for _, v in inner.entries.values())
                    elif inner is not None:
                        waiting.append((inner, scope))
    return frozenset(found)


def _is_word(node: Node) -> bool:
    """Whether an entry is a word, which gives no names, and no argument."""
    return isinstance(node, Scalar) and node.text[:1] != "="


def has_branches(value: Node | None) -> bool:
    """Whether options hold branches."""
    return isinstance(value, Mapping) and "branches" in value.entries


def is_empty(value: Node | None) -> bool:
    """Whether a value is YAML's null, as in ``relu:``."""
    return isinstance(value, Scalar) and value.plain and value.text in NULLS


def without_name(beside: dict[str, Node]) -> dict[str, Node]:
    """The keys beside a kind, but for its name."""
    return {key: node for key, node in beside.items() if key != "name"}


def is_pattern(text: str) -> bool:
    """Whether a string holds more than one word: then it is a pattern, not a layer's name."""
    return "->" in text or not _PATTERN_MARKS.isdisjoint(text)


_PATTERN_MARKS = frozenset(" \t\n[]*?")

"""Blocks: definitions, the binding of arguments, and how many layers a net will expand to."""

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from convcalc.findings import plain
from convcalc.layers.option import Value
from convcalc.records import NamedTuple
from convcalc.spec.context import is_empty
from convcalc.spec.values import UNKNOWN, Bound, Later, NoValueError, Reader, Scope
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from convcalc.spec.reuse import Made


_LISTED = 40  #: arguments that a help names


class Block(NamedTuple):
    """A block as the file defines it."""

    name: str
    args: dict[str, tuple[Scalar, Node]]
    layers: Node | None
    """None where the definition is wrong: its calls are no second fault."""
    node: Scalar


class Blocks(dict[str, Block]):
    """The blocks of a file by name: there may be thousands, and as many words that name none."""

    @cached_property
    def _like(self) -> dict[str, str]:
        """By what is left of a name without case and hyphens the first that has it."""
        from convcalc.dialects import folded  # where a word is wrong

        like: dict[str, str] = {}
        for name in self:
            like.setdefault(folded(name), name)
        return like

    def meant(self, word: str) -> str:
        """The block that a word names, in other letters maybe; '' where there is none."""
        from convcalc.dialects import folded

        return word if word in self else self._like.get(folded(word), "")


class Tried(NamedTuple):
    """One block call that made no layer."""

    block: Block
    given: Node | None
    """Its arguments as they are written."""
    at: Node
    calls: tuple[Node, ...]
    """The calls around it, from inside out."""


#: Where calls within calls made layers: the places of their words, a start and an end each.
Full = set[tuple[int, int]]


class BlockMemory:
    """The block calls of one file, for networks under any variables (`convcalc.spec.reuse`)."""

    def __init__(self) -> None:
        self.made: dict[tuple[Any, ...], Made] = {}
        """By all that they depend on what they made."""
        self.steps = 0
        """Layers that are remembered."""
        self.mentioned: dict[str, tuple[str, ...] | None] = {}
        """By block the names in its formulas, None where it may depend on every variable."""
        self.words: dict[str, tuple[set[str], set[str], bool]] = {}
        """By block the words and names in its own text, and whether it has a pattern."""
        self.values: dict[tuple[Any, ...], int] = {}
        """A number for the rounding and the values of variables that a block depends on."""
        self.numbers = 0
        """The last of these numbers: none is given twice."""
        self.given: dict[str, frozenset[str]] = {}
        """By block the names that its layers are given, where no argument holds layers."""
        self.all_used = False
        """Nothing in the file is unused."""


def bind(block: Block, given: Node | None, node: Node, caller: Reader, scope: Scope) -> Scope:
    """The variables of one call: arguments by name or position, then defaults.

    Arguments are evaluated at the call; defaults in the block, with earlier arguments.

    Raises:
        NoValueError: an argument is wrong, unknown or missing; all that are so are reported.
        TooMuchWorkError: all calls together have more arguments than are read.
    """
    caller.remarks.spend(20 * len(block.args) + len(scope) // 2)
    names = list(block.args)
    values: dict[str, Value | Later] = {}
    written: dict[str, tuple[Reader, Node]] = {}
    failed = False
    free: tuple[str, ...] | None = None
    used: tuple[str, ...] = ()
    if given is not None and _is_odd(given):
        from convcalc.spec import block_calls

        if block_calls.is_call(block, given, node, caller):
            raise NoValueError
    caller.bare = given if isinstance(given, Scalar) else None
    for word, at, value in _given(block, given, names, caller):
        if word not in block.args:
            from convcalc.spec import block_calls, both_given, too_deep, unlisted

            if free is None:  # the first of them
                if given is not None and block_calls.is_call(block, given, node, caller):
                    raise NoValueError
                free = _others(names, given)
                stated = given.entries if isinstance(given, Mapping) else {}
                used = tuple(name for name in names if name in stated)
            failed = True
            if too_deep.report(word, block.name, at, caller.remarks, caller.calls):
                continue
            suggest = caller.remarks.suggest
            close = suggest.argument(word, free) or suggest.nearest(word, free)
            help: tuple[str, ...] = (f"did you mean `{close}`?",) if close else ()
            text = f"{block.name} has no argument {plain(word)!r}"
            more = () if close else unlisted.help(block, word, caller.remarks)
            there = "" if close or more else suggest.nearest(word, used)
            if there and isinstance(given, Mapping):
                help = both_given.left_out(there, given.entries[there][1], word, value)
            help = (*help, *more, _takes(block))
            caller.remarks.error("CC012", text, at, "unknown", help, calls=caller.calls)
            continue
        said = caller.remarks.attempts
        try:
            values[word] = caller.passed(value)
        except NoValueError:
            if caller.remarks.attempts > said:
                failed = True
                continue
            values[word] = UNKNOWN  # it waits for a size: the rest of the block is still checked
        written[word] = caller.origin(value)
    missing = [n for n in names if n not in values and is_empty(block.args[n][1])]
    failed = failed or not all(map(str.isidentifier, missing))  # such a name is a slip of its own
    if missing and not failed:
        text = f"{block.name} needs {' and '.join(missing)}"
        from convcalc.spec.passed import layers_names

        ways = (_unset(block.name, given, missing), *layers_names(block.layers, missing))
        place = (("defined here", block.node),)
        caller.remarks.error("CC013", text, node, "", ways, place, caller.calls)
    if failed or missing:
        raise NoValueError
    inside = Bound(scope, block)
    inside.update(values)
    inside.written = written
    for name in names:
        if name not in values:
            own = Reader(caller.remarks, inside, caller.channels, (node, *caller.calls))
            own.default, own.layers = name, caller.layers
            default, said = block.args[name][1], caller.remarks.attempts
            try:
                inside[name] = own.argument(default)
            except NoValueError:
                if caller.remarks.attempts > said:
                    raise
                inside[name] = UNKNOWN
            written[name] = own.origin(default)  # of the arguments before it
    return inside


def _others(names: list[str], given: Node | None) -> tuple[str, ...]:
    """The arguments that a call does not give by their names."""
    stated = given.entries if isinstance(given, Mapping) else {}
    return tuple(name for name in names if name not in stated)


def _is_odd(given: Node) -> bool:
    """Whether arguments may be written as in a program: ``16, s=2``, ``[c: 16]``."""
    if isinstance(given, Scalar):
        text = given.text
        return not _ODD.isdisjoint(text) and (text[:1] != "=" or "," in text)
    items = given.items if isinstance(given, Sequence) else ()
    return any(isinstance(item, Mapping) or _is_assigned(item) for item in items)


_ODD = frozenset(" ,([{=*")  #: signs that a word or number has none of


def _is_assigned(item: Node) -> bool:
    return isinstance(item, Scalar) and item.plain and "=" in item.text[1:]


def _unset(name: str, given: Node | None, missing: list[str]) -> str:
    """What to type where arguments are missing: in the way that the others are given."""
    if isinstance(given, Mapping) and given.entries:
        return f"add `{', '.join(f'{word}: ...' for word in missing)}`"
    if isinstance(given, Scalar) and "," in given.text:
        return f"write `{name}: [{plain(given.text.strip('()[] '))}]`"
    if given is None or is_empty(given) or isinstance(given, Mapping):
        return f"write `{name}: {{{', '.join(f'{word}: ...' for word in missing)}}}`"
    items = given.items if isinstance(given, Sequence) else [given]
    texts = [plain(item.text) if isinstance(item, Scalar) else "..." for item in items]
    return f"write `{name}: [{', '.join([*texts, *['...'] * len(missing)])}]`"


def _takes(block: Block) -> str:
    """Its arguments, or the first of very many: a call may have 40,000 that are wrong."""
    more = f" and {len(block.args) - _LISTED:,} more" * (len(block.args) > _LISTED)
    first = ", ".join(islice(block.args, _LISTED))
    return f"{block.name} takes {first or 'no arguments'}{more}"


def _given(
    block: Block, given: Node | None, names: list[str], caller: Reader
) -> list[tuple[str, Node, Node]]:
    """The arguments of a call as (name, where it is named, value)."""
    if given is None or is_empty(given):
        return []
    if isinstance(given, Mapping):
        return [(word, at, value) for word, (at, value) in given.entries.items()]
    items = given.items if isinstance(given, Sequence) else [given]
    if len(items) > len(names):
        text = f"{len(items)} arguments for {block.name}, which takes {len(names)}"
        help = (_takes(block), *_as_from(block, items))
        caller.remarks.error("CC012", text, items[len(names)], "one too many", help)
        raise NoValueError
    return [(name, item, item) for name, item in zip(names, items, strict=False)]


def _as_from(block: Block, items: list[Node]) -> tuple[str, ...]:
    """What a layer's name as the argument of a block without any may mean: what the call reads."""
    word = items[0].text if len(items) == 1 and isinstance(items[0], Scalar) else ""
    if block.args or not word.isidentifier():
        return ()
    return (f"where it reads that layer: `{block.name}:` and below it `from: {plain(word)}`",)

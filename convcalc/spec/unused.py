"""Definitions that nothing in the file uses: blocks, their arguments, variables."""

import re

from convcalc.findings import Severity, plain
from convcalc.network.remarks import Remarks
from convcalc.records import NamedTuple
from convcalc.spec.context import is_pattern
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

#: How a variable is noted that nothing reads.
UNUSED_VARIABLE = "variable {} is unused"
_WORD = re.compile(r"[^\s\[\]*?,(){}<>=]+")
_NAME = re.compile(r"[A-Za-z_]\w*", re.A)


def unused(root: Mapping, remarks: Remarks) -> bool:
    """Note the blocks, arguments and variables that a file does not use; silent beside errors.

    Gives whether all are used, under whatever variables.

    What is merely mentioned counts as used: a call may have a `when` that is false.
    """
    blocks, variables = root.get("blocks"), root.get("vars")
    defined = blocks.entries if isinstance(blocks, Mapping) else {}
    stated = variables.entries if isinstance(variables, Mapping) else {}
    if not (defined or stated) or any(f.severity is Severity.ERROR for f in remarks.findings):
        return False
    patterns: list[str] = []
    rest = [value for key, (_, value) in root.entries.items() if key != "blocks"]
    words, names = mentioned(rest, patterns)
    bodies = {name: _body(body, patterns) for name, (_, body) in defined.items()}
    waiting = [name for name in defined if name in words]
    reached = set(waiting)
    while waiting:
        inside = bodies[waiting.pop()].words
        found = [word for word in inside if word in defined and word not in reached]
        reached.update(found)
        waiting.extend(found)
    for own in bodies.values():
        names |= own.outer
    if patterns and stated:
        from convcalc.spec.notes_words import open_letters  # for few files

        names.update(*map(open_letters, patterns))
    help = "use it, or remove it"
    idle = []
    for name, (at, body) in defined.items():
        if name not in reached:
            idle.append((f"block {name} is unused", at, f"{help}: what is in it is not checked"))
            continue
        idle += [
            (f"argument {argument} of block {name} is unused", place, help)
            for argument, (place, _) in _arguments(body).items()
            if argument not in bodies[name].names
        ]
    hiding = {arg: block for block, own in bodies.items() if block in reached for arg in own.args}
    for name, (at, _) in stated.items():
        if name not in names:
            how = _given(name, hiding[name]) if name in hiding else help
            idle.append((UNUSED_VARIABLE.format(name), at, how))
    for text, at, what in idle:
        remarks.error("CC124", plain(text), at, "unused", (plain(what),), severity=Severity.NOTE)
    return not idle


class _Body(NamedTuple):
    """What one block mentions."""

    words: set[str]
    names: set[str]
    """All names in its formulas."""
    outer: set[str]
    """Those that are the file's variables: an argument of the same name hides a variable."""
    args: frozenset[str]


def _body(block: Node, patterns: list[str]) -> _Body:
    """What a block mentions, its layers and the defaults of its arguments."""
    args = _arguments(block)
    entries = block.entries.items() if isinstance(block, Mapping) else ()
    rest = [value for key, (_, value) in entries if key != "args"]
    words, names = mentioned(rest or [block], patterns)
    outer, earlier = names - args.keys(), set[str]()
    for name, (_, default) in args.items():
        inside, read = mentioned([default], patterns)
        words |= inside
        names |= read
        outer |= read - earlier  # a default has the arguments before it
        earlier.add(name)
    return _Body(words, names, outer, frozenset(args))


def _arguments(block: Node) -> dict[str, tuple[Scalar, Node]]:
    """The arguments that a block declares, with their places and defaults."""
    args = block.get("args") if isinstance(block, Mapping) else None
    return args.entries if isinstance(args, Mapping) else {}


def _given(name: str, block: str) -> str:
    """What to type for a variable that an argument of the same name hides."""
    call = f"`{block}: {{{name}: ={name}}}`"
    return f"in block {block}, {name} is its argument: give it there ({call}), or remove this"


def mentioned(nodes: list[Node], patterns: list[str] | None = None) -> tuple[set[str], set[str]]:
    """All words below some nodes, keys included, and all names in formulas.

    What may be a pattern is added to `patterns`.
    """
    words: set[str] = set()
    names: set[str] = set()
    seen: set[int] = set()  # aliases put one node in many places
    texts: set[str] = set()  # and most numbers are there many times
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            text = node.text
            if text in texts:
                continue
            texts.add(text)
            if patterns is not None and text[:1] != "=" and is_pattern(text):
                patterns.append(text)
            if "=" in text:
                names.update(_NAME.findall(text))
            elif text.isalnum() or text.isidentifier():  # one word
                words.add(text)
                words.add(text.lower())
            elif text:
                found = _WORD.findall(text.replace("->", " "))
                words.update(found)
                words.update(map(str.lower, found))
        elif id(node) not in seen:
            seen.add(id(node))
            if isinstance(node, Mapping):
                words.update(node.entries)
                waiting.extend(value for _, value in node.entries.values())
            elif isinstance(node, Sequence):
                waiting.extend(node.items)
    return words, names

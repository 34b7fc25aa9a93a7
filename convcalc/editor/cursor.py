"""What is at a place of a text: in its tree where it has one, else by indent and brackets."""

import re
from typing import NamedTuple

from convcalc.editor.positions import covers
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence


class Spot(NamedTuple):
    """A word of the tree, and the keys around it."""

    node: Scalar
    is_key: bool
    keys: tuple[str, ...]
    """The keys that lead to its mapping or list, outermost first."""
    key: str | None
    """The key whose value it is; None for a key, or an item of a list of entries."""

    @property
    def word(self) -> str:
        """Its text."""
        return self.node.text.strip()

    @property
    def parent(self) -> str:
        """The key whose mapping it is in."""
        above = self.keys[:-1] if self.keys and self.keys[-1] == self.key else self.keys
        return above[-1] if above else ""


def spot(root: Mapping, line: int, column: int) -> Spot | None:
    """The scalar at a place of a tree."""
    node: Node = root
    keys: tuple[str, ...] = ()
    key: str | None = None
    for _ in range(200):  # deeper than any tree that is read
        if isinstance(node, Scalar):
            return Spot(node, False, keys, key)
        below: Node | None = None
        if isinstance(node, Mapping):
            for word, (at, value) in node.entries.items():
                if covers(at.span, line, column):
                    return Spot(at, True, keys, None)
                if covers(value.span, line, column):
                    below, key, keys = value, word, (*keys, word)
                    break
        elif isinstance(node, Sequence):
            below = next((item for item in node.items if covers(item.span, line, column)), None)
            key = key if key in {"from", "weights", "outputs", "ignore"} else None
        if below is None:
            return None
        node = below
    return None


class Typing(NamedTuple):
    """What is being typed at a place, by its line and the indents above: no tree is needed."""

    keys: tuple[str, ...]
    """The keys around it, outermost first."""
    key: str | None
    """The key on whose value the cursor is; None where a key or an entry is typed."""
    word: str
    """What is typed of it so far."""
    entry: bool
    """Whether it begins an entry of a list."""
    inside: bool = False
    """Whether it is within brackets."""
    formula: bool = False
    """Whether it is within a formula."""


KEY = re.compile(r"""\s*(?:-\s+)*(?:["']?)([\w.+-]+)["']?\s*:(?:\s|$)""")
#: All are matched from one place, never searched for from each: a line may be a million long.
_WORD = re.compile(r"[\w.+*=-]*")
_FORMULA = re.compile(r"""(?:^|[\s:,\[{"'])=""")
_FORMULA_WORD = re.compile(r"\w*")
_FLOW_KEY = re.compile(r"""\s*["']?([\w.+-]+)["']?\s*:(?:\s+|$)""")


def typing(lines: list[str], line: int, column: int) -> Typing:
    """What is being typed at a place."""
    before = lines[line - 1][: column - 1] if line <= len(lines) else ""
    ends = max(before.rfind(","), before.rfind("]"), before.rfind("}"))
    if _FORMULA.search(before[max(ends, 0) :]):
        word = _last(_FORMULA_WORD, before)
        return _typing(lines, line, before)._replace(word=word, formula=True)
    return _typing(lines, line, before)


def _last(word: re.Pattern[str], before: str) -> str:
    """The letters of a kind at the end of a text."""
    found = word.match(before[::-1])
    return found[0][::-1] if found else ""


def _typing(lines: list[str], line: int, before: str) -> Typing:
    dashes = re.match(r"\s*((?:-\s+)*)", before)
    assert dashes is not None, "it matches nothing too"
    own = before[dashes.end() :]
    keys = _above(lines, line, len(before) - len(before.lstrip()), bool(dashes[1]))
    started = bool(dashes[1])
    match = KEY.match(before)
    typed = _last(_WORD, before)
    if match is None:
        if own[:1] in {"[", "{"}:
            return _flow(own, keys, None, typed)
        return Typing(keys, None, typed, started)
    value = before[match.end() :]
    inner = (*keys, match[1])
    if value.lstrip()[:1] in {"{", "["}:
        return _flow(value.lstrip(), inner, match[1], typed)
    return Typing(keys, match[1], typed, False)


def _above(lines: list[str], line: int, indent: int, dashed: bool) -> tuple[str, ...]:
    """The keys of the lines above that this one is below, outermost first."""
    found: list[str] = []
    for text in reversed(lines[: line - 1]):
        stripped = text.lstrip()
        if not stripped or stripped[0] == "#":
            continue
        dash = len(text) - len(stripped) if stripped[:2] == "- " else None
        match = KEY.match(text)
        start = None if match is None else match.start(1)
        if match and start is not None and (start < indent or (dashed and start == indent)):
            found.append(match[1])
            indent, dashed = (start, False) if dash is None else (dash, True)
        elif dash is not None and dash < indent:
            indent, dashed = dash, True
        if not indent and not dashed:
            break
    return tuple(reversed(found))


def _flow(text: str, keys: tuple[str, ...], key: str | None, typed: str) -> Typing:
    """What is typed within brackets that begin a value, all on its line."""
    around: list[tuple[str, str | None]] = []  # bracket, and the key it is the value of
    current: str | None = key
    part: str | None = ""  # None behind a colon that makes no key
    for char in text:
        if char in "[{":
            around.append((char, current))
            current, part = None, ""
        elif char in "]}":
            if around:
                _, current = around.pop()
            part = ""
        elif char == ",":
            current, part = None, ""
        elif part is not None:
            part += char
            if char == ":":  # in a list too: `[relu, conv: {filters: 8}]`
                match = _FLOW_KEY.match(part) if around else None
                current, part = (current, None) if match is None else (match[1], "")
    if not around:
        return Typing(keys, key, typed, False)
    inner = tuple(name for _, name in around[1:] if name is not None)
    value = current if around[-1][0] == "{" or current is not None else around[-1][1]
    entry = around[-1][0] == "[" or (around[-1][0] == "{" and around[-1][1] is None)
    return Typing((*keys, *inner), value, typed, entry and current is None, True)

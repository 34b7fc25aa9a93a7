"""Edits of a spec's text by the places of its nodes: comments and layout stay as they are."""

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from convcalc.network.record import Expectation, Step
from convcalc.source import LINE_BREAK, Source
from convcalc.tree.nodes import Mapping, Marked, Node, Scalar, Sequence

if TYPE_CHECKING:
    from convcalc.spec.given import Calls

#: what follows the colon of a key without a value
_NO_VALUE = re.compile(r"((?: *(?:null\b|~))?) *(?=[,}#\r\n]|\Z)")
_ANCHOR = re.compile(r"&\S+\s+")
_BREAK = re.compile(LINE_BREAK)


class Edit(NamedTuple):
    """Put `text` where the characters from `start` to `end` (exclusive) are."""

    start: int
    end: int
    text: str


class CannotEditError(Exception):
    """The text cannot be changed at this place; the message says why."""


class Editor:
    """Finds the places of nodes in the text of a spec."""

    variables: Mapping | None = None
    """The file's variables, where an edit may change what they are set to."""
    find_calls: "Callable[[], Calls] | None" = None
    """Reads the file's block calls, where an edit may change what they give their blocks."""

    def __init__(self, source: Source) -> None:
        self.text = source.text
        self.in_calls: set[Edit] = set()  # those that set what a block call gives
        self.starts = [0, *(match.end() for match in _BREAK.finditer(source.text))]

    def offset(self, line: int, column: int) -> int:
        """The offset of a place, both counted from 1."""
        return self.starts[line - 1] + column - 1

    def start(self, node: Node) -> int:
        """Where a node starts."""
        span = node.span
        return self.offset(span.line, span.column)

    def end(self, node: Node) -> int:
        """Where a node's last character ends, also for block collections."""
        if isinstance(node, Mapping) and not self.is_flow(node):
            return max((self.end(n) for pair in node.entries.values() for n in pair), default=0)
        if isinstance(node, Sequence) and not self.is_flow(node):
            return max((self.end(item) for item in node.items), default=self.start(node))
        span = node.span
        end = self.offset(span.end_line, span.end_column)
        if isinstance(node, Scalar) and not isinstance(node, Marked):
            end += self.inside(node) - self.start(node)  # its length is that of its text alone
        return end

    def is_flow(self, node: Node) -> bool:
        """Whether a mapping or list is written in brackets."""
        start = self.inside(node)
        return self.text[start : start + 1] in {"{", "["}

    def inside(self, node: Node) -> int:
        """Where a node's own text starts, after the anchor by which aliases name it."""
        anchor = _ANCHOR.match(self.text, self.start(node))
        return anchor.end() if anchor else self.start(node)

    def written(self, node: Node) -> str:
        """The text of a node as it is written in the file."""
        return self.text[self.inside(node) : self.end(node)]

    def set_at(self, node: Node, step: Step) -> Node:
        """Where the value of a layer's option is written: of a variable, where the file sets it.

        In a block the name may be an argument's: the value is left as it is.
        """
        if self.variables is None or step.place.calls or not isinstance(node, Scalar):
            return node
        name = node.text[1:].strip() if node.text[:1] == "=" else ""
        return self.variables.get(name) or node

    @cached_property
    def calls(self) -> "Calls | None":
        """The block calls whose arguments an edit may change."""
        return self.find_calls() if self.find_calls is not None else None

    def set_to(self, node: Node, step: Step, text: str) -> tuple[Edit, str]:
        """The edit that gives a layer's option a value, and what it was.

        Where a block call gives it, the call is edited.

        Raises:
            CannotEditError: as in `replaced`, and no argument of a call gives it.
        """
        return self.ways(node, step, text)[0]

    def ways(self, node: Node, step: Step, text: str) -> list[tuple[Edit, str]]:
        """Each edit that gives a layer's option a value: of several arguments any may do.

        Raises:
            CannotEditError: there is none.
        """
        try:
            return [(self.replaced(node, text), self.written(node))]
        except CannotEditError:
            if not step.place.calls or self.calls is None:
                raise
            found = [*self.calls.set_to(node, step, text)]
            if not found:
                raise
            self.in_calls.update(edit for edit, _ in found)
            return found

    def replaced(self, node: Node, text: str) -> Edit:
        """A scalar or a list in brackets, written anew.

        Raises:
            CannotEditError: it is a formula, a list over several lines, or is written elsewhere.
        """
        if isinstance(node, Scalar):
            if node.text[:1] == "=":
                raise CannotEditError(f"{node.text} is a formula")
            if node.text not in self.written(node):
                raise CannotEditError("its place is not known")
        elif isinstance(node, Mapping) or not self.is_flow(node):
            raise CannotEditError("it is written over several lines")
        return Edit(self.inside(node), self.end(node), text)

    def added(self, mapping: Mapping, key: str, value: str) -> Edit:
        """A key more in a mapping, in its own layout.

        Raises:
            CannotEditError: the mapping has no key yet.
        """
        if not mapping.entries:
            raise CannotEditError("there is no key to write it beside")
        first, last = next(iter(mapping.entries.values()))[0], list(mapping.entries.values())[-1]
        end = max(map(self.end, last))
        if self.is_flow(mapping):
            empty = " " if self.text[end - 1 : end] == ":" else ""  # `:,` would be of the key
            return Edit(end, end, f"{empty}, {key}: {value}")
        at = self.line_end(end)
        indent = " " * (first.span.column - 1)
        return Edit(at, at, f"{self.newline()}{indent}{key}: {value}")

    def line_end(self, at: int) -> int:
        """Where the line of a place ends, before its line break."""
        found = _BREAK.search(self.text, at)
        return found.start() if found else len(self.text)

    def newline(self) -> str:
        """The line break that the file uses."""
        found = _BREAK.search(self.text)
        return found[0] if found else "\n"

    def apply(self, edits: Iterable[Edit]) -> str:
        """The text with all edits made.

        Its last line has a line break only if that of the text before had: whoever moves or leaves
        out the last line leaves the break of the one above.

        Raises:
            CannotEditError: two edits want to change the same place in different ways.
        """
        ordered = sorted(dict.fromkeys(edits), key=lambda edit: edit[:2])
        out: list[str] = []
        at = 0
        for edit in ordered:
            if edit.start < at:
                raise CannotEditError("two changes fall on the same place")
            out += [self.text[at : edit.start], edit.text]
            at = edit.end
        made = "".join([*out, self.text[at:]])
        return made if self.text[-1:] in {"", "\r", "\n"} else made.rstrip("\r\n")


def with_options(editor: Editor, edit: Edit) -> Edit:
    """A layer with options in place of a short form, or a call with arguments: in brackets,
    unless it has its line.

    Raises:
        CannotEditError: the word is a key that has a value.
    """
    if key := re.match(r" *:", editor.text[edit.end :]):
        colon = edit.end + key.end()
        value = _NO_VALUE.match(editor.text, colon)
        if value is None:
            raise CannotEditError("it is a key with a value")
        return edit._replace(end=colon + len(value[1]))
    line = editor.text[editor.text.rfind("\n", 0, edit.start) + 1 : edit.start]
    alone = re.fullmatch(r"[ -]*- +", line) is not None
    return edit if alone else edit._replace(text=f"{{{edit.text}}}")


def kind_of(step: Step) -> Node:
    """The node that names the kind of a layer.

    Raises:
        CannotEditError: the layer was not read from a spec.
    """
    if not isinstance(step.place.kind, Node):
        raise CannotEditError("it was not read from a spec")
    return step.place.kind


def options_at(step: Step) -> Mapping | None:
    """The options of a layer as its spec gives them."""
    options = step.place.options
    return options if isinstance(options, Mapping) else None


def stated_at(entry: Expectation) -> Node:
    """The value of an entry as its spec states it.

    Raises:
        CannotEditError: it was not read from a spec.
    """
    if not isinstance(entry.mark, Node):
        raise CannotEditError("it was not read from a spec")
    return entry.mark


def entry_of(root: Node | None) -> dict[int, Mapping]:
    """For the place of every key in a tree, the mapping it is in; aliases once."""
    found: dict[int, Mapping] = {}
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Sequence):
            waiting.extend(node.items)
        elif isinstance(node, Mapping):
            for key, value in node.entries.values():
                found[key.start] = node
                waiting.append(value)
    return found

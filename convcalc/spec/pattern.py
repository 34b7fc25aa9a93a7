"""The notes' pattern notation: ``[[conv3-64 -> relu]*2 -> pool2]*3 -> fc-10`` (CS231n notes).

A pattern becomes the nodes that the same net written as YAML would give, so that everything after
this file knows one language only. Places are those of the words inside the string.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from convcalc.findings import plain
from convcalc.spec.notes_words import RANGES, SPACED, Scope, spelled, split
from convcalc.spec.pattern_letters import odd_word
from convcalc.tree.folded import Folded
from convcalc.tree.nodes import Mapping, Marked, Node, Scalar, Sequence

_TOKEN = re.compile(
    r"\s*(?:(->|[\u2192\u2013\u2014]|-(?=\s|\Z))|(\[)|(\])|(\*\s*(?:[0-9]+|[NMK]\b))|(\?)"
    r"|([^\s\[\]*?\u2192\u2013\u2014]+?(?=->|[\s\[\]*?\u2192\u2013\u2014]|\Z)))"
)
_ARROWS = frozenset({"->", "\u2192", "-", "\u2013", "\u2014"})
_FOREIGN = frozenset("(),{}")
_NO_PATTERN = frozenset("=:(),{}")  #: of code, and of an entry in quotes
_NUMBER = re.compile(
    r"\s*[\w.-]+(?:[\s\[]\s*[xX]?[0-9]|\s*\*)"
)  #: behind a word, which may be a block's argument
_CALLS = 20  #: calls in one pattern that are answered
_DEEPEST = 32
_SMALL = dict.fromkeys(map(ord, "xspdg"))  # stay small in capitals too: INPUT-32x32x3
_MOST = 100_000  #: words and signs, as many as a file may have values

if TYPE_CHECKING:
    from convcalc.spec.blocks import Blocks
    from convcalc.spec.context import Context
    from convcalc.spec.steps import Steps

Report = Callable[[str, int, int, tuple[str, ...]], None]
_NO_SCOPE: dict[str, object] = {}


def unreported(message: str, offset: int, length: int, help: tuple[str, ...]) -> None:
    """For who asks only how many layers a pattern has: what help would say is not worked out."""


def listed_layers(node: Scalar, steps: "Steps", context: "Context", at: int) -> Sequence | None:
    """The list of layers that a text of several words stands for; None after a fault was reported.

    `at` is the step whose volume arrives.
    """
    text = node.text

    def report(message: str, offset: int, length: int, help: tuple[str, ...]) -> None:
        from convcalc.spec import arriving, formula_forms

        if entry := formula_forms.in_text(node, offset, context.variables):
            from convcalc.spec.unknown_kind import unknown_kind

            unknown_kind(steps, entry, context, at, False)
            return
        help = help if offset else arriving.in_graph(text, steps.graph, at, help)
        start, whole = node.place(offset), (offset, length) == (0, len(text))
        mark = node if whole else Marked("", True, start, start + length)
        steps.remarks.error("CC021", plain(message), mark, "", help, calls=context.calls)

    if "=" in text:
        from convcalc.spec import code_lines

        for fault in (faults := code_lines.each(node, steps.blocks, context.variables)):
            report(fault.message, fault.offset, fault.length, fault.help)
        if faults:
            return None
    odd = SPACED.match(text) or _NUMBER.match(text) or not _NO_PATTERN.isdisjoint(text)
    if odd and not isinstance(node, Folded):
        from convcalc.spec import pattern_hints

        step, blocks = steps.graph.steps[at], steps.blocks
        whole = pattern_hints.entry_in_text(text, step, blocks, context.variables)
        if whole:
            report(whole[0], 0, len(text), whole[1:])
            return None
    return parse_pattern(text, node, report, steps.blocks, steps.file_variables)


def parse_pattern(
    text: str,
    at: Scalar,
    report: Report,
    blocks: "Blocks",
    scope: Scope = _NO_SCOPE,
) -> Sequence | None:
    """The list of layers that a pattern stands for; None after a fault was reported.

    `report(message, offset, length, help)` records a fault at an offset of the string. A word of
    the notes without a size (CONV, POOL, FC) has a default one unless a block has its name;
    `scope` has the variables that may set it, and N, M, K.
    """
    return _Parser(text, at, report, blocks, scope).whole()


class _Parser:
    def __init__(
        self, text: str, at: Scalar, report: Report, blocks: "Blocks", scope: Scope
    ) -> None:
        self.text = text
        self.at = at
        self.report = report
        self.blocks = blocks
        self.scope = scope
        self.tokens: list[tuple[str, int]] = []
        self.last = -1  # the offset of the last word, where it is a layer with weights
        self.index = 0

    def whole(self) -> Sequence | None:
        """The parsed pattern, all of it."""
        items = self.items(0) if self.scan() else None
        if items is None:
            return None
        if self.index < len(self.tokens):
            token, offset = self.tokens[self.index]
            self.report(f"{token!r} closes nothing", offset, len(token), ("open it with [",))
            return None
        return self.listed(items, 0)

    def scan(self) -> bool:
        """Split into tokens; False after a fault."""
        position, end, calls = 0, len(self.text.rstrip()), 0
        while position < end:
            match = _TOKEN.match(self.text, position)
            if match is None:
                from convcalc.spec.pattern_hints import star

                self.report(*star(self.text, position))
                return False
            token = match[0].strip()
            if not _FOREIGN.isdisjoint(token):
                if self.report is unreported:
                    return False
                position, calls = self.foreign(match.end() - len(token)), calls + 1
                if not position or calls > _CALLS:
                    return False
                continue
            self.token(token, match.end() - len(token))
            if len(self.tokens) > _MOST:
                self.report(f"more than {_MOST:,} words", position, 1, ("repeat with [...]*N",))
                return False
            position = match.end()
        return not calls

    def foreign(self, offset: int) -> int:
        """Report a call or another sign of lists and code; gives the offset after a call, or 0."""
        from convcalc.spec import pattern_hints

        fault = pattern_hints.fault(self.text, offset, self.blocks, self.scope)
        self.report(fault.message, fault.offset, fault.length, fault.help)
        return fault.behind

    def token(self, token: str, offset: int) -> None:
        """One word or sign; a word of the notes with dashes between is several."""
        at = 0  # in it: where many are, cutting each off would copy the rest as often
        for word in split(token.lower(), self.blocks) if "-" in token[1:] else (token,):
            self.tokens.append((token[at : at + len(word)], offset + at))
            if word.lower().startswith(("conv", "fc", "dense")):
                self.last = offset + at
            at += len(word) + 1

    def items(self, depth: int) -> list[Node] | None:
        """Layers up to the closing bracket or the end; None after a fault."""
        nodes: list[Node] = []
        while self.index < len(self.tokens):
            token, offset = self.tokens[self.index]
            if token == "]":
                break
            self.index += 1
            if token == "-" and self.too_deep(offset):
                return None
            if token in _ARROWS:
                continue
            if token in {"=>", "==>", ">", "\u21d2"}:
                text = f"{token!r} has no meaning in a pattern"
                self.report(text, offset, len(token), ("did you mean `->`?",))
                continue
            if token == "?":
                help = (
                    "write the layer or leave it out: the notes' `POOL?` means a choice",
                    "`convcalc analyze --net` lists all nets that a pattern with a choice means",
                )
                self.report("? is not written in a spec", offset, 1, help)
                return None
            if token[0] == "*":
                self.misplaced(token, offset)
                return None
            place = self.tokens, self.index - 1, self.blocks
            if token not in self.blocks and (fault := odd_word(*place)):
                self.report(*fault)
                return None
            node = self.group(offset, depth) if token == "[" else self.word(token, offset)
            if node is None:
                return None
            nodes.append(node)
        return nodes

    def too_deep(self, offset: int) -> bool:
        """Whether a hyphen is meant as the next entry of the list that the text is an entry of.

        A special space after it makes it a letter to YAML.
        """
        after = self.text[offset + 1 : offset + 2]
        if after.isspace() and not after.isascii():
            text = f"the `-` is followed by a special space (U+{ord(after):04X})"
            self.report(text, offset, 2, ("write an ordinary space",))
            return True
        if not isinstance(self.at, Folded):
            return False
        from convcalc.spec import misindented

        told = misindented.told(self.at, offset)
        if told is not None:
            self.report(told[0], offset, 1, told[1])
        return told is not None

    def misplaced(self, token: str, offset: int) -> None:
        """``*2`` that follows no group: perhaps the bracket of its group is still open."""
        opened, inner = list[int](), 0  # groups opened after the place
        for other, at in self.tokens:
            if other == "[":
                if at < offset:
                    opened.append(at)
                else:
                    inner += 1
            elif other == "]" and inner:
                inner -= 1
            elif other == "]" and opened:
                opened.pop()
        if opened:
            column = (self.place(opened[-1]) & 0xFFFFFFFF) + 1
            text = f"the bracket opened at column {column} is not closed before {token}"
            self.report(text, offset, len(token), (f"close it with ]: `]{token}`",))
        else:
            from convcalc.spec import pattern_hints

            help = pattern_hints.group(self.tokens, token, offset)
            self.report(f"{token} follows no group", offset, len(token), help)

    def group(self, offset: int, depth: int) -> Node | None:
        """``[...]*N``; the opening bracket is already read."""
        if depth >= _DEEPEST:
            self.report(f"nested deeper than {_DEEPEST} levels", offset, 1, ())
            return None
        inner = self.items(depth + 1)
        if inner is not None and self.index >= len(self.tokens):
            self.report("this bracket is not closed", offset, 1, ("close it with ]",))
            inner = None
        if inner is None:
            return None
        self.index += 1
        times, at = "1", offset
        if self.index < len(self.tokens) and self.tokens[self.index][0][0] == "*":
            token, at = self.tokens[self.index]
            times = token[1:].strip()
            self.index += 1
            if times in RANGES:
                number = self.scope.get(times)
                if not isinstance(number, int):
                    help = (f"write a number, or set it: --set {times}=2",)
                    self.report(f"{times} has no value", at, len(token), help)
                    return None
                times = str(number)
        options = Mapping(self.place(offset))
        self.entry(options, "times", self.scalar(times, at), offset)
        self.entry(options, "layers", self.listed(inner, offset), offset)
        whole = Mapping(self.place(offset))
        whole.closed = self.place(offset + 1)
        self.entry(whole, "repeat", options, offset)
        return whole

    def word(self, token: str, offset: int) -> Scalar:
        """One layer; kinds and short forms may be written in capitals, as the notes do."""
        shouted = token.translate(_SMALL).isupper()
        word = token.lower() if shouted else token
        if word not in self.blocks:
            word = spelled(word, self.scope, offset == self.last)
        return self.scalar(word, offset, len(token))

    def entry(self, mapping: Mapping, key: str, value: Node, offset: int) -> None:
        mapping.entries[key] = (self.scalar(key, offset, 1), value)

    def listed(self, nodes: list[Node], offset: int) -> Sequence:
        sequence = Sequence(self.place(offset))
        sequence.items = nodes
        return sequence

    def scalar(self, text: str, offset: int, length: int | None = None) -> Scalar:
        end = offset + (len(text) if length is None else length)
        return Marked(text, True, self.place(offset), self.place(end))

    def place(self, offset: int) -> int:
        return self.at.place(offset)

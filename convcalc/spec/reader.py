"""Text to located tree, by YAML's own events and under limits that hold while they stream in.

PyYAML's composer and constructor are not used: they keep the last of two duplicate keys, read 010
as 8, expand merge bombs and die of deep nesting. Works the same with libyaml and without.
"""

import gc
from typing import Any

import yaml

from convcalc.findings import Finding, Related, Severity, Span, is_hidden, plain
from convcalc.spec.source import Limits, Source
from convcalc.spec.tree import Mapping, Node, Scalar, Sequence, place

_PARSER: Any = getattr(yaml, "CSafeLoader", None) or yaml.SafeLoader


class _StopReadingError(Exception):
    """The tree cannot be built beyond this point; the finding is already recorded."""


def read(source: Source, limits: Limits, parser: Any = None) -> tuple[Node | None, list[Finding]]:
    """The tree of a file and what is wrong with it as YAML; the tree is None if it has none.

    `parser` is the PyYAML loader class that supplies the events (default: libyaml if there is one).
    """
    builder = _Builder(source, limits)
    collecting = gc.isenabled()
    gc.disable()  # a large file makes many small objects and no garbage
    try:
        builder.build((parser or _PARSER)(source.text))
    except _StopReadingError:
        builder.root = None
    except yaml.YAMLError as error:
        builder.root = None
        builder.syntax_error(error)
    finally:
        if collecting:
            gc.enable()
    return builder.root, builder.findings


class _Builder:
    def __init__(self, source: Source, limits: Limits) -> None:
        self.path = source.path
        self.source = source
        self.limits = limits
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self.anchors: dict[str, tuple[Node | None, int, Span]] = {}

    def build(self, loader: Any) -> None:
        """Consume all events; sets `root`."""
        scalar_event, alias_event = yaml.ScalarEvent, yaml.AliasEvent
        starts = {yaml.MappingStartEvent: Mapping, yaml.SequenceStartEvent: Sequence}
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        next_event = loader.get_event
        most = self.limits.nodes
        limit = most if most is not None else 1 << 62
        total = 0  # values so far, aliases counted expanded
        parents: list[tuple[Node, Scalar | None, str | None, int]] = []
        container: Node | None = None
        key: Scalar | None = None
        documents = 0
        node: Node | None
        while True:
            event = next_event()
            kind = type(event)
            if kind is scalar_event:
                start, end = event.start_mark, event.end_mark
                text = event.value
                node = Scalar(
                    text,
                    not event.style,
                    start.line << 32 | start.column,
                    end.line << 32 | end.column,
                )
                if not (event.style or event.tag or event.anchor):
                    pass
                else:
                    self.check_scalar(event, node)
                if type(container) is Mapping and key is None:
                    key = node
                    if text == "<<" and not event.style:
                        self.unsupported("merge keys (<<) are not supported", node.span)
                    continue
                total += 1
                if event.anchor:
                    self.anchors[event.anchor] = (node, 1, node.span)
            elif kind in starts:
                if type(container) is Mapping and key is None:
                    self.unsupported("a key must be plain text", _span(event))
                    raise _StopReadingError
                if len(parents) >= self.limits.depth:
                    self.too_large(f"nested deeper than {self.limits.depth} levels", _span(event))
                if event.tag:
                    self.unsupported(
                        f"tags such as {plain(event.tag)} are not supported", _span(event)
                    )
                mark = event.start_mark
                total += 1
                opened = starts[kind](place(mark.line, mark.column))
                if event.anchor:
                    self.anchors[event.anchor] = (None, 0, _span(event))
                parents.append((opened, key, event.anchor, total))
                container, key = opened, None
                continue
            elif kind in ends:
                assert container is not None, "an end follows its start"
                mark = event.end_mark
                container.end = place(mark.line, mark.column)
                node, key, anchor, before = parents.pop()
                if anchor:
                    self.anchors[anchor] = (node, total - before + 1, self.anchors[anchor][2])
                container = parents[-1][0] if parents else None
            elif kind is alias_event:
                if type(container) is Mapping and key is None:
                    self.unsupported("a key must be plain text", _span(event))
                    raise _StopReadingError
                node, weight = self.resolve(event)
                total += weight
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self.unsupported("one document a file, please", _span(event))
                    return
                continue
            elif kind is yaml.StreamEndEvent:
                return
            else:
                continue
            if total > limit:
                self.too_large(f"more than {limit:,} values", _span(event))
            if container is None:
                self.root = node
            elif type(container) is Mapping:
                assert key is not None, "a value follows its key"
                if key.text in container.entries:
                    self.duplicate(container.entries[key.text][0], key)
                else:
                    container.entries[key.text] = (key, node)
                key = None
            else:
                container.items.append(node)  # type: ignore[attr-defined]

    def check_scalar(self, event: Any, node: Scalar) -> None:
        """Tags and hidden characters behind escapes."""
        if event.tag and event.tag != "!":
            self.unsupported(f"tags such as {plain(event.tag)} are not supported", node.span)
        text = node.text
        if not (text.isascii() and text.isprintable()):
            hidden = next((c for c in text if is_hidden(c) and c not in "\n\t"), "")
            if hidden:
                message = f"hidden character U+{ord(hidden):04X} behind an escape"
                self.add("CC007", message, node.span, "not allowed", ("delete it",))

    def resolve(self, event: Any) -> tuple[Node, int]:
        """The node an alias stands for and how many values that is."""
        known = self.anchors.get(event.anchor)
        if known is None:
            name = plain(event.anchor)
            self.add("CC005", f"no anchor &{name} before this", _span(event), "unknown alias")
            raise _StopReadingError
        node, weight, where = known
        if node is None:
            message = f"alias *{plain(event.anchor)} inside its own anchor"
            self.add("CC005", message, _span(event), "refers to itself", related=("anchor", where))
            raise _StopReadingError
        return node, weight

    def duplicate(self, first: Scalar, second: Scalar) -> None:
        """The same key twice in one mapping."""
        message = f"duplicate key {plain(second.text)!r}"
        self.add(
            "CC003",
            message,
            second.span,
            "given again",
            ("remove one of the two",),
            ("first given here", first.span),
        )

    def unsupported(self, message: str, span: Span) -> None:
        """A feature of YAML that a spec does not use."""
        help = ("repeat the lines, use `repeat:`, or define a block",) if "<<" in message else ()
        self.add("CC005", message, span, "not supported", help)

    def too_large(self, message: str, span: Span) -> None:
        """A limit is passed: stop before it costs anything."""
        help = ("blocks and `repeat:` keep a net short",)
        self.add("CC002", message, span, "stopped reading here", help)
        raise _StopReadingError

    def syntax_error(self, error: yaml.YAMLError) -> None:
        """Not YAML; said in our own words, since the two parsers' words differ."""
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        context = str(getattr(error, "context", None) or "")
        opened = getattr(error, "context_mark", None)
        if mark is None:
            self.add("CC001", "not YAML", None, "")
            return
        lines = self.source.lines()
        line = min(mark.line, len(lines) - 1)
        span = Span(line + 1, mark.column + 1, line + 1, mark.column + 2)
        text = lines[line]
        message, help = "not YAML", "check the indentation and the colons of this line"
        if "\t" in text[: len(text) - len(text.lstrip())]:
            message, help = "not YAML: a tab indents this line", "indent with spaces"
        elif "flow" in context:
            message = "not YAML: a bracket is not closed, or a comma is missing"
            help = "close every [ and {, and put commas between the items"
        elif "quoted" in context:
            message, help = "not YAML: a quote is not closed", "close the quote on the same line"
        elif "block" in context:
            message = "not YAML: this line fits no list or mapping above it"
            help = "indent it like its neighbours; a list item starts with `- `"
        elif "simple key" in context:
            message, help = "not YAML: a key without its colon", "write `key: value`"
        label = "stopped here"
        if opened is not None and "flow" in context:
            line, label = opened.line + 1, "opened here"
            span = Span(line, opened.column + 1, line, opened.column + 2)
        self.add("CC001", message, span, label, (help,))

    def add(
        self,
        code: str,
        message: str,
        span: Span | None,
        label: str,
        help: tuple[str, ...] = (),
        related: tuple[str, Span] | None = None,
    ) -> None:
        """Record an error."""
        others = (Related(related[0], self.path, related[1]),) if related else ()
        self.findings.append(
            Finding(code, Severity.ERROR, message, self.path, span, label, None, help, others)
        )


def _span(event: Any) -> Span:
    mark = event.start_mark
    return Span(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)

"""Text to located tree, by YAML's own events and under limits that hold while they stream in.

PyYAML's composer and constructor are not used: they keep the last of two duplicate keys, read 010
as 8, expand merge bombs and die of deep nesting. Works the same with libyaml and without.
"""

import gc
from typing import TYPE_CHECKING, Any

from convcalc.escape import is_hidden
from convcalc.findings import Finding, Related, Severity, Span, brief, plain
from convcalc.source import Source
from convcalc.tree.commas import Commas
from convcalc.tree.decode import Limits
from convcalc.tree.libyaml import yaml
from convcalc.tree.nodes import BLOCK, Mapping, Marked, Node, Scalar, Sequence

if TYPE_CHECKING:
    from convcalc.tree.syntax import Fault

_C_PARSER: Any = getattr(yaml, "CSafeLoader", ())
_PARSER: Any = _C_PARSER or yaml.SafeLoader


def _framing(source: Source) -> "Fault | None":
    """A directive or a second document; most texts hold no mark of either."""
    if not any(mark in source.text for mark in ("%", "---", "...")):
        return None
    from convcalc.tree.syntax import framing

    return framing(source)


class _StopReadingError(Exception):
    """The tree cannot be built beyond this point; the finding is already recorded."""


def read(source: Source, limits: Limits, parser: Any = None) -> tuple[Node | None, list[Finding]]:
    """The tree of a file and what is wrong with it as YAML; the tree is None if it has none.

    `parser` is the PyYAML loader class that supplies the events (default: libyaml if there is one).
    """
    builder = _Builder(source, limits)
    fault = _framing(source)
    if fault is not None:
        builder.refuse(fault)
        return None, builder.findings
    parser = parser or _PARSER
    if not issubclass(parser, _C_PARSER):
        from convcalc.tree.scanner import Scanner  # needed without libyaml only

        parser = Scanner
    collecting = gc.isenabled()
    gc.disable()  # a large file makes many small objects and no garbage
    try:
        builder.build(parser(source.text))
    except _StopReadingError:
        builder.root = None
    except yaml.YAMLError as error:
        from convcalc.tree.syntax import explained

        builder.refuse(explained(source, error, parser))
    finally:
        if collecting:
            gc.enable()
    return builder.root, builder.findings


#: A container that waits for its child: itself, its entries, the key, the child's anchor, and
#: how many values there were before.
_Frame = tuple[Node | None, dict[str, Any] | None, Scalar | None, str | None, int]


class _Builder:
    def __init__(self, source: Source, limits: Limits) -> None:
        self.path = source.path
        self.source = source
        self.limits = limits
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self.anchors: dict[str, tuple[Node | None, int, Span]] = {}

    def build(self, loader: Any) -> None:
        """Consume all events; sets `root`. The hot loop of large files: hence its flat form."""
        scalar_event, alias_event, mapping_event = (
            yaml.ScalarEvent,
            yaml.AliasEvent,
            yaml.MappingStartEvent,
        )
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        next_event = loader.get_event
        commas = Commas(self.add)
        most = self.limits.nodes
        limit = most if most is not None else 1 << 62
        total = 0  # values so far, aliases counted expanded
        parents: list[
            tuple[Node | None, dict[str, Any] | None, Scalar | None, str | None, int]
        ] = []
        container: Node | None = None
        entries: dict[str, Any] | None = None  # of the container, where it is a mapping
        key: Scalar | None = None
        node: Node | None
        while True:
            event = next_event()
            kind = type(event)
            if kind is scalar_event:
                text, style, mark = event.value, event.style, event.start_mark
                start = mark.line << 32 | mark.column
                if style:
                    last = event.end_mark
                    end = last.line << 32 | last.column
                    if last.line == mark.line:
                        node = Marked(text, False, start, end)
                    else:
                        node = self.folded(text, False, start, end, mark.index, last.index)
                    self.check_text(node)
                elif text or key is None:
                    node = Scalar(text, start)
                    if " " in text or "\n" in text:
                        last = event.end_mark
                        if last.line != mark.line:
                            end = last.line << 32 | last.column
                            node = self.folded(text, True, start, end, mark.index, last.index)
                    if "(" in text and (key is not None or entries is None):
                        commas.begin(container, node)
                else:  # no value: after its key's colon, as the two parsers place it apart
                    node = Scalar("", key.end + 1)
                    if key.text.isdigit() and commas.listed(container, key):
                        key = None
                        continue
                if event.tag is not None:
                    self.check_tag(event, node)
                if entries is not None and key is None:
                    key = node
                    if text == "<<" and not style:
                        self.unsupported("merge keys (<<) are not supported", node.span)
                    continue
                total += 1
                if event.anchor is not None:
                    self.anchors[event.anchor] = (node, 1, node.span)
            elif kind in ends:
                assert container is not None, "an end follows its start"
                if container.closed != BLOCK:  # type: ignore[attr-defined]
                    mark = event.end_mark
                    container.closed = mark.line << 32 | mark.column  # type: ignore[attr-defined]
                node = container
                container, entries, key, anchor, before = parents.pop()
                if anchor is not None:
                    self.anchors[anchor] = (node, total - before + 1, self.anchors[anchor][2])
            elif kind is mapping_event or kind is yaml.SequenceStartEvent:
                if entries is not None and key is None:
                    self.unsupported("a key must be plain text", _span(event))
                    raise _StopReadingError
                if len(parents) >= self.limits.depth:
                    self.too_large(f"nested deeper than {self.limits.depth} levels", _span(event))
                if event.tag is not None:
                    self.check_tag(event, None)
                total += 1
                if event.anchor is not None:
                    self.anchors[event.anchor] = (None, 0, _span(event))
                parents.append((container, entries, key, event.anchor, total))
                mark = event.start_mark
                start = mark.line << 32 | mark.column
                if kind is mapping_event:
                    container = opened = Mapping(start)
                    entries = opened.entries
                else:
                    container, entries = Sequence(start), None
                if not event.flow_style:
                    container.closed = BLOCK
                key = None
                continue
            elif kind is alias_event:
                if entries is not None and key is None:
                    self.unsupported("a key must be plain text", _span(event))
                    raise _StopReadingError
                node, weight = self.resolve(event)
                total += weight
            elif kind is yaml.StreamEndEvent:
                commas.finish()
                return
            else:
                continue
            if total > limit:
                self.too_large(f"more than {limit:,} values", _span(event))
            if commas.torn is not None and commas.joined(container, key, node):
                key = None
            elif entries is not None:
                assert key is not None, "a value follows its key"
                if key.text in entries:
                    self.duplicate(entries[key.text][0], key)
                else:
                    entries[key.text] = (key, node)
                key = None
            elif container is None:
                self.root = node
            else:
                container.items.append(node)  # type: ignore[attr-defined]

    def folded(self, text: str, plain: bool, start: int, end: int, index: int, stop: int) -> Marked:
        """A scalar over several lines, which are from one character of the file to another."""
        from convcalc.tree.folded import Folded  # most files have none but their notes

        return Folded(text, plain, start, end, self.source.text, index, stop)

    def check_tag(self, event: Any, node: Scalar | None) -> None:
        """Tags are refused; ``!`` alone says no more than quotes do."""
        if event.tag != "!":
            message = f"tags such as {plain(event.tag)} are not supported"
            self.unsupported(message, node.span if node else _span(event))

    def check_text(self, node: Scalar) -> None:
        """Hidden characters written as escapes."""
        text = node.text
        if not (text.isascii() and text.isprintable()):
            hidden = next((c for c in text if is_hidden(c) and c not in "\n\t"), "")
            if "\ud800" <= hidden <= "\udfff":  # half a character: libyaml stops at it
                start = node.span
                from convcalc.tree.syntax import bad_escape

                self.refuse(
                    bad_escape(start._replace(end_line=start.line, end_column=start.column + 1))
                )
                raise _StopReadingError
            if hidden:
                message = f"hidden character U+{ord(hidden):04X} written as an escape"
                self.add("CC007", message, node.span, "not allowed", ("delete it",))

    def resolve(self, event: Any) -> tuple[Node, int]:
        """The node an alias stands for and how many values that is."""
        known = self.anchors.get(event.anchor)
        if known is None:
            name = plain(event.anchor)
            from convcalc.tree.slips import anchored_key

            help = anchored_key(self.source.text, event.anchor)
            message = f"no anchor &{name} before this"
            self.add("CC005", message, _span(event), "unknown alias", help)
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

    def refuse(self, fault: "Fault") -> None:
        """The text is no YAML: nothing read so far is worth a word beside that."""
        self.root = None
        help = (fault.help,) if fault.help else ()
        self.findings.clear()
        self.add(fault.code, fault.message, fault.span, fault.label, help)

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
            Finding(
                code, Severity.ERROR, brief(message), self.path, span, label, None, help, others
            )
        )


def _span(event: Any) -> Span:
    mark = event.start_mark
    return Span(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)

"""The tree of a file, built of YAML's events while they stream in, under limits."""

from typing import Any

from convcalc.escape import is_hidden
from convcalc.findings import Span, plain
from convcalc.source import Source
from convcalc.tree.commas import Commas
from convcalc.tree.decode import Limits
from convcalc.tree.faults import Faults, StopReadingError
from convcalc.tree.libyaml import yaml
from convcalc.tree.nodes import BLOCK, Mapping, Marked, Node, Scalar, Sequence

#: A container that waits for its child: itself, its entries, the key, the child's anchor, and
#: how many values there were before.
_Frame = tuple[Node | None, dict[str, Any] | None, Scalar | None, str | None, int]


class Builder:
    """Makes nodes of events; what is wrong with them goes to `faults`."""

    def __init__(self, source: Source, limits: Limits, faults: Faults) -> None:
        self.source = source
        self.limits = limits
        self.faults = faults
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
        commas = Commas(self.faults.add)
        most = self.limits.nodes
        limit = most if most is not None else 1 << 62
        total = 0  # values so far, aliases counted expanded
        parents: list[_Frame] = []
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
                        self.faults.unsupported("merge keys (<<) are not supported", node.span)
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
                    self.faults.unsupported("a key must be plain text", _span(event))
                    raise StopReadingError
                if len(parents) >= self.limits.depth:
                    self.faults.too_large(
                        f"nested deeper than {self.limits.depth} levels", _span(event)
                    )
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
                    self.faults.unsupported("a key must be plain text", _span(event))
                    raise StopReadingError
                node, weight = self.resolve(event)
                total += weight
            elif kind is yaml.StreamEndEvent:
                commas.finish()
                return
            else:
                continue
            if total > limit:
                self.faults.too_large(f"more than {limit:,} values", _span(event))
            if commas.torn is not None and commas.joined(container, key, node):
                key = None
            elif entries is not None:
                assert key is not None, "a value follows its key"
                if key.text in entries:
                    before, value = entries[key.text]
                    item = isinstance(parents[-1][0], Sequence)
                    self.faults.duplicate(before, key, value, node, item=item)
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
            self.faults.unsupported(message, node.span if node else _span(event))

    def check_text(self, node: Scalar) -> None:
        """Hidden characters written as escapes."""
        text = node.text
        if not (text.isascii() and text.isprintable()):
            hidden = next((c for c in text if is_hidden(c) and c not in "\n\t"), "")
            if "\ud800" <= hidden <= "\udfff":  # half a character: libyaml stops at it
                start = node.span
                from convcalc.tree.syntax import bad_escape

                self.faults.refuse(
                    bad_escape(start._replace(end_line=start.line, end_column=start.column + 1))
                )
                raise StopReadingError
            if hidden:
                message = f"hidden character U+{ord(hidden):04X} written as an escape"
                self.faults.add("CC007", message, node.span, "not allowed", ("delete it",))

    def resolve(self, event: Any) -> tuple[Node, int]:
        """The node an alias stands for and how many values that is."""
        known = self.anchors.get(event.anchor)
        if known is None:
            name = plain(event.anchor)
            from convcalc.tree.slips import anchored_key

            help = anchored_key(self.source.text, event.anchor)
            message = f"no anchor &{name} before this"
            self.faults.add("CC005", message, _span(event), "unknown alias", help)
            raise StopReadingError
        node, weight, where = known
        if node is None:
            message = f"alias *{plain(event.anchor)} inside its own anchor"
            self.faults.add(
                "CC005", message, _span(event), "refers to itself", related=("anchor", where)
            )
            raise StopReadingError
        return node, weight


def _span(event: Any) -> Span:
    mark = event.start_mark
    return Span(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)

"""Entries to steps: short forms, patterns, repeats, branches, block calls, one after another.

Expansion and sizing go hand in hand, since a formula may ask for ``in_channels``, the channels of
the volume that arrives.
"""

from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.layers.base import Layer, Size
from convcalc.layers.option import RejectedError, shown
from convcalc.network.record import INPUT
from convcalc.shapes import parse_shape, written
from convcalc.spec import shortforms
from convcalc.spec.compounds import Compounds
from convcalc.spec.context import (
    Context,
    Entry,
    Maker,
    given_names,
    has_branches,
    is_empty,
    is_pattern,
)
from convcalc.spec.counting import TooManyLayersError
from convcalc.spec.options import BESIDE
from convcalc.spec.values import Later, NoValueError, Reader
from convcalc.tree.nodes import Mapping, Marked, Node, Scalar, Sequence

_BESIDE = frozenset(BESIDE)


class Expander(Compounds):
    """Expands entries into a graph."""

    def layers(self, node: Node, context: Context, at: int) -> int:
        """Expand a list of entries behind step `at`; gives the step at their end."""
        if isinstance(node, Sequence):
            for item in node.items:
                at = self.entry(item, context, at)
            return at
        return self.entry(node, context, at)

    def entry(self, node: Node, context: Context, at: int) -> int:
        """Expand one entry, whatever its form."""
        if isinstance(node, Mapping):
            entry = self.sorted_out(node, context, at)
            return at if entry is None else self.timed(entry, context, at)
        if isinstance(node, Scalar):
            return self.word(node, context, at)
        self.remarks.error(
            "CC019",
            "a list stands where a layer belongs",
            node,
            "a list",
            ("parallel lists go under `add:` or `concat:` as `branches:`",),
            calls=context.calls,
        )
        return self.broken("", node, context, at)

    def sorted_out(self, node: Mapping, context: Context, at: int) -> Entry | None:
        """The kind of an entry and the keys beside it; None where it has no kind."""
        kinds: list[tuple[str, Scalar, Node]] = []
        beside: dict[str, Node] = {}
        for word, (key, value) in node.entries.items():
            if word in _BESIDE:
                beside[word] = value
            else:
                kinds.append((word, key, value))
        if len(kinds) == 1:
            word, key, value = kinds[0]
            return Entry(word, key, value, beside)
        if not kinds:
            help: tuple[str, ...] = (
                "an entry is `- relu`, `- conv: {...}`, a short form or a block call",
            )
            text = "this entry has no layer kind"
            self.remarks.error("CC019", text, node, "", help, calls=context.calls)
            return None
        kind = self.only_kind(kinds)
        if kind is not None:
            from convcalc.spec import hints

            options = [option.key for option in self.options_of(kind[0])]
            for word, key, value in kinds:
                if word != kind[0]:
                    help = hints.beside(word, value, kind[0], options, self.remarks.suggest)
                    text = f"unknown key {plain(word)!r} beside {kind[0]}"
                    self.remarks.error("CC010", text, key, "unknown", help, calls=context.calls)
            return Entry(*kind, beside)
        names = " and ".join(plain(k[0]) for k in kinds[:3])
        help = ("start each layer with a `- ` of its own",)
        text = f"one entry, several layers: {names}"
        self.remarks.error("CC019", text, kinds[1][1], "a second one", help, calls=context.calls)
        return Entry(*next((k for k in kinds if self.is_kind(k[0])), kinds[0]), beside)

    def only_kind(self, keys: list[tuple[str, Scalar, Node]]) -> tuple[str, Scalar, Node] | None:
        """The one key among several that starts an entry; ``repeat: 2`` was meant as `times`."""
        known = [k for k in keys if self.is_kind(k[0])]
        known = [k for k in known if k[0] != "repeat" or isinstance(k[2], Mapping)]
        known = known or [k for k in keys if shortforms.expand(k[0])]
        return known[0] if len(known) == 1 else None

    def word(self, node: Scalar, context: Context, at: int) -> int:
        """An entry without a colon: a kind, a short form, a pattern, a block, or ``=argument``."""
        text = node.text
        if text[:1] == "=" and len(text) > 1:
            return self.splice(node, context, at)
        if is_pattern(text):
            from convcalc.spec.pattern import parse_pattern

            def report(message: str, offset: int, length: int, help: tuple[str, ...]) -> None:
                start = node.place(offset)
                mark = Marked("", True, start, start + length)
                self.remarks.error("CC021", plain(message), mark, "", help, calls=context.calls)

            listed = parse_pattern(text, node, report)
            if listed is None:
                return self.broken(text, node, context, at)
            self.reserve(listed, context)
            return self.layers(listed, context, at)
        if text == INPUT or text.startswith(f"{INPUT}-"):
            return self.named_input(node, at, context)
        return self.made(Entry(text, node, None, {}), context, at)

    def reserve(self, node: Node, context: Context) -> None:
        """Let automatic names step aside for the names given in these entries."""
        names = given_names(node, context.variables)
        if names:
            context.frame.reserved |= names

    def named_input(self, node: Scalar, at: int, context: Context) -> int:
        """``INPUT`` at the head of a pattern, with or without its size."""
        steps = self.graph.steps
        if steps[-1].kind != INPUT or steps[at].kind != INPUT:
            text, help = "input can only stand first", ("a layer reads it with `from: input`",)
            self.remarks.error("CC021", text, node, "", help, calls=context.calls)
            return at
        size = parse_shape(node.text.partition("-")[2])
        if "-" not in node.text:
            return at
        have = steps[at].output
        if size is None or (have is not None and size != have):
            text = f"the input is {written(have)}" if have and size else "expected `input-32x32x3`"
            self.remarks.error("CC021", text, node, "", (), calls=context.calls)
        elif have is None:
            steps[at] = steps[at]._replace(size=Size(size))
        return at

    def splice(self, node: Scalar, context: Context, at: int) -> int:
        """``- =argument``: the layers an argument holds."""
        try:
            value = self.reader(context, at).argument(node)
        except NoValueError:
            return self.broken(node.text, node, context, at)
        if isinstance(value, Later):
            inner = context._replace(
                variables=value.variables,
                open=context.open[: len(value.calls)],  # the blocks around its own place
                depth=context.depth + 1,
            )
            self.guard_depth(inner, node)
            return self.layers(value.node, inner, at)
        if isinstance(value, str):
            return self.word(Marked(value, True, node.start, node.end), context, at)
        if value is None:
            return at
        text = f"{plain(node.text)} is {value}, not a layer or a list of layers"
        self.remarks.error("CC014", text, node, "", (), calls=context.calls)
        return self.broken(node.text, node, context, at)

    def timed(self, entry: Entry, context: Context, at: int) -> int:
        """An entry with `when` and `times`."""
        beside = entry.beside
        if "when" not in beside and "times" not in beside:
            return self.placed(entry, context, at)
        reader = self.reader(context, at)
        try:
            if "when" in beside and not self.condition(beside["when"], reader):
                return at
            times = self.count(beside["times"], reader) if "times" in beside else 1
        except NoValueError:
            return self.broken(entry.kind, entry.at, context, at, entry.beside)
        return self.repeated(times, context, at, lambda c, a: self.placed(entry, c, a))

    def condition(self, node: Node, reader: Reader) -> bool:
        """The value of a `when:`."""
        value = reader.value(node)
        if isinstance(value, bool | int):
            return bool(value)
        help = ("`when: =stride != 1`",)
        return reader.fail("CC014", "when needs a condition", node, "neither true nor false", help)

    def count(self, node: Node, reader: Reader) -> int:
        """The value of a `times:`."""
        value = reader.value(node)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        got = shown(value)
        text = f"times: expected an integer from 0, got {got}"
        from convcalc.spec import hints

        help = hints.equals_sign(value, reader.variables) if isinstance(value, str) else ()
        return reader.fail("CC014", text, node, "", help)

    def repeated(self, times: int, context: Context, at: int, make: Maker) -> int:
        """Make something several times in a row; refused where it would be too much."""
        if times == 1:
            return make(context, at)
        steps = self.graph.steps
        before = len(steps)
        copies = context.copies * times
        if copies > self.limit:
            raise TooManyLayersError
        for turn in range(1, times + 1):
            inner = context._replace(suffix=f"{context.suffix}.{turn}", copies=copies)
            at = make(inner, at)
            if turn == 1:
                made = len(steps) - before
                if made * copies > self.limit or before + made * times > self.limit:
                    raise TooManyLayersError
                if not made:  # whatever made no layer will not make one the next time
                    break
        return at

    def placed(self, entry: Entry, context: Context, at: int) -> int:
        """An entry behind what its `from` says."""
        beside = entry.beside
        if "ignore" in beside:
            codes = self.codes(beside["ignore"], context)
            context = context._replace(ignore=(*context.ignore, *codes))
        merge = entry.kind in self.kinds and BY_NAME[entry.kind].merges
        if "from" not in beside:
            return self.made(entry, context, at)
        sources = self.sources(beside["from"], context, at)
        if sources is None:
            return self.judged_alone(entry, context, at)
        if merge and not has_branches(entry.value):
            return self.merged(entry, context, at, tuple(sources))
        if len(sources) != 1:
            help = ("only add, multiply and concat read several",)
            if merge:
                help = ("with branches, from says where they start: one layer",)
            text = f"{entry.kind} reads one layer, from names {len(sources)}"
            self.remarks.error("CC019", text, beside["from"], "", help, calls=context.calls)
            return self.broken(entry.kind, entry.at, context, at, beside)
        return self.made(entry, context, sources[0].end)

    def made(self, entry: Entry, context: Context, at: int) -> int:
        """The layer, merge, repeat or block call of an entry."""
        kind = entry.kind
        layer_class = BY_NAME.get(kind)
        if layer_class is not None:
            if layer_class.merges:
                return self.merged(entry, context, at, ())
            return self.layer(entry, layer_class, context, at)
        if kind in self.blocks or kind == "repeat":
            if "weights" in entry.beside:
                text = f"weights are shared by layers, not by {kind}"
                help = ("put it on the layers inside",)
                at_key = entry.beside["weights"]
                self.remarks.error("CC123", text, at_key, "", help, calls=context.calls)
            return (self.repeat if kind == "repeat" else self.call)(entry, context, at)
        output = self.graph.steps[at].output or ()
        short = shortforms.expand(kind, max(len(output) - 1, 0) or 2)
        if short is not None and (entry.value is None or is_empty(entry.value)):
            try:
                made = self.maker.from_words(BY_NAME[short[0]], short[1])
            except RejectedError as error:
                text = f"{kind}: {error}"
                self.remarks.error("CC014", text, entry.at, "", (), calls=context.calls)
                return self.broken(short[0], entry.at, context, at, entry.beside)
            return self.step(entry, made, short[0], context, (at,), None)
        self.unknown_kind(entry, context, short is not None)
        return self.broken(kind, entry.at, context, at, entry.beside)

    def layer(self, entry: Entry, kind: type[Layer], context: Context, at: int) -> int:
        """A layer that reads one volume."""
        try:
            options = self.options(entry, context, at)
            reader = self.reader(context, at)
            made = self.maker.from_mapping(kind, options, entry.at, reader)
        except NoValueError:
            return self.broken(entry.kind, entry.at, context, at, entry.beside)
        like = made.__dict__.get("like")
        follows = None
        if like is not None:
            assert options is not None, "like is an option"
            follows = self.reference(like, options.entries["like"][1], context)
            if follows is None:
                return self.broken(entry.kind, entry.at, context, at, entry.beside)
        return self.step(entry, made, entry.kind, context, (at,), options, like=follows)

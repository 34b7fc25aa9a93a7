"""Entries to steps: short forms, patterns, repeats, branches, block calls, one after another.

Expansion and sizing go hand in hand, since a formula may ask for ``in_channels``, the channels of
the volume that arrives.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from convcalc.findings import plain
from convcalc.layers import BY_NAME, SEVERAL_READ
from convcalc.layers.base import Size
from convcalc.layers.option import RejectedError
from convcalc.network.record import INPUT
from convcalc.shapes import parse_shape, written
from convcalc.spec import shortforms
from convcalc.spec.context import (
    Context,
    Entry,
    given_names,
    has_branches,
    is_empty,
    is_pattern,
)
from convcalc.spec.steps import Steps, channels
from convcalc.spec.values import Later, NoValueError
from convcalc.tree.folded import Folded
from convcalc.tree.nodes import BESIDE, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:  # plain lists of layers need neither
    from convcalc.spec.compounds import Compounds
    from convcalc.spec.repeats import Repeats

_BESIDE = frozenset(BESIDE)


class Expander:
    """Expands entries, whatever their form, into the steps of a graph."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.graph = steps.graph
        self.remarks = steps.remarks
        self.above: Node | None = None
        """The entry above the one that is begun, in the same list."""
        self.within: tuple[list[Node], int] = ([], 0)
        """The list that is read, and the place in it."""

    @cached_property
    def repeats(self) -> "Repeats":
        """Makes what is made several times."""
        from convcalc.spec.repeats import Repeats

        return Repeats(self.steps)

    @cached_property
    def compounds(self) -> "Compounds":
        """Makes entries that hold entries."""
        from convcalc.spec.compounds import Compounds

        return Compounds(self.steps, self.repeats, self.layers)

    def layers(self, node: Node, context: Context, at: int) -> int:
        """Expand a list of entries after step `at`; gives the step at their end."""
        if isinstance(node, Sequence):
            self.remarks.spend(12 * len(node.items))
            context = context._replace(alone=False) if context.alone else context
            above, passed = None, 0
            for place, item in enumerate(node.items):
                if passed:  # a part of the call above
                    passed -= 1
                    continue
                self.above, self.within = above, (node.items, place)
                at = self.entry(item, context, at)
                above = item
                if isinstance(item, Scalar) and "(" in item.text:
                    from convcalc.spec.cut_calls import parts

                    passed = parts(node.items, place)
            return at
        self.above = None
        return self.entry(node, context, at)

    def entry(self, node: Node, context: Context, at: int) -> int:
        """Expand one entry, whatever its form."""
        if isinstance(node, Mapping):
            self.remarks.spend(8 * max(0, len(node.entries) - 4))
            entry = self.sorted_out(node, context, at)
            return at if entry is None else self.timed(entry, context, at)
        if isinstance(node, Scalar):
            return self.word(node, context, at)
        from convcalc.spec.typed import listed

        help = listed(node, self.graph.steps[at]) if isinstance(node, Sequence) else ()
        text = "expected a layer, got a list"
        self.remarks.error("CC019", text, node, "a list", help, calls=context.calls)
        return self.steps.broken("", node, context, at)

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
        from convcalc.spec.several_kinds import sorted_out

        return sorted_out(self.steps, node, kinds, beside, context, at, self.within)

    def word(self, node: Scalar, context: Context, at: int) -> int:
        """An entry without a colon: a kind, a short form, a pattern, a block, or ``=argument``."""
        text = node.text
        if text[:1] == "=" and len(text) > 1:
            return self.splice(node, context, at)
        if is_pattern(text):
            return self.pattern(node, context, at)
        if text == INPUT or text.startswith(f"{INPUT}-"):
            return self.named_input(node, at, context)
        return self.made(Entry(text, node, None, {}), context, at)

    def pattern(self, node: Scalar, context: Context, at: int) -> int:
        """Several words in a text: layers, one after another."""
        from convcalc.spec.pattern import listed_layers

        listed = listed_layers(node, self.steps, context, at)
        if listed is None:
            from convcalc.spec.unknown_kind import probable

            return self.steps.broken(probable(self.steps, node.text), node, context, at)
        self.reserve(listed, context)
        return self.layers(listed, context, at)

    def reserve(self, node: Node, context: Context) -> None:
        """Let automatic names step aside for the names given in these entries."""
        context.frame.reserve(given_names(node, context.variables))

    def named_input(self, node: Scalar, at: int, context: Context) -> int:
        """``INPUT`` at the head of a pattern, with or without its size."""
        steps = self.graph.steps
        if steps[-1].kind != INPUT or steps[at].kind != INPUT:
            text, help = "input must come first", ("a layer reads it with `from: input`",)
            self.remarks.error("CC021", text, node, "", help, calls=context.calls)
            return at
        size = parse_shape(node.text.partition("-")[2])
        if "-" not in node.text:
            return at
        have = steps[at].output
        if size is None or (have is not None and size != have):
            text = f"the input is {written(have)}" if have and size else "expected `input-32x32x3`"
            self.remarks.error("CC021", text, node, "", (), calls=context.calls)
            return at if size else self.steps.broken("", node, context, at)
        if have is None:
            steps[at] = steps[at]._replace(size=Size(size))
        return at

    def splice(self, node: Scalar, context: Context, at: int) -> int:
        """``- =argument``: the layers an argument holds."""
        if isinstance(node, Folded):
            from convcalc.spec import misindented

            if misindented.report(node, self.remarks, context.calls):
                return self.steps.broken("", node, context, at)
        reader = self.steps.reader(context, at)
        try:
            value = reader.argument(node)
        except NoValueError:
            return self.steps.broken(node.text, node, context, at)
        if isinstance(value, Later):
            inner = context._replace(
                variables=value.variables,
                open=context.open[: len(value.calls)],  # the blocks around its own place
                depth=context.depth + 1,
            )
            self.steps.guard_depth(inner, node)
            return self.layers(value.node, inner, at)
        if isinstance(value, str):
            word = reader.word(node, value)
            own = word.written
            if is_pattern(value) and isinstance(own, Scalar) and own.text == value:
                return self.word(own, context, at)  # its words have places of their own
            return self.word(word, context, at)
        if value is None:
            return at
        text = f"{plain(node.text)} is {value}, not a layer or a list of layers"
        help = ("a layer such as `relu`, or a list of layers",)
        self.remarks.error("CC014", text, reader.word(node, ""), "", help, calls=context.calls)
        return self.steps.broken(node.text, node, context, at)

    def timed(self, entry: Entry, context: Context, at: int) -> int:
        """An entry with `when` and `times`."""
        beside, above = entry.beside, self.above
        if "when" not in beside and "times" not in beside:
            return self.placed(entry, context, at)
        reader = self.steps.reader(context, at)
        if "from" in beside:  # whose volume arrives; nobody looks for it before it is asked for
            reader.channels = lambda: self.channels_from(beside["from"], context, at)
        try:
            if "when" in beside and not self.repeats.met(entry, above, context, reader):
                return self.repeats.left_out(entry, context, at, "when")
            times = self.repeats.count(beside["times"], reader) if "times" in beside else 1
            if not times:
                return self.repeats.left_out(entry, context, at, "times")
        except NoValueError:
            from convcalc.spec.unread import unread

            return unread(self.steps, entry, context, at, True)
        return self.repeats.in_a_row(entry, times, context, at, self.placed)

    def channels_from(self, node: Node, context: Context, at: int) -> int:
        """`in_channels` of an entry with a `from`: of the first layer that it names."""
        sources = self.steps.beside.sources(node, context, at)
        if sources is None:
            raise NoValueError
        return channels(self.graph.steps[sources[0].end])

    def placed(self, entry: Entry, context: Context, at: int) -> int:
        """An entry after what its `from` says."""
        beside = entry.beside
        if "ignore" in beside:
            codes = self.steps.beside.codes(beside["ignore"], context)
            context = context._replace(ignore=tuple(dict.fromkeys((*context.ignore, *codes))))
        if "checkpoint" in beside and not context.checkpoint:
            mark = self.steps.beside.checkpoint(beside["checkpoint"], context)
            if mark and entry.kind != "repeat":  # whose copies are a segment each
                context = context._replace(checkpoint=mark)
        if "from" not in beside:
            return self.made(entry, context, at)
        merge = entry.kind in self.steps.kinds and BY_NAME[entry.kind].merges
        sources = self.steps.beside.sources(beside["from"], context, at)
        if sources is None:
            return self.checked_alone(entry, context, at)
        if merge and not has_branches(entry.value):
            return self.compounds.merged(entry, context, at, tuple(sources))
        word, start = entry.kind, "with branches, from says where they start: one layer"
        if len(sources) != 1 and (self.steps.is_kind(word) or shortforms.expand(word)):
            help = (start if merge else SEVERAL_READ,)
            text = f"{word} reads one layer, from names {len(sources)}"
            named = self.steps.beside.written(beside["from"], "", context)
            self.remarks.error("CC019", text, named, "", help, calls=context.calls)
            return self.steps.broken(word, entry.at, context, at, beside)
        return self.made(entry, context, sources[0].end)

    def checked_alone(self, entry: Entry, context: Context, at: int) -> int:
        """An entry whose input is unknown: one broken layer, but what it holds is still checked."""
        graph = self.graph
        index = self.steps.broken(entry.kind, entry.at, context, at, entry.beside)
        merge = entry.kind in self.steps.kinds and BY_NAME[entry.kind].merges
        if merge and not has_branches(entry.value):
            return index
        counters, mark = dict(context.frame.counters), len(self.steps.names.bound)
        rest = {k: v for k, v in entry.beside.items() if k not in {"name", "from", "weights"}}
        self.made(entry._replace(beside=rest), context, index)
        context.frame.counters = counters
        del graph.steps[index + 1 :]
        self.steps.names.rebind(mark, index)
        return index

    def made(self, entry: Entry, context: Context, at: int) -> int:
        """The layer, merge, repeat or block call of an entry."""
        kind = entry.kind
        layer_class = BY_NAME.get(kind)
        if layer_class is not None:
            if layer_class.merges:
                return self.compounds.merged(entry, context, at, ())
            return self.steps.layer(entry, layer_class, context, at)
        if kind in self.steps.blocks or kind == "repeat":
            if "weights" in entry.beside and kind == "repeat":
                text = "weights are shared by layers and block calls, not by repeat"
                help = ("put it on the layers inside",)
                at_key = entry.beside["weights"]
                self.remarks.error("CC123", text, at_key, "", help, calls=context.calls)
            return (self.compounds.repeat if kind == "repeat" else self.compounds.call)(
                entry, context, at
            )
        output = self.graph.steps[at].output or ()
        short = shortforms.expand(kind, max(len(output) - 1, 0) or 2)
        if short is not None and (entry.value is None or is_empty(entry.value)):
            try:
                made = self.steps.maker.from_words(BY_NAME[short[0]], short[1])
            except RejectedError as error:
                text = f"{kind}: {error}"
                self.remarks.error("CC014", text, entry.at, "", (), calls=context.calls)
                return self.steps.broken(short[0], entry.at, context, at, entry.beside)
            return self.steps.step(entry, made, short[0], context, (at,), None)
        from convcalc.spec.unknown_kind import unknown_kind

        kind = unknown_kind(self.steps, entry, context, at, short is not None)
        return self.steps.broken(kind, entry.at, context, at, entry.beside)

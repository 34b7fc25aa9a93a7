"""How often an entry is made: `when`, `times` and the limit of layers."""

import re
from collections.abc import Callable
from functools import cached_property
from itertools import chain, repeat
from typing import TYPE_CHECKING

from convcalc.findings import plain
from convcalc.layers import MERGES
from convcalc.layers.option import shown
from convcalc.spec.context import Context, Entry, Maker, has_branches
from convcalc.spec.counting import TooManyLayersError
from convcalc.spec.steps import Steps
from convcalc.spec.values import IN_CHANNELS, Reader
from convcalc.tree.nodes import Node, Scalar

if TYPE_CHECKING:  # few files have conditions
    from convcalc.spec.split_conditions import SplitConditions

_LONGEST = 200  #: letters of a condition without its sign that are looked at
#: what a shortcut is projected by, in full or in a short form
_PROJECTIONS = ("conv", "depthwise_conv", "repeat")


class Repeats:
    """Makes entries several times, or not at all."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps

    @cached_property
    def splits(self) -> "SplitConditions":
        """Compares the conditions of neighbours, where they depend on the volume that arrives."""
        from convcalc.spec.split_conditions import SplitConditions

        return SplitConditions(self.steps.remarks)

    def met(self, entry: Entry, above: Node | None, context: Context, reader: Reader) -> bool:
        """Whether the `when` of an entry is met; that of the entry above it may have been another.

        Raises:
            NoValueError: that is not known; the reason is reported.
        """
        when = entry.beside["when"]
        met = self.condition(when, reader)
        if isinstance(when, Scalar) and IN_CHANNELS in when.text and "CC128" not in context.ignore:
            own = entry.beside.get("ignore")
            if own is None or "CC128" not in self.steps.beside.codes(own, context):
                self.splits.compare(above, entry, context, reader, met)
        return met

    def condition(self, node: Node, reader: Reader) -> bool:
        """The value of a `when:`."""
        value = reader.value(node)
        if isinstance(value, bool | int):
            return bool(value)
        text = value.strip() if isinstance(value, str) else ""
        names = {*re.findall(r"[A-Za-z_]\w*", text[:_LONGEST])} - {"and", "or", "not"}
        known = bool(names) and all(name in reader.variables for name in names)
        asks = known or any(sign in text for sign in ("<", ">", "==", "!="))
        help = (f"did you mean `={plain(text)}`?" if asks else "`when: =stride != 1`",)
        return reader.fail("CC014", "when needs a condition", node, "neither true nor false", help)

    def left_out(self, entry: Entry, context: Context, at: int, key: str) -> int:
        """An entry that its `when` or `times` leaves out: nothing, and what its name meant."""
        name, conditional = entry.beside.get("name"), key == "when"
        if conditional and entry.kind.startswith(_PROJECTIONS):
            self.steps.graph.omitted = context.calls, entry.kind, entry.at
        if isinstance(name, Scalar):
            line = entry.beside[key].span.line
            why = f"`{key}` in line {line} is {'not met' if conditional else 0}"
            also = ""
            if conditional and entry.kind != "repeat":
                also = (
                    ", give this one the same `when`, or put it into `repeat: {times: 1, layers: "
                    "[...]}` with the `when` inside: its name is then what it reads"
                )
            elif conditional:
                also = ", give this one the same `when`, or move it to the layers inside"
            whole = f"{context.frame.prefix}{name.text}"
            self.steps.names.left_out[whole] = why, f"read another layer{also}"
        return at

    def count(self, node: Node, reader: Reader) -> int:
        """The value of a `times:`."""
        value = reader.value(node)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        got = shown(value)
        text = f"times: expected an integer from 0, got {got}"
        from convcalc.spec import hints

        known = reader.origin(node)[0].variables
        help = hints.equals_sign(value, known) if isinstance(value, str) else ()
        return reader.fail("CC014", text, node, "", help)

    def in_a_row(
        self,
        entry: Entry,
        times: int,
        context: Context,
        at: int,
        placed: Callable[[Entry, Context, int], int],
    ) -> int:
        """An entry several times: the first reads what its `from` names, each other the one before.

        A merge of what `from` lists is made of the same each time: it reads no other way.
        """
        listed = entry.kind in MERGES and not has_branches(entry.value)
        if times < 2 or listed or "from" not in entry.beside:
            return self.repeated(times, context, at, lambda c, a: placed(entry, c, a))
        beside = {key: node for key, node in entry.beside.items() if key != "from"}
        turns = chain((entry,), repeat(entry._replace(beside=beside)))
        return self.repeated(times, context, at, lambda c, a: placed(next(turns), c, a))

    def repeated(self, times: int, context: Context, at: int, make: Maker) -> int:
        """Make something several times in a row; refused where it would be too much."""
        if times == 1:
            return make(context, at)
        steps = self.steps.graph.steps
        before = len(steps)
        copies = context.copies * times
        if copies > self.steps.limit:
            raise TooManyLayersError
        for turn in range(1, times + 1):
            inner = context._replace(suffix=f"{context.suffix}.{turn}", copies=copies)
            at = make(inner, at)
            if turn == 1:
                made = len(steps) - before
                self.steps.longest_repeat = max(self.steps.longest_repeat, made * times)
                if made * copies > self.steps.limit or before + made * times > self.steps.limit:
                    raise TooManyLayersError
                if not made:  # whatever made no layer will not make one the next time
                    break
        return at

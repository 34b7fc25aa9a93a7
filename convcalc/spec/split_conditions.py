"""Neighbours under one `when` of which only one is made, because `in_channels` changes between.

The projection of a shortcut is written so: a conv and the batch_norm behind it, each with
``when: =in_channels != filters``. The conv makes that many, and the batch_norm is left out.
"""

from convcalc.findings import Severity, plain
from convcalc.network.remarks import Remarks
from convcalc.records import NamedTuple
from convcalc.spec.context import Context, Entry
from convcalc.spec.values import IN_CHANNELS, NoValueError, Reader
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence


class _Asked(NamedTuple):
    """What a condition came to the last time."""

    met: bool
    channels: int


class SplitConditions:
    """Compares each condition that asks for `in_channels` with that of the entry before it."""

    def __init__(self, remarks: Remarks) -> None:
        self.remarks = remarks
        self.asked: dict[int, _Asked] = {}
        """By the node of a `when`."""
        self.said: set[int] = set()
        """Conditions of which a call was warned: the others are no second fault."""

    def compare(
        self, before: Node | None, entry: Entry, context: Context, reader: Reader, met: bool
    ) -> None:
        """Remember whether an entry is made; warn where that before it is not, or is alone.

        `before` is the entry above it in the same list. An entry with a `from` says itself whose
        channels are meant, and one that is repeated word for word goes step by step.
        """
        when = entry.beside["when"]
        try:
            now = _Asked(met, reader.channels())
        except NoValueError:
            return
        other = before.get("when") if isinstance(before, Mapping) else None
        was = self.asked.get(id(other)) if other is not None else None
        self.asked[id(when)] = now
        if was is None or was.met == met or "from" in entry.beside or not _is_one(other, when):
            return
        if not isinstance(before, Mapping) or _is_again(before, entry):
            return
        if id(when) in self.said:
            self.remarks.attempts += 1  # neither is this call like one of which nothing is said
            return
        self.said.add(id(when))
        self.report(before, entry, context, was, now)

    def report(
        self, before: Mapping, entry: Entry, context: Context, was: _Asked, now: _Asked
    ) -> None:
        """Say which of the two is left out, by what numbers, and how both go together."""
        names = [plain(_kind(before)), plain(entry.kind)]
        left, kept, where = (*names[::-1], "before") if was.met else (*names, "behind")
        text = (
            f"{left} is left out and {kept} {where} it is not: in one `when` {IN_CHANNELS} is "
            f"{was.channels:,} there and {now.channels:,} here"
        )
        argument = (
            f", or take {IN_CHANNELS} as an argument of the block: `args: {{inc: ={IN_CHANNELS}}}`"
            if context.calls
            else ""
        )
        help = (
            f"put both into one `repeat: {{times: 1, layers: [...]}}` with this `when`{argument}",
            "`ignore: [CC128]` beside it, where that is meant",
        )
        when = entry.beside["when"]
        label, other = ("met", "not met") if now.met else ("not met", "met")
        related = ((other, before.get("when")),)
        warning = Severity.WARNING
        self.remarks.error("CC128", text, when, label, help, related, context.calls, None, warning)


def _is_one(one: Node | None, other: Node) -> bool:
    """Whether two conditions are the same words, which ask for `in_channels`."""
    texts = [node.text if isinstance(node, Scalar) else "" for node in (one, other)]
    first, second = ("".join(text.split()) for text in texts)
    return first == second and IN_CHANNELS in first


def _kind(entry: Mapping) -> str:
    """The word that an entry starts with, but for the keys beside it."""
    from convcalc.tree.nodes import BESIDE

    return next((word for word in entry.entries if word not in BESIDE), "layer")


def _is_again(before: Mapping, entry: Entry) -> bool:
    """Whether an entry is the one before it once more: ``doubled until there are 64``."""
    kind = _kind(before)
    return kind == entry.kind and _same(before.get(kind), entry.value)


def _same(one: Node | None, other: Node | None) -> bool:
    """Whether two values are written alike."""
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.text == other.text
    if isinstance(one, Sequence) and isinstance(other, Sequence):
        pairs = zip(one.items, other.items, strict=False)
        return len(one.items) == len(other.items) and all(_same(*pair) for pair in pairs)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        keys = one.entries.keys()
        return keys == other.entries.keys() and all(_same(one.get(k), other.get(k)) for k in keys)
    return one is other

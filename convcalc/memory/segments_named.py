"""Segments by the name of a rule, by their first and last layers, or as the spec marks them.

`every-block`: every block of the spec, of a model file every innermost module that merges; where
there is none, each stretch that ends in a merge.
`pools`: each stretch that ends in a pool; what comes after the last is not checkpointed.
`sqrt`: as many segments as the root of the number of layers, all as long (arXiv:1604.06174).
`seq:K`: as PyTorch's ``checkpoint_sequential``, whose last segment is not checkpointed.
`none`: no layer, of a spec that marks some too.
`FIRST..LAST`: from one layer to another; a name alone is a layer, or all layers of a block.
"""

import json
import re
from collections.abc import Iterator, Sequence, Set
from itertools import groupby, pairwise
from math import isqrt

from convcalc.findings import plain
from convcalc.layers.traits import Family
from convcalc.memory.segments import Span
from convcalc.network.record import Network, Step
from convcalc.quantity import counted
from convcalc.suggest import Suggestions, nearest

#: The rules with a name; the others are ``seq:K`` and segments.
RULES = ("every-block", "pools", "sqrt", "none")

_POOLS = {Family.POOL, Family.POOL_TO_SIZE}


class SegmentError(ValueError):
    """A segment that is not one; the message says what to write."""

    def __init__(self, wrong: str, name: str = "", meant: str = "") -> None:
        """What is `wrong`, and the `name` in it that was `meant` to be another."""
        super().__init__(f"{wrong}: did you mean {meant}?" if meant else wrong)
        self.wrong, self._slip = wrong, (name, meant)

    def repaired(self, text: str) -> str:
        """The setting with the name that was meant; '' where none is known."""
        name, meant = self._slip
        parts = re.split(r"(\.\.|[, ]+)", text) if meant else []
        found = "".join(meant if part == name else part for part in parts)
        if not re.fullmatch(r"[\w./-]*", found):
            found = json.dumps(found)
        return found if name in parts else ""


def spans(network: Network, text: str) -> tuple[Span, ...]:
    """The segments that a `checkpoint` setting names; of '' those that the spec marks.

    Raises:
        SegmentError: a layer that there is not, stretches that are none, or more than layers.
    """
    steps = network.steps
    first = next((n for n, step in enumerate(steps) if step.layer is not None), len(steps))
    if not text:
        return tuple(_marked(steps))
    if first == len(steps):
        return ()
    if text == "none":
        return ()
    if text == "every-block":
        return tuple(_blocks(steps, first))
    if text == "pools":
        return tuple(_ending_in(steps, first, _POOLS, rest=False))
    if text == "sqrt":
        count = isqrt(len(steps) - first)
        cuts = [first + (len(steps) - first) * part // count for part in range(count + 1)]
        return tuple((start, end - 1) for start, end in pairwise(cuts))
    if text.startswith("seq:"):
        layers, parts = len(steps) - first, int(text[4:])
        size = layers // parts
        if not size:  # PyTorch's raises: a segment would have no layer
            most = f"seq:{layers} at most" if layers > 1 else "there is nothing to split"
            raise SegmentError(f"{text} of {counted(layers, 'layer')}: {most}")
        return tuple((first + n * size, first + (n + 1) * size - 1) for n in range(parts - 1))
    return _given(steps, text)


def fault(network: Network, text: str) -> str:
    """What is wrong with a `checkpoint` setting for a network; '' for nothing."""
    try:
        spans(network, text)
    except SegmentError as error:
        return str(error)
    return ""


def is_rule(text: str) -> bool:
    """Whether a text is one rule, such as ``pools`` or ``seq:4``, and no layer's name."""
    return text in RULES or text.startswith("seq:")


def malformed(text: str) -> str:
    """What is wrong with a `checkpoint` setting, whatever the network; '' for nothing.

    >>> malformed("seq:1")
    'seq:1 has no segment to checkpoint: seq:2 or more'
    """
    if text.startswith("seq:"):
        if not (text[4:].isascii() and text[4:].isdigit() and len(text) < 11):
            return f"{plain(text)!r} is not seq:K, such as seq:4"
        return "" if int(text[4:]) > 1 else f"{text} has no segment to checkpoint: seq:2 or more"
    if text in RULES:
        return ""
    if not text.strip() or any(not part.strip() for part in text.split(",")):
        return "expected every-block, pools, sqrt, none, seq:K or FIRST..LAST[,FIRST..LAST]"
    for part in text.split(","):
        begin, dots, end = (word.strip() for word in part.partition(".."))
        if dots and not (begin and end):
            lacks = "last" if begin else "first"
            return f"segment {plain(part.strip())} names no {lacks} layer: write FIRST..LAST"
    close = rule_meant(text)
    return f"no rule {plain(text)!r}: did you mean {close}?" if close else ""


def rule_meant(text: str) -> str:
    """The rule that a word with a dash is a slip of; '' for a layer's name."""
    return nearest(text, RULES) if ".." not in text and "-" in text and text not in RULES else ""


def _marked(steps: Sequence[Step]) -> Iterator[Span]:
    """Stretches of steps with one mark."""
    for mark, group in groupby(range(len(steps)), key=lambda n: steps[n].checkpoint):
        found = list(group)
        if mark:
            yield found[0], found[-1]


def _blocks(steps: Sequence[Step], first: int) -> Iterator[Span]:
    if not any(step.units for step in steps):
        yield from _ending_in(steps, first, {Family.MERGE}, rest=True)
        return
    block = _module if any(step.units[-1:] == (step.name,) for step in steps) else _call
    merging = {unit for step in steps if _merges(step) for unit in step.units}
    for units, group in groupby(range(first, len(steps)), lambda n: block(steps[n], merging)):
        found = list(group)
        if units:
            yield found[0], found[-1]


def _merges(step: Step) -> bool:
    return step.layer is not None and step.layer.family is Family.MERGE


def _call(step: Step, merging: Set[str]) -> tuple[str, ...]:
    """The calls of blocks that a layer of a spec stands in."""
    return step.units


def _module(step: Step, merging: Set[str]) -> tuple[str, ...]:
    """The modules of a file down to the last that merges, or without the layer's own."""
    depth = next((n for n in range(len(step.units), 0, -1) if step.units[n - 1] in merging), 0)
    return step.units[:depth] or tuple(unit for unit in step.units if unit != step.name)


def _ending_in(
    steps: Sequence[Step], first: int, families: set[Family], rest: bool
) -> Iterator[Span]:
    """Stretches that end in a layer of some families, and what is left after the last of them."""
    start = first
    for number in range(first, len(steps)):
        layer = steps[number].layer
        if layer is not None and layer.family in families:
            yield start, number
            start = number + 1
    if rest and start < len(steps):
        yield start, len(steps) - 1


def _given(steps: Sequence[Step], text: str) -> tuple[Span, ...]:
    """Segments by their layers' names."""
    asked = [tuple(word.strip() for word in part.partition("..")) for part in text.split(",")]
    named = _Named(steps, {word for begin, _, end in asked for word in (begin, end)})
    found: list[Span] = []
    for begin, dots, end in asked:
        first, last = named.layers(begin)
        if dots:
            last = named.layers(end)[1]
        if first > last:
            raise SegmentError(
                f"segment {plain(begin)}..{plain(end)}: {plain(begin)} comes after {plain(end)}"
            )
        found.append((first, last))
    found.sort()
    for one, other in pairwise(found):
        if other[0] <= one[1]:
            names = [steps[n].name for n in (*one, *other)]
            raise SegmentError(
                f"segments {plain(names[0])}..{plain(names[1])} and "
                f"{plain(names[2])}..{plain(names[3])} overlap: a layer is in one at most"
            )
    return tuple(found)


class _Named:
    """Where the layers and blocks of some names are: all are looked for in one go."""

    def __init__(self, steps: Sequence[Step], names: set[str]) -> None:
        self._steps = steps
        self._single: dict[str, int] = {}
        self._blocks: dict[str, Span] = {}
        lengths = sorted({len(name) for name in names if name})
        for number, step in enumerate(steps):
            own = step.name
            if own in names:
                self._single.setdefault(own, number)
            for length in lengths:
                if length >= len(own):
                    break
                if own[length] == "." and (block := own[:length]) in names:
                    self._blocks[block] = self._blocks.get(block, (number, number))[0], number

    def layers(self, name: str) -> Span:
        """The layer of a name, or the first and last of a block's."""
        number = self._single.get(name)
        if number is not None:
            if self._steps[number].layer is None:
                raise SegmentError(f"{plain(name)} is an input: a segment begins at a layer")
            return number, number
        if name in self._blocks:
            return self._blocks[name]
        if stretch := self._with_dash(name):
            raise SegmentError(f"no layer {plain(name)!r} to checkpoint", name, stretch)
        if is_rule(name):
            raise SegmentError(f"{plain(name)} is a rule and no layer: it is given alone")
        names = [*RULES, *(step.name for step in self._steps if step.layer is not None)]
        wrong = f"no layer {plain(name)!r} to checkpoint"
        if slip := Suggestions().nearest(name, names):
            raise SegmentError(wrong, name, plain(slip))
        if close := nearest(name, names):
            raise SegmentError(f"{wrong}: did you mean {plain(close)}?")
        raise SegmentError(f"{wrong}: a segment is FIRST..LAST, by their names")

    def _with_dash(self, name: str) -> str:
        """``conv1_1-pool1``, two layers with a dash between them, as a segment; else ''."""
        known = {step.name for step in self._steps}
        pairs = (name.split("-", 1), name.rsplit("-", 1))
        found = (pair for pair in pairs if len(pair) == 2 and known.issuperset(pair))
        return plain("..".join(next(found, ())))

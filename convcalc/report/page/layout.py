"""Where the boxes of a graph are: side by side in the order of the run, arcs above them.

The page's script (`assets/graph.js`) does the same when a block is opened or closed; a test holds
the two against each other.
"""

from collections.abc import Sequence
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.report.page.graph import BLOCK, Box, Node, Scale, Unit, levels, look, short

#: Pixels, for the script too: between boxes, from box to box at least, around all, a level of arcs,
#: a line of calls' names, the labels below, how far a box goes back.
GEOMETRY = {"gap": 16, "pitch": 44, "edge": 12, "arc": 10, "head": 20, "foot": 92, "back": 9}


class Shown(NamedTuple):
    """A box: a layer, or a closed block call."""

    name: str
    label: str
    layer: int
    """The layer, or the last one of the call."""
    look: str
    box: Box
    x: int
    """Its middle."""
    skips: bool
    """A closed call with a skip or branches inside."""


class Band(NamedTuple):
    """An opened call: from its first box to its last."""

    name: str
    label: str
    depth: int
    start: int
    end: int


class Arc(NamedTuple):
    """An edge between two boxes, by their positions; level 0 is a straight line."""

    source: int
    target: int
    level: int


class Layout(NamedTuple):
    """A graph, ready to be drawn."""

    shown: tuple[Shown, ...]
    bands: tuple[Band, ...]
    arcs: tuple[Arc, ...]
    width: int
    height: int
    middle: int
    """Where the middle of every box is, from the top."""
    tallest: int
    """The height of the largest box."""


class _Visible(NamedTuple):
    node: Node
    inside: str


def layout(analysis: Analysis, nodes: tuple[Node, ...], scale: Scale) -> Layout:
    """The boxes, bands and arcs of a graph."""
    visible: list[_Visible] = []
    opened: list[tuple[Unit, str, int, int, int]] = []
    box_of: dict[int, int] = {}

    def walk(parts: Sequence[Node], inside: str, depth: int) -> None:
        for node in parts:
            if isinstance(node, Unit) and node.open:
                first = len(visible)
                walk(node.children, node.name, depth + 1)
                opened.append((node, inside, depth, first, len(visible) - 1))
                continue
            for layer in _layers(node):
                box_of[layer] = len(visible)
            visible.append(_Visible(node, inside))

    walk(nodes, "", 0)
    edge, gap = GEOMETRY["edge"], GEOMETRY["gap"]
    shown, left, x = [], [], edge
    for node, inside in visible:
        found = _shown(analysis, node, inside, scale)
        room = max(found.box.width + gap, GEOMETRY["pitch"])
        left.append(x)
        shown.append(found._replace(x=x + room // 2))
        x += room
    left.append(x)
    bands = tuple(
        Band(unit.name, short(unit.name, inside), depth, left[first], left[last + 1])
        for unit, inside, depth, first, last in sorted(opened, key=lambda one: one[2])
    )  # outer ones first: they lie below
    arcs, above, skipping = _arcs(analysis, box_of)
    shown = [one._replace(skips=place in skipping) for place, one in enumerate(shown)]
    tallest = max((one.box.height for one in shown), default=0)
    heads = max((band.depth + 1 for band in bands), default=0) * GEOMETRY["head"]
    top = edge + heads + above * GEOMETRY["arc"] + 2 * GEOMETRY["back"]
    middle = top + (tallest + 1) // 2
    return Layout(
        tuple(shown), bands, arcs, x + edge + GEOMETRY["foot"] // 2,
        middle + (tallest + 1) // 2 + GEOMETRY["foot"], middle, tallest,
    )  # fmt: skip


def _layers(node: Node) -> list[int]:
    """All layers of a node, in order."""
    found: list[int] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Unit):
            waiting.extend(reversed(one.children))
        else:
            found.append(one)
    return found


def _shown(analysis: Analysis, node: Node, inside: str, scale: Scale) -> Shown:
    layer = node.last if isinstance(node, Unit) else node
    row = analysis.rows[layer]
    seen = BLOCK if isinstance(node, Unit) else look(row)
    name = node.name if isinstance(node, Unit) else row.step.name
    return Shown(name, short(name, inside), layer, seen, scale.box(row.step.output, seen), 0, False)


def _arcs(
    analysis: Analysis, box_of: dict[int, int]
) -> tuple[tuple[Arc, ...], int, frozenset[int]]:
    """The edges between boxes, levels counted without gaps; how many levels there are; and the
    boxes with edges inside, or from the box before, that skip some of their layers."""
    heights = levels(analysis)
    pairs: dict[tuple[int, int], int] = {}
    skipping: set[int] = set()
    for index, row in enumerate(analysis.rows):
        for source in row.step.inputs:
            begin, end = box_of[source], box_of[index]
            if index > source + 1 and box_of.get(index - 1) == end and begin >= end - 1:
                skipping.add(end)
            if begin != end:
                pairs[begin, end] = max(pairs.get((begin, end), 0), heights[source])
    raised = sorted({level for (a, b), level in pairs.items() if b > a + 1})
    rank = {level: number for number, level in enumerate(raised, 1)}
    arcs = [Arc(a, b, rank[level] if b > a + 1 else 0) for (a, b), level in sorted(pairs.items())]
    return tuple(arcs), len(raised), frozenset(skipping)

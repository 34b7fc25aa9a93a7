"""Blocks by shortest description: windows that repeat are replaced by calls, the best one first."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from convcalc.interop.flat import Flat
from convcalc.interop.fold.arguments import Arguments, Unifier
from convcalc.interop.fold.regions import Join, Region
from convcalc.interop.fold.tree import Call, Element, FoldedBlock, Leaf, Merge
from convcalc.layers import BY_NAME
from convcalc.spec import shortforms

_LONGEST = 48
_ROUNDS = 30
_TRIED = 24
_STARTS = frozenset({"batch_norm", "relu", "relu6", "silu", "hard_swish", "leaky_relu", "dropout"})


class Window(NamedTuple):
    """Where a run of elements is."""

    sequence: list[Element]
    start: int
    length: int

    @property
    def elements(self) -> list[Element]:
        """The elements themselves."""
        return self.sequence[self.start : self.start + self.length]


class Scopes:
    """The modules of a net, and how many layers each has."""

    def __init__(self, flat: Flat) -> None:
        self.items = flat.items
        self.totals: dict[str, int] = {}
        for item in flat.items:
            for scope in item.scopes:
                self.totals[scope.path] = self.totals.get(scope.path, 0) + 1

    def fit_of(self, elements: list[Element]) -> tuple[float, str]:
        """How well a window fits the modules, and the class of the one that it is."""
        nodes = [node for element in elements for node in element.nodes]
        inside: dict[str, int] = {}
        classes: dict[str, str] = {}
        for node in nodes:
            for scope in self.items[node].scopes:
                inside[scope.path] = inside.get(scope.path, 0) + 1
                classes[scope.path] = scope.cls
        whole = [p for p, n in inside.items() if n == len(nodes) == self.totals[p]]
        if whole:
            names = [classes[path] for path in whole if classes[path]]
            useful = [n for n in names if not n.startswith(("Sequential", "ModuleList"))]
            return 1.25, (useful or [""])[0]
        cut = any(n < self.totals[p] and n < len(nodes) for p, n in inside.items())
        first = elements[0]
        late = isinstance(first, Leaf) and first.layer.kind in _STARTS
        return (0.35 if cut else 1.0) * (0.5 if late else 1.0), ""


def lines(element: Element) -> int:
    """How many lines an element takes, about."""
    if isinstance(element, Merge):
        return 2 + sum(_branch_lines(branch) for branch in element.branches)
    if isinstance(element, Region):
        return sum(lines(e) for run in element.runs for e in run.elements)
    return 1


def _branch_lines(branch: list[Element]) -> int:
    if len(branch) <= 2 and all(isinstance(e, Leaf | Call) for e in branch):
        return 1
    return sum(map(lines, branch))


def sequences(root: Element) -> Iterator[list[Element]]:
    """All sequences in an element, inner ones first; those of called blocks are not entered."""
    for sequence in root.sequences():
        for element in sequence:
            yield from sequences(element)
        yield sequence


def fold(net: Region, scopes: Scopes, small: tuple[int, ...] = ()) -> list[FoldedBlock]:
    """Replace what repeats by calls of blocks; the blocks, in the order they were found.

    `small`: in as many rounds the best run of at most so many layers is taken first: a convolution
    with its norm and activation, before what is made of such.
    """
    found: list[FoldedBlock] = []
    for turn in range(_ROUNDS):
        longest = small[turn] if turn < len(small) else _LONGEST
        best = _best(net, scopes, {block.name for block in found}, longest)
        if best is None and turn < len(small):
            continue
        if best is None:
            break
        block, arguments, windows = best
        found.append(block)
        placed = sorted(zip(windows, arguments.calls, strict=True), key=lambda pair: -pair[0].start)
        for window, values in placed:
            elements = window.elements
            call = Call(block, values, elements, elements[0].channels)
            window.sequence[window.start : window.start + window.length] = [call]
        forget(net)
    return found


def forget(root: Element) -> None:
    """Work out the keys and numbers of an element and all in it again: something was replaced."""
    for sequence in root.sequences():
        for element in sequence:
            forget(element)
    root.changed()


_Best = tuple[FoldedBlock, Arguments, list[Window]]
#: which sequence, and where in it
_Place = tuple[int, int]


class _Sequences:
    """All sequences of a net, their elements as numbers: by shape, by text, and how high."""

    def __init__(self, net: Region) -> None:
        shapes: dict[object, int] = {}
        texts: dict[object, int] = {}
        self.all = list(sequences(net))
        #: equal for elements that differ in their numbers alone
        self.keys = [[shapes.setdefault(e.key, len(shapes)) for e in one] for one in self.all]
        #: equal for elements that are written alike
        self.texts = [[texts.setdefault(e.same, len(texts)) for e in one] for one in self.all]
        self.heights: dict[int, int] = {}
        for keys, one in zip(self.keys, self.all, strict=True):
            for key, element in zip(keys, one, strict=True):
                if key not in self.heights:
                    self.heights[key] = lines(element)

    def repeated(self, longest: int) -> Iterator[tuple[int, list[_Place]]]:
        """What stands in several places: its length, and where each begins."""
        found: dict[tuple[int, int], list[_Place]] = {}
        for which, keys in enumerate(self.keys):
            for start in range(len(keys)):
                place, code = (which, start), 0
                for length, key in enumerate(keys[start : start + longest], 1):
                    code = hash((code, key))
                    found.setdefault((length, code), []).append(place)
        for (length, _), places in found.items():
            if len(places) > 1:
                yield length, places

    def window(self, place: _Place, length: int) -> Window:
        """The elements at a place."""
        which, start = place
        return Window(self.all[which], start, length)


def _best(net: Region, scopes: Scopes, taken: set[str], longest: int) -> _Best | None:
    """The block that saves most lines; None where none saves any."""
    whole = _Sequences(net)
    candidates = []
    for length, places in whole.repeated(longest):
        which, start = places[0]
        first = whole.all[which][start : start + length]
        if not _possible(first, whole.texts[which][start : start + length]):
            continue
        if longest < _LONGEST and not all(isinstance(element, Leaf) for element in first):
            continue
        apart = _apart(places, length)
        height = sum(whole.heights[key] for key in whole.keys[which][start : start + length])
        if len(apart) < 2 or height < 2:
            continue
        gain = len(apart) * height - (1.15 * _runs(apart, length, whole.texts) + height + 3)
        if gain > 0:
            candidates.append((gain, height, length, apart))
    candidates.sort(key=lambda candidate: -candidate[0])
    best: tuple[float, _Best] | None = None
    for rough, height, length, apart in candidates[:_TRIED]:
        if best is not None and rough * 1.25 <= best[0]:
            continue
        windows = [whole.window(place, length) for place in _equal(apart, length, whole.keys)]
        tried = _tried(height, windows, scopes, taken)
        if tried is not None and (best is None or tried[0] > best[0]):
            best = tried
    return None if best is None or best[0] <= 0 else best[1]


def _possible(elements: list[Element], texts: list[int]) -> bool:
    """Whether a window can be a block: no run of equals, no single layer, few calls alone."""
    if len(elements) == 1:
        return isinstance(elements[0], Merge | Region)
    if all(isinstance(element, Call) for element in elements) and len(elements) > 3:
        return False
    if any(isinstance(e, Leaf) and (e.name or e.weights or e.layer.merges) for e in elements):
        return False
    if isinstance(elements[0], Join):
        return False
    return len(set(texts)) > 1


def _apart(places: list[_Place], length: int) -> list[_Place]:
    """The places that do not overlap, from the left."""
    found: list[_Place] = []
    sequence, end = -1, 0
    for which, start in places:
        if which != sequence or start >= end:
            found.append((which, start))
            sequence, end = which, start + length
    return found


def _equal(places: list[_Place], length: int, keys: list[list[int]]) -> list[_Place]:
    """The places whose elements are those of the first: another may have the same hash alone."""
    which, start = places[0]
    first = keys[which][start : start + length]
    return [place for place in places if keys[place[0]][place[1] : place[1] + length] == first]


def _runs(places: list[_Place], length: int, texts: list[list[int]]) -> int:
    """Calls in a row that are equal are one entry with `times`."""
    count = 0
    before: _Place | None = None
    said: list[int] = []
    for which, start in places:
        text = texts[which][start : start + length]
        if before != (which, start - length) or text != said:
            count += 1
        before, said = (which, start), text
    return count


def _tried(
    height: int, windows: list[Window], scopes: Scopes, taken: set[str]
) -> tuple[float, _Best] | None:
    """A candidate with its arguments, and what it saves."""
    first = windows[0].elements
    slots = [tuple(s for element in w.elements for s in element.slots) for w in windows]
    arguments = Unifier(slots).unify()
    if arguments is None:
        return None
    count = len(arguments.params)
    if count > 3 and any(isinstance(element, Call) for element in first):
        return None
    cost = _call_runs(windows, arguments) * (1 + 0.15 * count) + height + 3
    factor, cls = scopes.fit_of(first)
    gain = (len(windows) * height - cost) * factor
    block = FoldedBlock(
        block_name(cls, first, taken), arguments.params, list(first), arguments.exprs
    )
    return gain, (block, arguments, windows)


def _call_runs(windows: list[Window], arguments: Arguments) -> int:
    count = 0
    before: Window | None = None
    said: object = None
    for window, values in zip(windows, arguments.calls, strict=True):
        follows = (
            before is not None
            and before.sequence is window.sequence
            and before.start + before.length == window.start
        )
        if not follows or values != said:
            count += 1
        before, said = window, values
    return count


def block_name(cls: str, elements: list[Element], taken: set[str]) -> str:
    """The class in small letters, or what the block is made of."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls).lower().strip("_")
    name = re.sub(r"[^a-z0-9_]", "_", name)
    if not name:
        merges = [e.layer.kind for e in elements if isinstance(e, Merge)]
        kinds = [e.layer.kind for e in elements if isinstance(e, Leaf)]
        if "add" in merges:
            name = "residual"
        elif "concat" in merges:
            name = "inception" if len(kinds) < 3 else "dense_layer"
        elif "multiply" in merges:
            name = "gated"
        else:
            name = "_".join(k.removesuffix("_norm") for k in kinds[:3]) or "group"
    if name in BY_NAME or shortforms.expand(name) or name in {"repeat", "input"}:
        name = f"{name}_block"
    number, base = 2, name
    while name in taken:
        name = f"{base}{number}"
        number += 1
    return name

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


def _best(net: Region, scopes: Scopes, taken: set[str], longest: int) -> _Best | None:
    """The block that saves most lines; None where none saves any."""
    numbers: dict[object, int] = {}
    windows: dict[tuple[int, int], list[Window]] = {}
    sizes: dict[int, int] = {}
    for sequence in sequences(net):
        keys = [numbers.setdefault(element.key, len(numbers)) for element in sequence]
        for key, element in zip(keys, sequence, strict=True):
            sizes.setdefault(key, lines(element))
        for start in range(len(keys)):
            code = 0
            for length in range(1, min(longest, len(keys) - start) + 1):
                code = hash((code, keys[start + length - 1]))
                windows.setdefault((length, code), []).append(Window(sequence, start, length))
    candidates = []
    for places in windows.values():
        first = places[0].elements
        if len(places) < 2 or not _possible(first):
            continue
        if longest < _LONGEST and not all(isinstance(element, Leaf) for element in first):
            continue
        apart = _apart(places)
        height = sum(sizes[numbers[element.key]] for element in places[0].elements)
        if len(apart) < 2 or height < 2:
            continue
        gain = len(apart) * height - (1.15 * _runs(apart) + height + 3)
        if gain > 0:
            candidates.append((gain, height, apart))
    candidates.sort(key=lambda candidate: -candidate[0])
    best: tuple[float, _Best] | None = None
    for rough, height, apart in candidates[:_TRIED]:
        if best is not None and rough * 1.25 <= best[0]:
            continue
        tried = _tried(height, apart, scopes, taken)
        if tried is not None and (best is None or tried[0] > best[0]):
            best = tried
    return None if best is None or best[0] <= 0 else best[1]


def _possible(elements: list[Element]) -> bool:
    """Whether a window can be a block: no run of equals, no single layer, few calls alone."""
    if len(elements) == 1:
        return isinstance(elements[0], Merge | Region)
    if all(isinstance(element, Call) for element in elements) and len(elements) > 3:
        return False
    if any(isinstance(e, Leaf) and (e.name or e.weights or e.layer.merges) for e in elements):
        return False
    if isinstance(elements[0], Join):
        return False
    return len({element.same for element in elements}) > 1


def _apart(places: list[Window]) -> list[Window]:
    """The places that do not overlap, from the left."""
    found: list[Window] = []
    ends: dict[int, int] = {}
    for window in places:
        if window.start >= ends.get(id(window.sequence), 0):
            found.append(window)
            ends[id(window.sequence)] = window.start + window.length
    return found


def _runs(windows: list[Window]) -> int:
    """Calls in a row that are equal are one entry with `times`."""
    count = 0
    before: Window | None = None
    said: object = None
    for window in windows:
        same = tuple(element.same for element in window.elements)
        follows = (
            before is not None
            and before.sequence is window.sequence
            and before.start + before.length == window.start
        )
        if not follows or same != said:
            count += 1
        before, said = window, same
    return count


def _tried(
    height: int, windows: list[Window], scopes: Scopes, taken: set[str]
) -> tuple[float, _Best] | None:
    """A candidate with its arguments, and what it saves."""
    first = windows[0].elements
    keys = [element.key for element in first]
    windows = [w for w in windows if [element.key for element in w.elements] == keys]
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

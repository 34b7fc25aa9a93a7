"""The outline of a text: its sections, blocks and layers; what folds; the line of totals."""

from collections.abc import Iterator
from typing import NamedTuple

from convcalc.editor.reading import Reading
from convcalc.findings import Span
from convcalc.network.record import INPUT
from convcalc.report.drawing.units import count, size
from convcalc.shapes import written
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence


class OutlineItem(NamedTuple):
    """A section, a block, a variable or an entry, with what is in it."""

    name: str
    sort: str
    detail: str
    span: Span
    word: Span
    """The name itself."""
    below: tuple["OutlineItem", ...] = ()


def outline(reading: Reading) -> tuple[OutlineItem, ...]:
    """The sections of a text, with the entries of its lists."""
    names = _names(reading)
    items = []
    for word, (key, value) in reading.root.entries.items():
        below: tuple[OutlineItem, ...] = ()
        if word == "layers":
            below = tuple(_entries(value, names))
        elif word in {"blocks", "vars"} and isinstance(value, Mapping):
            below = tuple(_definitions(value, names, word))
        items.append(OutlineItem(word, "section", "", _around(key, value), key.span, below))
    return tuple(items)


def _names(reading: Reading) -> dict[int, tuple[str, str]]:
    """For the place of a kind the name of its first layer and what it makes."""
    found: dict[int, tuple[str, str]] = {}
    steps = () if reading.outcome is None else reading.outcome.network.steps
    for step in steps:
        if step.kind == INPUT:
            continue
        shape = written(step.output) if step.output else "?"
        for up, mark in enumerate((step.place.kind, *step.place.calls)):
            if isinstance(mark, Node):
                name = step.name if not up else step.units[len(step.units) - up]
                first = found.get(mark.start)
                found[mark.start] = (first[0] if first else name, shape)
    return found


def _definitions(
    node: Mapping, names: dict[int, tuple[str, str]], section: str
) -> Iterator[OutlineItem]:
    for word, (key, value) in node.entries.items():
        layers = value.get("layers") if isinstance(value, Mapping) else None
        below = tuple(_entries(layers, names)) if layers is not None else ()
        sort = "block" if section == "blocks" else "variable"
        detail = value.text if isinstance(value, Scalar) else ""
        yield OutlineItem(word, sort, detail, _around(key, value), key.span, below)


def _entries(node: Node, names: dict[int, tuple[str, str]]) -> Iterator[OutlineItem]:
    items = node.items if isinstance(node, Sequence) else [node]
    for item in items:
        if isinstance(item, Scalar):
            name, shape = names.get(item.start, (item.text, ""))
            if item.text:
                yield OutlineItem(name or "-", "layer", shape, item.span, item.span)
        elif isinstance(item, Mapping) and item.entries:
            start = next((key for key, _ in item.entries.values() if key.start in names), None)
            key = start or next(iter(item.entries.values()))[0]
            name, shape = names.get(key.start, (key.text, ""))
            below = tuple(_within(item, names))
            span = Span(*item.span[:2], *_end(item))
            yield OutlineItem(name or "-", "layer", shape, span, key.span, below)


def _within(item: Mapping, names: dict[int, tuple[str, str]]) -> Iterator[OutlineItem]:
    """The entries of an entry's branches, or of its repeat."""
    for _, value in item.entries.values():
        if isinstance(value, Mapping):
            inner = value.get("branches") or value.get("layers")
            lists = inner.entries.values() if isinstance(inner, Mapping) else [(None, inner)]
            for _, one in lists:
                if isinstance(one, Sequence):
                    yield from _entries(one, names)


def _around(key: Scalar, value: Node) -> Span:
    return Span(*key.span[:2], *max(key.span[2:], _end(value)))


def _end(node: Node) -> tuple[int, int]:
    return node.span[2:]


def folds(reading: Reading) -> list[tuple[int, int]]:
    """Lines that fold, first and last: whatever has keys or entries below it."""
    found: dict[int, int] = {}
    seen: set[int] = set()
    waiting: list[Node] = [reading.root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            for key, value in node.entries.values():
                first, last = key.span.line, _end(value)[0]
                if last > first:
                    found[first] = max(found.get(first, 0), last)
                waiting.append(value)
        elif isinstance(node, Sequence):
            waiting.extend(node.items)
    return sorted(found.items())


def totals(reading: Reading) -> list[str]:
    """The lines above the text: the totals, and the largest batch on the device of choice."""
    outcome = reading.outcome
    if outcome is None or not reading.whole:
        return []
    found, settings = outcome.analysis.totals, outcome.analysis.settings
    if found.params is None or found.macs is None or found.activations is None:
        return []
    texts = [
        f"{count(found.params)} params",
        f"{count(found.macs)} MACs",
        f"{count(found.activations)} activations",
    ]
    memory = outcome.memory if len(outcome.network.steps) <= _SIMULATED else None
    if memory is not None:
        texts.append(f"inference {size(memory.inference.peak)}")
        if memory.training is not None:
            texts.append(f"training {size(memory.training.peak)}")
        texts[-1] += f" at batch {settings.batch}"
    return [", ".join(texts), *_batches(reading)]


_SIMULATED = 2000  #: layers from which on the memory model is left out: it takes seconds


def _batches(reading: Reading) -> list[str]:
    """The largest batches on the configured device."""
    device, outcome = reading.wishes.device, reading.outcome
    if device is None or outcome is None or not outcome.ok:
        return []
    from convcalc.study.fit import fit

    placed = fit(outcome.case, device).placement
    parts = [f"{placed.training.batch_sure} in training"] if placed.training else []
    parts.append(f"{placed.inference.batch_sure} in inference")
    return [f"largest batch on {device.name}: {', '.join(parts)}"]

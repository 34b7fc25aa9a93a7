"""Where the net makes the entries of a text, and by which names each finds layers there."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from convcalc.editor.symbols.record import Symbol
from convcalc.network.record import INPUT, Step
from convcalc.tree.nodes import Node, Scalar


class Site(NamedTuple):
    """One time that an entry is made, the first in each way of calls that lead to it."""

    units: tuple[str, ...]
    """The names of the block calls around it, outermost first."""
    calls: tuple[Scalar, ...]
    """The words of these calls."""
    first: int
    """Its first step: layers are read by name from those above."""


class Made:
    """The names of a net's layers and calls, as `convcalc.spec.names` looks them up."""

    def __init__(
        self,
        steps: Sequence[Step],
        layers: Mapping[int, Symbol],
        given: Mapping[tuple[str, str], Symbol],
        repeats: Mapping[tuple[str, str], Symbol],
    ) -> None:
        """`layers` by the place of their kind; `given` names, and those of repeats, by block."""
        self._layers = layers
        self._repeats = repeats
        self._sites: dict[int, dict[tuple[int, ...], Site]] = {}
        self._bound: dict[str, tuple[int, Symbol | None]] = {}
        self.end = Site((), (), len(steps))
        """What is below all layers."""
        ends: dict[str, tuple[int, int, str]] = {}  # of the calls: last step, place, prefix
        for index, step in enumerate(steps):
            if step.kind == INPUT:
                self._bound.setdefault(step.name, (index, given.get(("", step.name))))
                continue
            units = step.units
            calls = tuple([c for c in reversed(step.place.calls) if isinstance(c, Scalar)])
            way = tuple([call.start for call in calls])
            prefix = ""
            for depth, unit in enumerate(units[: len(way)]):
                if unit not in ends:
                    self._add(way[depth], way[:depth], units[:depth], calls[:depth], index)
                ends[unit] = index, way[depth], prefix
                prefix = f"{unit}."
            mark = step.place.kind
            start = mark.start if isinstance(mark, Node) else -1
            self._add(start, way, units, calls, index)
            self._bind(step.name, index, start, prefix)
        for unit, (last, start, prefix) in ends.items():
            self._bind(unit, last, start, prefix)

    def _add(
        self,
        start: int,
        way: tuple[int, ...],
        units: tuple[str, ...],
        calls: tuple[Scalar, ...],
        index: int,
    ) -> None:
        found = self._sites.setdefault(start, {})
        if way not in found:
            found[way] = Site(units, calls, index)

    def _bind(self, name: str, step: int, start: int, prefix: str) -> None:
        """A full name, and beside ``b.1`` of a repeat the name ``b`` that the text gives."""
        symbol = self._layers.get(start)
        self._bound.setdefault(name, (step, symbol))
        if symbol is not None and symbol.name:
            self._bound.setdefault(f"{prefix}{symbol.name}", (step, symbol))

    def sites(self, entry: int | None) -> list[Site]:
        """Where the entry is made whose kind is at a place; below all layers for None."""
        return [self.end] if entry is None else [*self._sites.get(entry, {}).values()]

    def prefix(self, name: str, site: Site) -> str | None:
        """What the full name begins with of the layer that a name means; None for no layer."""
        for depth in range(len(site.units), -1, -1):
            prefix = f"{site.units[depth - 1]}." if depth else ""
            found = self._bound.get(f"{prefix}{name}")
            block = site.calls[depth - 1].text if depth else ""
            if (found is not None and found[0] < site.first) or (block, name) in self._repeats:
                return prefix
        return None

    def symbol(self, prefix: str, site: Site, name: str) -> Symbol | None:
        """What a name with such a prefix names in the text; None for nothing there."""
        found = self._bound.get(f"{prefix}{name}")
        if found is not None:
            return found[1]
        depth = site.units.index(prefix[:-1]) + 1 if prefix else 0
        return self._repeats.get((site.calls[depth - 1].text if depth else "", name))

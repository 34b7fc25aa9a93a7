"""What a convention counts on a net: layer by layer, by kind, and in all."""

from collections.abc import Callable, Hashable
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.counting.conditions import applies
from convcalc.counting.layer import NOTHING, ChannelGroup, formula_of, value_of, why
from convcalc.counting.quantities import Quantities, padded_apart, quantities, rounds_up_further
from convcalc.counting.record import Convention, Table


class Note(NamedTuple):
    """A remark about a count, and the layers it is about."""

    text: str
    layers: tuple[str, ...]


class ToolCount(NamedTuple):
    """One convention's figures for one net. None is unknown, never zero."""

    convention: Convention
    operations: int | None
    by_kind: dict[str, int | None]
    """Kinds that count nothing are left out."""
    factor: int
    difference: int | None
    """operations = factor * MACs + difference."""
    parts: dict[str, int]
    """What makes up the difference: kinds, and ``bias``."""
    unknown: tuple[str, ...]
    """Kinds that it does not know."""
    params: int | None
    activations: int | None
    memory: int | None
    """Bytes of what the tool calls memory."""
    also: dict[str, int | None]
    notes: tuple[Note, ...]
    layers: Callable[[], tuple[int | None, ...]]
    """Operations of every layer, the inputs first; worked out when asked for."""


class _Groups(NamedTuple):
    """The layers of a net, grouped."""

    groups: tuple[ChannelGroup, ...]
    of: tuple[int, ...]
    """The group of every row."""


_Column = tuple[int | None, ...]


class Counter:
    """Counts one net by any number of conventions; equal layers are worked out once."""

    def __init__(self, analysis: Analysis, batch: int = 1, training: bool = False) -> None:
        self.analysis = analysis
        self.batch = batch
        self.training = training
        self.groups: dict[bool, _Groups] = {}
        self.columns: dict[tuple[int, bool], _Column] = {}
        #: that every layer could be read and sized: of a file that was refused there is none
        self.is_whole = analysis.totals.macs is not None

    def count(self, convention: Convention) -> ToolCount:
        """The figures of one convention."""
        folds, times, memory = convention.folds, convention.times, convention.memory
        by_kind = {
            kind: None if number is None else number * times
            for kind, number in self.by_kind(convention.operations, folds).items()
        }
        unknown = tuple(kind for kind, number in by_kind.items() if number is None)
        known = convention.operations is not None and not unknown and self.is_whole
        parts = self._parts(convention) if known else {}
        return ToolCount(
            convention,
            sum(number or 0 for number in by_kind.values()) if known else None,
            by_kind,
            convention.factor,
            sum(parts.values()) if known else None,
            parts,
            unknown,
            self.total(convention.parameters, folds),
            self.total(convention.activations, folds),
            self.total(memory.table, folds) if memory else None,
            {name: self.total(table, folds) for name, table in convention.also.items()},
            (*self._notes(convention), *(self._reasons(convention) if unknown else ())),
            lambda: self.layers(convention.operations, folds, times),
        )

    def total(self, table: Table | None, folds: bool = False) -> int | None:
        """The sum of a column; None where there is none, or a layer is unknown."""
        if table is None or not self.is_whole:
            return None
        sums = self.by_kind(table, folds).values()
        return None if None in sums else sum(number or 0 for number in sums)

    def by_kind(self, table: Table | None, folds: bool = False) -> dict[str, int | None]:
        """The sums of a column by kind; kinds that count nothing are left out."""
        sums: dict[str, int | None] = {}
        if table is None:
            return sums
        column = self._column(table, folds)
        for group, number in zip(self._grouped(folds).groups, column, strict=True):
            before = sums.get(group.kind, 0)
            lost = number is None or before is None
            sums[group.kind] = None if lost else (before or 0) + (number or 0) * group.size
        return {kind: number for kind, number in sums.items() if number != 0}

    def layers(self, table: Table | None, folds: bool = False, times: int = 1) -> _Column:
        """What a table gives for every layer, the inputs first."""
        column = self._column(table, folds)
        if table is None:
            return (None,) * len(self.analysis.rows)
        cells = [None if number is None else number * times for number in column]
        return tuple(cells[group] for group in self._grouped(folds).of)

    def numbers(self, index: int) -> Quantities:
        """The quantities of one layer."""
        return self._grouped(False).groups[self._grouped(False).of[index]].numbers

    def rule(self, table: Table, index: int, folds: bool = False) -> str:
        """The formula that decides about one layer."""
        group = self._grouped(folds).groups[self._grouped(folds).of[index]]
        return "=0" if group.skipped else formula_of(table, group)

    def _column(self, table: Table | None, folds: bool) -> _Column:
        """What a table gives for every group; nothing where there is no table."""
        if table is None:
            return ()
        key = (id(table), folds)
        found = self.columns.get(key)
        if found is None:
            values = tuple(value_of(table, group) for group in self._grouped(folds).groups)
            found = self.columns[key] = values
        return found

    def _grouped(self, folds: bool) -> _Groups:
        found = self.groups.get(folds)
        if found is None:
            found = self.groups[folds] = self._group(folds)
        return found

    def _group(self, folds: bool) -> _Groups:
        """Layers that are equal in all that rules ask for, each group with its numbers."""
        taken = self._taken() if folds else frozenset()
        first: dict[Hashable, int] = {}
        members: list[list[int]] = []
        of = []
        for index, row in enumerate(self.analysis.rows):
            step = row.step
            gone = folds and step.kind == "batch_norm" and step.inputs[0] in taken
            shape = (step.kind, id(step.layer), row.inputs, step.output, len(step.inputs))
            linear = step.place.linear
            key = (
                *shape,
                step.shares is not None,
                row.params is None,
                gone,
                index in taken,
                linear,
            )
            number = first.setdefault(key, len(members))
            if number == len(members):
                members.append([])
            members[number].append(index)
            of.append(number)
        groups = tuple(self._facts(rows, folds, taken) for rows in members)
        return _Groups(groups, tuple(of))

    def _facts(self, rows: list[int], folds: bool, taken: frozenset[int]) -> ChannelGroup:
        row = self.analysis.rows[rows[0]]
        step = row.step
        if row.activations is None:
            return ChannelGroup(step.kind, len(rows), {}, NOTHING, False)
        takes = rows[0] in taken
        numbers = quantities(row, self.batch, takes)
        if takes and numbers.owned and not (row.parameters and row.parameters.biases):
            channels = numbers.outputs // numbers.positions
            numbers = numbers._replace(owned=numbers.owned + channels)
        situation = {
            "training": self.training,
            "shared": step.shares is not None,
            "spatial_axes": numbers.spatial_axes,
            "ceil_differs": rounds_up_further(row),
            "padded_apart": padded_apart(row),
            "linear": step.place.linear,
        }
        layer = step.layer
        given = layer.options() if layer is not None else ()
        options = {option.key: layer.__dict__[option.name] for option in given}
        gone = folds and step.kind == "batch_norm" and step.inputs[0] in taken
        return ChannelGroup(step.kind, len(rows), {**situation, **options}, numbers, gone)

    def _taken(self) -> frozenset[int]:
        """Convolutions that a batch norm is folded into: it is all that reads them."""
        steps = self.analysis.network.steps
        readers = self.analysis.network.readers()
        before = (step.inputs[0] for step in steps if step.kind == "batch_norm" and step.inputs)
        return frozenset(
            source
            for source in before
            if steps[source].kind in ("conv", "depthwise_conv") and len(readers[source]) == 1
        )

    def _parts(self, convention: Convention) -> dict[str, int]:
        """What a count has beyond the multiply-accumulates: by kind, and biases by themselves."""
        parts: dict[str, int] = {}
        folds, times = convention.folds, convention.times
        column = self._column(convention.operations, folds)
        for group, number in zip(self._grouped(folds).groups, column, strict=True):
            more = (number or 0) * times - convention.factor * group.numbers.macs
            if more:
                bias = group.numbers.macs and more == group.numbers.bias * times
                what = "bias" if bias else group.kind
                parts[what] = parts.get(what, 0) + more * group.size
        return {what: more for what, more in parts.items() if more}

    def _reasons(self, convention: Convention) -> tuple[Note, ...]:
        """Why formulas have no value on this net, where that is not simply `unknown`."""
        found: dict[str, list[str]] = {}
        groups, of = self._grouped(convention.folds)
        column = self._column(convention.operations, convention.folds)
        assert convention.operations is not None, "it counts operations"
        for number, (group, value) in enumerate(zip(groups, column, strict=True)):
            text = "" if value is not None else why(convention.operations, group)
            if text:
                rows = zip(self.analysis.rows, of, strict=True)
                names = (row.step.name for row, own in rows if own == number)
                found.setdefault(text, []).extend(names)
        return tuple(Note(text, tuple(layers)) for text, layers in found.items())

    def _notes(self, convention: Convention) -> tuple[Note, ...]:
        """The notes on layers that the tool counts in silence, or wrongly."""
        found: dict[str, list[str]] = {}
        if not convention.remarks:
            return ()
        groups, of = self._grouped(False)
        for remark in convention.remarks:
            meant = {
                number
                for number, group in enumerate(groups)
                if group.kind == remark.kind and applies(remark.conditions, group.options)
            }
            rows = zip(self.analysis.rows, of, strict=True)
            names = [row.step.name for row, number in rows if number in meant]
            if names:
                found.setdefault(remark.text, []).extend(names)
        return tuple(Note(text, tuple(layers)) for text, layers in found.items())

"""What a convention counts on a net: layer by layer, by kind, and in all."""

from collections.abc import Mapping
from typing import NamedTuple

from convcalc import formula
from convcalc.analysis.record import Analysis, Row
from convcalc.counting.conditions import applies
from convcalc.counting.quantities import Quantities, quantities, rounds_up_further
from convcalc.counting.record import UNKNOWN, Convention, Table
from convcalc.network.record import INPUT

_LARGEST = 2**63


class Note(NamedTuple):
    """A remark about a count, and the layers it is about."""

    text: str
    layers: tuple[str, ...]


class Count(NamedTuple):
    """One convention's figures for one net. None is unknown, never zero."""

    convention: Convention
    operations: int | None
    by_kind: dict[str, int | None]
    """Kinds that count nothing are left out."""
    layers: tuple[int | None, ...]
    """Operations of every layer, the inputs first."""
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


class _Facts(NamedTuple):
    """One layer as rules see it."""

    kind: str
    options: Mapping[str, object]
    numbers: Quantities
    skipped: bool
    """A batch norm that was folded into the layer before it."""


class Counter:
    """Counts one net by any number of conventions; equal layers are worked out once."""

    def __init__(self, analysis: Analysis, batch: int = 1, training: bool = False) -> None:
        self.analysis = analysis
        self.batch = batch
        self.training = training
        self.rows = _grouped(analysis.rows)
        self.folded: frozenset[int] | None = None
        self.facts: dict[tuple[int, bool], _Facts] = {}

    def count(self, convention: Convention) -> Count:
        """The figures of one convention."""
        column = self.column(convention.operations, convention.folds, convention.times)
        by_kind, unknown = self._by_kind(column)
        operations = None if unknown or column is None else sum(n or 0 for n in column)
        parts = {} if operations is None else self._parts(column or (), convention)
        memory = convention.memory
        return Count(
            convention,
            operations,
            by_kind,
            column or (None,) * len(self.analysis.rows),
            convention.factor,
            None if operations is None else sum(parts.values()),
            parts,
            unknown,
            self.total(convention.parameters, convention.folds),
            self.total(convention.activations, convention.folds),
            self.total(memory.table, convention.folds) if memory else None,
            {name: self.total(table, convention.folds) for name, table in convention.also.items()},
            self._notes(convention),
        )

    def total(self, table: Table | None, folds: bool = False) -> int | None:
        """The sum of a column; None where there is none, or a layer is unknown."""
        column = self.column(table, folds)
        return None if column is None or None in column else sum(n or 0 for n in column)

    def by_kind(self, table: Table | None, folds: bool = False) -> dict[str, int | None]:
        """The sums of a column by kind."""
        return self._by_kind(self.column(table, folds))[0]

    def column(
        self, table: Table | None, folds: bool = False, times: int = 1
    ) -> tuple[int | None, ...] | None:
        """What a table gives for every row; None where there is no table."""
        if table is None:
            return None
        found: list[int | None] = []
        known: dict[int, int | None] = {}
        for index, _ in enumerate(self.analysis.rows):
            same = self.rows[index] if not folds else index
            if same not in known:
                value = _value(table, self._facts(same, folds))
                known[same] = None if value is None else value * times
            found.append(known[same])
        return tuple(found)

    def _facts(self, index: int, folds: bool) -> _Facts:
        key = (index, folds)
        facts = self.facts.get(key)
        if facts is None:
            facts = self.facts[key] = self._work_out(index, folds)
        return facts

    def _work_out(self, index: int, folds: bool) -> _Facts:
        row = self.analysis.rows[index]
        step = row.step
        if row.activations is None:
            return _Facts("", {}, Quantities(), False)
        takes = folds and index in self._taken()
        numbers = quantities(row, self.batch, takes)
        if takes and numbers.owned and not (row.parameters and row.parameters.biases):
            channels = numbers.outputs // numbers.positions
            numbers = numbers._replace(owned=numbers.owned + channels)
        situation = {
            "training": self.training,
            "shared": step.shares is not None,
            "spatial_axes": numbers.spatial_axes,
            "ceil_differs": rounds_up_further(row),
        }
        options = step.layer.__dict__ if step.layer is not None else {}
        gone = folds and step.kind == "batch_norm" and step.inputs[0] in self._taken()
        return _Facts(step.kind, {**situation, **options}, numbers, gone)

    def _taken(self) -> frozenset[int]:
        """Convolutions that a batch norm is folded into: it is all that reads them."""
        if self.folded is None:
            steps, readers = self.analysis.network.steps, dict[int, int]()
            for step in steps:
                for source in (*step.inputs, *(() if step.like is None else (step.like,))):
                    readers[source] = readers.get(source, 0) + 1
            for output in self.analysis.network.outputs:
                readers[output] = readers.get(output, 0) + 1
            self.folded = frozenset(
                step.inputs[0]
                for step in steps
                if step.kind == "batch_norm"
                and step.inputs
                and steps[step.inputs[0]].kind in ("conv", "depthwise_conv")
                and readers[step.inputs[0]] == 1
            )
        return self.folded

    def _by_kind(
        self, column: tuple[int | None, ...] | None
    ) -> tuple[dict[str, int | None], tuple[str, ...]]:
        """Sums by kind without zeros, and the kinds that are unknown."""
        if column is None:
            return {}, ()
        sums: dict[str, int | None] = {}
        for row, number in zip(self.analysis.rows, column, strict=True):
            kind = row.step.kind
            before = sums.get(kind, 0)
            sums[kind] = None if number is None or before is None else before + number
        kept = {kind: number for kind, number in sums.items() if number != 0}
        return kept, tuple(kind for kind, number in kept.items() if number is None)

    def _parts(self, column: tuple[int | None, ...], convention: Convention) -> dict[str, int]:
        """What a count has beyond the multiply-accumulates: by kind, and biases by themselves."""
        parts: dict[str, int] = {}
        for index, (row, number) in enumerate(zip(self.analysis.rows, column, strict=True)):
            more = (number or 0) - convention.factor * self.batch * (row.macs or 0)
            if more:
                facts = self._facts(index if convention.folds else self.rows[index],
                                    convention.folds)  # fmt: skip
                bias = row.macs and more == facts.numbers.bias * convention.times
                what = "bias" if bias else row.step.kind
                parts[what] = parts.get(what, 0) + more
        return {what: more for what, more in parts.items() if more}

    def _notes(self, convention: Convention) -> tuple[Note, ...]:
        """The notes on layers that the tool counts in silence, or wrongly."""
        found: dict[str, list[str]] = {}
        for remark in convention.remarks:
            for index, row in enumerate(self.analysis.rows):
                if row.step.kind == remark.kind:
                    facts = self._facts(self.rows[index], False)
                    if facts.kind and applies(remark.conditions, facts.options):
                        found.setdefault(remark.text, []).append(row.step.name)
        return tuple(Note(text, tuple(layers)) for text, layers in found.items())


def _grouped(rows: tuple[Row, ...]) -> list[int]:
    """For every row the first one that is equal to it in all that rules ask for."""
    first: dict[object, int] = {}
    found = []
    for index, row in enumerate(rows):
        step = row.step
        shared = step.shares is not None
        key = (step.kind, id(step.layer), row.inputs, step.output, shared, len(step.inputs))
        found.append(first.setdefault(key, index))
    return found


def _value(table: Table, facts: _Facts) -> int | None:
    """What a table gives for one layer; None where it is unknown."""
    if not facts.kind:
        return None
    if facts.skipped:
        return 0
    if facts.kind == INPUT and INPUT not in table.rules:
        return 0
    for rule in table.of(facts.kind):
        if applies(rule.conditions, facts.options):
            return _number(rule.formula, facts.numbers)
    return None


def _number(text: str, numbers: Quantities) -> int | None:
    """A formula's value; None where it has none: an unknown window, a division that leaves one."""
    if text == UNKNOWN:
        return None

    def lookup(name: str) -> int:
        value: int | None = getattr(numbers, name)
        if value is None:
            raise formula.FormulaError(f"{name} is unknown here")
        return value

    try:
        value = formula.evaluate(text, lookup)
    except formula.FormulaError:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        return int(value) if isinstance(value, bool) else None
    return value if 0 <= value < _LARGEST else None

"""Lines of a table: block calls as one line each, equal neighbours as one line with a count."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import groupby

from convcalc.analysis.record import Analysis, ReceptiveField, Row
from convcalc.findings import Severity
from convcalc.memory.widths import output_widths, volume_bytes
from convcalc.network.record import INPUT
from convcalc.records import NamedTuple
from convcalc.shapes import Shape


class TableLine(NamedTuple):
    """One line of the table: a layer, a block call, or several equal ones in a row.

    First what sets apart the lines of equal layers.
    """

    name: str
    receptive_field: tuple[ReceptiveField, ...]
    what: str
    output: Shape | None
    activations: int | None
    """Of the layers that make a new volume; of one layer alone also if it works in place."""
    counted: int
    """Its part of the total of activations."""
    params: int | None
    macs: int | None
    in_place: bool = False
    copies: int = 1
    broken: bool = False
    counts: tuple[int | None, ...] = ()
    """Its operations as other tools count them."""
    at_fault: bool = False
    """It, or a layer in it, has no size for a reason of its own: the others merely follow."""
    weights: int | None = 0
    biases: int | None = 0
    shares: str = ""
    """The block call or layer whose parameters it has, '' for its own."""
    memory: int = 0
    """Bytes of `counted` for one image."""

    @property
    def field(self) -> str:
        """The receptive field: one number where all axes have the same."""
        sizes = [axis.size for axis in self.receptive_field]
        if not sizes:
            return ""
        first = sizes[0]
        return str(first) if sizes.count(first) == len(sizes) else "x".join(map(str, sizes))


#: Operations as other tools count them, one tuple a row; nothing where not asked for.
Counts = Sequence[tuple[int | None, ...]]


def unfolded(analysis: Analysis, counts: Counts = ()) -> Sequence[TableLine]:
    """One line a layer."""
    words, faulty = _Words(), _faulty(analysis)
    rows, widths = analysis.rows, output_widths(analysis)

    def line(index: int) -> TableLine:
        found = _of_row(rows[index], widths[index], words, faulty)
        return found._replace(counts=counts[index]) if counts else found

    if isinstance(rows, tuple):
        return [line(index) for index in range(len(rows))]
    from convcalc.report.drawing.parts import Lazy  # few nets are so long

    return Lazy(len(rows), line)


def folded(analysis: Analysis, counts: Counts = ()) -> Sequence[TableLine]:
    """Block calls as one line, and equal lines in a row as one.

    A call that holds nothing but calls, as a stage of a net does, is opened.
    """
    holders = {step.units[-1] for step in analysis.network.steps if step.units}
    if not holders:
        outputs = [step.output for step in analysis.network.steps]
        return _run_lengths(unfolded(analysis, counts), outputs)
    lines: list[TableLine] = []
    words, faulty, widths = _Words(), _faulty(analysis), output_widths(analysis)

    def unit_of(item: tuple[int, Row]) -> tuple[str, int]:
        index, row = item
        unit = next((call for call in row.step.units if call in holders), "")
        return (unit, 0) if unit else ("", index)

    for (unit, _), group in groupby(enumerate(analysis.rows), key=unit_of):
        numbered = list(group)
        members = [row for _, row in numbered]
        if unit:
            line = _of_block(unit, members, [widths[index] for index, _ in numbered], words, faulty)
            owner = _owner(analysis, members)
            if owner:
                line = line._replace(what=f"weights of {owner}: {line.what}", shares=owner)
        else:
            line = _of_row(members[0], widths[numbered[0][0]], words, faulty)
        if counts:
            line = line._replace(counts=_summed([counts[index] for index, _ in numbered]))
        lines.append(line)
    return _run_lengths(lines, [line.output for line in lines])


def _owner(analysis: Analysis, rows: list[Row]) -> str:
    """The call whose parameters all layers of a call have; '' where they have some of their own."""
    steps = analysis.network.steps
    learning = [row.step for row in rows if row.step.layer and row.step.layer.has_weights]
    if not learning or any(step.shares is None for step in learning):
        return ""
    around = [steps[step.shares or 0].units for step in learning]
    common = [units[0] for units in zip(*around, strict=False) if len(set(units)) == 1]
    return common[-1] if common else ""


def _faulty(analysis: Analysis) -> frozenset[str]:
    """The layers without a size whose inputs have one, or that an error names."""
    if not analysis.broken:
        return frozenset()
    named = {f.layer for f in analysis.findings if f.severity is Severity.ERROR}
    return frozenset(
        row.step.name
        for row in analysis.rows
        if row.step.output is None and (row.inputs or row.step.name in named)
    )


#: What layers are in words, by identity and axes: equal layers are described once.
_Words = dict[tuple[int, int], str]


def _of_row(row: Row, width: int, words: _Words, faulty: frozenset[str]) -> TableLine:
    """The line of one layer, whose output has numbers of so many bytes."""
    step, layer = row.step, row.step.layer
    if layer is None:
        what = "" if step.kind == INPUT else step.kind
    else:
        key = (id(layer), len(step.output or ()))
        what = words.get(key) or words.setdefault(key, step.words())
    counted = (row.activations or 0) if row.new_volume else 0
    output, own = step.output, row.parameters
    return TableLine(
        step.name,
        row.receptive_field,
        what,
        output,
        row.activations,
        counted,
        row.params,
        row.macs,
        not row.new_volume,
        broken=output is None,
        at_fault=step.name in faulty,
        weights=None if own is None else own.weights,
        biases=None if own is None else own.biases,
        shares="" if step.shares is None else f"{step.name} shares",
        memory=counted * width,
    )


def _of_block(
    name: str, rows: list[Row], widths: list[int], words: _Words, faulty: frozenset[str]
) -> TableLine:
    if len(rows) == 1:
        return _of_row(rows[0], widths[0], words, faulty)
    last = rows[-1]
    broken = any(row.step.output is None for row in rows)
    counted = sum(row.activations or 0 for row in rows if row.new_volume)
    return TableLine(
        name,
        last.receptive_field,
        _summary(rows),
        last.step.output,
        None if broken else counted,
        counted,
        _total(rows, lambda row: row.params),
        _total(rows, lambda row: row.macs),
        broken=broken,
        at_fault=broken and any(row.step.name in faulty for row in rows),
        weights=_total(rows, _weights),
        biases=_total(rows, _biases),
        memory=volume_bytes(rows, widths),
    )


def _weights(row: Row) -> int | None:
    return None if row.parameters is None else row.parameters.weights


def _biases(row: Row) -> int | None:
    return None if row.parameters is None else row.parameters.biases


def _summary(rows: list[Row]) -> str:
    """What a block holds: ``3 conv, 3 batch_norm, 2 relu, add``, heaviest kinds first."""
    kinds: dict[str, int] = {}
    for row in rows:
        kinds[row.step.kind] = kinds.get(row.step.kind, 0) + 1
    costly = sorted(kinds, key=lambda kind: (not _learns(kind, rows), list(kinds).index(kind)))
    return ", ".join(f"{kinds[kind]} {kind}" if kinds[kind] > 1 else kind for kind in costly)


def _learns(kind: str, rows: list[Row]) -> bool:
    return any(row.macs for row in rows if row.step.kind == kind)


def _summed(counts: Counts) -> tuple[int | None, ...]:
    """The sums of several rows, column by column; None where one is unknown."""
    return tuple(
        None if None in column else sum(n for n in column if n is not None)
        for column in zip(*counts, strict=True)
    )


def _total(rows: list[Row], number: Callable[[Row], int | None]) -> int | None:
    numbers = [number(row) for row in rows]
    return None if None in numbers else sum(n for n in numbers if n is not None)


def _likeness(line: TableLine) -> Hashable:
    numbers = (line.counted, line.memory, line.params, line.macs, line.counts)
    own = line.name if line.shares else ""  # towers that share are seen one by one
    return (own, line.what, line.output, *numbers, line.broken)


def _run_lengths(
    lines: Sequence[TableLine], outputs: Sequence[Shape | None]
) -> Sequence[TableLine]:
    """Equal lines in a row as one; of a very long table each is made when it is asked for."""
    if isinstance(lines, list):
        return [_run(lines, start, copies) for start, copies in _runs(lines, outputs)]
    from array import array

    from convcalc.report.drawing.parts import Lazy  # few nets are so long

    starts, numbers = array("i"), array("i")
    for start, copies in _runs(lines, outputs):
        starts.append(start)
        numbers.append(copies)
    return Lazy(len(starts), lambda index: _run(lines, starts[index], numbers[index]))


def _runs(lines: Sequence[TableLine], outputs: Sequence[Shape | None]) -> Iterator[tuple[int, int]]:
    """Where equal lines in a row begin, and how many they are; layers without a size are alone.

    Of neighbours with different outputs no line is looked at.
    """
    start, known = 0, None
    for index in range(1, len(lines) + 1):
        likeness = None
        if index < len(lines) and outputs[index] == outputs[index - 1]:
            line = lines[index]
            likeness = _likeness(line)
            known = known or _likeness(lines[index - 1])
            if likeness == known and line.what and not line.broken:
                continue
        yield start, index - start
        start, known = index, likeness


def _run(lines: Sequence[TableLine], start: int, copies: int) -> TableLine:
    """The line of so many equal ones."""
    first = lines[start]
    if copies == 1:
        return first
    last = lines[start + copies - 1]
    return last._replace(
        name=_span(first.name, last.name),
        activations=_times(first.activations, copies),
        counted=first.counted * copies,
        memory=first.memory * copies,
        params=_times(first.params, copies),
        weights=_times(first.weights, copies),
        biases=_times(first.biases, copies),
        macs=_times(first.macs, copies),
        counts=tuple(_times(number, copies) for number in first.counts),
        copies=copies,
    )


def _span(first: str, last: str) -> str:
    """Two names with what they share said once: ``conv2_x.bottleneck2..8``."""
    stem = first.rstrip("0123456789")
    return f"{first}..{last[len(stem) :]}" if last.startswith(stem) else f"{first}..{last}"


def _times(number: int | None, copies: int) -> int | None:
    return None if number is None else number * copies

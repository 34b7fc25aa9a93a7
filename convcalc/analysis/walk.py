"""The walk itself: tallies layer by layer, totals, and whether they are what the file expects."""

from typing import TYPE_CHECKING

from convcalc.analysis import receptive
from convcalc.analysis.expectations import failed
from convcalc.analysis.likely_mistakes import likely_mistake
from convcalc.analysis.merged_fields import Branches
from convcalc.analysis.misaligned import Misaligned
from convcalc.analysis.record import Analysis, Row, Totals
from convcalc.analysis.settings import Settings
from convcalc.analysis.storage import in_place
from convcalc.analysis.sums import NOTHING, Sums
from convcalc.analysis.unread import axes_unread, nothing_read, some_unread
from convcalc.findings import Finding, Severity, order
from convcalc.layers.base import Layer, Parameters
from convcalc.layers.field_step import FieldStep
from convcalc.network.record import INPUT, Network, Step, shapes_read
from convcalc.quantity import counted
from convcalc.records import NamedTuple
from convcalc.shapes import Shape, elements, written

if TYPE_CHECKING:
    from convcalc.analysis.field_columns import FieldColumns
    from convcalc.analysis.receptive import ReceptiveFields
    from convcalc.analysis.rows import Rows

_NO_SETTINGS = Settings()
#: From so many steps on rows are kept in columns.
_MANY = 20_000
#: Tallies that are kept at a time: those of a very long net may all differ.
_MOST_KNOWN = 4096


class _Tally(NamedTuple):
    """What a layer costs on inputs of given shapes; worked out once for equal ones."""

    shapes: tuple[Shape, ...]
    """What it reads: one tuple for all such layers."""
    activations: int
    parameters: Parameters
    macs: int
    macs_backward: tuple[int, int]
    """Of the backward pass: where nothing before it learns, and where something does."""
    field_steps: tuple[FieldStep, ...]
    """Empty for a layer that reads one position."""
    dilated: bool
    unread: tuple[int, ...]
    """The axes on which it reads nothing."""


def analyze(network: Network, settings: Settings = _NO_SETTINGS) -> Analysis:
    """All numbers of a network, for one image; `settings` matter to bytes only."""
    overwrites, findings = in_place(network)
    # what a file at fault means is a guess: no likely mistake is reported
    readable = not any(f.severity is Severity.ERROR and f.code < "CC1" for f in network.findings)
    rows, fields = _no_rows(network)
    sums = Sums()
    learned: list[bool] = []  # whether a step's output depends on weights: it has a gradient
    dilated = False
    known: dict[tuple[int, tuple[Shape, ...]], _Tally] = {}
    owners = network.owners()
    longest = receptive.longest_followed(len(network.steps))
    misaligned, branches = Misaligned(network), Branches(network, longest)
    for step, overwrite in zip(network.steps, overwrites, strict=True):
        layer, output = step.layer, step.size.output
        doubt = (
            likely_mistake(network, step, len(rows)) if readable and output is not None else None
        )
        if doubt and doubt.code not in step.ignore:
            findings.append(doubt)
        inputs = step.inputs
        flows = learned[inputs[0]] if len(inputs) == 1 else any(learned[i] for i in inputs)
        if layer is None or output is None:
            learned.append(flows)
            row = _without_numbers(network, step)
            fields.append(row.receptive_field)
            rows.append(row)
            sums.add(row)
            continue
        shapes = shapes_read(network.steps, step)
        key = (id(layer), shapes)
        tally = known.get(key)
        if tally is None:
            if len(known) >= _MOST_KNOWN:
                known.clear()
            tally = _tally(layer, step, shapes, output)
            if not any(window.is_long for window in tally.field_steps):
                known[key] = tally
        if len(inputs) == 1:
            before = fields[inputs[0]]
        else:
            sources = receptive.aligned(network, step)
            before = branches.joined(sources, fields, output[:-1])
            remark = misaligned.finding(step, [fields[i] for i in sources])
            if remark and remark.code not in step.ignore:
                findings.append(remark)
        field = before
        if tally.field_steps:
            field = receptive.widened(before, tally.field_steps, output[:-1], longest)
        parameters = tally.parameters
        learned.append(flows or parameters.learned > 0)
        if step.shares is not None:
            owner = rows[owners[len(rows)]]
            if owner.step.layer is not layer or owner.inputs != tally.shapes:
                findings.extend(_mismatched_weights(network, step, parameters, owner))
            parameters = NOTHING
        dilated = dilated or tally.dilated
        if tally.unread and "CC103" not in step.ignore:
            findings.append(nothing_read(network, step, tally.unread, tally.shapes[0]))
        elif tally.dilated and "CC103" not in step.ignore:
            findings.extend(some_unread(network, step))
        fresh = not (overwrite or layer.identity_in_inference)
        row = Row(
            step,
            tally.shapes,
            tally.activations,
            overwrite,
            fresh,
            parameters,
            tally.macs,
            field,
            tally.macs_backward[flows],
        )
        fields.append(field)
        rows.append(row)
        sums.add(row)
    if dilated:
        from convcalc.analysis.density import gridding  # few nets dilate

        findings.extend(gridding(network, rows))
    totals = sums.totals()
    if not totals.layers and any(f.severity is Severity.ERROR for f in network.findings):
        totals = Totals(0, *(None,) * 9)  # nothing could be read: not a net that costs nothing
    findings.extend(failed(network, totals))
    done = tuple(rows) if isinstance(rows, list) else rows
    return Analysis(network, settings, done, totals, order((*network.findings, *findings)))


def _no_rows(network: Network) -> "tuple[list[Row] | Rows, list[ReceptiveFields] | FieldColumns]":
    """What rows and their receptive fields are gathered in."""
    if len(network.steps) < _MANY:
        return [], []
    from convcalc.analysis.rows import Rows  # few nets are so long

    rows = Rows(network.steps)
    return rows, rows.fields


def _tally(layer: Layer, step: Step, shapes: tuple[Shape, ...], output: Shape) -> _Tally:
    macs = layer.macs(shapes, output)
    steps = layer.receptive_field_step(shapes, step.size)
    return _Tally(
        shapes,
        elements(output),
        layer.parameters(shapes, output),
        macs,
        (macs, 2 * macs),
        receptive.beyond_a_point(steps),
        any(window.dilation > 1 for window in step.size.windows),
        axes_unread(steps, shapes[0], output),
    )


def _without_numbers(network: Network, step: Step) -> Row:
    """The row of an input, or of a layer whose size is unknown."""
    output = step.output
    if step.kind == INPUT and output is not None:
        field = receptive.start(len(output) - 1)
        return Row(step, (), elements(output), False, True, NOTHING, 0, field, 0)
    return Row(step, shapes_read(network.steps, step), None, False, True, None, None, ())


def _mismatched_weights(network: Network, step: Step, own: Parameters, owner: Row) -> list[Finding]:
    """A layer that shares parameters of another size than its own."""
    theirs = owner.parameters
    if theirs is None:
        return []
    needed, found = counted(own.learned, "parameter"), f"{theirs.learned:,}"
    if theirs.learned == own.learned:
        needed, found = _parts(own, theirs), _parts(theirs, own)
    if theirs == own:
        needed, found = _form(step, own), _form(owner.step, theirs)
        if needed == found:
            return []
    return [
        network.finding(
            step,
            "CC123",
            Severity.ERROR,
            f"{step.name} needs {needed}, {owner.step.name} has {found}",
            "cannot share",
            ("sharing layers need equal kernels, filters and input channels",),
            network.also("shares with this layer", owner.step),
        )
    ]


def _parts(own: Parameters, other: Parameters) -> str:
    """The classes in which as many parameters differ from others."""
    nouns = zip(own, other, ("weight", "bias", "norm parameter", "buffer number"), strict=True)
    differing = [(number, noun) for number, theirs, noun in nouns if number != theirs]
    return " and ".join(counted(number, noun) for number, noun in differing)


def _form(step: Step, own: Parameters) -> str:
    """What as many weights may still differ in: the kernel, and how many outputs they make."""
    from convcalc.layers.windowed import Windowed  # only shared weights need it

    layer, output = step.layer, step.output
    if not own.weights or output is None:
        return ""
    form = counted(output[-1], "output")
    if isinstance(layer, Windowed):
        axes = len(output) - 1
        kernel = layer.kernel * axes if len(layer.kernel) == 1 else layer.kernel
        form = f"a {written(kernel)} kernel and {form}"
    return form

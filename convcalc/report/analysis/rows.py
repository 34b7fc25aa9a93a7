"""Rows of CSV and Markdown: what each column says of a layer, exactly, and their order."""

from collections.abc import Sequence

from convcalc.analysis.record import Row
from convcalc.network.record import INPUT
from convcalc.report.analysis.columns import CSV, sorted_rows
from convcalc.report.analysis.view import NetView
from convcalc.shapes import written


def texts(row: Row, names: list[str]) -> dict[str, str]:
    """What each column of CSV says of a row, exactly; `names` are those of all layers."""
    step, own = row.step, row.parameters
    cells = [
        step.name,
        step.kind,
        step.words(),
        " ".join(names[i] for i in step.inputs),
        written(step.output) if step.output else "",
        exact(row.activations),
        "" if row.activations is None else "true" if row.in_place else "false",
        *(exact(n) for n in (own[:3] if own else (None,) * 3)),
        exact(row.params),
        exact(own.buffers if own else None),
        exact(row.macs),
        "x".join(str(axis.size) for axis in row.receptive_field),
        "x".join(str(axis.stride) for axis in row.receptive_field),
        "" if step.kind == INPUT else str(step.place.line or ""),
    ]
    return dict(zip(CSV, cells, strict=True))


def exact(number: int | None) -> str:
    """A number as it is; '' where it is unknown."""
    return "" if number is None else str(number)


def order(net: NetView) -> Sequence[int]:
    """The rows in the order that was asked for, else the net's."""
    rows, sort = net.analysis.rows, net.extras.sort
    return sorted_rows(rows, sort) if sort else range(len(rows))


def layer_counts(net: NetView) -> list[tuple[int | None, ...]]:
    """What every layer counts by the conventions that were asked for."""
    if not net.counts:
        return [()] * len(net.analysis.rows)
    return [*zip(*(count.layers() for count in net.counts), strict=True)]

"""A convolution as one matrix product (CS231n notes, Implementation as Matrix Multiplication)."""

from math import prod

from convcalc.analysis.record import Row
from convcalc.explain.record import Fact, Section
from convcalc.layers.traits import Family
from convcalc.shapes import Shape, elements, written


def im2col(row: Row, inputs: tuple[Shape, ...]) -> Section | None:
    """The sizes of X_col and W_row; None for layers that are no plain convolution and no pool."""
    layer, output = row.step.layer, row.step.output
    if layer is not None and output is not None and layer.family is Family.POOL:
        return _pool(row, inputs[0], output)
    if layer is None or output is None or row.step.kind != "conv":
        return None
    groups: int = layer.__dict__["groups"]
    window = (*(w.kernel for w in row.step.size.windows), inputs[0][-1] // groups)
    rows, positions, filters = prod(window), elements(output[:-1]), output[-1] // groups
    copied, given = groups * rows * positions, elements(inputs[0])
    each = f", for each of {groups} groups" if groups > 1 else ""
    lines = (
        Fact(
            "X_col",
            f"{rows} x {positions}: each {written(window)} window stretched out as a column{each}",
        ),
        Fact("W_row", f"{filters} x {rows}: each filter stretched out as a row{each}"),
        Fact(
            "product",
            f"{filters} x {positions} -> {written(output)}"
            + (f", the {groups} groups side by side" if groups > 1 else ""),
        ),
        Fact(
            "",
            f"X_col holds {copied:,} numbers, {_ratio(copied, given)} times the input: "
            "its cost in memory",
        ),
    )
    numbers = {
        "groups": groups,
        "x_col": [rows, positions],
        "w_row": [filters, rows],
        "product": [filters, positions],
        "copied": copied,
    }
    return Section("as a matrix product (im2col)", lines, numbers)


def _pool(row: Row, shape: Shape, output: Shape) -> Section | None:
    """A pool reuses im2col: each channel's windows are columns, and a column gives one number."""
    if not row.step.size.windows:
        return None
    window = tuple(w.kernel for w in row.step.size.windows)
    rows, columns = prod(window), elements(output)
    copied, given = rows * columns, elements(shape)
    how = "the largest" if row.step.kind == "max_pool" else "one number"
    lines = (
        Fact("X_col", f"{rows} x {columns}: each {written(window)} window of each channel"),
        Fact("result", f"{how} of each column: 1 x {columns} -> {written(output)}"),
        Fact("", f"X_col holds {copied:,} numbers, {_ratio(copied, given)} times the input"),
    )
    return Section("with im2col", lines, {"x_col": [rows, columns], "copied": copied})


def _ratio(part: int, whole: int) -> str:
    """A ratio with one decimal, in integers."""
    tenths = (20 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}"

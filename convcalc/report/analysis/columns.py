"""Which columns a table of layers has, and by which one it is sorted: `--columns` and `--sort`."""

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING

from convcalc.analysis.record import Row
from convcalc.findings import plain
from convcalc.report.analysis.extras import Extras

if TYPE_CHECKING:  # JSON has columns to refuse, and no lines
    from convcalc.report.analysis.fold import TableLine

#: The columns of text in their usual order; `weights` and `biases` are shown on request alone.
TEXT = (
    "layer", "what", "output", "activations", "weights", "biases", "params", "macs", "field",
    "memory", "im2col", "share",
)  # fmt: skip

#: The columns of CSV in their usual order.
CSV = (
    "name", "kind", "description", "inputs", "output", "activations", "in_place", "weights",
    "biases", "norm", "params", "buffers", "macs", "receptive_field", "effective_stride", "line",
)  # fmt: skip

#: The columns of Markdown in their usual order; `weights` and more on request.
MARKDOWN = ("name", "description", "output", "activations", "params", "macs")

_BY_FORMAT = {"text": TEXT, "csv": CSV, "markdown": CSV}
_TO_CSV = {"layer": "name", "what": "description", "field": "receptive_field"}
#: what other tools' tables have above these columns
_ELSEWHERE = {
    **dict.fromkeys(("shape", "shapes", "size", "output_shape", "output_size"), "output"),
    **dict.fromkeys(("type", "class", "operation", "op"), "kind"),
    **dict.fromkeys(("parameters", "param#", "param_#", "weights_and_biases"), "params"),
    **dict.fromkeys(("mult_adds", "multadds", "madds", "madd"), "macs"),
    **dict.fromkeys(("rf", "receptivefield"), "field"),
    **dict.fromkeys(("mem", "bytes"), "memory"),
}
_TO_TEXT = {other: own for own, other in _TO_CSV.items()}


class UnknownColumnError(ValueError):
    """A column that a format does not have; the message names those it has."""


def check_columns(form: str, extras: Extras) -> None:
    """Refuse columns that are not there.

    Raises:
        UnknownColumnError: the format has no such column, or no columns at all.
    """
    wanted = (*extras.columns, *([extras.sort] if extras.sort else []))
    if not wanted:
        return
    known = _BY_FORMAT.get(form)
    if known is None:
        raise UnknownColumnError(f"--columns and --sort are for text, csv and markdown, not {form}")
    for name in wanted:
        if named(name, form) not in known:
            from convcalc.suggest import nearest  # for a word that is none
            from convcalc.sweep.mistyped import FLOPS, word_hint
            from convcalc.zoo import convention_labels

            meant = named(_ELSEWHERE.get(named(name, form), ""), form)
            meant = "what" if meant == "kind" and form == "text" else meant
            close = meant if meant in known else nearest(name.lower(), known)
            hint = f"did you mean {close}?" if close else f"it has {', '.join(known)}"
            if name.lower() in convention_labels():
                hint = f"`--as {plain(name)}` adds it"
            if name.lower() in FLOPS:
                hint = word_hint(name)
            raise UnknownColumnError(f"{form} has no column {plain(name)!r}: {hint}")
    twice = next((n for n in extras.columns if extras.columns.count(n) > 1), "")
    if twice:
        raise UnknownColumnError(f"--columns names {plain(twice)!r} twice")


def named(name: str, form: str) -> str:
    """The format's own name of a column; text and CSV accept each other's."""
    lower = name.strip().lower().replace("-", "_")
    return (_TO_TEXT if form == "text" else _TO_CSV).get(lower, lower)


def sorted_lines(
    lines: "Sequence[TableLine]", workspaces: Sequence[int | None], sort: str
) -> list[int]:
    """The order of the lines: the largest first, unknown numbers last, words by alphabet."""
    name = named(sort, "text")
    if name == "im2col":
        return sorted(range(len(lines)), key=lambda i: _rank(workspaces[i]))
    return sorted(range(len(lines)), key=lambda i: _rank(_of_line(lines[i], name)))


def sorted_rows(rows: Sequence[Row], sort: str) -> list[int]:
    """The order of the rows of an analysis, as `sorted_lines`."""
    name = named(sort, "csv")
    return sorted(range(len(rows)), key=lambda i: _rank(_of_row(rows[i], name)))


def _rank(value: int | str | None) -> tuple[bool, int, str]:
    if isinstance(value, str):
        return False, 0, value
    return value is None, -(value or 0), ""


def _of_line(line: "TableLine", name: str) -> int | str | None:
    field = prod(axis.size for axis in line.receptive_field) if line.receptive_field else None
    values: dict[str, int | str | None] = {
        "layer": line.name,
        "what": line.what,
        "output": prod(line.output) if line.output else None,
        "activations": None if line.broken else line.counted,
        "weights": line.weights,
        "biases": line.biases,
        "params": line.params,
        "macs": line.macs,
        "field": field,
    }
    return values[name] if name in values else values["activations"]


_NUMBERS: dict[str, Callable[[Row], int | str | None]] = {
    "activations": lambda row: row.activations,
    "weights": lambda row: row.parameters.weights if row.parameters else None,
    "biases": lambda row: row.parameters.biases if row.parameters else None,
    "norm": lambda row: row.parameters.norm if row.parameters else None,
    "buffers": lambda row: row.parameters.buffers if row.parameters else None,
    "params": lambda row: row.params,
    "macs": lambda row: row.macs,
    "output": lambda row: row.activations,
    "line": lambda row: -(row.step.place.line or 0),
    "in_place": lambda row: int(row.in_place),
    "receptive_field": lambda row: prod(axis.size for axis in row.receptive_field),
    "effective_stride": lambda row: int(prod(axis.stride for axis in row.receptive_field)),
    "description": lambda row: row.step.words(),
    "kind": lambda row: row.step.kind,
}


def _of_row(row: Row, name: str) -> int | str | None:
    found = _NUMBERS.get(name)
    return found(row) if found else row.step.name

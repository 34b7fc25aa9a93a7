"""Counts in the JSON of `analyze`: additions to schema ``convcalc/report/1``."""

from typing import Any

from convcalc.counting.tally import ToolCount
from convcalc.report.counts.view import as_printed


def count_object(count: ToolCount) -> dict[str, Any]:
    """One convention's figures; what is unknown is null, and its kinds are named."""
    convention = count.convention
    return {
        "name": convention.name,
        "as": convention.label,
        "version": convention.version or None,
        "measured": convention.measured,
        "path": convention.path or None,
        "style": "modules",
        "mode": "eval",
        "batch": 1,
        "unit": convention.unit if convention.operations is not None else None,
        "operations": count.operations,
        "printed": as_printed(count) if count.operations is not None else None,
        "by_kind": count.by_kind,
        "unknown": list(count.unknown),
        "factor": count.factor if convention.operations is not None else None,
        "difference": count.difference,
        "difference_by": count.parts if count.difference is not None else None,
        "params": count.params,
        "activations": count.activations,
        "memory": count.memory,
        "also": count.also,
        "notes": [{"text": note.text, "layers": list(note.layers)} for note in count.notes],
    }


def layer_counts(counts: tuple[ToolCount, ...]) -> list[dict[str, int | None]]:
    """What every layer counts, by convention; the inputs first."""
    names = [count.convention.label for count in counts]
    columns = [count.layers() for count in counts]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]

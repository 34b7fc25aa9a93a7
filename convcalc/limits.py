"""Upper limits from the command line or the configuration, held against a net's totals.

The limits in a spec are its `budget` (`convcalc.analysis.claims`); these are the caller's.
"""

from collections.abc import Callable, Mapping

from convcalc.analysis.record import Analysis, Row
from convcalc.findings import Finding, Severity
from convcalc.spec.quantity import parse_count

#: What can be limited, with the reader of its quantity.
LIMITS: dict[str, Callable[[str], int | None]] = {
    "params": parse_count,
    "macs": parse_count,
    "activations": parse_count,
}


def exceeded(analysis: Analysis, limits: Mapping[str, int]) -> list[Finding]:
    """The limits that a net passes; nothing is judged where the net is broken."""
    findings = []
    for key, limit in limits.items():
        actual = getattr(analysis.totals, key)
        if actual is None or actual <= limit:
            continue
        over = f", {100 * (actual - limit) / limit:.3g} % over" if limit else ""
        message = f"{key}: {actual:,} exceeds --max-{key} {limit:,}{over}"
        path = analysis.network.source.path
        help = _largest(analysis, key, actual)
        findings.append(Finding("CC131", Severity.ERROR, message, path, help=help))
    return findings


def _largest(analysis: Analysis, key: str, total: int) -> tuple[str, ...]:
    """The layer that holds most of it."""

    def held(row: Row) -> int:
        if key == "activations" and not row.new_volume:
            return 0
        return getattr(row, key) or 0

    row = max(analysis.rows, key=held)
    share = (200 * held(row) + total) // (2 * total)
    return (f"the largest part is {row.step.name} with {held(row):,} ({share} %)",)

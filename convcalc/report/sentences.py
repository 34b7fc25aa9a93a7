"""The two or three sentences a person would say about a net's numbers."""

from convcalc.analysis.record import Analysis, Row
from convcalc.report.units import percent
from convcalc.spec.network import INPUT

_MUCH = 0.25  #: a layer with this share of something is worth a sentence


def sentences(analysis: Analysis) -> list[str]:
    """What stands out: where the activations are, the parameters, the work."""
    totals = analysis.totals
    if totals.activations is None or totals.params is None or totals.macs is None:
        return []
    rows = [row for row in analysis.rows if row.step.kind != INPUT]
    found = [_early(rows, totals.activations)]
    found.append(_largest(rows, totals.params, "parameters", [row.params or 0 for row in rows]))
    found.append(_largest(rows, totals.macs, "MACs", [row.macs or 0 for row in rows]))
    return [sentence for sentence in found if sentence]


def _early(rows: list[Row], total: int) -> str:
    """Half of the activations in the first layers."""
    counted = [(row, row.activations or 0) for row in rows if row.new_volume]
    so_far = 0
    for number, (row, activations) in enumerate(counted, 1):
        so_far += activations
        if 2 * so_far >= total and 3 * number <= len(counted):
            first, last = counted[0][0].step.name, row.step.name
            where = first if number == 1 else f"{first}..{last}"
            return f"{percent(so_far, total)} of the activations are in {where}"
    return ""


def _largest(rows: list[Row], total: int, what: str, numbers: list[int]) -> str:
    """One layer that holds much of something."""
    if not total:
        return ""
    largest = max(numbers)
    if largest < _MUCH * total or sum(n > 0 for n in numbers) < 2:
        return ""
    row = rows[numbers.index(largest)]
    return f"{percent(largest, total)} of the {what} are in {row.step.name}"

"""What other tools count of one layer, each with its own rule."""

from convcalc.analysis.record import Analysis
from convcalc.counting.letters import MEANING, lettered
from convcalc.counting.record import UNKNOWN, Convention
from convcalc.counting.tally import Counter
from convcalc.explain.record import Fact, Section


def counts_section(analysis: Analysis, index: int, conventions: tuple[Convention, ...]) -> Section:
    """A line a figure, the tools that agree on it together, the smallest first."""
    counter = Counter(analysis)
    groups: dict[tuple[int | None, str], list[str]] = {}
    numbers: dict[str, object] = {}
    for convention in conventions:
        if convention.operations is None:
            continue
        cell = counter.layers(convention.operations, convention.folds, convention.times)[index]
        rule = counter.rule(convention.operations, index, convention.folds)
        times = f"{convention.times}*({rule.removeprefix('=')})" if convention.times > 1 else rule
        text = "unknown" if cell is None else _written(cell, times.removeprefix("="))
        groups.setdefault((cell, text), []).append(convention.label)
        numbers[convention.label] = cell
    lines = [
        Fact(text, ", ".join(names)) for (_, text), names in sorted(groups.items(), key=_order)
    ]
    return Section("as other tools count it", (*lines, Fact("", MEANING)), {"counts": numbers})


def _order(group: tuple[tuple[int | None, str], list[str]]) -> tuple[bool, int]:
    cell = group[0][0]
    return cell is None, cell or 0


def _written(cell: int, rule: str) -> str:
    if rule in {"0", UNKNOWN}:
        return f"{cell:,}"
    text = lettered(f"={rule}")
    return f"{cell:,} = {text}" if len(text) <= 24 else f"{cell:,} = {rule}"

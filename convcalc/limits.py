"""Upper limits from the command line or the configuration, compared with a net's numbers.

The limits in a spec are its `budget` (`convcalc.analysis.expectations`,
`convcalc.memory.budgets`); these are the caller's.
"""

import re
from collections.abc import Callable, Mapping

from convcalc.analysis.expectations import excess
from convcalc.analysis.record import Analysis, Row
from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.findings import Finding, Severity, brief
from convcalc.memory.precisions import numbers
from convcalc.quantity import bytes_of, parse_bytes, parse_count, without_commas

#: What can be limited, with the reader of its quantity.
LIMITS: dict[str, Callable[[str], int | None]] = {
    "params": parse_count,
    "macs": parse_count,
    "activations": parse_count,
    "inference_memory": parse_bytes,
    "training_memory": parse_bytes,
}

_OPTIONS: Mapping[str, str] = {}


def over_limits(
    analysis: Analysis, limits: Mapping[str, int], givers: Mapping[str, str] = _OPTIONS
) -> list[Finding]:
    """The limits that a net passes; nothing is checked where the net is broken.

    `givers` says where limits come from that are not options of the command line.
    """
    if analysis.broken:
        return []
    findings = []
    for key, limit in limits.items():
        found = _over_memory if LIMITS[key] is parse_bytes else _over
        finding = found(analysis, key, limit, limit_name(key, givers))
        if finding:
            findings.append(finding)
    return findings


def limit(key: str, given: str) -> int:
    """An upper limit as it is written: a count such as 5M, or bytes such as 12GiB.

    Raises:
        ValueError: it is none, or so few bytes that a unit must be missing; says what to write.

    >>> limit("params", "5M"), limit("training_memory", "12GiB")
    (5000000, 12884901888)
    """
    if LIMITS[key] is parse_bytes:
        return bytes_of(key, brief(given))
    number = LIMITS[key](given)
    if number is None:
        meant = without_commas(given)
        hint = f": did you mean {meant}?" if meant else ""
        if re.match(r"\s*[0-9]{19}", given):
            hint = ": it has more than 18 digits"
        raise ValueError(f"expected a quantity such as 5M, got {brief(given)!r}{hint}")
    return number


def limit_name(key: str, givers: Mapping[str, str]) -> str:
    """What a limit is called where it was given.

    >>> limit_name("params", {}), limit_name("params", {"params": "max-params in pyproject.toml"})
    ('--max-params', 'max-params in pyproject.toml')
    """
    return givers.get(key) or f"--max-{key}".replace("_", "-")


def _over(analysis: Analysis, key: str, limit: int, name: str) -> Finding | None:
    """The finding about a total of the net."""
    actual = getattr(analysis.totals, key)
    if actual is None:
        return None
    if actual <= limit:
        return _beyond(analysis, key, actual, limit, name, "")
    return _finding(analysis, key, actual, limit, name, "", _largest(analysis, key, actual))


def _over_memory(analysis: Analysis, key: str, limit: int, name: str) -> Finding | None:
    """The finding about a peak of memory, for the batch and dtype of the analysis."""
    from convcalc.memory.fit import Simulation  # a simulation, for this limit only

    settings = analysis.settings
    learning = key == "training_memory"
    if learning and settings.dtype in INFERENCE_ONLY:
        return None
    run = Simulation(analysis, learning)
    parts = settings.accumulate if learning else 1
    actual = run.peak(settings.batch // parts)
    if actual <= limit:
        return _beyond(analysis, key, actual, limit, name, " bytes")
    most = run.largest_logical(limit) * parts
    help = (
        f"batch {most} is the largest within it"
        if most
        else f"not even batch {run.least * parts} is within it"
    )
    how = f" bytes with batch {settings.batch}, {numbers(settings)}"
    how += f", {settings.optimizer}" if learning else ""
    return _finding(analysis, key, actual, limit, name, how, help)


def _beyond(
    analysis: Analysis, key: str, actual: int, limit: int, name: str, unit: str
) -> Finding | None:
    """The finding that a total within its limit is a part of what the net's own tool has."""
    for beyond in analysis.network.beyond:
        if beyond.total != key or (beyond.more is not None and actual + beyond.more <= limit):
            continue
        ends = "cannot be checked" if beyond.more is None else "is exceeded"
        text = f"{key}: the layers here have {actual:,}{unit}, and {beyond.why}: {name} {limit:,}"
        path = analysis.network.source.path
        help = "`convcalc analyze FILE` shows what is counted, and a warning what is not"
        return Finding("CC131", Severity.ERROR, f"{text} {ends}", path, help=(help,))
    return None


def _finding(
    analysis: Analysis, key: str, actual: int, limit: int, name: str, unit: str, help: str
) -> Finding:
    message = f"{key}: {actual:,}{unit} exceeds {name} {limit:,}{excess(actual, limit)}"
    return Finding("CC131", Severity.ERROR, message, analysis.network.source.path, help=(help,))


def _largest(analysis: Analysis, key: str, total: int) -> str:
    """The layer that holds most of it."""

    def held(row: Row) -> int:
        if key == "activations" and not row.new_volume:
            return 0
        return getattr(row, key) or 0

    row = max(analysis.rows, key=held)
    share = (200 * held(row) + total) // (2 * total)
    return f"the largest part is {row.step.name} with {held(row):,} ({share} %)"

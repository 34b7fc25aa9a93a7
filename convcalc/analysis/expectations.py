"""What a file states about its net: `expect` holds exactly, `budget` is an upper limit.

`expect`, a layer's too, is about the net as written: with another input, rounding or variable from
the command line it is not compared with the result, a budget always is.
"""

from convcalc.analysis.record import Totals
from convcalc.findings import Finding, Severity
from convcalc.network.expectations import MEMORIES
from convcalc.network.record import Expectation, Network
from convcalc.shapes import Shape, written

#: Expectations that need the memory model, and what they may be stated for: the totals alone do not
#: decide them, `convcalc.memory.budgets` does.
_OF_MEMORY = frozenset({*MEMORIES, "batch", "dtype", "optimizer"})


def failed(network: Network, totals: Totals) -> list[Finding]:
    """Findings of the expectations that do not hold; where the net is broken nothing is checked."""
    if totals.params is None:
        return []
    findings = []
    for entry in network.expect:
        actual = _actual(entry.key, network, totals)
        if actual is not None and actual != entry.value:
            findings.append(wrong(network, entry, actual))
    for entry in network.budget:
        if entry.key in _OF_MEMORY or not isinstance(entry.value, int):
            continue
        actual = _actual(entry.key, network, totals)
        if isinstance(actual, int) and actual > entry.value:
            findings.append(over_budget(network, entry, actual))
    return findings


def _actual(key: str, network: Network, totals: Totals) -> int | Shape | None:
    if key == "output":
        return network.steps[network.outputs[-1]].output if network.outputs else None
    value = getattr(totals, key, None)  # what other tools count is not among them
    return value if isinstance(value, int) else None


def wrong(network: Network, entry: Expectation, actual: int | Shape) -> Finding:
    """The finding that a number is not the expected one."""
    wanted, got = _shown(entry.value), _shown(actual)
    message = f"{entry.key}: expected {wanted}, got {got}"
    if isinstance(actual, int) and isinstance(entry.value, int):
        message += f" ({actual - entry.value:+,})"
    return Finding(
        "CC130",
        Severity.ERROR,
        message,
        network.source.path,
        entry.span,
        f"is {got}",
        help=(
            *_lengthened(network, entry),
            f"`{entry.key}: {str(actual) if isinstance(actual, int) else got}` if that is right; "
            "remove `expect` from a net that you mean to change",
        ),
    )


def _lengthened(network: Network, entry: Expectation) -> tuple[str, ...]:
    """The option with which a net makes the output that is expected of it."""
    if entry.key != "output" or not isinstance(entry.value, tuple):
        return ()
    from convcalc.layers.written import option_text  # only where it does not hold
    from convcalc.network.short_outputs import lengthened

    found = lengthened(network, network.outputs[-1], entry.value)
    if found is None:
        return ()
    name, text = network.steps[found[0]].name, option_text(found[1])
    return (f"`output_pad: {text}` of {name} ({written(entry.value)})",)


def over_budget(
    network: Network,
    entry: Expectation,
    actual: int,
    unit: str = "",
    help: tuple[str, ...] = (),
) -> Finding:
    """The finding that a number is over its budget."""
    limit = entry.value if isinstance(entry.value, int) else 0
    return Finding(
        "CC131",
        Severity.ERROR,
        f"{entry.key}: {actual:,}{unit} exceeds the budget of {limit:,}{excess(actual, limit)}",
        network.source.path,
        entry.span,
        f"is {actual:,}",
        help=help,
    )


def excess(actual: int, limit: int) -> str:
    """By how much a limit is exceeded, in words that stay readable however far that is.

    >>> excess(11, 10), excess(8220, 10), excess(5, 0), excess(19268001, 19268000)
    (', 10 % over', ', 822.0 times the limit', '', ', less than 0.01 % over')
    >>> excess(10**30 + 77, 10)
    ', 100,000,000,000,000,000,000,000,000,007.7 times the limit'
    """
    if not limit:
        return ""
    if actual - limit > 10 * limit:
        tenths = (20 * actual + limit) // (2 * limit)  # every digit: a float has sixteen
        return f", {tenths // 10:,}.{tenths % 10} times the limit"
    percent = 100 * (actual - limit) / limit
    if percent < 0.01:
        return ", less than 0.01 % over"
    return f", {percent:.3g} % over" if percent < 100 else f", {percent:,.0f} % over"


def _shown(value: int | Shape | str) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return written(value) if isinstance(value, tuple) else value

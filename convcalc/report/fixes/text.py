"""Repairs as text: the offers in order, and the first one as a unified diff."""

import difflib
from collections import Counter
from collections.abc import Sequence

from convcalc.findings import CODES, Severity, plain
from convcalc.fix.record import Change, Offer
from convcalc.network.record import Network
from convcalc.quantity import counted
from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.palette import Palette

_MOST = 8  #: offers that are listed
_CHANGES = 20  #: changes that are listed of each
_LINES = 200  #: lines of the diff that are shown


def offers_text(
    network: Network,
    offers: list[Offer],
    palette: Palette,
    chosen: int = 0,
    every: bool = False,
    writes: bool = False,
    untried: Sequence[str] = (),
    broken: Sequence[str] = (),
) -> str:
    """What could be done to one file, best first, and what the chosen one would change in it.

    What `writes` it moves the lines that findings are at, below the offers. What was left `untried`
    is said where nothing repairs the file, and what of it repairs would have `broken`.
    """
    source, path = network.source, plain(network.source.path)
    most = len(offers) if every else _MOST
    if not offers:
        helps = any(f.help for f in network.findings if f.severity is not Severity.NOTE)
        see = ": see the help below" if helps else ""
        if broken:
            stated = " and ".join(f"`{key}`" for key in broken)
            see = f" without breaking its {stated}{see}"
        if untried:
            rest = f"  not tried, for the time it takes: {'; '.join(map(plain, untried))}\n"
            return f"{path}: no single edit that was tried repairs it{see}\n{rest}"
        return f"{path}: no single edit repairs it{see}\n"
    head = f"{path}: {len(offers)} {'way' if len(offers) == 1 else 'ways'} to repair it"
    lines = [palette.paint(head, "title")]
    if writes and len(offers[chosen].text.splitlines()) != len(source.text.splitlines()):
        lines.append("  lines are numbered as before the edit")
    shared = _shared(offers)
    for text in _listed(offers[0].changes[:shared], every):
        lines += hung("  in each: ", text, palette.width)
    for number, offer in enumerate(offers[:most], 1):
        changes = _listed(offer.changes[shared:], every) or ["nothing more"]
        left = _left(offer)
        lines += hung(f"  {number}. ", changes[0], palette.width)
        for text in (*changes[1:], left):
            lines += hung(" " * 5, text, palette.width) if text else []
    if len(offers) > most:
        lines.append(f"  ... and {len(offers) - most} more: --all lists them")
    shown = diff(path, source.text, offers[chosen].text, palette).splitlines(keepends=True)
    more = 0 if every else len(shown) - _LINES
    rest = f"... and {counted(more, 'more line')}: --all shows them\n" if more > 0 else ""
    return "\n".join(lines) + "\n\n" + "".join(shown[:_LINES] if rest else shown) + rest


def _listed(changes: tuple[Change, ...], every: bool) -> list[str]:
    """Changes in a line each, as many as are read."""
    most = len(changes) if every or len(changes) == _CHANGES + 1 else _CHANGES
    more = len(changes) - most
    rest = [f"... and {more:,} more changes: --all lists them"] if more > 0 else []
    return [described(change) for change in changes[:most]] + rest


def _shared(offers: list[Offer]) -> int:
    """How many changes all of several offers begin with: corrected words, mostly."""
    if len(offers) < 2:
        return 0
    columns = zip(*(offer.changes for offer in offers), strict=False)
    count = 0
    for changes in columns:
        if len(set(changes)) > 1:
            break
        count += 1
    return count


def described(change: Change) -> str:
    """One change in a line: where, what it was and what it becomes, and what the layer makes."""
    if change.option == "input":
        return f"line {change.line}: input {plain(change.before)} -> {change.after}"
    words = [f"{change.layer}:" if change.layer else "", change.option, plain(change.before)]
    changes = f"line {change.line}: {' '.join(filter(None, words))} -> {plain(change.written)}"
    return f"{changes}, {change.effect}" if change.effect else changes


def _left(offer: Offer) -> str:
    parts = []
    if offer.errors:
        times = Counter(offer.errors)
        counts = {code: f" ({times[code]:,} times)" for code in times if times[code] > 1}
        codes = [f"{code} {CODES[code]}{counts.get(code, '')}" for code in sorted(times)]
        parts.append(", ".join(codes))
    if offer.losing:
        one = offer.losing == 1
        parts.append(f"{offer.losing} {'layer that loses' if one else 'layers that lose'} input")
    return f"leaves {' and '.join(parts)}" if parts else ""


def diff(path: str, before: str, after: str, palette: Palette) -> str:
    """A unified diff of a text, safe to print."""
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), path, f"{path} (repaired)", lineterm="", n=2
    )
    roles = {"-": "error", "+": "help", "@": "note"}
    painted = [
        palette.paint(plain(line), roles[line[0]]) if line[:1] in roles else plain(line)
        for line in lines
    ]
    return "\n".join(painted) + "\n"

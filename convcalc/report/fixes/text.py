"""Repairs as text: the offers in order, and the first one as a unified diff."""

import difflib

from convcalc.findings import CODES, Severity, plain
from convcalc.fix.record import Change, Offer
from convcalc.network.record import Network
from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.palette import Palette

_MOST = 8  #: offers that are listed


def offers_text(
    network: Network, offers: list[Offer], palette: Palette, chosen: int = 0, every: bool = False
) -> str:
    """What could be done to one file, best first, and what the chosen one would change in it."""
    source, path = network.source, plain(network.source.path)
    most = len(offers) if every else _MOST
    if not offers:
        helps = any(f.help for f in network.findings if f.severity is not Severity.NOTE)
        return f"{path}: no single edit repairs it{': see the help below' if helps else ''}\n"
    head = f"{path}: {len(offers)} {'way' if len(offers) == 1 else 'ways'} to repair it"
    lines = [palette.paint(head, "title")]
    shared = _shared(offers)
    lines += [f"  in each: {described(change)}" for change in offers[0].changes[:shared]]
    for number, offer in enumerate(offers[:most], 1):
        changes = [described(change) for change in offer.changes[shared:]] or ["nothing more"]
        left = _left(offer)
        lines += hung(f"  {number}. ", changes[0], palette.width)
        for text in (*changes[1:], left):
            lines += hung(" " * 5, text, palette.width) if text else []
    if len(offers) > most:
        lines.append(f"  ... and {len(offers) - most} more: --all lists them")
    return "\n".join(lines) + "\n\n" + diff(path, source.text, offers[chosen].text, palette)


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
    changes = f"line {change.line}: {' '.join(filter(None, words))} -> {plain(change.after)}"
    return f"{changes}, {change.effect}" if change.effect else changes


def _left(offer: Offer) -> str:
    parts = []
    if offer.errors:
        codes = [f"{code} {CODES[code]}" for code in sorted(set(offer.errors))]
        parts.append(", ".join(codes))
    if offer.warnings:
        one = offer.warnings == 1
        parts.append(f"{offer.warnings} {'layer that loses' if one else 'layers that lose'} input")
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

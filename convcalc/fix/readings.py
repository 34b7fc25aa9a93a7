"""Entries that may be read in two ways: both edits are offered, and none is made unasked.

``pool3: 2`` is a pool of that name with kernel 2, or one of 3x3 with stride 2.
"""

import re
from collections.abc import Iterable

from convcalc.findings import Finding
from convcalc.fix.record import Offer
from convcalc.spec.typed import NAMED

#: the ways to read a numbered word: its number counts layers, or is a window's size
READINGS = ("name", "window")

_NAME = re.compile(
    r"as a name it stands below its layer: `- ([^`]+)`(?: with its own kernel)?, "
    r"and `name: ([^`]+)`\Z"
)
_WINDOW = re.compile(r"`([\w.-]+|\w+: \{[^`]+\})` is [0-9x]+ with ")


def is_open(finding: Finding) -> bool:
    """Whether a finding names two readings, of which neither is certain."""
    first, *rest = finding.help or ("",)
    return bool(_NAME.match(first) and rest and _WINDOW.match(rest[0]))


def as_read(finding: Finding, reading: str) -> Finding:
    """A finding with the help of one reading alone, where it names two."""
    if not is_open(finding):
        return finding
    name, window = _NAME.match(finding.help[0]), _WINDOW.match(finding.help[1])
    assert name is not None and window is not None, "it was matched"
    help = f"write `{window[1]}` in place of `{name[2]}: ...`"
    if reading == "name":
        help = f"{NAMED}{name[1]}`, and `name: {name[2]}` below it"
    return finding._replace(help=(help,))


def alternatives(found: Iterable[list[Offer]]) -> list[Offer]:
    """The repairs that follow from each reading: the first of each, then the others.

    A reading that leaves fewer errors, or takes fewer edits, comes first.
    """
    ordered = sorted(filter(None, found), key=lambda offers: offers[0].rank)
    several = [*(offers[0] for offers in ordered), *(o for offers in ordered for o in offers[1:])]
    unique = {offer.text: offer._replace(asks=True) for offer in reversed(several)}
    return [*reversed(unique.values())]

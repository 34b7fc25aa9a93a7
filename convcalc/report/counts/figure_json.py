"""Who prints a figure of a net, as JSON: schema ``convcalc/figure/1``."""

from typing import Any

from convcalc import __version__
from convcalc.counting.reverse import Answer, Candidate, Match
from convcalc.report.drawing.encode import encoded_page
from convcalc.report.drawing.palette import PLAIN, Palette

SCHEMA = "convcalc/figure/1"


def render(answer: Answer, palette: Palette = PLAIN) -> str:
    """All matches, schema ``convcalc/figure/1``."""
    network = answer.analysis.network
    found = {
        "schema": SCHEMA,
        "convcalc": __version__,
        "figure": answer.figure.text,
        "name": network.name,
        "path": network.source.path,
        "macs": answer.analysis.totals.macs,
        "matches": [match_object(match) for match in answer.matches],
        "nearest": [
            {**candidate_object(near), "off": answer.figure.distance(near.number)}
            for near in answer.nearest
        ],
    }
    return encoded_page(found) + "\n"


def match_object(match: Match) -> dict[str, Any]:
    """Conventions that print a figure."""
    return {
        "variant": match.variant or None,
        **candidate_object(match.candidate),
        "rounded": not match.cut,
        "unit": 2**20 if match.binary else None,
    }


def candidate_object(candidate: Candidate) -> dict[str, Any]:
    """A number that conventions print, whether it is the figure or near it."""
    count = candidate.counted()
    return {
        "as": list(candidate.names),
        "what": candidate.what,
        "number": candidate.number,
        "by_kind": count.by_kind if count else None,
        "factor": count.factor if count else None,
        "difference_by": count.parts if count else None,
    }

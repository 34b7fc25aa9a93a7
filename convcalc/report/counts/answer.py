"""The reverse question's answer, as text and JSON."""

from typing import Any

from convcalc import __version__
from convcalc.counting.identify import Fit
from convcalc.counting.reverse import OPERATIONS, PARAMETERS, Answer, Candidate, Match
from convcalc.findings import plain
from convcalc.report.counts.view import joined, made_of, title
from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.encode import encoded_page
from convcalc.report.drawing.palette import Palette

SCHEMA = "convcalc/figure/1"
_FORMS = 8  #: matches of other forms that are written out
_NAMES = 5  #: conventions that a line names


def answer_text(answer: Answer, palette: Palette) -> str:
    """Who prints the figure of the net, then of its other forms."""
    network = answer.analysis.network
    name = plain(network.name or network.source.path)
    head = f"{plain(answer.figure.text)} of {name}"
    lines = hung("", f"{head}  {title(answer.analysis)}", palette.width)
    lines[0] = lines[0].replace(head, palette.paint(head, "title"), 1)
    own = [match for match in answer.matches if not match.variant]
    forms = [match for match in answer.matches if match.variant]
    if own:
        lines += ["", palette.paint("printed by", "bold")]
        lines += [line for match in own for line in _match(match, palette)]
    else:
        what = "bytes" if answer.figure.is_bytes else "operations, parameters or activations"
        text = f"no convention prints it for the {what} of the net as it is"
        lines += ["", *hung("", text, palette.width)]
    if forms:
        lines += ["", palette.paint("printed of other forms of the net by", "bold")]
        lines += [line for match in forms[:_FORMS] for line in _match(match, palette)]
        more = len(forms) - _FORMS
        lines += [f"  and {more} more (--format json has them)"] if more > 0 else []
    if answer.nearest:
        lines += ["", palette.paint("nearest", "bold")]
        lines += [line for near in answer.nearest for line in _near(near, answer, palette)]
    return "\n".join(lines) + "\n"


def _match(match: Match, palette: Palette) -> list[str]:
    who = f"{match.variant}: " if match.variant else ""
    remark = "; cut to these digits, not rounded" if match.cut else ""
    remark += " (1 MB = 2^20 bytes)" if match.binary else ""
    return hung("  ", f"{who}{_told(match.candidate)}{remark}", palette.width, 4)


def _told(candidate: Candidate) -> str:
    """``ptflops@0.6: 4,121,925,096 = M + ...``."""
    names, number = _named(candidate.names), f"{candidate.number:,}"
    counted = candidate.counted()
    if counted is not None:
        return f"{names}: {number} = {made_of(counted)}"
    return f"{names}: {number} {candidate.what}"


def _named(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMES
    return f"{', '.join(names[:_NAMES])} and {more} more" if more > 0 else joined(names)


def _near(near: Candidate, answer: Answer, palette: Palette) -> list[str]:
    away = answer.figure.distance(near.number)
    share = 100 * away / near.number
    return hung("  ", f"{_told(near)}; {away:,} off ({share:.2g} %)", palette.width, 4)


def answer_json(answer: Answer) -> str:
    """All matches, schema ``convcalc/figure/1``."""
    network = answer.analysis.network
    found = {
        "schema": SCHEMA,
        "convcalc": __version__,
        "figure": answer.figure.text,
        "name": network.name,
        "path": network.source.path,
        "macs": answer.analysis.totals.macs,
        "matches": [_match_object(match) for match in answer.matches],
        "nearest": [
            {**_candidate(near), "off": answer.figure.distance(near.number)}
            for near in answer.nearest
        ],
    }
    return encoded_page(found) + "\n"


def _match_object(match: Match) -> dict[str, Any]:
    return {
        "variant": match.variant or None,
        **_candidate(match.candidate),
        "rounded": not match.cut,
        "unit": 2**20 if match.binary else None,
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    count = candidate.counted()
    return {
        "as": list(candidate.names),
        "what": candidate.what,
        "number": candidate.number,
        "by_kind": count.by_kind if count else None,
        "factor": count.factor if count else None,
        "difference_by": count.parts if count else None,
    }


def identified_text(
    figures: tuple[str, ...], fits: tuple[Fit, ...], close: tuple[Fit, ...], palette: Palette
) -> str:
    """The nets with all figures, a line a figure; else the closest."""
    lines: list[str] = []
    if not fits:
        told = f"no bundled net has {joined([*map(plain, figures)])} by any convention"
        lines += [*hung("", told, palette.width), ""]
        lines += [palette.paint("nearest", "bold")] if close else []
    for fit in fits or close:
        lines.append(palette.paint(fit.net, "title"))
        for text, found, near in zip(figures, fit.matches, fit.nearest, strict=True):
            head = f"  {plain(text)}  "
            parts = [_brief(match.candidate) for match in found]
            parts += [f"{_brief(near[0])}: {near[0].number:,}"] if not found and near else []
            lines += hung(head, "; ".join(parts), palette.width)
    return "\n".join(lines) + "\n"


def _brief(candidate: Candidate) -> str:
    """``fvcore, timm``, or ``params (keras, onnx-tool)``."""
    if candidate.what == OPERATIONS:
        return _named(candidate.names)
    what = candidate.what if candidate.what != PARAMETERS else f"{candidate.number:,} params"
    return f"{what} ({_named(candidate.names)})"


def identified_json(figures: tuple[str, ...], fits: tuple[Fit, ...], close: tuple[Fit, ...]) -> str:
    """The nets with all figures and, where there are none, the closest."""
    found = {
        "schema": "convcalc/identify/1",
        "convcalc": __version__,
        "figures": list(figures),
        "nets": [
            {"net": fit.net, "matches": [[_match_object(m) for m in own] for own in fit.matches]}
            for fit in fits
        ],
        "nearest": [
            {"net": fit.net, "nearest": [[_candidate(c) for c in own] for own in fit.nearest]}
            for fit in close
        ],
    }
    return encoded_page(found) + "\n"

"""Who prints a figure of a net, as text: the answer to `explain SPEC FIGURE`."""

from convcalc.counting.reverse import Answer, Candidate, Match
from convcalc.findings import plain
from convcalc.report.counts.view import joined, made_of, title
from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.palette import PLAIN, Palette

_FORMS = 8  #: matches of other forms that are written out
_NAMES = 5  #: conventions that a line names


def render(answer: Answer, palette: Palette = PLAIN) -> str:
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
    return hung("  ", f"{who}{_described(match.candidate)}{remark}", palette.width, 4)


def _described(candidate: Candidate) -> str:
    """``ptflops@0.6: 4,121,925,096 = M + ...``."""
    names, number = named(candidate.names), f"{candidate.number:,}"
    counted = candidate.counted()
    if counted is not None:
        return f"{names}: {number} = {made_of(counted)}"
    return f"{names}: {number} {candidate.what}"


def named(names: tuple[str, ...]) -> str:
    """Conventions by their names, the first ones of many."""
    more = len(names) - _NAMES
    return f"{', '.join(names[:_NAMES])} and {more} more" if more > 0 else joined(names)


def _near(near: Candidate, answer: Answer, palette: Palette) -> list[str]:
    away = answer.figure.distance(near.number)
    share = 100 * away / near.number
    return hung("  ", f"{_described(near)}; {away:,} off ({share:.2g} %)", palette.width, 4)

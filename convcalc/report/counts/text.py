"""Text of `analyze --as all`: a line for every figure that tools print of one net."""

from collections.abc import Callable
from itertools import zip_longest

from convcalc.analysis.record import Analysis
from convcalc.counting.printed import printed_bytes
from convcalc.counting.record import short
from convcalc.counting.tally import ToolCount
from convcalc.report.analysis.view import AnalysisView, NetView
from convcalc.report.counts.view import (
    STYLE,
    Counts,
    Figure,
    Remark,
    as_printed,
    head_lines,
    made_of,
    remarks,
    view,
)
from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.palette import PLAIN, Palette

_HEAD = ("as", "it prints", "in full", "which is")
_LEAST = 24  #: columns that the last one needs; else it goes below
_NAMES = 20  #: columns of the first one, where space is short
_NAMED = 4  #: layers that a note names


def render(shown: AnalysisView, palette: Palette = PLAIN) -> str:
    """The reconciliation tables of all nets; errors and warnings below each."""
    return "\n".join(_report(net, palette) for net in shown.nets)


def _report(net: NetView, palette: Palette) -> str:
    text = counts_lines(net.analysis, view(net.analysis, net.counts), palette)
    if not net.faults:
        return text
    from convcalc.report.findings.text import findings_text  # a sound net has no use for it

    source = net.analysis.network.source
    return f"{text}\n{findings_text(net.faults, {source.path: source}, palette)}\n"


def total_rows(
    counts: tuple[ToolCount, ...], params: int | None, write: Callable[[int], str], batch: int = 1
) -> list[tuple[str, str, str]]:
    """The totals as tools count them: name, number, what it prints and what that is made of."""
    rows = []
    for count in counts:
        convention, known = count.convention, count.operations is not None
        number = "?" if convention.operations else "none"
        if count.operations is not None:
            number = write(count.operations)
        of = " of one image" if batch > 1 else ""
        parts = [f"prints {as_printed(count)}{of}: {made_of(count)}" if known else made_of(count)]
        if count.params not in (None, params):
            parts.append(f"{count.params:,} params")
        if convention.memory is not None and count.memory is not None:
            parts.append(
                f"{convention.memory.says} {printed_bytes(count.memory, convention.memory)}"
            )
        rows.append((convention.label, number, f"{short(convention.version)} {'; '.join(parts)}"))
    return rows


def note_lines(counts: tuple[ToolCount, ...], palette: Palette) -> list[str]:
    """The notes on layers that a tool counts in silence, or wrongly."""
    return _notes(remarks(counts), palette)


def _notes(notes: tuple[Remark, ...], palette: Palette) -> list[str]:
    lines = [""] if notes else []
    for note in notes:
        named = ", ".join(note.layers[:_NAMED])
        more = f" and {len(note.layers) - _NAMED} more" if len(note.layers) > _NAMED else ""
        text = f"{', '.join(note.names)}: {note.text} ({named}{more})"
        lines += hung("note: ", text, palette.width, 6)
    return lines


def counts_lines(analysis: Analysis, counts: Counts, palette: Palette) -> str:
    """The table, then parameters and memory as the tools mean them, then notes."""
    network = analysis.network
    lines = head_lines(network.name or network.source.path, analysis, palette)
    if counts.macs is None:
        lines += ["", "not all layers could be sized: nothing is counted of an unfinished net"]
        return "\n".join(lines) + "\n"
    lines += hung("", f"M = {counts.macs:,} multiply-accumulates of {counts.of}", palette.width)
    lines += ["", *_table(counts, palette), ""]
    lines += _figures("params", counts.params, palette)
    lines += _figures("memory", counts.memory, palette)
    lines += _notes(counts.notes, palette)
    lines += ["", *hung("", f"{STYLE}; `convcalc explain counting` has the rules", palette.width)]
    return "\n".join(lines) + "\n"


def _table(counts: Counts, palette: Palette) -> list[str]:
    """Four columns, the first and the last wrapped; where it is narrow, the last goes below."""
    rows = [
        (
            _in_lines(line.names, _NAMES if palette.width and palette.width < 110 else 2 * _NAMES),
            line.printed,
            "" if line.operations is None else f"{line.operations:,}",
            line.made_of,
        )
        for line in counts.lines
    ]
    names = max([len(_HEAD[0]), *(len(part) for row in rows for part in row[0])])
    printed = max([len(_HEAD[1]), *(len(row[1]) for row in rows)])
    full = max([len(_HEAD[2]), *(len(row[2]) for row in rows)])
    head = f"{_HEAD[0]:{names}}  {_HEAD[1]:>{printed}}  {_HEAD[2]:>{full}}"
    taken = len(head) + 2
    below = palette.width is not None and palette.width - taken < _LEAST
    lines = [palette.paint(head if below else f"{head}  {_HEAD[3]}", "bold")]
    for labels, text, number, parts in rows:
        first, *rest = labels
        start = f"{first:{names}}  {text:>{printed}}  {number:>{full}}"
        if below:
            lines += [start.rstrip(), *rest, *hung("", f"    {parts}", palette.width, 4)]
            continue
        wrapped = [line[taken:] for line in hung(f"{'':{taken}}", parts, palette.width)]
        for number_, (label, part) in enumerate(zip_longest(labels, wrapped, fillvalue="")):
            begin = start if not number_ else f"{label:{len(start)}}"
            lines.append(f"{begin}  {part}".rstrip())
    return lines


def _in_lines(names: tuple[str, ...], most: int) -> list[str]:
    """Names with commas in lines of at most `most` columns, if they can be."""
    lines = [""]
    for number, name in enumerate(names):
        word = name + ("," if number < len(names) - 1 else "")
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


def _figures(what: str, figures: tuple[Figure, ...], palette: Palette) -> list[str]:
    lines: list[str] = []
    wide = max((len(figure.text) for figure in figures), default=0)
    for number, figure in enumerate(figures):
        label = f"{'' if number else what:6}"
        head = f"{label}  {figure.text:>{wide}}  "
        painted = f"{palette.paint(label, 'bold')}  {figure.text:>{wide}}  "
        text = ", ".join(figure.names) + (f": {figure.remark}" if figure.remark else "")
        lines += hung(head, text, palette.width, painted=painted)
    return lines

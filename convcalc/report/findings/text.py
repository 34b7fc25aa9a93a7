"""Findings for people, in the style of rustc: headline, snippet, caret, second places, help."""

from collections.abc import Iterable, Mapping

from convcalc.findings import Finding, Related, Severity, Span, plain
from convcalc.report.drawing.columns import hung, width_of
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.findings.checked import Checked, summary
from convcalc.source import Source

_MOST = 20  #: findings of one file that are written out
_RELATED = 4  #: second places of one finding


def findings_text(
    findings: Iterable[Finding], sources: Mapping[str, Source], palette: Palette
) -> str:
    """All findings, the most serious part of each first; long lists are cut with a count."""
    blocks: list[str] = []
    left: dict[str, int] = {}
    lines_of: dict[str, list[str]] = {}
    for finding in findings:
        left[finding.path] = left.get(finding.path, 0) + 1
        if left[finding.path] > _MOST:
            continue
        if finding.path not in lines_of:
            source = sources.get(finding.path)
            lines_of[finding.path] = source.lines() if source else []
        blocks.append(finding_text(finding, lines_of[finding.path], palette))
    for path, number in left.items():
        if number > _MOST:
            blocks.append(f"... and {number - _MOST} more in {plain(path)}")
    return "\n\n".join(blocks)


def finding_text(finding: Finding, lines: list[str], palette: Palette) -> str:
    """One finding: headline, snippet, second places, help. `lines` are those of its file."""
    out = _headline(finding, palette)
    span = finding.span
    gutter = ""
    if span is None:
        out.append(f" --> {plain(finding.path)}")
    else:
        related = finding.related[:_RELATED]
        places = sorted({span.line, *(r.span.line for r in related)})
        gutter = " " * len(str(max(places)))
        out.append(f"{gutter}--> {plain(finding.path)}:{span.line}:{span.column}")
        if lines:
            out.append(f"{gutter} |")
            out.extend(_snippet(finding, related, places, lines, gutter, palette))
    if finding.help:
        if lines and span:
            out.append(f"{gutter} |")
        for number, text in enumerate(map(plain, finding.help)):
            head = f"{gutter} = help: " if not number else f"{gutter}         "
            painted = head.replace("help", palette.paint("help", "help"))
            out += hung(head, text, palette.width, len(gutter) + 11, painted)
    return "\n".join(out)


def _headline(finding: Finding, palette: Palette) -> list[str]:
    """Severity, code, message and layer, on further lines where the terminal is narrow."""
    severity = finding.severity.value
    head = f"{severity}[{finding.code}]: "
    layer = f"({plain(finding.layer)})" if finding.layer else ""
    first, *rest = hung(head, f"{plain(finding.message)} {layer}".rstrip(), palette.width, 4)
    lines = [first.removeprefix(head), *rest]
    tail = f" {layer}" if layer and lines[-1].endswith(f" {layer}") else ""
    lines[-1] = lines[-1].removesuffix(tail)
    painted = [palette.paint(line, "bold") for line in lines]
    painted[0] = palette.paint(head[:-2], severity) + ": " + painted[0]
    painted[-1] += tail
    return painted


def _snippet(
    finding: Finding,
    related: tuple[Related, ...],
    places: list[int],
    lines: list[str],
    gutter: str,
    palette: Palette,
) -> list[str]:
    out: list[str] = []
    previous = 0
    for line in places:
        if line > len(lines):
            continue
        if previous and line > previous + 1:
            out.append("...")
        previous = line
        marks: list[tuple[Span, str, str, str]] = [
            (r.span, r.message, "-", "note") for r in related if r.span.line == line
        ]
        if finding.span and finding.span.line == line:
            marks.insert(0, (finding.span, finding.label, "^", finding.severity.value))
        part, shift = _window(lines[line - 1], min(mark[0].column for mark in marks), palette)
        out.append(f"{line:>{len(gutter)}} | {_safe(part)}")
        for span, label, character, role in marks:
            pointer = _pointer(span, part, shift, character)
            for text in _labelled(pointer, plain(label), f"{gutter} | ", palette):
                indent = " " * (len(text) - len(text.lstrip()))
                out.append(f"{gutter} | {indent}{palette.paint(text.lstrip(), role)}")
    return out


def _labelled(pointer: str, label: str, head: str, palette: Palette) -> list[str]:
    """Marks and their label; below them, up to the right margin, where there is no room beside."""
    line = f"{pointer} {label}".rstrip()
    room = (palette.width or 0) - len(head)
    if palette.width is None or width_of(line) <= room or not label:
        return [line]
    indent = max(room - width_of(label), 0)
    return [pointer, *hung(" " * indent, label, max(room, 1), 0)]


_CLIP = 110  #: a longer source line is shown in part
_CUT = "..."  #: where it goes on


def _window(line: str, column: int, palette: Palette) -> tuple[str, int]:
    """The part of a line around a column, and how many characters it skips."""
    most = min(_CLIP, (palette.width or _CLIP) - 8)
    shift = 0
    if len(line) > most and column > most - 20:
        shift = max(column - 20, 0)
    part = line[shift : shift + most]
    if shift:
        part = _CUT + part[len(_CUT) :]
    return (part[: -len(_CUT)] + _CUT if shift + most < len(line) else part), shift


def _safe(text: str) -> str:
    return plain(text.replace("\t", "    "))


def _pointer(span: Span, part: str, shift: int, character: str) -> str:
    """Spaces up to the span and marks below it, by the columns that characters take.

    Of a span behind the part that is shown, the mark is below the cut.
    """
    start = max(span.column - 1 - shift, 0)
    end = span.end_column - 1 - shift if span.end_line == span.line else len(part.rstrip())
    if start >= len(part) and part.endswith(_CUT):
        start = len(part) - len(_CUT)
    indent = width_of(_safe(part[:start]))
    length = width_of(_safe(part[start : max(end, start + 1)])) or 1
    return " " * indent + character * length


def render(checked: Checked, palette: Palette = PLAIN) -> str:
    """What `check` prints: errors and warnings with their snippets, and one last line.

    Notes do not drown them: of a single spec there is a line a kind of note, of several a count.
    """
    parts = [findings_text(checked.shown, checked.sources, palette)]
    hidden = len(checked.shown) < len(checked.findings)
    if hidden and checked.notes is None and len(checked.paths) == 1:
        parts.append(_brief_notes(checked, palette))
    hint = " (--notes shows them)" if hidden else ""
    return "\n\n".join([*filter(None, parts), f"{summary(checked, palette)}{hint}\n"])


def _brief_notes(checked: Checked, palette: Palette) -> str:
    """One line for all notes of a code: the first one, and how many there are."""
    kinds: dict[str, list[Finding]] = {}
    for finding in checked.findings:
        if finding.severity is Severity.NOTE:
            kinds.setdefault(finding.code, []).append(finding)
    lines = []
    for code, notes in kinds.items():
        first = notes[0]
        at = f"line {first.span.line}: " if first.span else ""
        more = f" (and {len(notes) - 1} more)" if len(notes) > 1 else ""
        layer = first.layer or ""
        who = f"{layer}: " if layer and layer not in first.message else ""
        head = f"note[{code}] "
        painted = palette.paint(head[:-1], "note") + " "
        lines += hung(head, f"{at}{who}{plain(first.message)}{more}", palette.width, 4, painted)
    return "\n".join(lines)

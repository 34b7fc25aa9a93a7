"""Text of `explain`: a layer, a page, or the terms that have one."""

import itertools
import re

from convcalc.explain.lookup import Page
from convcalc.explain.record import Explanation, Fact, Section
from convcalc.findings import plain
from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.palette import PLAIN, Palette

_WIDEST = 100  #: running text is not set wider than this
_FULL = 80  #: columns from which a line of an indented paragraph has one below that goes on
_NARROWEST = 20  #: columns that a remark needs beside its line, else it goes below


def render(view: Explanation | Page | tuple[Page, ...], palette: Palette = PLAIN) -> str:
    """A layer's explanation, a page, or the list of all terms."""
    if isinstance(view, Explanation):
        return explanation_text(view, palette)
    return page_text(view, palette) if isinstance(view, Page) else contents_text(view, palette)


def explanation_text(explanation: Explanation, palette: Palette) -> str:
    """A layer's explanation, a titled paragraph an aspect."""
    where = f", line {explanation.line}" if explanation.line else ""
    name, width = explanation.layer, palette.width
    title = f"{plain(explanation.what)}  ({plain(explanation.net)}{where})"
    lines = hung(f"{name}  ", title, width, 2, f"{palette.paint(name, 'title')}  ")
    if explanation.inputs:
        read = hung("reads ", ", ".join(explanation.inputs), width, 2)
        lines += [palette.paint(line, "dim") for line in read]
    for section in explanation.sections:
        lines += ["", palette.paint(section.title, "bold"), *_body(section, palette)]
    return "\n".join(lines) + "\n"


def _body(section: Section, palette: Palette) -> list[str]:
    wide = max((len(line.label) for line in section.lines if len(line.label) <= 32), default=0)
    out: list[str] = []
    for line in section.lines:
        out += _set(line, wide, palette)
    return out


def _set(line: Fact, wide: int, palette: Palette) -> list[str]:
    """One line, wrapped under itself where the terminal is narrow."""
    head = f"  {line.label:{wide}}  " if wide else "  "
    if len(line.label) > wide:
        head = f"  {line.label}  "
    width, indent = _width(palette), wide + 4 if wide else 2
    text = plain(line.text)
    if width - indent < max(map(len, text.split()), default=0):
        indent = 4  # a long name
    return hung(head, text, width, indent)


def _width(palette: Palette) -> int:
    return _WIDEST if palette.width is None else min(palette.width, _WIDEST)


def page_text(page: Page, palette: Palette) -> str:
    """A page as it is written, its title in bold; running text fits a narrow terminal."""
    body = page.text(palette.width).replace("**", "")
    if palette.width is not None:
        width = palette.width
        stretches = itertools.groupby(_joined(body.splitlines(), width), key=_indent)
        body = "\n".join(line for _, same in stretches for line in _fitted([*same], width)) + "\n"
    return f"{palette.paint(page.title, 'title')}\n\n{body}"


def _indent(line: str) -> int:
    """Where a line begins; -1 for an empty one."""
    return len(line) - len(line.lstrip()) if line else -1


def _joined(lines: list[str], width: int) -> list[str]:
    """Each row with the lines that go on below its remark in one, where one is too long."""
    rows: list[list[str]] = []
    for line in lines:
        if rows and _indent(line) > 0 and _indent(line) == _remark_column(rows[-1][0]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [
        line
        for row in rows
        for line in (
            row if max(map(len, row)) <= width else [" ".join([row[0], *map(str.strip, row[1:])])]
        )
    ]


def _remark_column(line: str) -> int:
    """Where the remark of a row begins; -1 where it has none, or several."""
    _, gap, remark = line.strip().partition("  ")
    return len(line) - len(remark.lstrip()) if gap and "  " not in remark.strip() else -1


def _fitted(lines: list[str], width: int) -> list[str]:
    """Lines of one indent set anew where they are too long: neither a table nor an example."""
    if max(map(len, lines)) <= width:
        return lines
    indent = _indent(lines[0])
    full = len(lines) > 1 and min(map(len, lines[:-1])) > _FULL
    prose = not indent or lines[0].strip()[:1].isupper() or full
    if prose and not any("  " in line.strip() for line in lines):
        found: list[str] = []
        for paragraph in _paragraphs(lines):
            found += hung(" " * indent, " ".join(line.strip() for line in paragraph), width)
        return found
    return [part for line in lines for part in _broken(line, indent, width)]


def _paragraphs(lines: list[str]) -> list[list[str]]:
    """Running text where it begins with a label, such as `Size:`, begins a paragraph."""
    found: list[list[str]] = [[]]
    for line in lines:
        if found[-1] and re.match(r" *[A-Z][A-Za-z]+( [a-z]+){0,2}: ", line):
            found.append([])
        found[-1].append(line)
    return found


def _broken(line: str, indent: int, width: int) -> list[str]:
    """A line of a list or of examples; a remark behind it goes on below itself."""
    text = line.strip()
    indent = indent if width - indent >= _NARROWEST else 8
    if text.startswith(("convcalc ", "$ ")) and "  " not in text:
        return [line]  # to be copied
    _, gap, remark = text.partition("  ")
    if not gap:
        return hung(" " * indent, text, width, indent + 4 * (indent < 8))
    if "  " in remark.strip():
        return [line]  # a row of a table
    column = _remark_column(line)
    if width - column < max(_NARROWEST, *map(len, remark.split())):
        return [line[:column].rstrip(), *hung(" " * (indent + 4), remark.strip(), width)]
    return hung(line[:column], remark.strip(), width)


#: what can be explained, beside the command
_ASKED = (
    ("TERM", "one of these, as `explain receptive field`"),
    ("CODE", "a finding's code, such as CC103"),
    ("codes", "all of them; `explain rules`: those of thumb"),
    ("KIND", "a layer kind with its options, such as upsample"),
    ("SPEC LAYER", "the arithmetic of a layer, as `explain vgg16 fc1`"),
)


def contents_text(pages: tuple[Page, ...], palette: Palette) -> str:
    """The terms that have a page, with their other names."""
    wide = max(len(page.title) for page in pages)
    lines = [palette.paint("terms", "bold")]
    for page in pages:
        lines += _set(Fact(page.title, ", ".join(page.also[:4])), wide, palette)
    lines.append("")
    for words, what in _ASKED:
        lines += hung(f"convcalc explain {words:12}", what, palette.width)
    return "\n".join(lines) + "\n"

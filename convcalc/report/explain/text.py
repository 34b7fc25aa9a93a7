"""Text of `explain`: a layer, a page, or the terms that have one."""

import itertools

from convcalc.explain.lookup import Page
from convcalc.explain.record import Explanation, Line, Section
from convcalc.findings import plain
from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.palette import PLAIN, Palette

_WIDEST = 100  #: running text is not set wider than this


def render(view: Explanation | Page | tuple[Page, ...], palette: Palette = PLAIN) -> str:
    """A layer's explanation, a page, or the list of all terms."""
    if isinstance(view, Explanation):
        return explanation_text(view, palette)
    return page_text(view, palette) if isinstance(view, Page) else contents_text(view, palette)


def explanation_text(explanation: Explanation, palette: Palette) -> str:
    """A layer's explanation, a titled paragraph an aspect."""
    where = f", line {explanation.line}" if explanation.line else ""
    title = palette.paint(explanation.layer, "title")
    lines = [f"{title}  {plain(explanation.what)}  ({plain(explanation.net)}{where})"]
    if explanation.inputs:
        lines.append(palette.paint(f"reads {', '.join(explanation.inputs)}", "dim"))
    for section in explanation.sections:
        lines += ["", palette.paint(section.title, "bold"), *_body(section, palette)]
    return "\n".join(lines) + "\n"


def _body(section: Section, palette: Palette) -> list[str]:
    wide = max((len(line.label) for line in section.lines if len(line.label) <= 32), default=0)
    out: list[str] = []
    for line in section.lines:
        out += _set(line, wide, palette)
    return out


def _set(line: Line, wide: int, palette: Palette) -> list[str]:
    """One line, wrapped under itself where the terminal is narrow."""
    head = f"  {line.label:{wide}}  " if wide else "  "
    if len(line.label) > wide:
        head = f"  {line.label}  "
    width = _WIDEST if palette.width is None else min(palette.width, _WIDEST)
    return hung(head, plain(line.text), width, wide + 4 if wide else 2)


def page_text(page: Page, palette: Palette) -> str:
    """A page as it is written, its title in bold; running text fits a narrow terminal."""
    body = page.body.replace("**", "")
    if palette.width is not None:
        stretches = itertools.groupby(body.splitlines(), key=_indent)
        width = palette.width
        body = "\n".join(line for _, same in stretches for line in _fitted([*same], width)) + "\n"
    return f"{palette.paint(page.title, 'title')}\n\n{body}"


def _indent(line: str) -> int:
    """Where a line begins; -1 for an empty one."""
    return len(line) - len(line.lstrip()) if line else -1


def _fitted(lines: list[str], width: int) -> list[str]:
    """Lines set anew if they are running text and too long: neither a table nor an example."""
    words = [line.strip() for line in lines]
    prose = words[0][:1].isupper() and not any("  " in line for line in words)
    if not prose or max(map(len, lines)) <= width:
        return lines
    return hung(" " * _indent(lines[0]), " ".join(words), width)


def contents_text(pages: tuple[Page, ...], palette: Palette) -> str:
    """The terms that have a page, with their other names."""
    wide = max(len(page.title) for page in pages)
    lines = [palette.paint("terms", "bold")]
    for page in pages:
        lines += _set(Line(page.title, ", ".join(page.also[:4])), wide, palette)
    lines += [
        "",
        "convcalc explain TERM        one of these, as `convcalc explain receptive field`",
        "convcalc explain CODE        a finding's code, such as CC103",
        "convcalc explain codes       all of them; `explain rules`: those of thumb",
        "convcalc explain KIND        a layer kind with its options, such as upsample",
        "convcalc explain SPEC LAYER  the arithmetic of a layer, as `convcalc explain vgg16 fc1`",
    ]
    return "\n".join(lines) + "\n"

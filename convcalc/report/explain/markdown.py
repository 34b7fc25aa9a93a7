"""A page as Markdown on a terminal: headings, prose that fits, examples set apart."""

import itertools
import re
from io import StringIO

from convcalc.explain.lookup import Page
from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.palette import Palette

_WIDEST = 100  #: columns of running text
_LABEL = re.compile(r"[A-Z][a-z ]+: ")
_LAST = re.compile(r"(.*\S {2,})(\S.*)")
_MARGIN = 2  #: columns beside an example
_MARKS = re.compile(r"(?<!\*)\*(?!\*)|[_<>#\[\]~|\\]")


def page_markdown(page: Page, palette: Palette) -> str:
    """The page for a terminal of the palette's width; loads rich, which a pipe has no use for."""
    from rich.console import Console
    from rich.markdown import Markdown

    paper, width = StringIO(), min(palette.width or _WIDEST, _WIDEST)
    console = Console(
        file=paper,
        width=width,
        force_terminal=palette.colour,
        color_system="standard" if palette.colour else None,
        legacy_windows=False,
        emoji=False,
        markup=False,
        highlight=False,
    )
    console.print(Markdown(markdown(page, width), code_theme="ansi_dark", hyperlinks=False))
    return "".join(f"{line.rstrip()}\n" for line in paper.getvalue().splitlines())


def markdown(page: Page, width: int | None = None) -> str:
    """The page's text as Markdown, for so many columns.

    Pages of codes name a part in an unindented line and indent what belongs to it: such lines
    become headings, indented running text becomes prose, columns and examples stay as they are.
    """
    lines = [f"# {_literal(page.title)}", ""]
    for filled, stretch in itertools.groupby(page.text(width).splitlines(), key=bool):
        if not filled:
            continue
        own = [*stretch]
        if _is_heading(own):
            lines += [f"## {_literal(own[0])}", ""]
            own = own[1:]
        lines += [
            *(_prose(own) if _is_prose(own) else ("```text", *_columns(_flush(own), width), "```")),
            "",
        ]
    return "\n".join(lines) + "\n"


def _prose(lines: list[str]) -> list[str]:
    """Running text; a line that begins with a label, as ``Size: ...``, stays a line."""
    found: list[str] = []
    for line in map(str.strip, lines):
        if found and _LABEL.match(line):
            found[-1] += "\\"
        found.append(_literal(line))
    return found


def _literal(text: str) -> str:
    """Text in which a product is no emphasis; what is in backticks is literal anyway."""
    parts = text.split("`")
    return "`".join(part if i % 2 else _MARKS.sub(r"\\\g<0>", part) for i, part in enumerate(parts))


def _flush(lines: list[str]) -> list[str]:
    """Lines without the indent that they share."""
    indent = min(len(line) - len(line.lstrip()) for line in lines)
    return [line[indent:] for line in lines]


def _columns(lines: list[str], width: int | None) -> list[str]:
    """Lines of columns or code; what is too long for a line goes on below its last column."""
    room = None if width is None else width - _MARGIN
    found: list[str] = []
    for line in lines:
        parts = _LAST.match(line)
        found += hung(parts[1], parts[2], room) if parts else [line]
    return found


def _is_heading(lines: list[str]) -> bool:
    """Whether the first of some lines names the indented others."""
    return len(lines) > 1 and lines[0][0] != " " and all(x.startswith("    ") for x in lines[1:])


def _is_prose(lines: list[str]) -> bool:
    """Whether lines are running text, not columns, code or an example."""
    plain = not any("  " in line.strip() for line in lines)
    flush = len({len(line) - len(line.lstrip()) for line in lines}) == 1
    return plain and flush and (lines[0][0] != " " or lines[0].strip()[0].isupper())

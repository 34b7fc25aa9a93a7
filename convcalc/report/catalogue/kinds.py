"""The layer kinds and their options, from the declarations: for `list --kinds` and the README."""

import re
from typing import Any

from convcalc.layers import BY_NAME, KINDS
from convcalc.layers.base import Layer
from convcalc.layers.option import Option, shown
from convcalc.report.drawing.columns import Column, hung, lay_out, width_of
from convcalc.report.drawing.palette import Palette


def kinds_table() -> str:
    """A Markdown table of all kinds: name, options with their defaults, what it is."""
    rows = ["| kind | options (defaults) | what it is |", "|---|---|---|"]
    for name, _, _ in KINDS:
        rows.append(f"| `{name}` | {_options(BY_NAME[name])} | {summary_of(BY_NAME[name])} |")
    return "\n".join(rows) + "\n"


def kinds_text(palette: Palette) -> str:
    """The same for a terminal; what it is goes below the options where both do not fit."""
    rows = []
    for name, _, _ in KINDS:
        words = _options(BY_NAME[name]).replace("**,", "*,").removesuffix("*").replace("**", "")
        rows.append((name, words, summary_of(BY_NAME[name])))
    columns: tuple[Column, ...] = (
        Column("kind"),
        Column("options (defaults)"),
        Column("what it is"),
    )
    lines = lay_out(columns, rows, Palette())
    if palette.width is not None and max(map(width_of, lines)) > palette.width:
        columns = (Column("kind"), Column("options (defaults), meaning", wraps=True))
        pairs = (
            [(name, words or about), ("", about if words else "")] for name, words, about in rows
        )
        lines = lay_out(columns, [row for pair in pairs for row in pair if any(row)], palette)
    else:
        lines = lay_out(columns, rows, palette)
    foot = hung("* ", "required; `convcalc explain conv` shows a kind whole", palette.width)
    return "\n".join([*lines, "", *foot]) + "\n"


def _options(kind: type[Layer]) -> str:
    words = [_option(option) for option in kind.options()]
    return ", ".join(["branches", *words] if kind.merges else words)


def _option(option: Option[Any]) -> str:
    default: Any = option.default
    if option.required:
        return f"**{option.key}**"
    if default in (None, (), 0.0) and default is not False and type(default) is not int:
        return option.key
    value = default[0] if isinstance(default, tuple) and len(set(default)) == 1 else default
    return f"{option.key} ({shown(value) if not isinstance(value, str) else value})"


def summary_of(kind: type[Layer]) -> str:
    """The first sentence of the class's docstring, without its reference."""
    text = (kind.__doc__ or "").strip().splitlines()[0]
    return re.sub(r" \([^()]*\)\Z", "", text.rstrip("."))

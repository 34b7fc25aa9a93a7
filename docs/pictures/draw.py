"""Draws what a command prints as a picture: `python docs/pictures/draw.py` writes all of PICTURES.

No font is loaded from anywhere: each word is put at its column and stretched to its cells. A test
draws each picture again and compares, so that none shows what no command prints.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

#: Files and the commands that they show, at so many columns.
PICTURES = {"analyze.svg": ("convcalc analyze lenet5", 104)}

_CELL, _LINE, _SIZE, _EDGE, _BAR = 8.4, 18, 14, 16, 34  #: pixels
_STYLES = {
    "1": "font-weight: bold",
    "2": "opacity: 0.6",
    "31": "fill: #ff7b72",
    "32": "fill: #7ee787",
    "33": "fill: #e3b341",
    "36": "fill: #76c7e8",
}
_CODE = re.compile(r"\x1b\[([0-9;]*)m")
_WORDS = re.compile(r"\S+(?: \S+)*")


def output(command: str, columns: int) -> str:
    """What a command prints on a terminal with colours, so many columns wide."""
    program, *words = command.split()
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "SYSTEMROOT") if key in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", program, *words],
        env=kept | {"COLUMNS": str(columns), "FORCE_COLOR": "1", "PYTHONUTF8": "1"},
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout


def svg(command: str, columns: int, text: str) -> str:
    """The picture of a terminal in which a command was typed."""
    lines = text.splitlines()
    width = round(2 * _EDGE + columns * _CELL)
    height = _BAR + (len(lines) + 1) * _LINE + 2 * _EDGE
    rules = "".join(f" .c{code} {{ {style} }}" for code, style in _STYLES.items())
    font = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">',
        f"<title>{escape(command)}</title>",
        f"<style>text {{ font: {_SIZE}px {font}; fill: #d6dde6 }}{rules}</style>",
        f'<rect width="{width}" height="{height}" rx="8" fill="#0f1720"/>',
        *(
            f'<circle cx="{_EDGE + 6 + 20 * n}" cy="18" r="6" fill="{fill}"/>'
            for n, fill in enumerate(("#ff5f57", "#febc2e", "#28c840"))
        ),
    ]
    for number, line in enumerate([f"$ {command}", *lines], 1):
        y = _BAR + number * _LINE + 4
        rows += [_text(column, y, part, codes) for column, part, codes in _parts(line)]
    return "\n".join([*rows, "</svg>", ""])


def _parts(line: str) -> Iterator[tuple[int, str, str]]:
    """The parts of a line between wide gaps: column, text and codes of its colour."""
    column, codes, at = 0, "", 0
    for match in [*_CODE.finditer(line), None]:
        stretch = line[at : match.start() if match else len(line)]
        for words in _WORDS.finditer(stretch):
            yield column + words.start(), words[0], codes
        column += len(stretch)
        if match:
            codes, at = match[1].strip("0"), match.end()


def _text(column: int, y: int, text: str, codes: str) -> str:
    names = " ".join(f"c{code}" for code in codes.split(";") if code)
    kind = f' class="{names}"' if names else ""
    x, length = _EDGE + column * _CELL, len(text) * _CELL
    return f'<text x="{x:.1f}" y="{y}" textLength="{length:.1f}"{kind}>{escape(text)}</text>'


def drawn(name: str) -> str:
    """A picture, of what its command prints now."""
    command, columns = PICTURES[name]
    return svg(command, columns, output(command, columns))


if __name__ == "__main__":
    for file in PICTURES:
        (Path(__file__).parent / file).write_text(drawn(file), encoding="utf-8", newline="")

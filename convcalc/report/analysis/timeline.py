"""A run's live bytes as a profile: time from left to right, the peak marked."""

from itertools import groupby

from convcalc.analysis.record import Analysis
from convcalc.memory.account import Account, Moment
from convcalc.memory.moments import moment_words
from convcalc.memory.series import casts, recomputed
from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.units import size

_HEIGHT = 10
_WIDEST = 100
_LABEL = 10  #: columns of the sizes on the left
_EIGHTHS = " \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"


def timeline_text(title: str, analysis: Analysis, account: Account, palette: Palette) -> list[str]:
    """Lines of the profile from 0 up; casts and what is run again have lines of their own."""
    moments = account.timeline()
    room = min((palette.width or _WIDEST) - _LABEL - len(" |step"), _WIDEST)
    room = max(room, 1)
    columns = _columns(moments, room)
    most = max(account.peak, 1)
    heights = [-(-8 * _HEIGHT * moment.live // most) for moment in columns]
    lines = [
        palette.paint(title, "bold"),
        *hung("", f"{size(account.peak)} {moment_words(analysis, account.at)}", palette.width, 2),
        _mark(account, columns, palette),
    ]
    for row in range(_HEIGHT - 1, -1, -1):
        label = size(account.peak) if row == _HEIGHT - 1 else "0" if not row else ""
        cells = [max(min(height - 8 * row, 8), 0) for height in heights]
        bars = "".join(_cell(cell, palette) for cell in cells).rstrip()
        lines.append(f"{label:>{_LABEL}} {palette.paint(bars, 'bar')}".rstrip())
    lines.append(" " * (_LABEL + 1) + _phases(columns))
    remarks = [f"{size(account.resident)} are there throughout"]
    own = (("casts", "are casts", casts(account)), ("again", "made again", recomputed(account)))
    for name, word, live in own:
        if any(live):
            parts = _columns([m._replace(live=n) for m, n in zip(moments, live, strict=True)], room)
            cells = [min(-(-8 * part.live // most), 8) for part in parts]
            bars = "".join(_part(cell, palette) for cell in cells).rstrip()
            lines.append(f"{name:>{_LABEL}} {palette.paint(bars, 'bar')}".rstrip())
            remarks.append(f"up to {size(max(live))} {word}")
    lines += hung("", ", ".join(remarks), palette.width)
    return lines


def _columns(moments: list[Moment], room: int) -> list[Moment]:
    """One moment a column: each repeated to fill the room, or the highest of several."""
    times = min(room // len(moments), 8)
    if times:
        return [moment for moment in moments for _ in range(times)]
    found = []
    for _, group in groupby(moments, key=lambda moment: moment.phase):
        phase = list(group)
        width = max(len(phase) * (room - 1) // len(moments), 1)  # the step's column at the end
        for column in range(width):
            some = phase[column * len(phase) // width : (column + 1) * len(phase) // width]
            found.append(max(some, key=lambda moment: moment.live))
    return found


def _cell(eighths: int, palette: Palette) -> str:
    if palette.unicode:
        return _EIGHTHS[eighths]
    return "#" if eighths >= 4 else " "


def _part(eighths: int, palette: Palette) -> str:
    """A cell of a line that has no room above it: without blocks, whether there is anything."""
    return _cell(eighths if palette.unicode else 8 * bool(eighths), palette)


def _mark(account: Account, columns: list[Moment], palette: Palette) -> str:
    """An arrow above the column of the peak."""
    place = next(i for i, moment in enumerate(columns) if moment.live == account.peak)
    return " " * (_LABEL + 1 + place) + ("\u25bc" if palette.unicode else "v")


def _phases(columns: list[Moment]) -> str:
    """The phases' names where each begins, as far as there is room."""
    line = ""
    for column, moment in enumerate(columns):
        begins = not column or columns[column - 1].phase != moment.phase
        if begins and len(line) <= column:
            line = line.ljust(column) + f"|{moment.phase} "
    return line.rstrip()

"""The first two objectives of all rows as SVG, the front marked: for papers."""

from html import escape
from math import log

from convcalc.escape import plain
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.drawing.units import count, size
from convcalc.report.rows.view import RowsView
from convcalc.study.errors import RequestError

_WIDTH, _HEIGHT = 640, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 16, 16, 52


def render(view: RowsView, palette: Palette = PLAIN) -> str:
    """The picture.

    Raises:
        RequestError: there are no two numbers to draw.
    """
    if len(view.objectives) < 2:
        raise RequestError("a scatter plot needs two numbers that vary: name them with --pareto")
    names = view.table.names
    columns = [names.index(one.column) for one in view.objectives[:2]]
    points = {
        number: (float(x), float(y))  # type: ignore[arg-type]
        for number, row in enumerate(view.table.rows)
        if None not in (x := row[columns[0]], y := row[columns[1]])
    }
    if not points:
        raise RequestError("no row has both numbers")
    across, up = (_Axis([p[at] for p in points.values()], names[columns[at]]) for at in (0, 1))
    dots = []
    for number, (x, y) in sorted(points.items(), key=lambda item: item[0] in view.front):
        on = number in view.front
        at = _LEFT + across.along(x) * (_WIDTH - _LEFT - _RIGHT)
        high = _HEIGHT - _BOTTOM - up.along(y) * (_HEIGHT - _TOP - _BOTTOM)
        style = 'r="4.5" fill="#c2410c"' if on else 'r="3" fill="#3f6fd8" fill-opacity="0.5"'
        dots.append(f'<circle cx="{at:.1f}" cy="{high:.1f}" {style}/>')
    low, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    title = f"{escape(plain(across.name))} and {escape(plain(up.name))} of {len(points):,} rows"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" font-size="12" fill="currentColor" '
        f'font-family="Helvetica, Arial, sans-serif"><title>{title}</title>'
        f'<path d="M{_LEFT} {_TOP}V{low}H{right}" fill="none" stroke="currentColor"/>'
        f'<text x="{_LEFT}" y="{low + 17}">{across.written(across.low)}</text>'
        f'<text x="{right}" y="{low + 17}" text-anchor="end">{across.written(across.high)}</text>'
        f'<text x="{(_LEFT + right) // 2}" y="{low + 36}" text-anchor="middle">'
        f"{escape(plain(across.name))}{across.scale}</text>"
        f'<text x="{_LEFT - 8}" y="{low}" text-anchor="end">{up.written(up.low)}</text>'
        f'<text x="{_LEFT - 8}" y="{_TOP + 10}" text-anchor="end">{up.written(up.high)}</text>'
        f'<text transform="translate(16,{(_TOP + low) // 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(plain(up.name))}{up.scale}</text>{''.join(dots)}</svg>\n"
    )


class _Axis:
    """A number from its least to its largest; on a logarithmic scale where these are far apart."""

    def __init__(self, values: list[float], name: str) -> None:
        self.name = name
        self.low, self.high = min(values), max(values)
        self._logs = self.low > 0 and self.high / self.low > 30
        self.scale = " (logarithmic)" if self._logs else ""

    def along(self, value: float) -> float:
        """From 0 at the least to 1 at the largest."""
        if self.low == self.high:
            return 0.5
        if self._logs:
            return log(value / self.low) / log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def written(self, value: float) -> str:
        """A number for people."""
        if self.name.endswith("_memory"):
            return size(int(value))
        return f"{value:g}" if abs(value) < 1000 else count(int(value))

"""Text of `verify --average`: a line a pass, then the average of their scores."""

from convcalc.report.drawing.columns import Column, lay_out, said_of, titled
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.shapes import written
from convcalc.verify.average import Average

_COLUMNS = (
    Column("pass", right=True),
    Column("seed", right=True),
    Column("best", right=True),
    Column("its score", right=True),
    Column("off the average", right=True),
    Column("ms", right=True, rank=1),
)
_MOST = 20  #: passes that are listed


def render(found: Average, palette: Palette = PLAIN) -> str:
    """A line a pass, then the average."""
    network = found.analysis.network
    name = network.name or network.source.path
    shape = written(network.steps[0].output or ())
    several = f"{len(found.draws)} passes over one image with the same weights"
    parts = [f"input {shape}: {several}", *found.origin.parts]
    head = titled(name, ", ".join(parts), palette)
    lines = [*head, f"drawn at random: {_names(found.layers)}", ""]
    rows = [
        (
            str(number),
            str(draw.seed),
            str(draw.best),
            f"{draw.score:.4g}",
            f"{draw.error:.2g}",
            f"{draw.seconds * 1e3:.1f}",
        )
        for number, draw in enumerate(found.draws, 1)
    ]
    left: list[str] = []
    lines += lay_out(_COLUMNS, rows[:_MOST], palette, left)
    if len(rows) > _MOST:
        more = len(rows) - _MOST
        lines.append(f"... and {more} more {'pass' if more == 1 else 'passes'}")
    lines += said_of(left, palette)
    lines += ["", *(palette.paint(fault, "error") for fault in found.faults)]
    lines += [
        f"{palette.paint('average   ', 'bold')} best {found.best}, score {found.score:.4g}",
        f"{palette.paint('same best ', 'bold')} {found.same_best} of {len(found.draws)} passes",
        f"{palette.paint('spread    ', 'bold')} a pass is {found.mean_error:.2g} off the average, "
        "a share of its largest score",
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _names(names: tuple[str, ...]) -> str:
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} more layers"
    return ", ".join(names)

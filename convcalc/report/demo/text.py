"""The demo as text: the window on the input, the filter, the sum, the output so far."""

from convcalc.demo.numbers import Demo, Position
from convcalc.escape import plain
from convcalc.quantity import counted
from convcalc.report.demo.blocks import Block, beside, grid, number, titled
from convcalc.report.drawing.palette import Palette
from convcalc.shapes import written

_LINE = 80
_CHANNELS = 3  #: of a filter that are shown; the others are added up


def frame(demo: Demo, number_: int, palette: Palette, keys: str = "") -> str:
    """One step: everything that goes into one number of the output."""
    positions = demo.positions
    at = positions[number_]
    terms = demo.terms(at)
    place = ", ".join(map(str, demo.place(at)))
    title = f"step {number_ + 1} of {len(positions)}: output [{place}]"
    lines = [*_head(demo, palette), title]
    shown = terms[:_CHANNELS]
    inputs = [
        titled(_cut(demo, "x", term.channel), _input(demo, term.channel, at, palette))
        for term in shown
    ]
    lines += [*beside(inputs, palette), ""]
    if not demo.pools:
        filters = [titled(_filter(demo, at.filter, i), grid(t.filter)) for i, t in enumerate(shown)]
        products = [
            titled("products", [*grid(t.products), f"sum {number(t.total)}"]) for t in shown
        ]
        lines += [*beside([*filters, *products], palette), ""]
    bias = "" if demo.pools else f"   (b{at.filter} = {number(demo.biases[at.filter])})"
    lines.append(f"{_sum(demo, at)}{bias}")
    lines += beside(_outputs(demo, number_, palette), palette)
    if keys:
        lines += [palette.paint(keys, "dim")]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def sums(demo: Demo, width: int | None = None) -> str:
    """The whole demo without a terminal: the volumes, then a line a number of the output."""
    plainly = Palette(width=width)
    lines = [*_head(demo, plainly), ""]
    channels = list(demo.padded)
    shown = channels if demo.whole else channels[:_CHANNELS]
    inputs = [titled(_cut(demo, "x", c), grid(demo.padded[c])) for c in shown]
    lines += [*beside(inputs, plainly), ""]
    if len(shown) < len(channels):
        lines += [f"and {counted(len(channels) - len(shown), 'more channel')}", ""]
    for k, filter_ in demo.filters.items():
        part = filter_ if demo.whole else filter_[:_CHANNELS]
        blocks = [titled(_filter(demo, k, c), grid(one)) for c, one in enumerate(part)]
        blocks.append([f"b{k}", number(demo.biases[k])])
        lines += [*beside(blocks, plainly), ""]
    for step, at in enumerate(demo.positions, 1):
        place = ", ".join(map(str, demo.place(at)))
        lines.append(f"{step:>4}  output [{place}] = {_sum(demo, at)}")
        lines.append(f"      {demo.statement(at)}")
    lines += ["", *beside(_outputs(demo, len(demo.positions) - 1, plainly), plainly)]
    if not demo.whole:
        lines += ["", "--at shows another part, from that output on"]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _head(demo: Demo, palette: Palette) -> list[str]:
    """The sizes, what is slid over what, and the formula."""
    rows, columns = demo.axes
    step = demo.row.step
    sizes = f"{written(demo.row.inputs[0])} -> {written(step.output or ())}"
    kernel = f"{columns.kernel}" if demo.flat else f"{rows.kernel}x{columns.kernel}"
    formula = step.size.formulas[0] if demo.flips else step.size.windows[0].formula
    if demo.pools:
        means = {"max_pool": "the largest", "avg_pool": "the mean", "l2_pool": "the l2 norm"}
        what = f"{sizes}: {means[step.kind]} of each {kernel} window,"
    else:
        count, each = demo.output[-1], len(demo.terms(demo.positions[0]))
        flipped = "flipped " if demo.flips else ""
        what = f"{sizes}: {count} {flipped}filter{'s'[count == 1 :]} of {kernel}x{each},"
    name = plain(demo.name)
    more = ["x has zeros between its numbers, and filters are flipped"] if demo.flips else []
    if len(name) + len(what) + len(formula) + 3 <= _LINE:
        return [f"{palette.paint(name, 'title')}  {what} {formula}", *more]
    return [f"{palette.paint(name, 'title')}  {what}", formula, *more]


def _sum(demo: Demo, at: Position) -> str:
    """The channels' sums and the bias, added up; of a pool what it takes of which numbers."""
    terms, value = demo.terms(at), number(demo.value(at))
    if demo.pools:
        numbers = ", ".join(map(number, terms[0].numbers))
        kind = demo.row.step.kind
        if kind != "max_pool":
            return f"{'mean' if kind == 'avg_pool' else 'l2'}({numbers}) = {value}"
        switch = ", ".join(map(str, demo.switch(at)))
        return f"max({numbers}) = {value}   (switch x[{switch}])"
    parts = [number(term.total) for term in terms]
    if len(parts) > _CHANNELS and not demo.whole:
        rest = sum(term.total for term in terms[_CHANNELS:])
        more = counted(len(parts) - _CHANNELS, "more channel")
        parts = [*parts[:_CHANNELS], f"{number(rest)} ({more})"]
    parts.append(number(demo.biases[at.filter]))
    return f"{' + '.join(parts)} = {value}".replace("+ -", "- ")


def _cut(demo: Demo, name: str, channel: int) -> str:
    """What a grid of the padded input is: ``x[:, :, 0]``, or the part of it that is shown."""
    high, wide = (
        (":", ":")
        if demo.whole
        else (f"{part[0]}:{part[-1] + 1}" for part in (demo.view.height, demo.view.width))
    )
    if demo.flat and not demo.whole:
        return f"{name}[{wide}, {channel}]"
    return f"{name}[{high}, {wide}, {channel}]"


def _filter(demo: Demo, filter_: int, channel: int) -> str:
    flipped = "::-1, ::-1" if demo.flips else ":, :"
    return f"w{filter_}[{flipped}, {channel}]"


def _input(demo: Demo, channel: int, at: Position, palette: Palette) -> Block:
    """A channel of the padded input with the window in brackets."""
    rows, columns = demo.axes
    taken, across = set(rows.taps(at.row)), set(columns.taps(at.column))
    grid_ = demo.padded[channel]
    wide = max(len(number(cell)) for line in grid_ for cell in line)
    out = []
    for y, line in zip(demo.view.height, grid_, strict=True):
        cells = []
        for x, value in zip(demo.view.width, line, strict=True):
            seen = y in taken and x in across
            text = f"{number(value):>{wide}}"
            cells.append(palette.paint(f"[{text}]", "help") if seen else f" {text} ")
        out.append("".join(cells))
    return out


def _outputs(demo: Demo, number_: int, palette: Palette) -> list[Block]:
    """The outputs that are shown as far as they are known, a grid a filter."""
    known = {
        (p.filter, p.row, p.column): number(demo.value(p)) for p in demo.positions[: number_ + 1]
    }
    last = demo.positions[number_]
    here = (last.filter, last.row, last.column)
    wide = max(3, *(len(value) + 2 for value in known.values()))
    view = demo.view
    blocks = []
    for k in view.filters:
        lines = []
        for i in view.rows:
            cells = []
            for j in view.columns:
                text = known.get((k, i, j), ".")
                if (k, i, j) == here:
                    cells.append(" " * (wide - len(text) - 2) + palette.paint(f"[{text}]", "help"))
                else:
                    cells.append(f"{text:>{wide - 1}} ")
            lines.append("".join(cells))
        rows, columns = view.rows, view.columns
        part = f"{rows[0]}:{rows[-1] + 1}, {columns[0]}:{columns[-1] + 1}"
        if demo.flat and not demo.whole:
            part = f"{columns[0]}:{columns[-1] + 1}"
        blocks.append(titled(f"o[{':, :' if demo.whole else part}, {k}]", lines))
    return blocks

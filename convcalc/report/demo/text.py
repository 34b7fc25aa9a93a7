"""The convolution demo as text: the window on the input, the filter, the sum, the output so far."""

from convcalc.demo.numbers import Demo, Position, Term
from convcalc.findings import plain
from convcalc.report.drawing.palette import Palette
from convcalc.shapes import written

Block = list[str]

_GAP = "  "
_WIDEST = 120  #: columns, where the output is no terminal


def frame(demo: Demo, number: int, palette: Palette, keys: str = "") -> str:
    """One step: everything that goes into one number of the output."""
    positions = demo.positions
    at = positions[number]
    terms = demo.terms(at)
    place = ", ".join(map(str, demo.place(at)))
    title = f"step {number + 1} of {len(positions)}: output [{place}]"
    lines = [f"{palette.paint(plain(demo.name), 'title')}  {_what(demo)}", title]
    inputs = [
        _titled(f"x[:, :, {term.channel}]", _input(demo, term.channel, at, palette))
        for term in terms
    ]
    filters = [
        _titled(f"w{at.filter}[:, :, {i}]", _grid(t.filter))
        for i, t in enumerate(terms)
        if t.filter
    ]
    lines += [*_flowing(inputs, palette), ""]
    if demo.pools:
        lines.append(_sum(demo, at))
    else:
        products = [_titled("products", _products(term)) for term in terms]
        lines += [*_flowing([*filters, *products], palette), ""]
        bias = f"b{at.filter} = {demo.biases[at.filter]}"
        lines.append(f"{_sum(demo, at)}   ({bias})")
    lines += [*_flowing(_outputs(demo, number, palette), palette)]
    if keys:
        lines += [palette.paint(keys, "dim")]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _sum(demo: Demo, at: Position) -> str:
    """The channels' sums and the bias, added up; of a pool the largest, and where it is."""
    if demo.pools:
        numbers = [value for line in demo.terms(at)[0].patch for value in line]
        own = [value for value in numbers if value >= _lowest(demo)]
        rows, columns = demo.windows
        row, column = demo.switch(at)
        place = [row - rows.begin, column - columns.begin, at.filter][1 if demo.flat else 0 :]
        switch = f"switch x[{', '.join(map(str, place))}]"
        return f"max({', '.join(map(str, own))}) = {demo.value(at)}   ({switch})"
    parts = [*(term.total for term in demo.terms(at)), demo.biases[at.filter]]
    return f"{' + '.join(map(str, parts))} = {demo.value(at)}".replace("+ -", "- ")


def _lowest(demo: Demo) -> int:
    """The lowest number of a pool's input: what is lower is padding."""
    rows, columns = demo.windows
    return min(
        value
        for grid in demo.padded
        for line in grid[rows.begin : rows.begin + rows.size]
        for value in line[columns.begin : columns.begin + columns.size]
    )


def sums(demo: Demo) -> str:
    """The whole demo without a terminal: the volumes, then a line a number of the output."""
    plainly = Palette()
    lines = [f"{plain(demo.name)}  {_what(demo)}", ""]
    inputs = [_titled(f"x[:, :, {c}]", _grid(grid)) for c, grid in enumerate(demo.padded)]
    lines += [*_flowing(inputs, plainly), ""]
    for k, grids in enumerate(demo.filters):
        blocks = [_titled(f"w{k}[:, :, {c}]", _grid(grid)) for c, grid in enumerate(grids)]
        blocks.append([f"b{k}", str(demo.biases[k])])
        lines += [*_flowing(blocks, plainly), ""]
    for number, at in enumerate(demo.positions, 1):
        place = ", ".join(map(str, demo.place(at)))
        lines.append(f"{number:>4}  output [{place}] = {_sum(demo, at)}")
        lines.append(f"      {demo.statement(at)}")
    lines += ["", *_flowing(_outputs(demo, len(demo.positions) - 1, plainly), plainly)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _what(demo: Demo) -> str:
    rows, columns = demo.windows
    step = demo.row.step
    sizes = f"{written(demo.row.inputs[0])} -> {written(step.output or ())}"
    kernel = f"{columns.kernel}" if demo.flat else f"{rows.kernel}x{columns.kernel}"
    formula = (columns if demo.flat else rows).formula
    if demo.pools:
        return f"{sizes}: the largest of each {kernel} window, {formula}"
    each = demo.shape[-1] // demo.groups
    return f"{sizes}: {demo.output[-1]} filters of {kernel}x{each}, {formula}"


def _input(demo: Demo, channel: int, at: Position, palette: Palette) -> Block:
    """A channel of the padded input with the window in brackets."""
    rows, columns = demo.windows
    taken = {at.top + a * rows.dilation for a in range(rows.kernel)}
    across = {at.left + b * columns.dilation for b in range(columns.kernel)}
    out = []
    for y, line in enumerate(demo.padded[channel]):
        cells = []
        for x, value in enumerate(line):
            seen = y in taken and x in across
            cell = f"[{value}]" if seen else f" {value} "
            cells.append(palette.paint(cell, "help") if seen else cell)
        out.append("".join(cells))
    return out


def _products(term: Term) -> Block:
    grid = [
        [a * b for a, b in zip(left, right, strict=True)]
        for left, right in zip(term.patch, term.filter, strict=True)
    ]
    return [*_grid(grid), f"sum {term.total}"]


def _outputs(demo: Demo, number: int, palette: Palette) -> list[Block]:
    """The output volume as far as it is known, a grid a filter."""
    known = {(p.filter, p.row, p.column): demo.value(p) for p in demo.positions[: number + 1]}
    last = demo.positions[number]
    here = (last.filter, last.row, last.column)
    wide = max(3, *(len(str(value)) + 2 for value in known.values()))
    blocks = []
    for k in range(demo.output[-1]):
        grid = []
        for i in range(demo.output[0]):
            cells = []
            for j in range(demo.output[1]):
                text = str(known.get((k, i, j), "."))
                if (k, i, j) == here:
                    cells.append(" " * (wide - len(text) - 2) + palette.paint(f"[{text}]", "help"))
                else:
                    cells.append(f"{text:>{wide - 1}} ")
            grid.append("".join(cells))
        blocks.append(_titled(f"o[:, :, {k}]", grid))
    return blocks


def _grid(grid: list[list[int]]) -> Block:
    wide = max(len(str(value)) for line in grid for value in line) + 1
    return ["".join(f"{value:>{wide}}" for value in line) for line in grid]


def _titled(title: str, block: Block) -> Block:
    return [title, *block]


def _flowing(blocks: list[Block], palette: Palette) -> list[str]:
    """Blocks side by side, as many as the terminal takes, the rest below."""
    most = palette.width or _WIDEST
    rows: list[list[Block]] = [[]]
    used = 0
    for block in blocks:
        wide = max(map(_visible, block)) + len(_GAP)
        if rows[-1] and used + wide > most:
            rows.append([])
            used = 0
        rows[-1].append(block)
        used += wide
    return [line for row in rows for line in _beside(row)]


def _beside(blocks: list[Block]) -> list[str]:
    height = max(map(len, blocks))
    widths = [max(map(_visible, block)) for block in blocks]
    lines = []
    for i in range(height):
        cells = [block[i] if i < len(block) else "" for block in blocks]
        pairs = zip(cells, widths, strict=True)
        lines.append(_GAP.join(cell + " " * (wide - _visible(cell)) for cell, wide in pairs))
    return lines


def _visible(text: str) -> int:
    """Columns that a text takes: colours take none."""
    while "\x1b[" in text:
        before, _, rest = text.partition("\x1b[")
        text = before + rest.partition("m")[2]
    return len(text)

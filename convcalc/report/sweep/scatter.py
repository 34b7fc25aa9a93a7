"""Two numbers of all rows as a picture of characters, the front marked."""

from collections.abc import Collection, Sequence

_HEIGHT = 16
_MARKS = " .:#"  #: how many rows are at a place: none, one, some, many


def scatter(
    points: Sequence[tuple[float, float]],
    front: Collection[int],
    names: tuple[str, str],
    width: int,
    written: Sequence[str],
) -> list[str]:
    """Lines of a picture: the first number goes to the right, the second up.

    Args:
        points: the two numbers of each row.
        front: the places of those on the Pareto front, drawn as ``*``.
        names: what the numbers are.
        width: columns of the whole picture.
        written: least and largest of both as text: x0, x1, y0, y1.
    """
    if not points:
        return []
    margin = max(map(len, written[2:])) + 1
    across = max(width - margin - 2, 10)
    xs, ys = zip(*points, strict=True)
    (left, right), (bottom, top) = (min(xs), max(xs)), (min(ys), max(ys))
    cells = [[0] * across for _ in range(_HEIGHT)]
    stars = set()
    for index, (x, y) in enumerate(points):
        column, row = _at(x, left, right, across), _at(y, bottom, top, _HEIGHT)
        cells[row][column] += 1
        if index in front:
            stars.add((row, column))
    lines = [f"{names[1]} (up) over {names[0]} (right); * is on the front"]
    for row in reversed(range(_HEIGHT)):
        label = written[3] if row == _HEIGHT - 1 else written[2] if row == 0 else ""
        marks = "".join(
            "*" if (row, column) in stars else _mark(cells[row][column]) for column in range(across)
        )
        lines.append(f"{label:>{margin}}|{marks}".rstrip())
    lines.append(" " * margin + "+" + "-" * across)
    gap = across - len(written[0]) - len(written[1])
    lines.append(" " * (margin + 1) + written[0] + " " * max(gap, 1) + written[1])
    return lines


def _at(value: float, least: float, largest: float, places: int) -> int:
    if largest == least:
        return 0
    return min(int((value - least) / (largest - least) * places), places - 1)


def _mark(count: int) -> str:
    return _MARKS[0 if not count else 1 if count == 1 else 2 if count < 10 else 3]

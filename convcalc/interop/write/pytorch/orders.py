"""Flattened vectors whose places are read: put into the spec's order, positions before channels."""

from convcalc.interop.write.runs import Line
from convcalc.network.vector_order import Arranged, Order


def in_order(lines: dict[int, Line], found: Arranged) -> dict[int, Line]:
    """The lines of layers with their inputs in the order that they take them in."""
    if not found.flattens and not found.reads:
        return lines  # of a long net another table of them would be megabytes
    made = dict(lines)
    for index in found.flattens:
        made[index] = Line("", "{0}.movedim(1, -1).flatten(1)")
    for index, places in found.reads.items():
        run = made[index].run
        for place, order in places.items():
            run = run.replace(f"{{{place}}}", turned(f"{{{place}}}", order))
        made[index] = Line(made[index].module, run)
    return made


def turned(read: str, order: Order) -> str:
    """A vector's numbers, position by position."""
    volumes = [
        f"({', '.join(map(str, (shape[-1], *shape[:-1])))}{',' * (len(shape) < 2)})"
        for shape in order
    ]
    return f"channels_last({read}, {', '.join(volumes)})"

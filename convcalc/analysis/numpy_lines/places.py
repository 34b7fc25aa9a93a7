"""Statements of kinds that put the same numbers in other places: which number of X it is."""

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from convcalc.analysis.numpy_lines.written import Position, at
from convcalc.analysis.record import Row
from convcalc.layers.upsample import nearest
from convcalc.shapes import Shape

if TYPE_CHECKING:
    from fractions import Fraction


def reshape(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """The number that is as many places from the first one, channels last."""
    place = ravelled(position, row.step.output or ())
    return at("X", unravelled(place, row.inputs[0]))


def slice_channels(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """The channels from `start` on."""
    return at("X", (*position[:-1], position[-1] + own["start"]))


def concat(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """The input that a channel of a concat is from."""
    which, place = joined(row.inputs, position)
    return at(f"X{which + 1}", place)


def joined(inputs: tuple[Shape, ...], position: Position) -> tuple[int, Position]:
    """Which input of a concat has an output of it, and where."""
    *places, channel = position
    for which, shape in enumerate(inputs):
        if channel < shape[-1]:
            return which, (*places, channel)
        channel -= shape[-1]
    raise IndexError(f"{position} is beyond the channels of the inputs")


def pad(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """A number of X, or what is put around it."""
    shape = row.inputs[0]
    begins = (*_begins(own["sides"], len(shape) - 1), *_begins(own["channels"], 1))
    place = tuple(index - begin for index, begin in zip(position, begins, strict=True))
    if own["mode"] == "zeros":
        inside = all(0 <= i < size for i, size in zip(place, shape, strict=True))
        return at("X", place) if inside else "0"
    last = tuple(size - 1 for size in shape)
    if own["mode"] == "edge":
        return at("X", tuple(min(max(i, 0), end) for i, end in zip(place, last, strict=True)))
    return at("X", tuple(end - abs(end - abs(i)) for i, end in zip(place, last, strict=True)))


def crop(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """A number of X, further from its first corner."""
    have, kept = row.inputs[0][:-1], row.step.output or ()
    middle = tuple((size - want) // 2 for size, want in zip(have, kept, strict=False))
    begins = _begins(own["sides"], len(have)) if own["sides"] else middle
    places = (index + begin for index, begin in zip(position, begins, strict=False))
    return at("X", (*places, position[-1]))


def upsample(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """The number that is repeated, or the weighted sum of the neighbours it lies between."""
    shape, output = row.inputs[0], row.step.output or ()
    sizes = list(zip(position[:-1], shape, output, strict=False))
    if own["mode"] == "nearest":
        return at("X", (*(nearest(have, count)[i] for i, have, count in sizes), position[-1]))
    terms = []
    for neighbours in product(*(_between(*axis) for axis in sizes)):
        place = at("X", (*(index for index, _ in neighbours), position[-1]))
        share = prod((share for _, share in neighbours), start=1)
        terms.append(place if share == 1 else f"{share} * {place}")
    return " + ".join(terms)


def _between(index: int, have: int, count: int) -> list[tuple[int, "Fraction"]]:
    """The inputs around an output's centre, each with its share; flat beyond the outer ones."""
    from fractions import Fraction

    centre = max(Fraction((2 * index + 1) * have, 2 * count) - Fraction(1, 2), Fraction(0))
    low = int(centre)
    rest = centre - low
    if not rest or low + 1 >= have:
        return [(low, Fraction(1))]
    return [(low, 1 - rest), (low + 1, rest)]


def pixel_shuffle(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """The channel that became this position of a square."""
    factor, *places = own["factor"], *position[:-1]
    square = (factor,) * len(places)
    within = ravelled(tuple(i % factor for i in places), square)
    if own["order"] == "dcr":
        channel = within * (row.step.output or (1,))[-1] + position[-1]
    else:
        channel = position[-1] * prod(square) + within
    return at("X", (*(i // factor for i in places), channel))


def space_to_depth(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """The position of a square that became this channel."""
    factor, *places = own["factor"], *position[:-1]
    square = (factor,) * len(places)
    if own["order"] == "dcr":
        within, channel = divmod(position[-1], row.inputs[0][-1])
    else:
        channel, within = divmod(position[-1], prod(square))
    offsets = unravelled(within, square)
    return at("X", (*(i * factor + o for i, o in zip(places, offsets, strict=True)), channel))


def channel_shuffle(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """Channel i*groups + g was channel i of group g."""
    inside, group = divmod(position[-1], own["groups"])
    return at("X", (*position[:-1], group * (row.inputs[0][-1] // own["groups"]) + inside))


def _begins(given: Shape, axes: int) -> Shape:
    """What is put before (or cut from the front of) each axis."""
    if len(given) == 2 * axes:
        return given[::2]
    return given * axes if len(given) == 1 else given


def ravelled(position: Position, shape: Shape) -> int:
    """How many numbers lie before this one, the last axis fastest."""
    number = 0
    for index, size in zip(position, shape, strict=True):
        number = number * size + index
    return number


def unravelled(number: int, shape: Shape) -> Position:
    """The place of a number, the last axis fastest."""
    places: list[int] = []
    for size in reversed(shape):
        number, index = divmod(number, size)
        places.insert(0, index)
    return tuple(places)

"""Statements of kinds that bring numbers to a common scale."""

from collections.abc import Mapping
from typing import Any

from convcalc.analysis.numpy_lines.written import Position, at, cut, depth, learned, number
from convcalc.analysis.record import Row
from convcalc.layers.norm import EPSILON


def batch_norm(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """In inference: by the running mean and variance of the channel."""
    channel = position[-1:]
    mean, variance = at("running_mean", channel), at("running_var", channel)
    return _normed(row, position, mean, variance, channel)


def instance_norm(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """By the channel's own mean and variance."""
    return _within(row, position, at("X", (*depth(row.inputs[0]), position[-1])), position[-1:])


def group_norm(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """By the mean and variance of a group of channels."""
    shape = row.inputs[0]
    each = shape[-1] // own["groups"]
    channels = cut(position[-1] // each * each, 1, each)
    return _within(row, position, at("X", (*depth(shape), channels)), position[-1:])


def layer_norm(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """By the mean and variance of the channels at a position, or of the whole volume."""
    if own["axes"] == "all":
        return _within(row, position, "X", position)
    return _within(row, position, at("X", (*position[:-1], ":")), position[-1:])


def lrn(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """A number divided by its neighbours' in depth."""
    channel, size = position[-1], own["size"]
    first = max(channel - size // 2, 0)
    last = min(channel - size // 2 + size, row.inputs[0][-1])
    around = at("X", (*position[:-1], f"{first}:{last}"))
    over = f" / {size}" if own["alpha_over"] == "size" else ""
    energy = f"{number(own['alpha'])}{over} * np.sum({around} ** 2)"
    return f"{at('X', position)} / ({number(own['k'])} + {energy}) ** {number(own['beta'])}"


def _within(row: Row, position: Position, cells: str, place: Position) -> str:
    return _normed(row, position, f"np.mean({cells})", f"np.var({cells})", place)


def _normed(row: Row, position: Position, mean: str, variance: str, place: Position) -> str:
    """Less the mean, over the deviation, then scale and shift as far as they are learned."""
    names = learned(row)
    factor = f" * {at('weight', place)}" if "weight" in names else ""
    shift = f" + {at('bias', place)}" if "bias" in names else ""
    return f"({at('X', position)} - {mean}) / np.sqrt({variance} + {EPSILON:g}){factor}{shift}"

"""Layers that share weights, where a tool has the options with the weights, in one object."""

from collections.abc import Mapping

from convcalc.interop.write.runs import Line
from convcalc.interop.write.words import CannotWriteError
from convcalc.network.record import Network


def refuse_unlike(network: Network, lines: Mapping[int, Line]) -> None:
    """Layers that share the weights of one with other options: called, it would use its own.

    Raises:
        CannotWriteError: there are some.
    """
    names = [
        f"{step.name}: shares the weights of {network.steps[step.shares].name}, whose options are "
        f"others: {lines[step.shares].module or 'no weights'}, not {lines[index].module}"
        for index, step in enumerate(network.steps)
        if step.shares is not None and lines[index].module != lines[step.shares].module
    ]
    if names:
        raise CannotWriteError("; ".join(names))

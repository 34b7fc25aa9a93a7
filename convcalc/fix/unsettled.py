"""Copies of an entry that were right and have other sizes by a repair of another copy.

The calls of a block, and the turns of a repeat, share their text: padding that makes a strided
call whole lets those in single steps grow.
"""

from collections.abc import Sequence

from convcalc.findings import Severity
from convcalc.fix.moved import Moved, back
from convcalc.fix.settled import by_place
from convcalc.layers.base import Roundings
from convcalc.layers.repair import half_padding
from convcalc.layers.windowed import Windowed
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape


def unsettles(now: Network, moves: Sequence[Moved], then: Network) -> bool:
    """Whether a repair changes what a copy makes that was right, for another that was not.

    Half of the window as padding is what all copies were meant to have.

    Args:
        now: the net before the repair.
        moves: the edits of the repair, each of the text that those before it made.
        then: the net that it makes.
    """
    before, known = by_place(now), dict[tuple[int, Shape], bool]()
    for at, copies in by_place(then).items():
        old = before.get(back(moves, at), [])
        if len(copies) < 2 or len(old) != len(copies):
            continue
        pairs = [
            (one, was.layer, shape)
            for one, was in zip(copies, old, strict=True)
            if isinstance(was.layer, Windowed) and (shape := _read_by(one, then)) is not None
        ]
        right: list[bool] = []
        for _, layer, shape in pairs:
            key = id(layer), shape
            if key not in known:
                known[key] = _is_right(layer, shape, now.roundings)
            right.append(known[key])
        if all(right) or not any(right):
            continue
        if any(fine and _differs(*pair, now.roundings)
               for fine, pair in zip(right, pairs, strict=True)):  # fmt: skip
            return True
    return False


def _read_by(step: Step, network: Network) -> Shape | None:
    return network.steps[step.inputs[0]].output if step.inputs else None


def _is_right(layer: Windowed, shape: Shape, roundings: Roundings) -> bool:
    """Whether a layer reads all of a shape: what is rounded off is padding at most."""
    size = layer.sizing((shape,), roundings)
    noted = all(finding.severity is Severity.NOTE for finding in size.findings)
    return size.output is not None and noted


def _differs(step: Step, was: Windowed, shape: Shape, roundings: Roundings) -> bool:
    """Whether a layer makes another size of a shape now, and not for half of its window."""
    layer = step.layer
    if layer == was or not isinstance(layer, Windowed):
        return False
    half = half_padding(layer.replace(pad=(0,)), shape[:-1])
    made = was.sizing((shape,), roundings).output
    return step.output != made and layer.pad not in (half, "same")

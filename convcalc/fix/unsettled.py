"""Copies of an entry that were right and have other sizes by a repair of another copy.

The calls of a block, and the turns of a repeat, share their text: padding that makes a strided
call whole lets those in single steps grow.
"""

from collections.abc import Iterator, Sequence

from convcalc.findings import Severity
from convcalc.fix.moved import Moved, back
from convcalc.fix.settled import by_place
from convcalc.layers.base import Size
from convcalc.layers.repair import half_padding
from convcalc.layers.windowed import Windowed
from convcalc.network.record import Network, Step, shapes_read
from convcalc.shapes import Shape

#: Copies that are kept for equal ones at a time: those of a very long net may all differ.
_MOST_KNOWN = 4096


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
        right = bytearray()
        for _, was, shape in _pairs(copies, old, then):
            key = id(was.layer), shape
            fine = known.get(key)
            if fine is None:
                if len(known) >= _MOST_KNOWN:
                    known.clear()
                fine = known[key] = _is_right(was, shape, now)
            right.append(fine)
        if all(right) or not any(right):
            continue
        if any(fine and _differs(*pair, now)
               for fine, pair in zip(right, _pairs(copies, old, then), strict=True)):  # fmt: skip
            return True
    return False


def _pairs(
    copies: Sequence[Step], old: Sequence[Step], then: Network
) -> Iterator[tuple[Step, Step, Shape]]:
    """The copies with a window, the step that each was, and the shape that it reads now."""
    for one, was in zip(copies, old, strict=True):
        shape = then.steps[one.inputs[0]].output if one.inputs else None
        if isinstance(was.layer, Windowed) and shape is not None:
            yield one, was, shape


def _sized(step: Step, shape: Shape, network: Network) -> Size:
    """What a step makes of a shape: nothing is worked out where it reads that shape."""
    assert step.layer is not None, "a step with a window"
    if shapes_read(network.steps, step) == (shape,):
        return step.size
    return step.layer.sizing((shape,), network.roundings)


def _is_right(step: Step, shape: Shape, network: Network) -> bool:
    """Whether a layer reads all of a shape: what is rounded off is padding at most."""
    size = _sized(step, shape, network)
    noted = all(finding.severity is Severity.NOTE for finding in size.findings)
    return size.output is not None and noted


def _differs(step: Step, was: Step, shape: Shape, now: Network) -> bool:
    """Whether a layer makes another size of a shape now, and not for half of its window."""
    layer = step.layer
    if layer == was.layer or not isinstance(layer, Windowed):
        return False
    half = half_padding(layer.replace(pad=(0,)), shape[:-1])
    made = _sized(was, shape, now).output
    return step.output != made and layer.pad not in (half, "same")

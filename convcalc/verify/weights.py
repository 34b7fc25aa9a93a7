"""Which arrays a run needs, under which names, and in which order their numbers are read."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.backend.files import View
from convcalc.layers.ops import Learned
from convcalc.network.stored import Stored
from convcalc.network.vector_order import flattened, weights_follow
from convcalc.shapes import Shape, elements
from convcalc.verify.plan import Plan

#: What a state_dict carries that no forward pass needs.
IGNORED = ("num_batches_tracked",)


class Wanted(NamedTuple):
    """One array of one layer."""

    step: int
    key: str
    """Its name in a state_dict: ``conv1.weight``."""
    learned: Learned
    flattened: tuple[Shape, ...] = ()
    """The volumes, one after the other, whose numbers its last axis runs over."""
    stored: Stored | None = None
    """What the model that the net was read from calls it, where that says so."""


def wanted(analysis: Analysis, run: Plan) -> list[Wanted]:
    """All arrays of a run in order; shared ones once, under their owner's name."""
    orders = flattened(analysis.network)
    found = []
    for index in dict.fromkeys(run.owners.values()):
        step, row = analysis.network.steps[index], analysis.rows[index]
        assert step.layer is not None and step.output is not None, "only sized nets run"
        order = orders[step.inputs[0]]
        stored = {one.word: one for one in step.place.arrays}
        for learned in step.layer.arrays(row.inputs, step.output):
            numbers = sum(map(elements, order))
            runs_over = bool(order) and learned.shape[-1] == numbers
            along = weights_follow(step.layer)
            given = order if runs_over and along and learned.name != _BIAS.get(step.kind) else ()
            key, theirs = f"{step.name}.{learned.name}", stored.get(learned.name)
            found.append(Wanted(index, key, learned, given, theirs))
    return found


def views(needed: Sequence[Wanted], shapes: Mapping[str, Shape]) -> dict[str, View]:
    """Which arrays of a file are those that are needed, where names or axes are others.

    An array is a layer's by the name that the net's own model has for it, or by the layer's; its
    axes of length 1 need not be there: a Linear that is applied at every position has the numbers
    of a convolution with a kernel of 1, in the same order.

    Args:
        needed: arrays of a run.
        shapes: the arrays of the file.

    Returns:
        Views by the layers' names.
    """
    found = {}
    for one in needed:
        stored, shape = one.stored, one.learned.shape
        if stored is not None and _like(shapes.get(stored.name), stored.shape):
            found[one.key] = View(stored.name, shape, stored.turn)
        elif shapes.get(one.key, shape) != shape and _like(shapes[one.key], shape):
            found[one.key] = View(one.key, shape)
    own = renamed([one for one in needed if one.key not in found], shapes)
    return found | {key: View(name, shapes[name]) for key, name in own.items()}


def _like(given: Shape | None, wanted: Shape) -> bool:
    """Whether an array holds the numbers of another row by row, but for axes of length 1.

    >>> _like((8, 3), (8, 3, 1, 1)), _like((1, 8, 1), (8,)), _like((8, 1, 3), (8, 3, 1))
    (True, True, False)
    """
    if given is None:
        return False
    if len(wanted) < 2:
        return elements(given) == elements(wanted) == max(given, default=1)
    return _bare(given) == _bare(wanted)


def _bare(shape: Shape) -> Shape:
    """A shape without axes of length 1 at its end."""
    end = len(shape)
    while end and shape[end - 1] == 1:
        end -= 1
    return shape[:end]


def renamed(needed: Sequence[Wanted], shapes: Mapping[str, Shape]) -> dict[str, str]:
    """What a file calls the arrays of layers whose names a PyTorch module cannot have.

    `export --to pytorch` puts `_` behind parts of such names: ``train.weight`` is
    ``train_.weight``, as a module has a `train` itself.

    Args:
        needed: all arrays of a run.
        shapes: the arrays of the file.

    Returns:
        The file's names by the layers' own, where one array alone can be meant.
    """
    names = {one.key for one in needed}
    spare: dict[tuple[str, ...], list[str]] = {}
    for name in shapes:
        if name not in names:
            spare.setdefault(_stem(name), []).append(name)
    missing: dict[tuple[str, ...], list[Wanted]] = {}
    for one in needed:
        if one.key not in shapes:
            missing.setdefault(_stem(one.key), []).append(one)
    found = {}
    for stem, (one, *others) in missing.items():
        given = [name for name in spare.get(stem, ()) if _lengthened(one.key, name)]
        if not others and len(given) == 1 and shapes[given[0]] == one.learned.shape:
            found[one.key] = given[0]
    return found


def _stem(key: str) -> tuple[str, ...]:
    return tuple(part.rstrip("_") for part in key.split("."))


def _lengthened(key: str, name: str) -> bool:
    """Whether a name is a key with `_` behind some of its parts, the last one as it is."""
    pairs = list(zip(key.split("."), name.split("."), strict=True))
    return pairs[-1][0] == pairs[-1][1] and all(theirs.startswith(own) for own, theirs in pairs)


#: The array of a kind that runs over its outputs, not its inputs.
_BIAS = {"fc": "bias"}

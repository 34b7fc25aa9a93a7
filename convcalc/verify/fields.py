"""`verify --receptive-field`: light up the input place by place and see which outputs move.

One axis at a time: image n of a batch is lit at position n of that axis and dark elsewhere. The
outputs that are not dark are those whose field holds position n (`convcalc.backend.footprint`).
"""

from collections.abc import Callable

from convcalc.analysis.depends import Depends, depends
from convcalc.analysis.record import Analysis
from convcalc.backend.arrays import Array
from convcalc.backend.footprint import DTYPE, Footprint, even_weights, lit, reached
from convcalc.network.record import INPUT
from convcalc.shapes import Shape, elements
from convcalc.verify.checks import RefusedError, step_named
from convcalc.verify.observed_fields import Field, Fields
from convcalc.verify.plan import Plan, live_bytes, parameter_bytes, plan
from convcalc.verify.run import Arrays, outputs
from convcalc.verify.weights import wanted

#: Multiply-accumulates above which the axes that are not looked at are narrowed.
MOST = 40_000_000_000

#: Bytes that the volumes of one batch of lit images should take, about.
_BATCH = 2**27

Progress = Callable[[int, int], None]


def receptive_fields(
    analysis: Analysis,
    names: tuple[str, ...],
    sized: Callable[[Shape], Analysis],
    progress: Progress = lambda done, all_: None,
    begin: Callable[[int], None] = lambda macs: None,
    enough: Callable[[Analysis, Plan], None] = lambda analysis, run: None,
) -> Fields:
    """Observe the fields of the layers called `names`; of the last that has positions by default.

    `sized` analyzes the net at another input: where every position of every axis would take too
    long, the axes that are not looked at are as narrow as the net allows. `begin` is called before
    anything runs, with the multiply-accumulates of all that will; `enough` refuses a run that this
    machine has no room for.

    Raises:
        RefusedError: an unknown name, a layer without positions, or more inputs than one.
    """
    steps = analysis.network.steps
    inputs = [step.name for step in steps if step.kind == INPUT]
    if len(inputs) > 1:
        raise RefusedError(f"fields are of one input, here there are {len(inputs)}")
    shape = steps[0].output or ()
    layers = [step_named(analysis, name) for name in names] or [_last_spatial(analysis)]
    for index in layers:
        if len(steps[index].output or ()) != len(shape) or len(shape) < 2 or index == 0:
            raise RefusedError(f"{steps[index].name} has no positions that see parts of the input")
    nets = [_narrowed(analysis, axis, max(layers), sized) for axis in range(len(shape) - 1)]
    for net, run in ((net, plan(net, None, max(layers))) for net in nets):
        enough(_of_batch(net, _batch(net, run)), run)
    begin(sum(_macs(net, max(layers)) * shape[axis] for axis, net in enumerate(nets)))
    done = 0
    found: dict[tuple[int, int], Field] = {}
    for axis, (length, narrow) in enumerate(zip(shape, nets, strict=False)):
        run = plan(narrow, None, max(layers))
        weights, batch = _weights(narrow, run), _batch(narrow, run)
        moved: dict[int, list[list[bool]]] = {index: [] for index in layers}
        for at in range(0, length, batch):
            progress(done + at, sum(shape[:-1]))
            places = range(at, min(at + batch, length))
            images = lit(narrow.network.steps[0].output or (), axis, places)
            for index, volume in _lit(narrow, run, weights, images, frozenset(layers)).items():
                moved[index] += reached(volume, axis)
        done += length
        for index, rows in moved.items():
            seen = narrow.rows[index].receptive_field[axis]
            found[index, axis] = Field(
                steps[index].name, axis, length, seen, _ends(rows), _reached(narrow, index, axis)
            )
    return Fields(analysis, tuple(found[key] for key in sorted(found)))


def _reached(analysis: Analysis, index: int, axis: int) -> tuple[Depends, ...]:
    """What moves any output at each place of one axis, whatever its places on the others."""
    places = [range(length) for length in (analysis.network.steps[index].output or ())[:-1]]
    return tuple(
        depends(analysis, index, [*places[:axis], range(at, at + 1), *places[axis + 1 :]], False)[
            axis
        ]
        for at in places[axis]
    )


def _last_spatial(analysis: Analysis) -> int:
    """The last layer with more than one position; the last with any, where there is none."""
    axes = len(analysis.network.steps[0].output or ())
    shapes = [step.output or () for step in analysis.network.steps]
    volumes = [i for i, shape in enumerate(shapes) if i and len(shape) == axes > 1]
    if not volumes:
        raise RefusedError("no layer has positions that see parts of the input")
    several = [i for i in volumes if elements(shapes[i][:-1]) > 1]
    return (several or volumes)[-1]


def _narrowed(
    analysis: Analysis, axis: int, last: int, sized: Callable[[Shape], Analysis]
) -> Analysis:
    """The analysis in this room's dtype, the other axes narrow where all would be too much."""
    shape = analysis.network.steps[0].output or ()
    if _macs(analysis, last) * shape[axis] > MOST:
        for width in range(1, max(shape[:-1])):
            sides = tuple(
                length if i == axis else min(width, length) for i, length in enumerate(shape[:-1])
            )
            smaller = sized((*sides, shape[-1]))
            if not smaller.broken:
                analysis = smaller
                break
    return analysis._replace(settings=analysis.settings._replace(dtype=DTYPE))


def _macs(analysis: Analysis, last: int) -> int:
    """What one image costs up to a layer."""
    return sum(row.macs or 0 for row in analysis.rows[: last + 1])


def _weights(analysis: Analysis, run: Plan) -> dict[int, dict[str, Array]]:
    found: dict[int, dict[str, Array]] = {}
    for one in wanted(analysis, run):
        found.setdefault(one.step, {})[one.learned.name] = even_weights(one.learned)
    return found


def _of_batch(analysis: Analysis, batch: int) -> Analysis:
    return analysis._replace(settings=analysis.settings._replace(batch=batch))


def _batch(analysis: Analysis, run: Plan) -> int:
    """How many lit images run at once."""
    single = _of_batch(analysis, 1)
    most = max(live_bytes(single, run).values(), default=0) - parameter_bytes(single, run)
    return max(_BATCH // max(most, 1), 1)


def _lit(
    analysis: Analysis,
    run: Plan,
    weights: dict[int, dict[str, Array]],
    images: Array,
    keep: frozenset[int],
) -> dict[int, Array]:
    ops = Footprint(analysis.network.roundings)
    start = Arrays(weights, {0: images})
    return outputs(_of_batch(analysis, len(images)), run, start, ops, keep)[0]


def _ends(moved: list[list[bool]]) -> tuple[tuple[int, int] | None, ...]:
    """For each output the first and last input position that moved it."""
    found = []
    for column in zip(*moved, strict=True):
        places = [place for place, yes in enumerate(column) if yes]
        found.append((places[0], places[-1]) if places else None)
    return tuple(found)

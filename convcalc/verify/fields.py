"""`verify --receptive-field`: light up the input place by place and see which outputs move.

One axis at a time: image n of a batch is lit at position n of that axis and dark elsewhere. The
outputs that are not dark are those whose field holds position n (`convcalc.backend.footprint`).
"""

from collections.abc import Callable
from itertools import compress
from typing import NamedTuple

from convcalc.analysis.beyond import Beyond, beyond
from convcalc.analysis.depends import Depends, depends
from convcalc.analysis.receptive import aligned
from convcalc.analysis.record import Analysis, ReceptiveField
from convcalc.backend.arrays import Array
from convcalc.backend.footprint import DTYPE, Footprint, even_weights, lit, reached
from convcalc.layers.base import Layer
from convcalc.layers.traits import Family, Places
from convcalc.network.record import INPUT
from convcalc.shapes import Shape, elements
from convcalc.verify.checks import RefusedError, step_named
from convcalc.verify.plan import Plan, live_bytes, parameter_bytes, plan
from convcalc.verify.run import Arrays, outputs
from convcalc.verify.weights import wanted

#: Multiply-accumulates above which the axes that are not looked at are narrowed.
MOST = 40_000_000_000

#: Bytes that the volumes of one batch of lit images should take, about.
_BATCH = 2**27

Progress = Callable[[int, int], None]


class Field(NamedTuple):
    """One axis of one layer: what is predicted, and from where light reached its outputs."""

    layer: str
    axis: int
    size: int
    """Positions of the input on this axis."""
    receptive_field: ReceptiveField
    seen: tuple[tuple[int, int] | None, ...]
    """For each output the first and last input position that moved it."""
    reached: tuple[Depends, ...]
    """For each output its field cut at the borders of all volumes: padding moves with nothing."""

    @property
    def comparable(self) -> bool:
        """Whether the field of every output is predicted; of very long periods it is not."""
        return not self.receptive_field.is_estimate and all(one.exact for one in self.reached)

    @property
    def whole(self) -> tuple[int, ...]:
        """The outputs whose whole field lies inside the input, and is cut by no volume's border."""
        ends = [(i, *self.receptive_field.ends(i)) for i in range(len(self.seen))]
        inside = [i for i, first, last in ends if first >= 0 and last < self.size]
        reached = [self.reached[i] for i in inside]
        whole = [one.first <= one.last and not one.cut for one in reached]
        return tuple(compress(inside, whole))

    @property
    def cut(self) -> bool:
        """Whether a field is cut inside the input: by what a crop left, mostly."""
        ends = [self.receptive_field.ends(i) for i in range(len(self.seen))]
        return any(
            (first >= 0 and one.cut_before) or (last < self.size and one.cut_behind)
            for one, (first, last) in zip(self.reached, ends, strict=True)
        )

    @property
    def blind(self) -> bool:
        """Whether no output sees anything: all that is read on one axis is padding."""
        return all(one.first > one.last for one in self.reached)

    @property
    def largest(self) -> int:
        """Positions of the largest field that was observed."""
        return max((last - first + 1 for first, last in filter(None, self.seen)), default=0)

    @property
    def faults(self) -> tuple[str, ...]:
        """Where the field is larger than predicted, or an end inside the input is not reached."""
        found = []
        for output, seen in enumerate(self.seen if self.comparable else ()):
            wanted = self._wanted(output)
            if not self._differs(output, seen, wanted):
                continue
            should = f"{wanted[0]}..{wanted[1]}" if wanted else "nothing of the input"
            does = f"it is changed by {seen[0]}..{seen[1]}" if seen else "no input changes it"
            found.append(f"output {output} should see {should}, {does}")
        return tuple(found)

    def _differs(
        self, output: int, seen: tuple[int, int] | None, wanted: tuple[int, int] | None
    ) -> bool:
        first, last = self.receptive_field.ends(output)
        if seen is None or wanted is None:
            return seen is not None or (wanted is not None and first >= 0 and last < self.size)
        begin, end = wanted
        return (
            seen[0] < begin
            or seen[1] > end
            or (first >= 0 and seen[0] > begin)
            or (last < self.size and seen[1] < end)
        )

    def _wanted(self, output: int) -> tuple[int, int] | None:
        """What should move an output: its field, as far as no border cuts it; None: nothing."""
        one, (first, last) = self.reached[output], self.receptive_field.ends(output)
        if one.first > one.last:
            return None
        begin = max(one.first, first) if one.cut_before else first
        end = min(one.last, last) if one.cut_behind else last
        return (begin, end) if begin <= end else (first, last)


class Fields(NamedTuple):
    """All axes of the layers that were asked for."""

    analysis: Analysis
    fields: tuple[Field, ...]

    @property
    def left_out(self) -> dict[Beyond, list[str]]:
        """What outputs of these layers depend on besides, which is neither predicted nor lit."""
        network = self.analysis.network
        found: dict[Beyond, list[str]] = {}
        for name in dict.fromkeys(field.layer for field in self.fields):
            index = step_named(self.analysis, name)
            for reason, names in beyond(network, index).items():
                found[reason] = [*dict.fromkeys([*found.get(reason, ()), *names])]
        return found

    def reader(self, name: str) -> str:
        """The layer that a layer's fields come through and that reads all of its input.

        Such fields are as large as the input, however large it is; '' where there is none.
        """
        network = self.analysis.network
        waiting, seen = [step_named(self.analysis, name)], set[int]()
        while waiting:
            index = waiting.pop()
            step = network.steps[index]
            if index in seen or step.layer is None:
                continue
            seen.add(index)
            if _reads_all(step.layer, step.output or ()):
                return step.name
            waiting += aligned(network, step) or step.inputs
        return ""

    @property
    def agrees(self) -> bool:
        """Whether every field is as predicted."""
        return not any(field.faults for field in self.fields)


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


def _reads_all(layer: Layer, output: Shape) -> bool:
    """Whether a layer reads every position at any size of its input."""
    if layer.family is Family.POOL_TO_SIZE:
        return elements(output[:-1]) == 1
    return layer.family is Family.FULLY_CONNECTED or layer.places is Places.FLATTENED


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

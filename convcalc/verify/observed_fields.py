"""Receptive fields as light showed them, held against the prediction."""

from itertools import compress
from typing import NamedTuple

from convcalc.analysis.beyond import Beyond, beyond
from convcalc.analysis.depends import Depends
from convcalc.analysis.receptive import aligned
from convcalc.analysis.record import Analysis, ReceptiveField
from convcalc.layers.base import Layer
from convcalc.layers.traits import Family, Places
from convcalc.shapes import Shape, elements
from convcalc.verify.checks import step_named


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


def _reads_all(layer: Layer, output: Shape) -> bool:
    """Whether a layer reads every position at any size of its input."""
    if layer.family is Family.POOL_TO_SIZE:
        return elements(output[:-1]) == 1
    return layer.family is Family.FULLY_CONNECTED or layer.places is Places.FLATTENED

"""What several rules ask about a net, worked out once an analysis."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, compress
from operator import and_
from typing import TYPE_CHECKING

from convcalc.analysis.record import Analysis
from convcalc.analysis.traced import traced
from convcalc.layers.base import Size
from convcalc.layers.traits import Family
from convcalc.network.record import INPUT, Step, shapes_read
from convcalc.shapes import Shape

if TYPE_CHECKING:
    from convcalc.layers.conv import Conv
    from convcalc.sizes.resize import Resizer
    from convcalc.window import Window

#: Sizes that are told apart at a time.
_MOST_SIZES = 4096


class NetFacts:
    """An unbroken analysis under a rule's questions."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.rows = analysis.rows
        self.steps = analysis.network.steps
        #: small convolutions in the place of a larger one, once for all turns of a repeat
        self.stacks: dict[tuple[Conv, tuple[Window, ...], Shape], list[Conv]] = {}

    @cached_property
    def inputs(self) -> list[Step]:
        """The inputs of the net."""
        return [step for step in self.steps if step.kind == INPUT]

    @cached_property
    def index(self) -> dict[str, int]:
        """Where a step is, by its name."""
        return {step.name: index for index, step in enumerate(self.steps)}

    @cached_property
    def _entries(self) -> dict[int, list[int]]:
        """The steps that one entry of the file made, in all calls of its block."""
        found: dict[int, list[int]] = {}
        for index, step in enumerate(self.steps):
            if step.place.kind is not None:
                found.setdefault(id(step.place.kind), []).append(index)
        return found

    def written_alike(self, step: Step) -> list[int]:
        """All steps that change with the entry of this one."""
        alone = [self.index[step.name]]
        return alone if step.place.kind is None else self._entries[id(step.place.kind)]

    @cached_property
    def sharing(self) -> frozenset[int]:
        """The steps whose weights are those of another step as well."""
        pairs = [(i, step.shares) for i, step in enumerate(self.steps) if step.shares is not None]
        return frozenset(index for pair in pairs for index in pair)

    @cached_property
    def slides(self) -> list[bool]:
        """For each step whether it is a convolution."""
        return [is_conv(step) for step in self.steps]

    @cached_property
    def convs(self) -> list[Step]:
        """Convolutions that slide, the transposed ones left out."""
        return _smaller(compress(self.steps, self.slides))

    @cached_property
    def pools(self) -> list[Step]:
        """Pools with a window smaller than their input."""
        return _smaller(filter(is_pool, self.steps))

    @cached_property
    def behind_conv(self) -> list[bool]:
        """For each step whether a convolution comes before it."""
        after, from_conv = list[bool](), list[bool]()  # from_conv: a convolution's own output too
        for step, slides in zip(self.steps, self.slides, strict=True):
            behind = any(map(from_conv.__getitem__, step.inputs))
            after.append(behind)
            from_conv.append(behind or slides)
        return after

    @cached_property
    def later_convs(self) -> list[Step]:
        """Convolutions that do not read the image: all but the first."""
        both = map(and_, self.slides, self.behind_conv)
        return _smaller(compress(self.steps, both))

    @property
    def sizes(self) -> Iterator[Size]:
        """The sizes of those convolutions and pools, mostly once for all that were sized together.

        Which ones were there is forgotten from time to time: those of a very long net may all
        differ.
        """
        seen = set[int]()
        for step in chain(self.convs, self.pools):
            if id(step.size) not in seen:
                if len(seen) >= _MOST_SIZES:
                    seen.clear()
                seen.add(id(step.size))
                yield step.size

    def read_by(self, step: Step) -> tuple[Shape, ...]:
        """The shapes that a step reads."""
        return shapes_read(self.steps, step)

    @cached_property
    def resizer(self) -> "Resizer":
        """The net at other sizes and with other layers, for all rules that offer one."""
        from convcalc.sizes.resize import Resizer  # few nets come this far

        return Resizer(self.analysis.network)

    def stride(self, start: int) -> Shape:
        """Positions of one input between neighbouring outputs where the net is coarsest, an axis.

        Behind a global pool there are no neighbours: what is read from there on does not count.
        """
        if all(window.stride == 1 for size in self.sizes for window in size.windows):
            return (1,) * (len(self.steps[start].output or (0,)) - 1)
        found = []
        for axis in range(len(self.steps[start].output or (0,)) - 1):
            most = 1
            fields = traced(self.analysis.network, start, axis)
            for step, field in zip(self.steps, fields, strict=True):
                if field is not None and field.stride > most and (is_conv(step) or is_pool(step)):
                    most = most if covers(step) else int(field.stride)
            found.append(most)
        return tuple(found)


def is_conv(step: Step) -> bool:
    """Whether it slides filters over a volume; a transposed convolution does not."""
    return step.layer is not None and step.layer.family is Family.CONVOLUTION


def is_pool(step: Step) -> bool:
    """Whether it slides a window that summarizes."""
    return step.layer is not None and step.layer.family is Family.POOL


def covers(step: Step) -> bool:
    """Whether a window is as large as its input: a global pool, or an fc written as a conv."""
    return _covers(step.size)


def _covers(size: Size) -> bool:
    windows = size.windows
    if not windows or windows[0].output != 1:  # nearly all
        return False
    return all(w.output == 1 and w.extent >= w.size for w in windows)


def _smaller(steps: Iterable[Step]) -> list[Step]:
    """Those of some steps whose windows do not cover their inputs."""
    return [step for step in steps if not _covers(step.size)]


def kernel_of(step: Step) -> Shape:
    """The window's size, one number an axis."""
    return tuple([window.kernel for window in step.size.windows])


def stride_of(step: Step) -> Shape:
    """The window's step, one number an axis."""
    return tuple([window.stride for window in step.size.windows])


def is_padded(step: Step) -> bool:
    """Whether zeros are put around the input."""
    return any(window.begin or window.end for window in step.size.windows)


def share(part: int, whole: int) -> int:
    """A share in whole per cent, rounded; 100 is all of it.

    >>> share(2, 3), share(9999, 10000)
    (67, 99)
    """
    rounded = (200 * part + whole) // (2 * whole) if whole else 0
    return 99 if rounded == 100 and part < whole else rounded

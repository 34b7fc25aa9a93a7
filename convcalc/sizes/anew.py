"""A network that is read anew at each size, as a model file of another tool is.

Its reader settles some things by the size that arrives: a factor becomes a size, a slice or a
resize that changes nothing is left out, weights fit one size. The layers that were read at one
size and sized again at another know nothing of that.
"""

from collections.abc import Callable
from typing import NamedTuple

from convcalc.findings import Severity
from convcalc.network.record import Network
from convcalc.shapes import Shape, written
from convcalc.sizes.legal import LegalSizes, distance, may_differ, sorted_out, step_of
from convcalc.sizes.resize import (
    Resizer,
    SizeCheck,
    UnfinishedNetError,
    inputs_with,
    resizable,
    with_inputs,
)

FILE = "(file)"  #: the layer that is named where the reader names none
_RUN = 3  #: sizes beside the ends of a range, and beside the net's own, that are read
#: Sizes that are read to see whether layers can be sized again as they are; of a long net few.
_MOST_READ, _LEAST_READ, _LAYERS_READ = 24, 4, 20_000


class Unread(NamedTuple):
    """Why nothing can be read at a size."""

    node: str
    """The node or layer that the reader names; '' where it names none."""
    reason: str


Read = Callable[[Shape], Network | Unread]
"""What is read at an input of this shape."""


class Mismatch(NamedTuple):
    """What is read at a size, where it is not the layers of another size, sized again."""

    shape: Shape
    """The input."""
    what: str
    """The first difference in words, "here" what was read at the other size; or why not."""
    refused: bool
    """Whether nothing can be read at this size, or not without error."""


class ReadAnew:
    """A network whose input can be any size, read at each."""

    def __init__(self, network: Network, read: Read) -> None:
        self.network = network
        self.accepting: Resizer | None = None
        """Its own layers, where they are right about the sizes that they accept."""
        self.resized = resizable(network)
        output = network.steps[self.resized].output or ()
        self.own, self._channels = output[:-1], output[-1:]
        self._read = read
        self._verdicts: dict[Shape, SizeCheck] = {}
        self._numbers = {step.name: index for index, step in enumerate(network.steps)}
        self._nodes = {step.place.node: step.name for step in reversed(network.steps)}

    def judge(self, spatial: Shape) -> SizeCheck:
        """What the network that is read at a size makes of it."""
        verdict = self._verdicts.get(spatial)
        if verdict is None:
            verdict = self._verdicts[spatial] = self._judged(spatial)
        return verdict

    def _judged(self, spatial: Shape) -> SizeCheck:
        if self.accepting is not None:
            verdict = self.accepting.judge(spatial)
            if verdict.accepted:
                return verdict
        found = self.read(spatial)
        if isinstance(found, Unread):
            return self._refused(spatial, found)
        wrong = _first_error(found)
        try:
            verdict = Resizer(found, resizable(found)).judge(spatial)
        except UnfinishedNetError:
            assert wrong is not None, "what could not be read is among the findings"
            return self._refused(spatial, wrong)
        if wrong is not None and verdict.accepted:  # no layer refuses it: one could not be read
            return self._refused(spatial, wrong)
        if verdict.layer is None:
            return verdict
        return self._at(found.steps[verdict.layer].name, verdict)

    def _refused(self, spatial: Shape, why: Unread) -> SizeCheck:
        verdict = SizeCheck(spatial, False, False, None, why.reason)
        return self._at(self._nodes.get(why.node, why.node), verdict)

    def _at(self, name: str, verdict: SizeCheck) -> SizeCheck:
        """A verdict of a layer: of one of the net's own, or of another behind them all."""
        index = self._numbers.get(name)
        if index is not None:
            return verdict._replace(layer=index)
        return verdict._replace(layer=len(self.network.steps), name=name or FILE)

    def read(self, spatial: Shape) -> Network | Unread:
        """What is read at a size; its own was read before."""
        return self.network if spatial == self.own else self._read((*spatial, *self._channels))

    def mismatch(self, spatial: Shape) -> Mismatch | None:
        """How what is read at a size differs from its own layers, sized again; None: nowhere."""
        shape = (*spatial, *self._channels)
        found = self._read(shape)
        going, _ = inputs_with(self.network, self.resized)
        inputs = {self._numbers[step.name]: shape for step in going}
        own = with_inputs(self.network, inputs)
        refused = found if isinstance(found, Unread) else _first_error(found)
        if refused is not None:
            if _first_error(own) is not None:
                return None
            return Mismatch(shape, refused.reason, True)
        assert isinstance(found, Network), "it is not refused"
        what = _difference(own, found)
        return Mismatch(shape, what, False) if what else None


def _first_error(network: Network) -> Unread | None:
    errors = (f for f in network.findings if f.severity is Severity.ERROR)
    error = next(errors, None)
    if error is None:
        return None
    nodes = error.message.rpartition(": ")[2] if error.layer is None else error.layer
    return Unread(nodes.partition(",")[0], error.message)


def _difference(own: Network, found: Network) -> str:
    """The first difference between own layers, sized again, and what was read; '' for none."""
    known = {step.place.node for step in own.steps}
    for one, other in zip(own.steps, found.steps, strict=False):
        if one.output == other.output and one.kind == other.kind:
            continue
        makes = f"{other.name} makes {written(other.output or ())}"
        if one.kind == other.kind:
            here = written(one.output) if one.output else "an error"
            return f"{makes}, here {here}"
        if other.place.node not in known:
            return f"{makes}, which is left out here"
        return f"{makes} ({other.kind}), here {one.name} is {one.kind}"
    if len(own.steps) != len(found.steps):
        return f"it has {len(found.steps)} layers, here {len(own.steps)}"
    return ""


def probes(judge: ReadAnew, found: LegalSizes, asked: list[Shape]) -> list[Shape]:
    """The sizes to read for whether layers can be sized again, those that show most first."""
    own, groups = judge.own, (*found.forbidden, *found.rounded)
    at = min(range(len(asked)), key=lambda i: distance(asked[i], own))

    def beside(*places: int) -> list[Shape]:
        return [asked[i] for i in places if 0 <= i < len(asked)]

    picked = [*beside(at + 1, at - 1), asked[-1], asked[0], *(group.example for group in groups)]
    for near in range(1, _RUN + 1):
        picked += beside(at + near, at - near, near)
    picked += [size for group in groups for size in (group.sizes[0], group.sizes[-1])]
    most = max(_LEAST_READ, min(_MOST_READ, _LAYERS_READ // len(judge.network.steps)))
    return [size for size in dict.fromkeys(picked) if size != own][:most]


def sizes_anew(judge: ReadAnew, asked: list[Shape], square: bool) -> LegalSizes:
    """The given spatial sizes, sorted out by what is read at each; nothing below them is."""
    found = sorted_out(judge, asked)
    least = min(found.accepted, default=None)
    if not square:
        return found._replace(minimum=least)
    step = step_of(size[0] for size in found.exact)
    known = least if asked[0][0] == 1 else None
    return found._replace(minimum=known, step=step, mixed=may_differ(judge, found.exact))

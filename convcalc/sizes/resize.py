"""A network at another input size.

Channels do not depend on the spatial size, so the layers of a network are sized again as they are;
nothing is read or built a second time.
"""

from collections.abc import Mapping
from copy import copy
from typing import NamedTuple

from convcalc.findings import Finding, Severity, order
from convcalc.layers.base import Layer, Parameters, Size
from convcalc.layers.bases import KeepsShape
from convcalc.network.record import INPUT, Network, Step
from convcalc.shapes import Shape
from convcalc.window import Grade

#: Sizes that are remembered; then all are forgotten: a long net may have another at every layer.
_MOST = 10_000


class SizeCheck(NamedTuple):
    """What a net makes of one input size."""

    spatial: Shape
    accepted: bool
    exact: bool
    layer: int | None
    """The first layer that refuses it, or whose size is rounded."""
    reason: str
    """That layer's arithmetic."""
    name: str = ""
    """What that layer is called, where it is none of the net's own."""

    def is_exact(self) -> bool:
        """Whether nothing is rounded."""
        return self.exact

    def is_accepted(self) -> bool:
        """Whether no layer refuses it."""
        return self.accepted


class UnfinishedNetError(Exception):
    """A layer of the net could not be read; the message names it."""


def resizable(network: Network) -> int:
    """The step of the input that is asked about: the first one with a spatial size."""
    steps = enumerate(network.steps)
    return next((i for i, s in steps if s.kind == INPUT and len(s.output or ()) > 1), 0)


def inputs_with(network: Network, resized: int) -> tuple[list[Step], list[Step]]:
    """The inputs that have another size where this one has, and those that keep their own."""
    own = (network.steps[resized].output or ())[:-1]
    inputs = [step for step in network.steps if step.kind == INPUT]
    going = [step for step in inputs if (step.output or ())[:-1] == own]
    return going, [step for step in inputs if step not in going]


class Resizer:
    """A network whose input can be any size: the first one. All inputs of its size go with it.

    Options worked out from ``in_channels`` after a flatten keep the value they have.
    """

    def __init__(self, network: Network, resized: int = 0) -> None:
        """Prepare a network; `resized` is another input's number among the steps.

        Raises:
            UnfinishedNetError: one of its layers or its input's size is not known.
        """
        steps = network.steps
        for step in steps:
            if step.layer is None and (step.kind != INPUT or step.output is None):
                raise UnfinishedNetError(step.name)
        self.network = network
        self.own = (steps[resized].output or ())[:-1]
        self.layers = [step.layer for step in steps]
        keeping = {kind for kind in set(map(type, self.layers)) if issubclass(kind, KeepsShape)}
        self.keeps = [type(layer) in keeping for layer in self.layers]
        self.reads = [
            step.inputs if step.like is None else (*step.inputs, step.like) for step in steps
        ]
        owners = network.owners() if any(step.shares is not None for step in steps) else []
        self.sharing = [(i, owners[i]) for i, step in enumerate(steps) if step.shares is not None]
        self.parameters: dict[tuple[int, tuple[Shape, ...]], Parameters] = {}
        self.known: list[Layer] = []
        self.verdicts: dict[Shape, SizeCheck] = {}
        self.worked = 0
        """Sizes that were worked out, not known."""
        self.sizes: dict[tuple[int, tuple[Shape, ...]], tuple[Size, bool]] = {}

    def replaced(self, layers: Mapping[int, Layer]) -> "Resizer":
        """The network with other layers; what both have in common is sized once."""
        other = copy(self)
        other.layers = [*self.layers]
        other.keeps = [*self.keeps]
        for index, layer in layers.items():
            other.layers[index] = layer
            other.keeps[index] = isinstance(layer, KeepsShape)
        other.verdicts = {}
        return other

    def judge(self, spatial: Shape) -> SizeCheck:
        """Size every layer for an input of this spatial size, up to the first that refuses it."""
        verdict = self.verdicts.get(spatial)
        if verdict is None:
            verdict = self.verdicts[spatial] = self._judged(spatial)
        return verdict

    def _judged(self, spatial: Shape) -> SizeCheck:
        shapes: list[Shape] = []
        rounded: tuple[int, str] | None = None
        steps = zip(self.layers, self.keeps, self.reads, strict=True)
        for index, (layer, keeps, reads) in enumerate(steps):
            if keeps:
                shapes.append(shapes[reads[0]])
                continue
            if layer is None:
                shapes.append(self._input(index, spatial))
                continue
            size, exact = self.sized(layer, tuple([shapes[i] for i in reads]))
            if size.output is None:
                refused = self._unshared(shapes) or (index, _refusal(size))
                return SizeCheck(spatial, False, False, *refused)
            if rounded is None and not exact:
                first = next(w for w in size.windows if not w.exact)
                rounded = index, f"{first.formula} ({first.grade.value})"
            shapes.append(size.output)
        unshared = self._unshared(shapes)
        if unshared is not None:
            return SizeCheck(spatial, False, False, *unshared)
        return SizeCheck(spatial, True, rounded is None, *(rounded or (None, "")))

    def _unshared(self, shapes: list[Shape]) -> tuple[int, str] | None:
        """The first layer that needs other weights than the one whose weights it shares, and why.

        `shapes` are those of the first steps: what comes after them is not looked at.
        """
        for index, owner in self.sharing:
            if index >= len(shapes):
                break
            own, theirs = self._parameters(index, shapes), self._parameters(owner, shapes)
            if own != theirs:
                name = self.network.steps[owner].name
                has = f"{theirs.learned:,}, which it shares"
                return index, f"needs {own.learned:,} parameters, {name} has {has}"
        return None

    def _parameters(self, index: int, shapes: list[Shape]) -> Parameters:
        layer, reads = self.layers[index], tuple([shapes[i] for i in self.reads[index]])
        if layer is None:
            return Parameters()
        key = (id(layer), reads)
        found = self.parameters.get(key)
        if found is None:
            found = self.parameters[key] = layer.parameters(reads, shapes[index])
            self.known.append(layer)
        return found

    def _input(self, index: int, spatial: Shape) -> Shape:
        shape = self.network.steps[index].output or ()
        return (*spatial, shape[-1]) if shape[:-1] == self.own else shape

    def sized(self, layer: Layer, shapes: tuple[Shape, ...]) -> tuple[Size, bool]:
        """The size of one of its layers or replacements, and whether nothing is rounded; once."""
        key = (id(layer), shapes)
        found = self.sizes.get(key)
        if found is None:
            if len(self.sizes) >= _MOST:
                self.forget()
            self.worked += 1
            size = layer.sizing(shapes, self.network.roundings)
            found = self.sizes[key] = size, _is_exact(layer, size)
            self.known.append(layer)  # kept: it is found by its identity
        return found

    def forget(self) -> None:
        """Forget all sizes and parameters, and the layers that were kept for them."""
        self.sizes.clear()
        self.parameters.clear()
        self.known.clear()


def _refusal(size: Size) -> str:
    """Why a layer refuses a size, in few words: the equation where there is one."""
    inexact = [w for w in size.windows if not w.exact]
    if inexact and all(w.grade is not Grade.DOES_NOT_FIT for w in inexact):
        return f"{inexact[0].equation} = {inexact[0].quotient}"
    return next((f.message for f in size.findings if f.severity is Severity.ERROR), "")


def _is_exact(layer: Layer, size: Size) -> bool:
    """Whether nothing was rounded; `same` is ceil(W/S) by definition."""
    if layer.__dict__.get("pad") == "same":
        return True
    return all(window.exact for window in size.windows)


def resized(network: Network, shape: Shape) -> Network:
    """A network with another input: the first one, and with it those of its size."""
    own = network.steps[0].output
    inputs = (i for i, s in enumerate(network.steps) if s.kind == INPUT and s.output == own)
    return with_inputs(network, dict.fromkeys(inputs, shape))


def with_inputs(network: Network, inputs: Mapping[int, Shape]) -> Network:
    """A network with other inputs, its layers sized again as they are.

    Its findings are those of the new sizes.
    """
    steps: list[Step] = []
    findings: list[Finding] = []
    for index, step in enumerate(network.steps):
        if step.layer is None:
            size = Size(inputs[index]) if index in inputs else step.size
        else:
            reads = step.inputs if step.like is None else (*step.inputs, step.like)
            shapes = tuple([one for i in reads if (one := steps[i].output) is not None])
            known = len(shapes) == len(reads)
            size = step.layer.sizing(shapes, network.roundings) if known else Size(None)
        for found in size.findings:
            text, label = found.message, found.label
            finding = network.finding(
                step, found.code, found.severity, text, label, found.help, (), found.option
            )
            findings.append(finding)
        steps.append(step._replace(size=size))
    return network._replace(steps=tuple(steps), findings=order(findings), run=None)

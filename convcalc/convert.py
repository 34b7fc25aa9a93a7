"""Fully connected layers as the convolutions that they are (CS231n notes, FC to CONV).

The fc that reads a volume becomes a conv whose window is that volume; one that reads the scores of
another becomes a 1x1 conv. Weights, numbers and MACs stay; larger inputs work from then on.
"""

from typing import NamedTuple

from convcalc.analysis.walk import analyze
from convcalc.findings import Finding, Severity
from convcalc.layers.base import Layer
from convcalc.layers.conv import Conv
from convcalc.layers.reshape import Flatten, Identity, Reshape
from convcalc.layers.written import option_text
from convcalc.network.record import INPUT, Network
from convcalc.shapes import Shape, elements, written
from convcalc.spec.document import Overrides
from convcalc.spec.edit import (
    CannotEditError,
    Edit,
    Editor,
    entry_of,
    kind_of,
    options_at,
    stated_at,
    with_options,
)
from convcalc.spec.load import load
from convcalc.spec.plain import written_out
from convcalc.tree.decode import TRUSTED
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence
from convcalc.tree.reader import read


class CannotConvertError(Exception):
    """The net has no equivalent; the message says which layer prevents it."""


class FaultyNetError(CannotConvertError):
    """The net has errors, and no equivalent for that."""

    def __init__(self, message: str, findings: tuple[Finding, ...]) -> None:
        super().__init__(message)
        self.findings = findings


def resized(network: Network, text: str, shape: Shape) -> Network:
    """A network that `fc_to_conv` wrote, with another input."""
    return load(network.source.path, text.encode(), Overrides(shape), TRUSTED)


class Conversion(NamedTuple):
    """Which layers change: the kernel of each fc, and the flattens that go."""

    kernels: dict[int, Shape]
    flattens: frozenset[int]


class Converted(NamedTuple):
    """A spec in which every fc is the equivalent conv."""

    text: str
    keeps_layout: bool
    """Whether its comments and layout are those of the file."""


def fc_to_conv(network: Network) -> str:
    """The text of `converted`."""
    return converted(network).text


def converted(network: Network) -> Converted:
    """The spec in which every fc of a network is the equivalent conv.

    Comments and layout stay where one place of the file describes one kind of conv; a net for
    which that is not so (an fc repeated with different inputs) is written out layer by layer.

    Raises:
        CannotConvertError: there is no fc, or an fc reads no single volume.
        FaultyNetError: the net has errors.
    """
    before = analyze(network)
    errors = [f for f in before.findings if f.severity is Severity.ERROR]
    if errors:
        raise FaultyNetError(f"the spec has errors: {errors[0].message}", before.findings)
    plan = planned(network)
    edited = _edited(network, plan)
    text = edited or written_out(network, _layers(network, plan))
    after = analyze(load(network.source.path, text.encode(), limits=TRUSTED))
    wrong = [f for f in after.findings if f.severity is Severity.ERROR]
    if wrong:
        raise CannotConvertError(f"as convs the net cannot be sized: {wrong[0].message}")
    for what in ("params", "macs"):
        old, new = getattr(before.totals, what), getattr(after.totals, what)
        if old != new:
            raise CannotConvertError(f"as convs the net has {new:,} {what}, as fc {old:,}")
    return Converted(text, bool(edited))


def planned(network: Network) -> Conversion:
    """What must change.

    Raises:
        CannotConvertError: there is no fc, or one does not read a single volume.
    """
    kernels: dict[int, Shape] = {}
    flattens: set[int] = set()
    spatial: list[Shape | None] = []
    for index, step in enumerate(network.steps):
        shape, sources = step.output or (), [spatial[i] for i in step.inputs]
        if step.kind == "fc":
            kernel = sources[0]
            if kernel is None:
                raise CannotConvertError(_no_volume(network, index))
            kernels[index] = kernel
            flattens |= _passed(network, index)
            spatial.append((1,) * len(kernel))
        elif len(shape) > 1:
            spatial.append(shape[:-1])
        else:
            spatial.append(_through(step.layer, shape, sources))
    if not kernels:
        raise CannotConvertError("there is no fc to convert")
    return Conversion(kernels, frozenset(flattens))


def _through(layer: Layer | None, shape: Shape, sources: list[Shape | None]) -> Shape | None:
    """The spatial size that a vector would have as a volume; None where it is not one volume."""
    if not sources or None in sources or len(set(sources)) > 1 or isinstance(layer, Reshape):
        return None
    source = sources[0]
    if source is None or elements(source) == 1:
        return source
    passes = isinstance(layer, Flatten) or (layer is not None and layer.is_elementwise)
    return source if len(sources) == 1 and passes else None


def _passed(network: Network, index: int) -> set[int]:
    """The flattens between an fc and the volume it reads."""
    found: set[int] = set()
    at = network.steps[index].inputs[0]
    while len(network.steps[at].output or ()) < 2 and network.steps[at].kind != "fc":
        if network.steps[at].kind == "flatten":
            found.add(at)
        at = network.steps[at].inputs[0]
    return found


def _no_volume(network: Network, index: int) -> str:
    step = network.steps[index]
    source = network.steps[step.inputs[0]]
    shape = written(source.output or ())
    if source.kind == INPUT:
        why = f"the net's input is a vector of {shape}"
    elif len(source.inputs) > 1:
        why = f"{source.name} joins several volumes to a vector of {shape}"
    else:
        why = f"{source.name} makes a vector of {shape} that is not a flattened volume"
    return f"{step.name} does not read one volume: {why}"


def _layers(network: Network, plan: Conversion) -> dict[int, Layer]:
    layers: dict[int, Layer] = {index: Identity() for index in plan.flattens}
    for index, kernel in plan.kernels.items():
        fc = network.steps[index].layer
        assert fc is not None, "a planned fc was read"
        units, bias = fc.__dict__["units"], fc.__dict__["bias"]
        layers[index] = Conv(filters=units, kernel=_brief(kernel), bias=bias)
    return layers


def _brief(kernel: Shape) -> Shape:
    return kernel[:1] if len(set(kernel)) == 1 else kernel


def _edited(network: Network, plan: Conversion) -> str:
    """The file's own text with its fc rewritten; '' where the file is not plain enough."""
    root, faults = read(network.source, TRUSTED)
    if faults or not isinstance(root, Mapping):
        return ""
    try:
        writer = _Writer(network, plan, root)
        for index in (*plan.flattens, *plan.kernels):
            writer.change(index)
        text = writer.editor.apply(writer.edits)
        after = load(network.source.path, text.encode(), Overrides(), TRUSTED)
        if not _names_kept(network, after, plan):
            return ""
        writer.restate(after)
        return writer.editor.apply(writer.edits)
    except CannotEditError:
        return ""


def _names_kept(before: Network, after: Network, plan: Conversion) -> bool:
    """Whether all layers are called as they were, but for the flattens that go."""
    if len(before.steps) != len(after.steps):
        return False
    pairs = zip(before.steps, after.steps, strict=True)
    return all(old.name == new.name or i in plan.flattens for i, (old, new) in enumerate(pairs))


class _Writer:
    """Collects the edits of one file."""

    def __init__(self, network: Network, plan: Conversion, root: Mapping) -> None:
        self.network = network
        self.plan = plan
        self.editor = Editor(network.source)
        self.entries = entry_of(root)
        self.words = _list_items(root)
        self.edits: list[Edit] = []
        self.places: dict[int, list[int]] = {}
        for index, step in enumerate(network.steps):
            if step.kind != INPUT:
                self.places.setdefault(kind_of(step).start, []).append(index)

    def change(self, index: int) -> None:
        """Rewrite the entry of one fc or flatten; one place must mean one thing."""
        step = self.network.steps[index]
        place = kind_of(step)
        together = self.places[place.start]
        if {self.plan.kernels.get(i) for i in together} != {self.plan.kernels.get(index)}:
            raise CannotEditError("it describes convs of different kernels")
        if index != together[0]:
            return
        if index in self.plan.flattens:
            self.edits.append(self.editor.replaced(place, "identity"))
            return
        kernel = option_text(_brief(self.plan.kernels[index]))
        options = options_at(step)
        alone = len(together) == 1 and not step.units
        entry = self.entries.get(place.start)
        if options is not None and entry is not None:
            self.edits.append(self.editor.replaced(place, "conv"))
            self.edits.append(self.editor.replaced(options.entries["units"][0], "filters"))
            self.edits.append(self.editor.added(options, "kernel", kernel))
            if alone and "name" not in entry.entries:
                self.edits.append(self.editor.added(entry, "name", step.name))
            return
        units = step.output or ()
        conv = f"conv: {{filters: {units[-1]}, kernel: {kernel}}}"
        if entry is not None:  # a short form with keys beside it
            self.edits.append(with_options(self.editor, self.editor.replaced(place, conv)))
            if alone and "name" not in entry.entries:
                self.edits.append(self.editor.added(entry, "name", step.name))
        elif place.start in self.words and alone:
            text = f"{{{conv}, name: {step.name}}}"
            self.edits.append(self.editor.replaced(place, text))
        else:
            raise CannotEditError("it is a word of a pattern")

    def restate(self, after: Network) -> None:
        """Correct the shapes that the file expects of vectors: they are volumes now."""
        for index, step in enumerate(self.network.steps):
            entry = self.entries.get(kind_of(step).start)
            stated = entry.get("expect") if entry and step.kind != INPUT else None
            shape = after.steps[index].output
            if stated is not None and shape is not None and shape != step.output:
                self.edits.append(self.editor.replaced(stated, written(shape)))
        for expectation in self.network.expect:
            shape = after.steps[after.outputs[-1]].output
            if expectation.key == "output" and shape is not None:
                self.edits.append(self.editor.replaced(stated_at(expectation), written(shape)))


def _list_items(root: Node) -> set[int]:
    """The places of words that are whole items of a list, not parts of a pattern."""
    found: set[int] = set()
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Sequence):
            found |= {n.start for n in node.items if isinstance(n, Scalar) and " " not in n.text}
            waiting += [item for item in node.items if not isinstance(item, Scalar)]
        elif isinstance(node, Mapping):
            waiting += [v for _, v in node.entries.values() if not isinstance(v, Scalar)]
    return found

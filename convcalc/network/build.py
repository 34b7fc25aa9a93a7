"""A network made in Python, layer by layer, without a file."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from convcalc.choices import expected_one_of
from convcalc.findings import plain
from convcalc.layers import BY_NAME, SEVERAL_READ
from convcalc.layers.base import Layer, Roundings
from convcalc.network import expectations
from convcalc.network.build_types import refuse_input, refuse_words
from convcalc.network.graph import NAME_HELP, UNKNOWN, Graph, is_name
from convcalc.network.options import layer_of, value_of
from convcalc.network.place import NOWHERE, Place
from convcalc.network.record import INPUT, Branch, Expectation, Network, Step
from convcalc.network.remarks import Remarks
from convcalc.quantity import counted, own, whole
from convcalc.shapes import Shape
from convcalc.source import Source
from convcalc.window import Rounding

_NOTHING: Mapping[str, int | Shape | str] = {}


class Builder:
    """Makes a network; whatever is wrong is among its findings, never raised.

    >>> network = (
    ...     Builder("tiny")
    ...     .input("image", (32, 32, 3))
    ...     .add("conv", filters=8, kernel=3, pad=1)
    ...     .add("relu")
    ...     .add("add", inputs=("relu1", "conv1"))
    ...     .build()
    ... )
    >>> [(step.name, step.output) for step in network.steps[1:3]]
    [('conv1', (32, 32, 8)), ('relu1', (32, 32, 8))]
    """

    def __init__(
        self,
        name: str = "",
        *,
        path: str = "",
        rounding: Rounding | str | Roundings = Rounding.EXACT,
        notes: str = "",
        origin: str = "",
    ) -> None:
        """A network called `name`; `path` is what findings call its file, if it has one."""
        if not isinstance(name, str):
            raise TypeError(
                f"name: expected str, got {type(name).__name__}: an input is added by "
                "`Builder().input('input', (224, 224, 3))`"
            )
        if not isinstance(rounding, Roundings) and rounding not in [*Rounding]:
            raise ValueError(f"rounding: {expected_one_of([*Rounding], rounding)}")
        self.name, self.notes, self.origin = plain(name), plain(notes), plain(origin)
        self.source = Source(path or plain(name) or "<network>", "")
        if not isinstance(rounding, Roundings):
            rounding = Roundings(Rounding(rounding), Rounding(rounding))
        self.remarks = Remarks(self.source.path)
        self.graph = Graph(self.remarks, rounding)
        self.counters: dict[str, int] = {}
        self.made: dict[str, Layer] = {}

    def __repr__(self) -> str:
        return f"<convcalc.Builder {self.source.path}: {counted(len(self.graph.steps), 'step')}>"

    @property
    def last(self) -> str:
        """The name of the layer that was added last."""
        return self.graph.steps[-1].name

    def input(self, name: str, shape: Sequence[int], place: Place = NOWHERE) -> Self:
        """Add an input of the network: (height, width, channels), without the batch."""
        refuse_input(name, shape, place)
        sizes = tuple(map(whole, own([*shape])))
        known: Shape | None = sizes
        if not 1 <= len(sizes) <= 4 or any(type(n) is not int or n < 1 for n in sizes):
            text = f"expected a shape, got {plain(str(sizes))[:60]}"
            help = ("height x width x channels, such as (224, 224, 3)",)
            self.remarks.error("CC014", text, place.kind, "", help, layer=plain(name))
            known = None
        self.graph.add_input(self._free(name, place), known, place)
        return self

    def add(
        self,
        kind: str | Layer,
        *,
        inputs: str | Sequence[str] | None = None,
        name: str = "",
        weights: str = "",
        ignore: Iterable[str] = (),
        place: Place = NOWHERE,
        **options: object,
    ) -> Self:
        """Add a layer by its kind and options, or a layer itself.

        It reads the layers that `inputs` names, or the one before it. `weights` names the layer
        whose parameters it shares. Without a `name` it is called by its kind and a number.
        """
        if not isinstance(kind, (str, Layer)):
            got = f"got {type(kind).__name__}: a kind is a word such as 'conv'"
            raise TypeError(f"kind: expected str or Layer, {got}")
        refuse_words(inputs=inputs, name=name, weights=weights)
        word = kind if isinstance(kind, str) else kind.kind
        name = self._free(name, place) if name else self._automatic(word)
        layer = self._layer(word, options, name, place) if isinstance(kind, str) else kind
        reads = self._reads(inputs, name, place)
        follows = shares = None
        if layer is not None and reads is not None:
            self._arity(layer, reads, name, place)
            reads = reads if layer.merges else reads[:1]
            like = layer.__dict__.get("like")
            if like is not None:
                follows = self._find(like, name, place)
                layer = None if follows is None else layer
        if layer is None or not reads:
            known = word if word in BY_NAME else "layer"
            self._append(Step(name, known, None, tuple(reads or ()), UNKNOWN, place))
            return self
        if weights:
            shares = self._shared(weights, layer, name, place)
        sizing = tuple(reads) if follows is None else (*reads, follows)
        size = self.graph.sized(layer, sizing)
        steps = self.graph.steps
        branches = tuple(Branch(steps[i].name, i) for i in reads) if layer.merges else ()
        step = Step(
            name, layer.kind, layer, tuple(reads), size, place, (), follows, shares, tuple(ignore)
        )
        self._append(step, branches)
        return self

    def build(
        self,
        outputs: str | Sequence[str] = (),
        *,
        expect: Mapping[str, int | Shape | str] = _NOTHING,
        budget: Mapping[str, int | Shape | str] = _NOTHING,
    ) -> Network:
        """The network; its outputs are the layers named, the last one last, or the last layer.

        `expect` and `budget` state numbers as a spec does: ``{"params": "140M"}``.
        """
        refuse_words(outputs=[outputs] if isinstance(outputs, str) else outputs)
        outputs = [outputs] if isinstance(outputs, str) else outputs
        steps = self.graph.steps
        if not any(step.kind == INPUT for step in steps):
            self.remarks.error("CC013", "the network has no input", None, "", ("`input()`",))
        elif steps[-1].kind == INPUT:
            self.remarks.error("CC013", "the network has no layers", None, "", ("`add()`",))
        found = [self._find(name, "", NOWHERE) for name in outputs]
        ends = [index for index in found if index is not None]
        if not ends and steps:
            ends = [len(steps) - 1]
        self.graph.report_unread(ends)
        stated = {
            section: tuple(
                expectation
                for word, value in given.items()
                if (expectation := self._expectation(section, word, value)) is not None
            )
            for section, given in (("expect", expect), ("budget", budget))
        }
        return Network(
            self.source,
            self.name,
            self.notes,
            self.origin,
            self.graph.roundings,
            tuple(steps),
            tuple(ends),
            stated["expect"],
            stated["budget"],
            (),
            (),
            tuple(self.remarks.findings),
        )

    def _append(self, step: Step, branches: tuple[Branch, ...] = ()) -> None:
        self.graph.names[step.name] = self.graph.add(step, branches)

    def _error(
        self, code: str, text: str, name: str, place: Place, help: tuple[str, ...] = ()
    ) -> None:
        self.remarks.error(code, text, place.kind, "", help, calls=place.calls, layer=name or None)

    def _automatic(self, word: str) -> str:
        kind = word if word in BY_NAME else "layer"
        number = self.counters.get(kind, 0) + 1
        start = f"{kind}_" if kind[-1:].isdigit() else kind  # relu6_1
        while f"{start}{number}" in self.graph.names:
            number += 1
        self.counters[kind] = number
        return f"{start}{number}"

    def _free(self, name: str, place: Place) -> str:
        """The name, if a layer may be called so and none is yet."""
        if not is_name(name):
            self._error("CC018", f"{plain(name)!r} is not a valid name", "", place, NAME_HELP)
        elif name in self.graph.names:
            help = ("give each layer its own name",)
            self._error("CC018", f"two layers are called {name!r}", name, place, help)
        else:
            return name
        return self._automatic("layer")

    def _layer(
        self, word: str, options: Mapping[str, object], name: str, place: Place
    ) -> Layer | None:
        if word not in BY_NAME:
            close = self.remarks.suggest.kind(word, BY_NAME)
            help = (f"did you mean `{close}`?",) if close else ()
            if not close and word[-1:].isdigit():
                help = ("short forms are for specs: conv3-64 is `add('conv', filters=64, kernel=3, "
                        "pad=1)`",)  # fmt: skip
            self._error("CC011", f"unknown layer kind {plain(word)!r}", name, place, help)
            return None
        values = {key: value_of(value) for key, value in options.items()}
        key = f"{word} {values!r}"  # unlike values, 1 and true never look alike
        layer = self.made.get(key)
        if layer is None:
            layer = layer_of(BY_NAME[word], values, place, name, self.remarks)
            if layer is not None:
                self.made[key] = layer
        return layer

    def _reads(
        self, inputs: str | Sequence[str] | None, name: str, place: Place
    ) -> list[int] | None:
        """The steps that a layer reads; None where one is unknown."""
        if inputs is None:
            if self.graph.steps:
                return [len(self.graph.steps) - 1]
            self._error("CC013", "there is no input yet", name, place, ("`input()` adds one",))
            return None
        named = (inputs,) if isinstance(inputs, str) else inputs
        found = [self._find(one, name, place) for one in named]
        return None if None in found else [index for index in found if index is not None]

    def _arity(self, layer: Layer, reads: Sequence[int], name: str, place: Place) -> None:
        if not reads:
            self._error("CC013", f"{layer.kind} has no inputs", name, place)
        elif len(reads) > 1 and not layer.merges:
            text = f"{layer.kind} reads one layer, inputs names {len(reads)}"
            self._error("CC019", text, name, place, (SEVERAL_READ,))

    def _shared(self, weights: str, layer: Layer, name: str, place: Place) -> int | None:
        if not layer.has_weights:
            self._error("CC123", f"{layer.kind} has no parameters to share", name, place)
            return None
        return self._find(weights, name, place)

    def _find(self, reference: str, name: str, place: Place) -> int | None:
        found = self.graph.names.get(reference)
        if found is None:
            help = self.graph.known(reference)
            self._error("CC017", f"no layer {plain(reference)!r}", name, place, help)
        return found

    def _expectation(self, section: str, word: str, value: int | Shape | str) -> Expectation | None:
        known = expectations.words(section, word)
        if word not in known:
            close = self.remarks.suggest.nearest(word, known)
            help = (f"did you mean `{close}`?",) if close else (f"known: {', '.join(known)}",)
            self._error("CC010", f"{section} has no {plain(word)!r}", "", NOWHERE, help)
            return None
        if isinstance(value, str):
            parsed = expectations.parse(word, value)
            if parsed is None:
                text = f"{word}: expected {expectations.wants(word)}, got {plain(value)!r}"
                self._error("CC014", text, "", NOWHERE)
                return None
            return Expectation(word, parsed)
        return Expectation(word, value)

"""The flat graph that every reader gives: layers of convcalc's own kinds, one after another."""

from collections.abc import Mapping
from shlex import quote
from typing import Any, NamedTuple

from convcalc.findings import Severity, plain
from convcalc.interop.called import FlatNames
from convcalc.layers import BY_NAME
from convcalc.layers.base import Layer, Roundings, Size, SizeFinding
from convcalc.layers.option import RejectedError
from convcalc.network.beyond import Beyond
from convcalc.network.run import Run
from convcalc.network.stored import Stored
from convcalc.shapes import LARGEST_SIZE, Shape, written
from convcalc.tree.decode import Limits
from convcalc.window import Rounding

_MOST_INPUTS = 4096
#: Layers of a net, whatever the reader: a spec of more would not be read.
MOST_LAYERS = Limits().layers


class Scope(NamedTuple):
    """A module around a layer: its path in the source and its class, where the source says it."""

    path: str
    cls: str = ""


class Tensors(NamedTuple):
    """What the source calls the tensors of a layer; '' where it has none of its own."""

    made: str = ""
    """What the layer makes."""
    axes: tuple[int, ...] = ()
    """What each axis of that is, in the words of `lower/layout.py`; empty where nobody says."""
    learned: tuple[str, ...] = ()
    """What it learned: weight, bias, running mean, running variance."""
    turned: bool = False
    """Whether the weight has a column, not a row, for every output."""
    stored: tuple[Stored, ...] = ()
    """Its arrays as weights of the source hold them."""


class FlatItem(NamedTuple):
    """One layer of a flat graph, or one of its inputs (without a layer)."""

    name: str
    layer: Layer | None
    inputs: tuple[int, ...]
    """Positions of the items it reads."""
    size: Size
    node: str = ""
    """What the source calls it."""
    scopes: tuple[Scope, ...] = ()
    """The modules around it, outermost first."""
    shares: int | None = None
    """The item whose weights it uses as well."""
    tensors: Tensors = Tensors()
    linear: bool = False
    """Whether the source applies a fully connected layer at every position, here a 1x1 conv."""
    like: int | None = None
    """The item whose size it takes over without reading it."""
    wanted: str = ""
    """What it is to be called, if it is the first of that name: `called.py` gives the names."""
    returned: str = ""
    """What the source calls it as an output of the net; '' where that has no name of its own."""

    @property
    def kind(self) -> str:
        """The layer's kind, ``input`` for an input."""
        return self.layer.kind if self.layer else "input"

    @property
    def output(self) -> Shape:
        """The shape of its output: () where it could not be sized."""
        return self.size.output or ()


class SourceCounts(NamedTuple):
    """What the source itself holds, whoever counts: None where it does not say."""

    params: int | None = None
    macs: int | None = None


class Flat(NamedTuple):
    """A network as a reader found it."""

    path: str
    """The file, as messages call it."""
    name: str
    source: str
    """What it was read from, for the file's `source:`."""
    items: tuple[FlatItem, ...]
    outputs: tuple[int, ...]
    roundings: Roundings
    counts: SourceCounts
    notes: tuple[str, ...]
    """What was left out, taken back or merged, a sentence each."""
    faults: tuple[tuple[int, SizeFinding], ...]
    """What is wrong with the sizes: item and fault."""
    difference: str = ""
    """Why the layers hold other parameters than the source, a sentence; empty where they agree."""
    inexact: tuple[str, ...] = ()
    """Those of the notes after which layers compute other numbers than the source."""
    uncounted: str = ""
    """What the source holds in memory beside its layers, a sentence; empty where nothing."""
    spare: frozenset[str] = frozenset()
    """Arrays of the source that no layer has as they are."""
    run: Run | None = None
    """What the source allocates when it runs, where it says so."""
    tells_overwriting: bool = True
    """Whether the source could say which layers overwrite what they read."""
    vectors_first: bool = False
    """Whether vectors that become volumes in the source have their numbers channels first."""
    beyond: tuple[Beyond, ...] = ()
    """What the source has or computes beside what the layers count."""

    @property
    def inputs(self) -> tuple[FlatItem, ...]:
        """The inputs of the net."""
        return tuple(item for item in self.items if item.layer is None)


class UnreadableError(Exception):
    """The file cannot be read: damaged, too large, or no net; one sentence says why."""

    def __init__(self, why: str) -> None:
        super().__init__(plain(why))  # it quotes the file


class NoInputError(UnreadableError):
    """The file states no size of its one input: `--input` gives it."""


class UnsupportedError(Exception):
    """Some operators have no layer kind: all of them, grouped, a line each.

    Args:
        lines: why, and where.
        until: what to end the net with so that all of it has kinds; '' where nothing is left then.
        part: the layers that were made, without outputs.
        instead: how to make a file that may have kinds for all; '' where nothing is known of it.
    """

    def __init__(self, lines: tuple[str, ...], until: str, part: Flat, instead: str = "") -> None:
        super().__init__("; ".join(lines))
        self.lines = lines
        self.until = until
        self.part = part
        self.instead = instead

    @property
    def advice(self) -> str:
        """What takes the part that has kinds, as one types it; '' where there is none."""
        return f"--until {quote(plain(self.until))}" if self.until else ""


def bounded(kind: str, inputs: int) -> None:
    """Refuse a layer that reads very many others: its entry would hold a line for each.

    Raises:
        RejectedError: it does.
    """
    if inputs > _MOST_INPUTS:
        raise RejectedError(f"{kind} of {inputs:,} inputs: {_MOST_INPUTS:,} are the most")


class Builder:
    """Makes a flat graph, item by item, sizing each with convcalc's own rule."""

    def __init__(self, roundings: Roundings | None = None) -> None:
        self.items: list[FlatItem] = []
        self.faults: list[tuple[int, SizeFinding]] = []
        self.names = FlatNames()
        self.roundings = roundings or Roundings(Rounding.FLOOR, Rounding.FLOOR)

    def input(self, name: str, shape: Shape, alone: bool = True) -> int:
        """An input of the net; the only one is called ``input``."""
        given = "input" if alone else self.names.give(name, "image")
        self.names.taken.setdefault(given, 1)
        self.items.append(FlatItem(given, None, (), Size(shape), name))
        return len(self.items) - 1

    def shape(self, item: int) -> Shape:
        """The output shape of an item; () where it is unknown."""
        return self.items[item].output

    def add(
        self,
        kind: str,
        options: Mapping[str, Any],
        inputs: tuple[int, ...],
        name: str = "",
        node: str = "",
        scopes: tuple[Scope, ...] = (),
        shares: int | None = None,
        like: int | None = None,
    ) -> int:
        """One layer. Its faults are kept, and what reads it then has no size either.

        `like` is the item whose size it takes over.

        Raises:
            RejectedError: an option has a value, or an input, that the kind does not take.
            UnreadableError: there are too many layers: a few lines can say repeats of repeats.
        """
        bounded(kind, len(inputs))
        if len(self.items) >= MOST_LAYERS:
            raise UnreadableError(f"more than {MOST_LAYERS:,} layers once all is written out")
        given = options if like is None else {**options, "like": self.items[like].name}
        layer = layer_of(kind, given, len(self.shape(inputs[0])) - 1)
        if len(inputs) > 1 and not layer.merges:
            raise RejectedError(f"{kind} takes one input, got {len(inputs)}")
        follows = inputs if like is None else (*inputs, like)
        shapes = tuple(self.shape(i) for i in follows)
        size = layer.sizing(shapes, self.roundings) if all(shapes) else Size(None)
        if size.output is not None and max(size.output) > LARGEST_SIZE:
            text = f"output {written(size.output)} exceeds 2**31"
            size = Size(None, findings=(SizeFinding("CC002", Severity.ERROR, text),))
        called = self.names.give(name, f"{kind}{len(self.items)}")
        item = FlatItem(
            called, layer, inputs, size, node or name, scopes, shares, like=like, wanted=name
        )
        self.items.append(item)
        self.faults += [(len(self.items) - 1, fault) for fault in size.findings]
        return len(self.items) - 1


def layer_of(kind: str, options: Mapping[str, Any], axes: int = 2) -> Layer:
    """The layer of a kind with these options, written as briefly as a person would."""
    found = BY_NAME[kind]
    table = {option.name: option for option in found.options()}
    values = {}
    for name, value in options.items():
        option = table[name]
        brief = shortest(tuple(value), axes, name) if isinstance(value, list | tuple) else value
        values[name] = option.default if brief is None else option.accept(brief)
    if found.kind in _STRIDE_IS_KERNEL and values.get("stride") == values.get("kernel"):
        values.pop("stride", None)
    return found(**values)


_STRIDE_IS_KERNEL = frozenset({"max_pool", "avg_pool", "l2_pool"})


def shortest(values: tuple[int, ...], axes: int, name: str) -> tuple[int, ...] | int:
    """One number for all axes where they are equal, one per axis where both sides are.

    >>> shortest((1, 1, 1, 1), 2, "pad"), shortest((1, 1, 0, 0), 2, "pad"), shortest((3, 5), 2, "")
    (1, (1, 0), (3, 5))
    """
    if name in {"channels", "shape", "size"} and name != "size":
        return values
    if name in {"pad", "sides"} and len(values) == 2 * axes and values[::2] == values[1::2]:
        values = values[::2]
    if len(set(values)) == 1:
        return values[0]
    return values

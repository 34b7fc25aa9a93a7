"""What every layer kind must say about itself.

A kind is one frozen class: its options, its output size, parameters and MACs, and the rest of
`ASPECTS`. None has a default: leaving one out stops the import, nothing counts as zero by accident.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Self

from convcalc.findings import Severity
from convcalc.layers.aspects import check_aspects
from convcalc.layers.computed import Computed, said
from convcalc.layers.field_step import FieldStep
from convcalc.layers.layout import Layout
from convcalc.layers.ops import Array, Learned, Ops, Weights
from convcalc.layers.option import Option, options_of
from convcalc.layers.precision import Precision
from convcalc.layers.saved import Saved
from convcalc.layers.traits import Family, Places
from convcalc.records import NamedTuple
from convcalc.shapes import Shape, written
from convcalc.window import Rounding, Window


class Roundings(NamedTuple):
    """How a file rounds window sizes that are not integers."""

    conv: Rounding = Rounding.EXACT
    pool: Rounding = Rounding.EXACT


class SizeFinding(NamedTuple):
    """Something wrong with one layer; `option` names the option to point at ('' for the kind)."""

    code: str
    severity: Severity
    message: str
    option: str = ""
    label: str = ""
    help: tuple[str, ...] = ()


class Size(NamedTuple):
    """How a layer was sized: its output, one window an axis where it has windows, its findings."""

    output: Shape | None
    windows: tuple[Window, ...] = ()
    findings: tuple[SizeFinding, ...] = ()
    formulas: tuple[str, ...] = ()
    """The arithmetic an axis, for kinds that size by another rule than a sliding window."""

    @property
    def accepted(self) -> Shape | None:
        """The output; None where an error refuses the layer, of which a size may be known too."""
        refused = any(finding.severity is Severity.ERROR for finding in self.findings)
        return None if refused else self.output


class Part(NamedTuple):
    """One of the layers that another is computed by, and its output."""

    layer: "Layer"
    output: Shape
    view: bool = False
    """Its output is its input's storage."""


class Parameters(NamedTuple):
    """Learned numbers by class, and buffers (running statistics, not learned)."""

    weights: int = 0
    biases: int = 0
    norm: int = 0
    """Affine pairs of norm layers, prelu slopes, scale factors."""
    buffers: int = 0

    @property
    def learned(self) -> int:
        """All learned parameters: weights + biases + norm."""
        return self.weights + self.biases + self.norm


class Layer(ABC):
    """One layer of a network: a kind with its options. Immutable, compared by value.

    A class with a `kind` must answer every aspect of `ASPECTS`, itself or by a base whose name
    promises that very answer (`layers/bases.py`); what it leaves out stops the import.
    """

    kind: ClassVar[str]
    family: ClassVar[Family]
    is_rectifier: ClassVar[bool] = False
    """An activation that lets positive numbers pass nearly unchanged: relu and similar."""
    merges: ClassVar[bool] = False
    """Several inputs come in (add, multiply, concat)."""
    commutes: ClassVar[bool] = False
    """A merge that computes the same in whatever order its inputs come."""
    needs_several: ClassVar[bool] = False
    """A merge that does nothing to one input alone."""
    subtracts_channel_mean: ClassVar[bool] = False
    """A constant added to a channel before it has no effect."""
    identity_in_inference: ClassVar[bool] = False
    """Passes its input through unchanged when not training (dropout)."""
    in_place_by_default: ClassVar[bool] = False
    """Works in place by default where nothing else reads the input."""
    saves_output: ClassVar[bool] = False
    """Its backward pass needs its own output, which nothing may overwrite."""
    saves_output_in_place: ClassVar[bool] = False
    """The same, where it has overwritten its input."""
    has_weights: ClassVar[bool] = False
    """Its parameters may be shared with `weights: NAME`."""

    def parts(self, inputs: tuple[Shape, ...], size: Size) -> "tuple[Part, ...]":
        """The layers that PyTorch computes it by, one after the other; () where it is one."""
        return ()

    def __init_subclass__(cls) -> None:
        """Refuse a kind that leaves out an aspect, or takes over one that it did not promise."""
        super().__init_subclass__()
        if "kind" in cls.__dict__:
            check_aspects(cls)

    def __init__(self, **values: Any) -> None:
        """Take accepted option values; what is not given has its default."""
        own = self.__dict__
        for option in self.options():
            own[option.name] = values.pop(option.name, option.default)
        if values:
            raise TypeError(f"{self.kind} has no option {', '.join(values)}")

    @classmethod
    def options(cls) -> tuple[Option[Any], ...]:
        """The options of the kind, in order; computed once a class."""
        cached = cls.__dict__.get("_options")
        if cached is None:
            cached = options_of(cls)
            cls._options = cached  # type: ignore[attr-defined]
        return cached

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{self.kind} layers are immutable")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((self.kind, *self.__dict__.values()))

    def __repr__(self) -> str:
        return f"{self.kind}({', '.join(f'{k}={v!r}' for k, v in self.__dict__.items())})"

    def replace(self, **values: Any) -> Self:
        """The same layer with some options changed."""
        return type(self)(**{**self.__dict__, **values})

    @property
    @abstractmethod
    def precision(self) -> Precision:
        """Under autocast: the width of the output, and what is cast for it."""

    @property
    @abstractmethod
    def layout(self) -> Layout:
        """In which order PyTorch lays its output, and its gradient, in memory."""

    @property
    @abstractmethod
    def places(self) -> Places:
        """What it does with the places of a vector's numbers."""

    @property
    @abstractmethod
    def is_local(self) -> bool:
        """Every number is made from a window of positions, in the same way everywhere.

        Cut out of a larger volume the input gives the same numbers, but at its edges. An fc
        counts as the conv that it equals.
        """

    @property
    def is_elementwise(self) -> bool:
        """Every number is made from that number of the input alone: flattened or not."""
        return False

    @property
    def needs_whole_input(self) -> bool:
        """Whether a part of its input gives no part of its output.

        All positions go into each number, or what a number is made of follows from the whole size.
        """
        return False

    @abstractmethod
    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        """The output's shape, or the findings that prevent one."""

    @abstractmethod
    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        """Learned numbers and buffers."""

    @abstractmethod
    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Multiply-accumulates of weights for one image; a bias add is none."""

    @abstractmethod
    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """What it keeps for backward and allocates, for numbers of `width` bytes."""

    @abstractmethod
    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        """How the receptive field grows, one entry an axis of the input."""

    @abstractmethod
    def describe(self, axes: int = 2) -> str:
        """What it is on this many spatial axes, in a table's few words: ``conv 3x3/1 p1 x64``."""

    def parameter_tensors(self, own: Parameters) -> tuple[int, ...]:
        """Its learned parameters tensor by tensor: weights, biases, and norm's scale and shift."""
        pair = (own.norm // 2, own.norm // 2)
        return tuple(size for size in (own.weights, own.biases, *pair) if size)

    @abstractmethod
    def arrays(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[Learned, ...]:
        """Its arrays by name, as PyTorch stores them; together as large as `parameters` says."""

    @abstractmethod
    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        """Its output, computed by a backend's kernels: never sized by the window rule."""

    def computes(self, inputs: tuple[Shape, ...], output: Shape) -> Computed:
        """What it does at these sizes, however its options say it; `PASSES` for nothing."""
        return (self.kind, *said(self))

    def least_training_batch(self, inputs: tuple[Shape, ...]) -> int:
        """The least batch that PyTorch trains it with; 1 but where statistics need more numbers."""
        return 1

    @property
    def is_view(self) -> bool:
        """Whether its output is the input's own storage (flatten, reshape, identity)."""
        return False

    @property
    def needs_input_for(self) -> str:
        """The option that its gradient needs the input for, not overwritten; mostly none: ''."""
        return ""

    def works_in_place(self) -> bool | None:
        """The explicit `in_place` option: None where it was not given or does not exist."""
        value = self.__dict__.get("in_place")
        return value if isinstance(value, bool) else None


def needs_volume(kind: str, shape: Shape) -> Size | None:
    """The refusal of a vector by a kind that works on spatial axes; None where all is well."""
    if len(shape) > 1:
        return None
    text = f"{kind} needs a volume with spatial axes, its input is a vector of {written(shape)}"
    help = ("put it before flatten and fc, or bring the axes back with reshape",)
    return refused("CC108", text, help=help)


def refused(
    code: str, message: str, option: str = "", label: str = "", help: tuple[str, ...] = ()
) -> Size:
    """A size that could not be found, with its one reason."""
    return Size(None, findings=(SizeFinding(code, Severity.ERROR, message, option, label, help),))

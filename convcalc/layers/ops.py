"""What a layer kind may ask of a backend: the vocabulary of `Layer.forward`.

Kinds say in these words what they compute; `convcalc.backend` computes it, so that no kind ever
imports an array library. Arrays are channels last, (N, *spatial, C), on any number of spatial
axes; weights lie as `Learned` says. A backend sizes its outputs from the arrays it is given.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from convcalc.records import NamedTuple
from convcalc.shapes import Shape

if TYPE_CHECKING:
    from convcalc.layers.base import Roundings

#: whatever arrays the backend works on; a kind only passes them on
Array = Any
Weights = Mapping[str, Array]


class Sliding(NamedTuple):
    """A window as the options give it: one number for all axes or one per axis."""

    kernel: Shape
    stride: Shape = (1,)
    pad: Shape | str = (0,)
    """One number, one per axis, [begin, end] an axis, or ``same``."""
    dilation: Shape = (1,)
    ceil: bool = False
    """The last window may hang over the edge."""


class Learned(NamedTuple):
    """An array that belongs to a layer: as PyTorch stores it, and how the kernels read it."""

    name: str
    """``weight``, ``bias``, ``running_mean``: the last part of a state_dict's key."""
    shape: Shape
    """The shape in a state_dict."""
    order: tuple[int, ...] = ()
    """The axes in the kernels' order, channels last; () where they are the same."""
    apart: Shape = ()
    """`shape` with joined axes taken apart, before `order` applies (an fc that reads a volume)."""
    fan_in: int = 1
    """Numbers that one output sums over, for the scale of random values."""


class Ops(Protocol):
    """The kernels. A method returns a new array, or writes into its first input where it may."""

    roundings: "Roundings"

    def conv(
        self, x: Array, weight: Array, bias: Array | None, sliding: Sliding, groups: int
    ) -> Array: ...

    def conv_transpose(
        self,
        x: Array,
        weight: Array,
        bias: Array | None,
        sliding: Sliding,
        output_pad: Shape,
        groups: int,
    ) -> Array: ...

    def locally_connected(
        self, x: Array, weight: Array, bias: Array | None, sliding: Sliding
    ) -> Array: ...

    def fc(self, x: Array, weight: Array, bias: Array | None) -> Array: ...

    def max_pool(self, x: Array, sliding: Sliding) -> Array: ...

    def avg_pool(self, x: Array, sliding: Sliding, count_padding: bool) -> Array: ...

    def l2_pool(self, x: Array, sliding: Sliding) -> Array: ...

    def adaptive_max_pool(self, x: Array, output: Shape) -> Array: ...

    def adaptive_avg_pool(self, x: Array, output: Shape) -> Array: ...

    def fractional_max_pool(
        self, x: Array, ratio: float, output: Shape, overlapping: bool
    ) -> Array: ...

    def batch_norm(
        self, x: Array, mean: Array, variance: Array, scale: Array | None, shift: Array | None
    ) -> Array: ...

    def group_norm(
        self, x: Array, groups: int, scale: Array | None, shift: Array | None
    ) -> Array: ...

    def layer_norm(
        self, x: Array, whole: bool, scale: Array | None, shift: Array | None
    ) -> Array: ...

    def lrn(self, x: Array, size: int, alpha: float, beta: float, k: float) -> Array:
        """`alpha` is the factor of the sum of squares."""

    def scale(self, x: Array, factor: Array | float, shift: Array | None) -> Array: ...

    def prelu(self, x: Array, slope: Array) -> Array: ...

    def activation(self, kind: str, x: Array, parameter: float = 0.0) -> Array: ...

    def softmax(self, x: Array) -> Array: ...

    def add(self, inputs: Sequence[Array]) -> Array: ...

    def subtract(self, inputs: Sequence[Array]) -> Array: ...

    def multiply(self, inputs: Sequence[Array]) -> Array: ...

    def maximum(self, inputs: Sequence[Array]) -> Array: ...

    def average(self, inputs: Sequence[Array]) -> Array: ...

    def concat(self, inputs: Sequence[Array]) -> Array: ...

    def reshape(self, x: Array, shape: Shape) -> Array: ...

    def slice(self, x: Array, start: int, stop: int) -> Array: ...

    def pad(self, x: Array, sides: Shape, channels: Shape, mode: str) -> Array: ...

    def crop_sides(self, x: Array, sides: Shape) -> Array: ...

    def crop_middle(self, x: Array, size: Shape) -> Array: ...

    def upsample(self, x: Array, scale: Shape, size: Shape, linear: bool) -> Array: ...

    def pixel_shuffle(self, x: Array, factor: int, depth_first: bool) -> Array: ...

    def space_to_depth(self, x: Array, factor: int, depth_first: bool) -> Array: ...

    def channel_shuffle(self, x: Array, groups: int) -> Array: ...

    def shape(self, x: Array) -> Shape:
        """The shape of one image of the batch."""

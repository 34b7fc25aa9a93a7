"""What a layer allocates and keeps besides its output (memory.md, section 2).

Sizes are in bytes and grow with the batch: so many for every image, so many whatever the batch.
The classes here are the common answers; a kind takes one of them as its first base, or answers
for itself with a method `saved_for_backward`.
"""

from enum import Enum
from typing import ClassVar, final

from convcalc.records import NamedTuple
from convcalc.shapes import Shape, elements

#: Bytes of an index that a max pool keeps (int64).
INDEX = 8


class Bytes(NamedTuple):
    """A number of bytes that depends on the batch."""

    each: int = 0
    """Bytes for every image of the batch."""
    once: int = 0
    """Bytes whatever the batch."""


NO_BYTES = Bytes()


class Gradient(Enum):
    """How a layer hands the gradient of its output on to its inputs."""

    NEW = "a tensor of its own for every input"
    SAME = "the very tensor, to every input"
    SLICES = "slices of the one tensor"
    FIRST_SAME = "the very tensor to the first input, one of its own to every other"


class Saved(NamedTuple):
    """What a layer keeps until its backward pass has run, and what it allocates on the way.

    Its output, the gradients of its inputs and those of its parameters are not repeated here.
    """

    inputs: tuple[int, ...] = ()
    """The inputs it keeps, by position: whole storages, counted once however many keep them."""
    output: bool = False
    """Whether it keeps its output."""
    kept: tuple[Bytes, ...] = ()
    """Tensors made in the forward pass and kept: indices, masks, statistics."""
    forward: Bytes = NO_BYTES
    """Made and freed within the forward pass, in training."""
    inference: Bytes = NO_BYTES
    """Made and freed within the forward pass, in inference."""
    inference_cast: Bytes = NO_BYTES
    """In place of that, where a full copy of its input is made first: it goes with the first step.
    """
    backward: Bytes = NO_BYTES
    """Made and freed within the backward pass."""
    summed: Bytes = NO_BYTES
    """The gradient of its first parameter before it is summed: when all others are as wide as
    what they belong to."""
    of_its_shape: bool = False
    """With a batch of 1 that gradient (a product's: its bias') has its parameter's shape: it is
    not summed."""
    gradient: Gradient = Gradient.NEW
    output_is_view: bool = False
    """PyTorch computes it in another shape: its output is a view, of which autograd copies the
    gradient where something overwrites it."""
    copies_slices: bool = False
    """Its output's gradient takes that shape: a slice (concat's) has none, and is copied."""
    contiguous_gradient: bool = False
    """Its backward pass copies an output gradient that is a slice (concat's)."""
    cudnn: bool = False
    """cuDNN's kernel, which needs such a copy, and makes its input's gradient wanted or not."""
    handed_as_view: bool = False
    """Its input's gradient is handed on in another shape: a view, beside the tensor it is of."""
    both_gradients: bool = False
    """It makes its input's gradient with its parameters', wanted or not (of images)."""
    native: Bytes = NO_BYTES
    """Made and freed in inference where PyTorch's own kernel runs in place of cuDNN's."""
    needs_input_gradient: bool = False
    """A matrix product: its weight is saved only where its input wants a gradient."""
    spread: tuple[int, ...] = ()
    """The inputs that are spread over the others: their gradients are whole volumes, then sums."""
    for_the_others: bool = False
    """A product: each factor is saved only where the other one wants a gradient."""
    composed: bool = False
    """A chain of single operations: in a forward pass that saves nothing each frees its input."""


SAVES_NOTHING = Saved()
SAVES_INPUT = Saved(inputs=(0,))
SAVES_OUTPUT = Saved(output=True)
PASSES_GRADIENT = Saved(gradient=Gradient.SAME)
RESHAPES = Saved(gradient=Gradient.SAME, handed_as_view=True)


def pooled_as_image(saved: Saved, inputs: tuple[Shape, ...]) -> Saved:
    """What a pool keeps: PyTorch's pools of one axis are those of an image of one row.

    The row's axis comes before the pool and goes after it, by views both times.
    """
    if len(inputs[0]) != 2:
        return saved
    return saved._replace(output_is_view=True, handed_as_view=True)


class SavesNothing:
    """A kind that needs nothing again but its output's gradient."""

    @final
    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """Nothing is kept."""
        return SAVES_NOTHING


class SavesInput:
    """A kind that needs its input again.

    One that works in place saves no memory in training: the framework copies the input first.
    """

    @final
    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """The input is kept."""
        return SAVES_INPUT


class SavesOutput:
    """A kind that can tell its gradient from its output alone."""

    saves_output: ClassVar[bool] = True

    @final
    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """The output is kept."""
        return SAVES_OUTPUT


class SavesEither:
    """A kind that can do with its input or with its output: the output where it works in place."""

    saves_output_in_place: ClassVar[bool] = True

    @final
    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """The input is kept, or the output that has overwritten it."""
        return SAVES_OUTPUT if in_place else SAVES_INPUT


class PassesGradient:
    """A kind that makes nothing: its output is its input, its gradient the input's."""

    @final
    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """Nothing is kept or made."""
        return PASSES_GRADIENT


class Reshapes:
    """A kind that names its input's numbers anew: nothing is made, its gradient is a view.

    So it is where the shape stays as it is: PyTorch makes a view of that too.
    """

    @final
    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """Nothing is kept or made."""
        return RESHAPES


class SavesIndices:
    """A max pool: it keeps its input and where each maximum came from.

    The indices are made in inference too and freed at once, but for whole numbers: integer
    kernels know no backward pass.
    """

    @final
    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """The input and an int64 index for every number of the output."""
        indices = Bytes(INDEX * elements(output))
        passing = indices if width > 1 else NO_BYTES
        return pooled_as_image(Saved((0,), kept=(indices,), inference=passing), inputs)


def statistics(width: int) -> int:
    """Bytes of a mean or a deviation: single precision at least.

    >>> statistics(2), statistics(8)
    (4, 8)
    """
    return max(width, 4)

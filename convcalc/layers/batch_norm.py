"""Normalisation over the batch, with learned scale and shift."""

from collections.abc import Sequence

from convcalc.findings import Severity
from convcalc.layers.base import Parameters, Roundings, Size, SizeFinding
from convcalc.layers.bases import NoMacs, ReadsOnePosition
from convcalc.layers.layout import FOLLOWS_INPUT
from convcalc.layers.ops import Array, Learned, Ops, Weights
from convcalc.layers.precision import AS_INPUT
from convcalc.layers.saved import Bytes, Saved, statistics
from convcalc.layers.traits import Family, Places
from convcalc.layers.words import FlagOr
from convcalc.shapes import Shape, elements


class BatchNorm(NoMacs, ReadsOnePosition):
    """Normalises each channel over the batch (Ioffe & Szegedy 2015, arXiv:1502.03167).

    Size: the input's.
    Parameters: one scale and one shift a channel, one of them with `affine: scale` or `shift`;
    buffers: running mean and variance a channel.
    Saved for backward: its input, and a mean and a deviation a channel.
    MACs: none: its factors are norm parameters.
    Example: 56x56x64 -> batch_norm -> 56x56x64
    """

    kind = "batch_norm"
    family = Family.NORM
    places = Places.KEPT
    is_local = True
    subtracts_channel_mean = True
    precision = AS_INPUT
    layout = FOLLOWS_INPUT.on(2, 3)
    has_weights = True

    affine = FlagOr(
        "learn a scale and a shift a channel, or one of the two alone",
        ("scale", "shift"),
        default=True,
    )

    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        if self.least_training_batch(inputs) == 1:
            return Size(inputs[0])
        text = (
            "a batch norm over 1 position: in a batch of 1 each channel has 1 number, which "
            "PyTorch refuses in training"
        )
        help = ("train it with batches, and micro-batches, of 2 or more",)
        return Size(inputs[0], findings=(SizeFinding("CC113", Severity.NOTE, text, help=help),))

    def least_training_batch(self, inputs: tuple[Shape, ...]) -> int:
        """2 over one position: "Expected more than 1 value per channel when training"."""
        return 2 if elements(inputs[0][:-1]) == 1 else 1

    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        return Parameters(norm=len(self._learned()) * output[-1], buffers=2 * output[-1])

    def parameter_tensors(self, own: Parameters) -> tuple[int, ...]:
        learned = self._learned()
        return (own.norm // len(learned),) * len(learned) if learned else ()

    def _learned(self) -> tuple[str, ...]:
        """The names of its learned arrays."""
        if self.affine in ("scale", "shift"):
            return ("weight",) if self.affine == "scale" else ("bias",)
        return ("weight", "bias") if self.affine else ()

    def saved_for_backward(
        self, inputs: tuple[Shape, ...], output: Shape, in_place: bool, width: int
    ) -> Saved:
        """Statistics of the whole batch; in inference the running ones serve.

        PyTorch's own kernel allocates the statistics in inference too; cuDNN's takes affine norms
        of volumes only.
        """
        each_kind = Bytes(once=output[-1] * statistics(width))
        return Saved(
            inputs=(0,),
            kept=(each_kind, each_kind),
            native=Bytes(once=2 * each_kind.once),
            cudnn=self.affine is True and len(output) > 1,
        )

    def describe(self, axes: int = 2) -> str:
        if self.affine in ("scale", "shift"):
            return f"batch norm, {self.affine} only"
        return "batch norm" if self.affine else "batch norm, not affine"

    def arrays(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[Learned, ...]:
        channels = output[-1:]
        running = (Learned("running_mean", channels), Learned("running_var", channels))
        return (*(Learned(name, channels) for name in self._learned()), *running)

    def forward(self, ops: Ops, inputs: Sequence[Array], weights: Weights) -> Array:
        mean, variance = weights["running_mean"], weights["running_var"]
        return ops.batch_norm(inputs[0], mean, variance, weights.get("weight"), weights.get("bias"))

"""What a run was asked to do and what it found: the records that the verify reports are made of."""

from typing import NamedTuple

from convcalc.analysis.record import Analysis, Row
from convcalc.shapes import Shape
from convcalc.verify.origin import Origin

#: The dtypes that NumPy computes in, or in float32 for.
RUNNABLE = ("float32", "float64", "float16")


class Observed(NamedTuple):
    """One layer as it ran, against its prediction."""

    row: Row
    shape: Shape
    """The shape of one image of its output."""
    images: int
    """The batch that came out."""
    elements: int
    """Numbers of one image."""
    finite: bool
    seconds: float
    workspace: int
    """Bytes of working memory that its kernel declared."""
    peak_predicted: int
    """Bytes that the plan holds while it runs, and its workspace."""
    peak_observed: int
    """Bytes that tracemalloc saw at the fullest moment of it."""
    allowance: int
    """What Python's own small objects may add."""
    batch: int

    @property
    def faults(self) -> tuple[str, ...]:
        """What differs from the prediction, in words; empty where all agrees."""
        from convcalc.shapes import written

        predicted = self.row.step.output
        found = []
        if self.shape != predicted:
            want = written(predicted) if predicted else "nothing"
            found.append(f"predicted {want}, observed {written(self.shape)}")
        if self.elements != self.row.activations:
            found.append(f"predicted {self.row.activations} numbers, observed {self.elements}")
        if self.images != self.batch:
            found.append(f"{self.batch} images went in, {self.images} came out")
        if not self.finite:
            found.append("its output holds numbers that are not finite")
        if abs(self.peak_observed - self.peak_predicted) > self.allowance:
            found.append(
                f"predicted {self.peak_predicted} bytes alive, observed {self.peak_observed}"
            )
        return tuple(found)

    @property
    def macs_per_second(self) -> int:
        """Multiply-accumulates a second; 0 for kinds without weights."""
        work = (self.row.macs or 0) * self.batch
        return round(work / self.seconds) if self.seconds > 0 else 0


class Peak(NamedTuple):
    """Bytes at the fullest moment of the pass."""

    plan: int
    """What the plan holds at its peak: parameters, inputs and live volumes."""
    framework: int | None
    """What PyTorch holds at its own peak, indices of max pools and the like included; None where
    only some of the layers ran."""
    predicted: int
    """The plan's peak with the kernels' declared working memory."""
    observed: int
    """What tracemalloc saw."""
    allowance: int
    """By how much the two may differ: Python's own objects and NumPy's buffers are traced too."""


class Gradient(NamedTuple):
    """A backward pass against finite differences."""

    name: str
    """The first layer of its kind, options and channels."""
    kind: str
    error: float
    """Relative difference; rounding alone makes about 1e-10 in float64."""

    @property
    def agrees(self) -> bool:
        """Whether the difference is rounding."""
        return self.error < 1e-6


class Verification(NamedTuple):
    """A whole run."""

    analysis: Analysis
    layers: tuple[Observed, ...]
    peak: Peak
    product_rate: int
    """MACs a second of a plain matrix product on this machine, the limit to compare with."""
    partial: bool
    """Whether only some of the layers ran."""
    gradients: tuple[Gradient, ...] = ()
    """Backward passes that were tried, where that was asked for."""
    origin: Origin = Origin()

    @property
    def agrees(self) -> bool:
        """Whether everything came out as predicted."""
        forward = not any(layer.faults for layer in self.layers)
        return forward and all(gradient.agrees for gradient in self.gradients)

    @property
    def seconds(self) -> float:
        """Time in kernels."""
        return sum(layer.seconds for layer in self.layers)

    @property
    def macs_per_second(self) -> int:
        """Multiply-accumulates a second over the whole run."""
        work = sum((layer.row.macs or 0) * layer.batch for layer in self.layers)
        return round(work / self.seconds) if self.seconds > 0 else 0

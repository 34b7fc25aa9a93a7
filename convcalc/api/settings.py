"""The settings as arguments of the Python interface, for type checkers."""

from typing import Literal, TypedDict

from convcalc.analysis.settings import (
    ClipGrad,
    Dtype,
    Implementation,
    Optimizer,
    Precision,
    Shard,
)


class SettingsKeywords(TypedDict, total=False):
    """The settings as keyword arguments of the Python interface."""

    batch: int
    dtype: Dtype
    optimizer: Optimizer
    weight_decay: float
    optimizer_impl: Implementation
    precision: Precision
    checkpoint: str | None
    accumulate: int
    clip_grad: ClipGrad | Literal["none"] | None
    ema: bool
    keep_grads: bool
    gpus: int
    shard: Shard
    augmented: int
    prefetch: int
    foreach: bool
    """The same as ``optimizer_impl="foreach"``; False is ``"loop"``."""

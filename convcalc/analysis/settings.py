"""What the bytes of an analysis are for."""

from typing import Literal, NamedTuple, TypedDict

Dtype = Literal["float32", "float64", "float16", "bfloat16", "int8"]

#: The names of `convcalc.memory.optimizers`, for type checkers.
Optimizer = Literal[
    "none", "sgd", "sgd-momentum", "nesterov", "adam", "adamw", "amsgrad", "nadam", "adamax",
    "adadelta", "rmsprop", "rmsprop-momentum", "rmsprop-centered", "adagrad",
]  # fmt: skip
Implementation = Literal["foreach", "loop", "fused"]

#: Bytes a number takes.
DTYPES: dict[Dtype, int] = {"float32": 4, "float64": 8, "float16": 2, "bfloat16": 2, "int8": 1}

#: Numbers that networks are run with, never trained with.
INFERENCE_ONLY = frozenset({"int8"})


class Settings(NamedTuple):
    """What the numbers are for. `convcalc.memory.settings` says how each is given."""

    batch: int = 1
    dtype: Dtype = "float32"
    optimizer: Optimizer = "sgd-momentum"
    weight_decay: float = 0.0
    optimizer_impl: Implementation = "foreach"
    """How the optimizer steps: ``foreach``, ``loop`` or ``fused``."""

    @property
    def number_bytes(self) -> int:
        """Bytes of one number of this dtype."""
        return DTYPES[self.dtype]


class SettingsKeywords(TypedDict, total=False):
    """The settings as keyword arguments of the Python interface."""

    batch: int
    dtype: Dtype
    optimizer: Optimizer
    weight_decay: float
    optimizer_impl: Implementation
    foreach: bool
    """The same as ``optimizer_impl="foreach"``; False is ``"loop"``."""

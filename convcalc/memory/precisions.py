"""The precisions that networks are trained and run in: one record each (`--precision`).

Autocast runs forward pass and loss in mixed widths: parameters, gradients, optimizer state and the
input batch are float32, the products of weights half of that (`convcalc.layers.precision` says it
of every kind).
"""

from convcalc.analysis.settings import Dtype, Precision, Settings
from convcalc.records import NamedTuple

#: Bytes of a number that autocast leaves as it is, and of one that it narrows.
FULL, HALF = 4, 2


class PrecisionMode(NamedTuple):
    """One precision."""

    name: Precision
    dtype: Dtype
    """What parameters and the input batch are stored in."""
    doc: str
    autocast: str = ""
    """The type that `torch.autocast` computes in; '' where it is not used."""
    master: bool = False
    """The optimizer works on a float32 copy of the parameters."""
    scaler: bool = False
    """The loss is scaled (`torch.amp.GradScaler`), for float16 would underflow."""
    native_norm: bool = False
    """Batch norm takes PyTorch's own kernel, not cuDNN's."""


PRECISIONS = (
    PrecisionMode("fp32", "float32", "float32 throughout"),
    PrecisionMode("amp-fp16", "float32", "autocast to float16 with a gradient scaler",
                  autocast="float16", scaler=True),
    PrecisionMode("amp-bf16", "float32", "autocast to bfloat16",
                  autocast="bfloat16", native_norm=True),
    PrecisionMode("fp16", "float16", "float16 throughout", native_norm=True),
    PrecisionMode("bf16", "bfloat16", "bfloat16 throughout", native_norm=True),
    PrecisionMode("bf16-master", "bfloat16", "bfloat16, with a float32 copy for the optimizer",
                  master=True, native_norm=True),
)  # fmt: skip

BY_NAME = {mode.name: mode for mode in PRECISIONS}

#: The names that `--precision` takes.
NAMES = tuple(BY_NAME)

#: What a dtype alone means: its numbers throughout.
_OF_DTYPE = {mode.dtype: mode for mode in PRECISIONS if not (mode.autocast or mode.master)}


def mode_of(settings: Settings) -> PrecisionMode:
    """The precision of some settings; of a dtype without a name of its own, the dtype."""
    if settings.precision:
        return BY_NAME[settings.precision]
    found = _OF_DTYPE.get(settings.dtype)
    return found or PrecisionMode("", settings.dtype, f"{settings.dtype} throughout")


def numbers(settings: Settings) -> str:
    """The numbers of some settings in a word: ``float32``, ``amp-bf16``."""
    return settings.precision or settings.dtype


def with_precision(settings: Settings, name: Precision) -> Settings:
    """The settings in a precision, its dtype included."""
    return settings._replace(dtype=BY_NAME[name].dtype, precision=name) if name else settings

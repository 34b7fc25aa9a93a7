"""What the bytes of an analysis are for."""

from typing import Literal

from convcalc.records import NamedTuple

Dtype = Literal["float32", "float64", "float16", "bfloat16", "int8", "int4"]

#: The names of `convcalc.memory.optimizers`, for type checkers.
Optimizer = Literal[
    "none", "sgd", "sgd-momentum", "nesterov", "adam", "adamw", "amsgrad", "nadam", "adamax",
    "adadelta", "rmsprop", "rmsprop-momentum", "rmsprop-centered", "adagrad",
]  # fmt: skip
Implementation = Literal["foreach", "loop", "fused"]

#: The names of `convcalc.memory.precisions`; '' is what the dtype says.
Precision = Literal["", "fp32", "amp-fp16", "amp-bf16", "fp16", "bf16", "bf16-master"]
ClipGrad = Literal["", "norm", "value"]
#: The names of `convcalc.memory.parallel`.
Shard = Literal["none", "ddp", "ddp-view", "zero1", "zero2", "zero3"]

#: Bytes a number takes. With int4 weights take half a byte (`convcalc.memory.parameters`) and all
#: else, volumes and biases, is int8.
DTYPES: dict[Dtype, int] = {
    "float32": 4, "float64": 8, "float16": 2, "bfloat16": 2, "int8": 1, "int4": 1,
}  # fmt: skip

#: Numbers that networks are run with, never trained with.
INFERENCE_ONLY = frozenset({"int8", "int4"})


class Settings(NamedTuple):
    """What the numbers are for. `convcalc.memory.settings` says how each is given."""

    batch: int = 1
    dtype: Dtype = "float32"
    optimizer: Optimizer = "sgd-momentum"
    weight_decay: float = 0.0
    optimizer_impl: Implementation = "foreach"
    """The optimizer's implementation in PyTorch: ``foreach``, ``loop`` or ``fused``."""
    precision: Precision = ""
    """Which numbers are half in training and inference; '' for all in the dtype."""
    checkpoint: str = ""
    """Which layers are checkpointed: a rule's name or segments; '' for those that a spec marks."""
    accumulate: int = 1
    """Micro-batches that a batch is trained in; their gradients are added up before a step."""
    clip_grad: ClipGrad = ""
    """Gradients are clipped by ``norm`` or ``value``."""
    ema: bool = False
    """A moving average of the parameters is kept."""
    keep_grads: bool = False
    """Gradients are set to zero, not to None, and stay from step to step."""
    gpus: int = 1
    shard: Shard = "none"
    """How training is spread over the GPUs."""
    augmented: int = 0
    """Augmented versions of the batch that are kept beside it: the notes' misc memory."""
    prefetch: int = 0
    """Batches that wait to be trained on, with their augmented versions: misc memory too."""

    @property
    def micro_batch(self) -> int:
        """Images of one forward and backward pass in training."""
        return max(self.batch // self.accumulate, 1)

    @property
    def number_bytes(self) -> int:
        """Bytes of one number of this dtype."""
        return DTYPES[self.dtype]

"""The layer kinds. KINDS is the list of them all; to add a kind, add its class here."""

from convcalc.layers.activation import (
    ELU,
    GELU,
    SELU,
    HardSigmoid,
    HardSwish,
    LeakyReLU,
    Mish,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
)
from convcalc.layers.base import Layer
from convcalc.layers.conv import Conv, DepthwiseConv
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.cut import Crop, Pad, Slice
from convcalc.layers.dropout import Dropout
from convcalc.layers.enlarge import ChannelShuffle, PixelShuffle, Upsample
from convcalc.layers.fc import FullyConnected
from convcalc.layers.locally_connected import LocallyConnected
from convcalc.layers.lrn import LocalResponseNorm
from convcalc.layers.merge import Add, Concat, Multiply
from convcalc.layers.norm import BatchNorm, GroupNorm, InstanceNorm, LayerNorm
from convcalc.layers.pool import AvgPool, L2Pool, MaxPool
from convcalc.layers.pool_to_size import (
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    FractionalMaxPool,
    GlobalAvgPool,
    GlobalMaxPool,
)
from convcalc.layers.prelu import PReLU
from convcalc.layers.reshape import Flatten, Identity, Reshape
from convcalc.layers.scale import Scale

KINDS: tuple[type[Layer], ...] = (
    Conv,
    DepthwiseConv,
    ConvTranspose,
    LocallyConnected,
    MaxPool,
    AvgPool,
    L2Pool,
    FractionalMaxPool,
    GlobalAvgPool,
    GlobalMaxPool,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    FullyConnected,
    BatchNorm,
    InstanceNorm,
    GroupNorm,
    LayerNorm,
    LocalResponseNorm,
    Scale,
    ReLU,
    ReLU6,
    LeakyReLU,
    PReLU,
    ELU,
    SELU,
    GELU,
    SiLU,
    Mish,
    HardSwish,
    HardSigmoid,
    Sigmoid,
    Tanh,
    Softmax,
    Dropout,
    Add,
    Multiply,
    Concat,
    Flatten,
    Identity,
    Slice,
    Pad,
    Crop,
    Upsample,
    Reshape,
    PixelShuffle,
    ChannelShuffle,
)

#: kinds by the name a spec uses
BY_NAME: dict[str, type[Layer]] = {kind.kind: kind for kind in KINDS}

for _kind in KINDS:
    if _kind.__abstractmethods__:
        missing = ", ".join(sorted(_kind.__abstractmethods__))
        raise TypeError(f"layer kind {_kind.__name__} does not say its {missing}")

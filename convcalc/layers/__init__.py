"""The layer kinds. KINDS is the list of them all; to add a kind, add its line here.

A kind's module is loaded when a spec first uses it: a net needs five or six of them, and loading
them all would cost more start-up than sizing a network.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module

from convcalc.layers.base import Layer

#: every kind: the name a spec uses, its module in this package, its class
KINDS = (
    ("conv", "conv", "Conv"),
    ("depthwise_conv", "conv", "DepthwiseConv"),
    ("conv_transpose", "conv_transpose", "ConvTranspose"),
    ("locally_connected", "locally_connected", "LocallyConnected"),
    ("max_pool", "pool", "MaxPool"),
    ("avg_pool", "pool", "AvgPool"),
    ("l2_pool", "pool", "L2Pool"),
    ("fractional_max_pool", "fractional", "FractionalMaxPool"),
    ("global_avg_pool", "pool_to_size", "GlobalAvgPool"),
    ("global_max_pool", "pool_to_size", "GlobalMaxPool"),
    ("adaptive_avg_pool", "pool_to_size", "AdaptiveAvgPool"),
    ("adaptive_max_pool", "pool_to_size", "AdaptiveMaxPool"),
    ("fc", "fc", "FullyConnected"),
    ("batch_norm", "batch_norm", "BatchNorm"),
    ("instance_norm", "norm", "InstanceNorm"),
    ("group_norm", "norm", "GroupNorm"),
    ("layer_norm", "norm", "LayerNorm"),
    ("lrn", "lrn", "LocalResponseNorm"),
    ("scale", "scale", "Scale"),
    ("relu", "activation", "ReLU"),
    ("relu6", "activation", "ReLU6"),
    ("leaky_relu", "activation", "LeakyReLU"),
    ("prelu", "prelu", "PReLU"),
    ("elu", "smooth", "ELU"),
    ("selu", "smooth", "SELU"),
    ("gelu", "smooth", "GELU"),
    ("silu", "smooth", "SiLU"),
    ("mish", "smooth", "Mish"),
    ("hard_swish", "smooth", "HardSwish"),
    ("hard_sigmoid", "squash", "HardSigmoid"),
    ("sigmoid", "squash", "Sigmoid"),
    ("tanh", "squash", "Tanh"),
    ("abs", "squash", "Abs"),
    ("softmax", "squash", "Softmax"),
    ("dropout", "dropout", "Dropout"),
    ("add", "merge", "Add"),
    ("subtract", "merge", "Subtract"),
    ("multiply", "merge", "Multiply"),
    ("maximum", "merge", "Maximum"),
    ("average", "merge", "Average"),
    ("concat", "merge", "Concat"),
    ("flatten", "reshape", "Flatten"),
    ("identity", "reshape", "Identity"),
    ("slice", "cut", "Slice"),
    ("pad", "pad", "Pad"),
    ("crop", "cut", "Crop"),
    ("upsample", "upsample", "Upsample"),
    ("reshape", "reshape", "Reshape"),
    ("pixel_shuffle", "shuffle", "PixelShuffle"),
    ("space_to_depth", "shuffle", "SpaceToDepth"),
    ("channel_shuffle", "shuffle", "ChannelShuffle"),
)

#: names of the kinds that take several inputs, known without loading them
MERGES = frozenset(name for name, module, _ in KINDS if module == "merge")

#: what is said of other kinds that are to read several
SEVERAL_READ = "only {} and {} read several".format(
    ", ".join(sorted(MERGES)[:-1]), sorted(MERGES)[-1]
)


class _ByName(Mapping[str, type[Layer]]):
    """Kinds by the name a spec uses, loaded on first use."""

    def __init__(self) -> None:
        self._places = {name: (module, cls) for name, module, cls in KINDS}
        self._loaded: dict[str, type[Layer]] = {}

    def __getitem__(self, name: str) -> type[Layer]:
        found = self._loaded.get(name)
        if found is None:
            module, cls = self._places[name]
            found = getattr(import_module(f"convcalc.layers.{module}"), cls)
            self._loaded[name] = found
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


BY_NAME: Mapping[str, type[Layer]] = _ByName()

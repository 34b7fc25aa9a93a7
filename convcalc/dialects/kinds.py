"""What PyTorch, Keras, TensorFlow and Caffe call our kinds.

A kind is looked up without its module, case, hyphens, rank and `Lazy`: `nn.MaxPool2d`,
`MaxPooling2D`, `max-pool` and `maxpool` are one word.
"""

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache

_RANK = re.compile(r"[123]d")

#: a kind of another tool -> ours
KINDS = {
    "conv": "conv",
    "convolution": "conv",
    "depthwise": "depthwise_conv",
    "dwconv": "depthwise_conv",
    "depthwiseconvolution": "depthwise_conv",
    "convolutiondepthwise": "depthwise_conv",
    **dict.fromkeys(("convtranspose", "transposedconv", "transposeconv"), "conv_transpose"),
    "transposedconvolution": "conv_transpose",
    **dict.fromkeys(("convolutiontransposed", "convolutiontranspose"), "conv_transpose"),
    "upconvolution": "conv_transpose",
    "fractionallystridedconvolution": "conv_transpose",
    "deconv": "conv_transpose",
    "deconvolution": "conv_transpose",
    "upconv": "conv_transpose",
    **dict.fromkeys(("convt", "tconv", "convtr", "trconv"), "conv_transpose"),
    **dict.fromkeys(("convtrans", "transconv"), "conv_transpose"),
    "pool": "max_pool",
    "pooling": "max_pool",
    "maxpooling": "max_pool",
    **dict.fromkeys(("avgpooling", "averagepool", "averagepooling"), "avg_pool"),
    **dict.fromkeys(("meanpool", "meanpooling"), "avg_pool"),
    "lppool": "l2_pool",
    "fractionalmaxpool": "fractional_max_pool",
    "gap": "global_avg_pool",
    "globalaveragepool": "global_avg_pool",
    "globalaveragepooling": "global_avg_pool",
    "globalmaxpooling": "global_max_pool",
    "adaptiveaveragepool": "adaptive_avg_pool",
    "adaptiveaveragepooling": "adaptive_avg_pool",
    "adaptivemaxpooling": "adaptive_max_pool",
    **dict.fromkeys(("linear", "dense", "fullyconnected", "innerproduct", "ip"), "fc"),
    **dict.fromkeys(("bn", "batchnormalization", "syncbatchnorm"), "batch_norm"),
    "ln": "layer_norm",
    "layernormalization": "layer_norm",
    "gn": "group_norm",
    "groupnormalization": "group_norm",
    "instancenormalization": "instance_norm",
    "localresponsenorm": "lrn",
    "localresponsenormalization": "lrn",
    "swish": "silu",
    "hardsilu": "hard_swish",
    "hswish": "hard_swish",
    "hsigmoid": "hard_sigmoid",
    "concatenate": "concat",
    "cat": "concat",
    "eltwise": "add",
    "sum": "add",
    "plus": "add",
    "minus": "subtract",
    "lrelu": "leaky_relu",
    "leaky": "leaky_relu",
    "mul": "multiply",
    "sub": "subtract",
    "absval": "abs",
    "layerscale": "scale",
    "view": "reshape",
    "unflatten": "reshape",
    "skip": "identity",
    "zeropad": "pad",
    "zeropadding": "pad",
    "cropping": "crop",
    "upsampling": "upsample",
    "interpolate": "upsample",
    "resize": "upsample",
    "resizing": "upsample",
    "centercrop": "crop",
    "spatialdropout": "dropout",
    "drop": "dropout",
    "pixelunshuffle": "space_to_depth",
    "depthtospace": "pixel_shuffle",
}


def folded(word: str) -> str:
    """A kind without module, case, hyphens, rank and PyTorch's `Lazy`."""
    last = word[:100].rsplit(".", 1)[-1].lower()
    plain = _RANK.sub("", re.sub(r"[-_ ]", "", last)).removeprefix("lazy")
    return plain.removesuffix("param") or plain  # convolution_param


class Known(tuple[str, ...]):
    """Names that many words are compared with: a file may define 45,000 blocks."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:  # which a tuple works out anew each time it is looked up
        return super().__hash__()

    @cached_property
    def set(self) -> frozenset[str]:
        """The names without their order."""
        return frozenset(self)

    @cached_property
    def folded(self) -> dict[str, str]:
        """The names by what they are without underscores."""
        return {name.replace("_", ""): name for name in self}


@lru_cache(16)  # a file's faults are all held against the same few lists
def _known(names: tuple[str, ...]) -> Known:
    return Known(names)


def kind(word: str, known: Iterable[str]) -> str:
    """The kind that another tool calls by this word; '' where there is none."""
    own = known.folded if isinstance(known, Known) else _known(tuple(known)).folded
    short = folded(word)
    meant = KINDS.get(short, "")
    return own.get(short) or (meant if own.get(meant.replace("_", "")) == meant else "")


def either(word: str) -> tuple[str, ...]:
    """Help for a word that says too little of the kind; () for other words.

    >>> either("nn.GlobalPool2d")
    ('it is either `global_avg_pool` or `global_max_pool`',)
    """
    match = re.fullmatch("(global|adaptive)pool(?:ing)?", folded(word.partition("(")[0]))
    return (f"it is either `{match[1]}_avg_pool` or `{match[1]}_max_pool`",) if match else ()

"""What other tools call our kinds and options: suggestions, never accepted in silence.

PyTorch's, Keras', TensorFlow's and Caffe's words. A kind is looked up without its module, case,
hyphens, rank and `Lazy`: `nn.MaxPool2d`, `MaxPooling2D`, `max-pool` and `maxpool` are one word.
"""

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import NamedTuple

_RANK = re.compile(r"[123]d")

#: a kind of another tool -> ours
_KINDS = {
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

#: an option of another tool -> ours, the first one that the kind has
_OPTIONS = {
    "out_channels": ("filters",),
    "output_channels": ("filters",),
    "channels": ("filters",),
    "features": ("filters", "units"),
    "num_output": ("filters", "units"),
    "num_filters": ("filters",),
    "kernel_size": ("kernel",),
    "pool_size": ("kernel",),
    "ksize": ("kernel",),
    "window": ("kernel",),
    "size": ("kernel", "scale", "output", "units"),
    "factor": ("scale",),
    "ratio": ("scale",),
    "stride": ("scale",),
    "strides": ("stride",),
    "padding": ("pad",),
    "dilation_rate": ("dilation",),
    "dilations": ("dilation",),
    "group": ("groups",),
    "num_groups": ("groups",),
    "use_bias": ("bias",),
    "bias_term": ("bias",),
    "out_features": ("units",),
    "out": ("filters", "units"),
    "output": ("units",),
    "neurons": ("units",),
    "nodes": ("units",),
    "p": ("rate", "pad"),
    "s": ("stride",),
    "ks": ("kernel",),
    "prob": ("rate",),
    "probability": ("rate",),
    "drop_rate": ("rate",),
    "drop_prob": ("rate",),
    "dropout_ratio": ("rate",),
    "inplace": ("in_place",),
    "output_size": ("output", "size"),
    "scale_factor": ("scale",),
    "count_include_pad": ("count_padding",),
    "output_padding": ("output_pad",),
    "depth_multiplier": ("multiplier",),
    "upscale_factor": ("factor",),
    "downscale_factor": ("factor",),
    "alpha": ("negative_slope",),
    "slope": ("negative_slope",),
    "begin": ("start",),
    "end": ("stop",),
    "elementwise_affine": ("affine",),
    "target_shape": ("shape",),
    "interpolation": ("mode",),
}


class Pair(NamedTuple):
    """What becomes of an option of another tool and its value."""

    written: str
    """What to write for both; '' to leave them out."""
    why: str = ""


_START = "initial weights are not part of a spec"
_TRAINING = "training is not part of a spec"
_KNOWN = "the size of the input is known from the layer before"
_EXACT = "no size or count depends on it"
#: options that say nothing of a size: they are left out, with the reason
_LEFT_OUT = {
    "data_format": "sizes are always height, width, channels",
    **dict.fromkeys(
        ("input_shape", "batch_input_shape", "batch_shape"), "`input:` is a key of the file"
    ),
    **dict.fromkeys(("in_channels", "num_features", "num_channels"), _KNOWN),
    **dict.fromkeys(("in_features", "input_dim", "normalized_shape"), _KNOWN),
    **dict.fromkeys(("device", "seed", "momentum", "eps", "epsilon"), _EXACT),
    "weight_filler": _START,
    "bias_filler": _START,
    "init": _START,
}
_ENDINGS = {
    "_initializer": _START,
    "_init": _START,
    "_regularizer": _TRAINING,
    "_constraint": _TRAINING,
}
OF_TRAINING = tuple(_ENDINGS)
#: an option with a value -> what both are here
_PAIRS = {
    ("dtype", "float32"): Pair("", "the number's type is a setting: `--dtype`"),
    ("trainable", "true"): Pair("", _TRAINING),
    ("ceil_mode", "true"): Pair("rounding: ceil"),
    ("ceil_mode", "false"): Pair("rounding: floor"),
    ("no_bias", "true"): Pair("bias: false"),
    ("no_bias", "false"): Pair("bias: true"),
    ("align_corners", "false"): Pair("", "corners are not aligned here"),
    ("padding_mode", "zeros"): Pair("", "padding is always with zeros"),
    ("dim", "1"): Pair("", "it is over the channels"),
    ("dim", "-1"): Pair("", "it is over the channels"),
    ("axis", "-1"): Pair("", "it is over the channels"),
    ("keepdims", "true"): Pair("", "a mean of a whole map is 1x1xC"),
    ("keepdims", "false"): Pair("", "an fc reads 1x1xC as a vector"),
    ("approximate", "none"): Pair("", "it is the exact one"),
    **{
        ("activation", none): Pair("", "a layer without an activation needs no word for it")
        for none in ("linear", "none", "null")
    },
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
    meant = _KINDS.get(short, "")
    return own.get(short) or (meant if own.get(meant.replace("_", "")) == meant else "")


def either(word: str) -> tuple[str, ...]:
    """Help for a word that says too little of the kind; () for other words.

    >>> either("nn.GlobalPool2d")
    ('it is either `global_avg_pool` or `global_max_pool`',)
    """
    match = re.fullmatch("(global|adaptive)pool(?:ing)?", folded(word.partition("(")[0]))
    return (f"it is either `{match[1]}_avg_pool` or `{match[1]}_max_pool`",) if match else ()


#: what other tools have, and no kind is like
_ABSENT = re.compile(
    r"(?:multihead|self|cross)*attention|(?:conv)?(?:lstm|gru|rnn)(?:cell)?|transformer\w*"
    r"|embedding|(?:max)?unpool(?:ing)?[0-9]*|rmsnorm(?:alization)?|lambda|bilinear"
    r"|rescaling|gaussian(?:noise|dropout)|featurealphadropout|(?:spectral|weight)norm"
    r"|(?:spectral|unit)normalization|repeatvector|timedistributed|bidirectional"
    r"|logsigmoid|logsoftmax"
    r"|celu|glu|rrelu|softmin|softplus|softsign|(?:hard|soft|tanh)shrink|threshold|(?:un)?fold"
)


ABSENT = ("no layer kind does this: the kinds are those of convolutional networks",)


def absent(word: str) -> bool:
    """Whether another tool has a layer of this name that no kind is like.

    >>> absent("nn.MultiheadAttention"), absent("convolution")
    (True, False)
    """
    return _ABSENT.fullmatch(folded(word)) is not None


def option(word: str, known: Iterable[str]) -> str:
    """The option that another tool calls by this word; '' where there is none."""
    names = set(known)
    return next((own for own in _OPTIONS.get(word.lower(), ()) if own in names), "")


def pair(word: str, value: str, known: Iterable[str]) -> Pair | None:
    """What becomes of an option whose name or value we do not have; None where that is not known.

    >>> pair("ceil_mode", "True", ["rounding"]).written
    'rounding: ceil'
    """
    word, names = word.lower(), set(known)
    found = _PAIRS.get((word, value.lower()))
    if found is not None:
        return found if not found.written or found.written.split(":")[0] in names else None
    if word in {"padding", "cropping"} and "sides" in names and value.isdigit():
        return Pair(f"sides: {value}")
    if word == "num_parameters" and "parameters" in names and value.isdigit():
        return Pair(f"parameters: {'one' if value == '1' else 'channel'}")
    if word == "padding" and "count_padding" in names and value.lower() == "same":
        return Pair("pad: same, count_padding: false")  # of Keras and TensorFlow alone
    if word == "data_format" and value.lower() in {"channels_first", "nchw", "ncdhw"}:
        return None  # then the sizes in the file may be in that order too
    why = _LEFT_OUT.get(word)
    if why is None:
        why = next((why for end, why in _ENDINGS.items() if word.endswith(end)), None)
    return None if why is None else Pair("", why)

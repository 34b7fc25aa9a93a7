"""Did you mean: the nearest known word, and the words of other tools."""

from collections.abc import Iterable

#: What other frameworks call our kinds; a suggestion, never accepted in silence.
_FOREIGN_KINDS = {
    "conv1d": "conv",
    "conv2d": "conv",
    "conv3d": "conv",
    "convolution": "conv",
    "depthwise": "depthwise_conv",
    "depthwiseconv2d": "depthwise_conv",
    "dwconv": "depthwise_conv",
    "convtranspose2d": "conv_transpose",
    "deconv": "conv_transpose",
    "deconvolution": "conv_transpose",
    "upconv": "conv_transpose",
    "conv2dtranspose": "conv_transpose",
    "maxpool": "max_pool",
    "maxpool2d": "max_pool",
    "maxpooling2d": "max_pool",
    "pool": "max_pool",
    "pooling": "max_pool",
    "avgpool": "avg_pool",
    "avgpool2d": "avg_pool",
    "averagepooling2d": "avg_pool",
    "mean_pool": "avg_pool",
    "gap": "global_avg_pool",
    "globalaveragepooling2d": "global_avg_pool",
    "adaptiveavgpool2d": "adaptive_avg_pool",
    "linear": "fc",
    "dense": "fc",
    "fully_connected": "fc",
    "innerproduct": "fc",
    "bn": "batch_norm",
    "batchnorm": "batch_norm",
    "batchnorm2d": "batch_norm",
    "batchnormalization": "batch_norm",
    "layernorm": "layer_norm",
    "ln": "layer_norm",
    "groupnorm": "group_norm",
    "instancenorm2d": "instance_norm",
    "localresponsenorm": "lrn",
    "swish": "silu",
    "hardswish": "hard_swish",
    "hardsigmoid": "hard_sigmoid",
    "leakyrelu": "leaky_relu",
    "cat": "concat",
    "concatenate": "concat",
    "merge": "concat",
    "eltwise": "add",
    "sum": "add",
    "mul": "multiply",
    "view": "reshape",
    "skip": "identity",
    "zeropad2d": "pad",
    "zeropadding2d": "pad",
    "upsampling2d": "upsample",
    "interpolate": "upsample",
    "resize": "upsample",
}

_FOREIGN_OPTIONS = {
    "out_channels": "filters",
    "channels": "filters",
    "features": "filters",
    "num_output": "filters",
    "kernel_size": "kernel",
    "size": "kernel",
    "strides": "stride",
    "padding": "pad",
    "dilation_rate": "dilation",
    "use_bias": "bias",
    "out_features": "units",
    "num_groups": "groups",
    "p": "rate",
    "prob": "rate",
    "inplace": "in_place",
    "ceil_mode": "rounding",
    "output_size": "output",
    "scale_factor": "scale",
    "count_include_pad": "count_padding",
    "output_padding": "output_pad",
    "depth_multiplier": "multiplier",
    "num_parameters": "parameters",
    "upscale_factor": "factor",
}


class Suggestions:
    """Suggestions for one file, as many as its reader will wait for: comparing words is slow."""

    def __init__(self) -> None:
        self.left = 50_000  #: comparisons, some 0.5 s

    def nearest(self, word: str, known: Iterable[str]) -> str:
        """See `nearest`."""
        if self.left < 0:
            return ""
        names = list(known)
        self.left -= len(names)
        return nearest(word, names) if self.left >= 0 else ""

    def kind(self, word: str, known: Iterable[str]) -> str:
        """The kind, short form or block that was probably meant."""
        names = list(known)
        foreign = _FOREIGN_KINDS.get(word.lower().replace(" ", "_"))
        return foreign if foreign in names else self.nearest(word, names)

    def option(self, word: str, known: Iterable[str]) -> str:
        """The option that was probably meant."""
        names = list(known)
        foreign = _FOREIGN_OPTIONS.get(word.lower())
        return foreign if foreign in names else self.nearest(word, names)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` was probably meant to be; '' where none is near."""
    import difflib  # 6 ms, needed only when somebody has mistyped

    names = list(known)
    lowered = {name.lower(): name for name in reversed(names)}
    close = difflib.get_close_matches(word.lower()[:64], lowered, n=1, cutoff=0.6)
    return lowered[close[0]] if close else ""

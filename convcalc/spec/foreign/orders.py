"""The order of the arguments in calls of PyTorch's and Keras's layers."""

_WINDOW = "kernel_size stride padding"
#: the names of the arguments that need none, in the order of each tool
PYTORCH = {
    "conv": f"in_channels out_channels {_WINDOW} dilation groups bias padding_mode",
    "conv_transpose": f"in_channels out_channels {_WINDOW} output_padding groups bias dilation",
    "max_pool": f"{_WINDOW} dilation return_indices ceil_mode",
    "avg_pool": f"{_WINDOW} ceil_mode count_include_pad",
    "fc": "in_features out_features bias",
    "upsample": "size scale_factor mode align_corners",
    "relu": "max_value",
    "flatten": "start_dim end_dim",
    "layer_norm": "normalized_shape eps elementwise_affine bias",
    "lrn": "size alpha beta k",
    "prelu": "num_parameters",
    "pad": "padding",
    "adaptive_avg_pool": "output_size",
    "adaptive_max_pool": "output_size",
    "batch_norm": "num_features eps momentum affine track_running_stats",
    "instance_norm": "num_features eps momentum affine track_running_stats",
    "group_norm": "num_groups num_channels eps affine",
    "dropout": "p inplace",
    "leaky_relu": "negative_slope inplace",
    "elu": "alpha inplace",
    "softmax": "dim",
    "pixel_shuffle": "upscale_factor",
    "space_to_depth": "downscale_factor",
    "channel_shuffle": "groups",
}
KERAS = {
    "conv": "filters kernel_size strides padding",
    "conv_transpose": "filters kernel_size strides padding",
    "depthwise_conv": "kernel_size strides padding depth_multiplier",
    "max_pool": "pool_size strides padding",
    "avg_pool": "pool_size strides padding",
    "fc": "units activation use_bias",
    "upsample": "size",
    "activation": "activation",
    "relu": "max_value negative_slope threshold",
    "softmax": "axis",
    "flatten": "",
    "dropout": "rate",
    "batch_norm": "axis",
    "layer_norm": "axis",
    "group_norm": "groups axis",
    "pad": "padding",
    "crop": "cropping",
}
#: the same words without a module, where the tools' orders differ
EITHER = {
    **PYTORCH,
    **KERAS,
    **{kind: PYTORCH[kind] for kind in ("flatten", "dropout", "batch_norm")},
    **dict.fromkeys(("group_norm", "layer_norm"), "axis_or_size"),
    "softmax": "axis_or_dim",
    "upsample": "number",
}
#: words that are one tool's, whatever is before them
WORDS = {
    "unflatten": "dim unflattened_size",
    "reshape": "target_shape",
    **dict.fromkeys(("reflectionpad", "replicationpad"), "padding"),
}
#: tools that list the filters before the kernel, as Keras does, under their own names
OTHERS = {
    "slim": {
        "conv": "num_outputs kernel_size stride padding",
        "max_pool": "kernel_size stride padding",
        "avg_pool": "kernel_size stride padding",
        "fc": "num_outputs activation_fn",
    },
    "flax": {"conv": "features kernel_size strides padding", "fc": "features use_bias"},
    "haiku": {"conv": "output_channels kernel_shape stride rate padding", "fc": "out_features"},
}


def arguments(tool: str, kind: str, word: str) -> list[str]:
    """The names of a call's arguments in order; `kind` is ours, or the tool's word without one.

    `word` is the tool's word, without case and rank.
    """
    if word in WORDS:
        return WORDS[word].split()
    orders = {"keras": KERAS, "pytorch": PYTORCH, **OTHERS}
    return orders.get(tool, EITHER).get(kind, "").split()

"""The order of the arguments in calls of PyTorch's and Keras's layers."""

_WINDOW = "kernel_size stride padding"
#: the names of the arguments that need none, in the order of each tool
PYTORCH = {
    "conv": f"in_channels out_channels {_WINDOW} dilation groups bias padding_mode",
    "conv_transpose": f"in_channels out_channels {_WINDOW} output_padding groups bias dilation",
    "max_pool": f"{_WINDOW} dilation return_indices ceil_mode",
    "avg_pool": f"{_WINDOW} ceil_mode count_include_pad divisor_override",
    "l2_pool": "norm_type kernel_size stride ceil_mode",
    "fractional_max_pool": "kernel_size output_size output_ratio return_indices",
    "fc": "in_features out_features bias",
    "upsample": "size scale_factor mode align_corners recompute_scale_factor",
    "relu": "max_value",
    **dict.fromkeys(("relu6", "selu", "silu", "mish", "hard_swish", "hard_sigmoid"), "inplace"),
    "gelu": "approximate",
    "flatten": "start_dim end_dim",
    "layer_norm": "normalized_shape eps elementwise_affine bias",
    "lrn": "size alpha beta k",
    "prelu": "num_parameters init",
    "pad": "padding",
    "adaptive_avg_pool": "output_size",
    "adaptive_max_pool": "output_size return_indices",
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
_KERAS = "data_format dilation_rate"
KERAS = {
    "conv": f"filters kernel_size strides padding {_KERAS} groups activation use_bias",
    "conv_transpose": (
        f"filters kernel_size strides padding output_padding {_KERAS} activation use_bias"
    ),
    "depthwise_conv": (
        f"kernel_size strides padding depth_multiplier {_KERAS} activation use_bias"
    ),
    **dict.fromkeys(("max_pool", "avg_pool"), "pool_size strides padding data_format"),
    **dict.fromkeys(("adaptive_avg_pool", "adaptive_max_pool"), "output_size data_format"),
    **dict.fromkeys(("global_avg_pool", "global_max_pool"), "data_format keepdims"),
    "fc": "units activation use_bias",
    "upsample": "size data_format interpolation",
    "activation": "activation",
    "relu": "max_value negative_slope threshold",
    "softmax": "axis",
    "flatten": "",
    "dropout": "rate noise_shape seed",
    "batch_norm": "axis momentum epsilon center scale",
    "layer_norm": "axis epsilon center scale",
    "group_norm": "groups axis epsilon center scale",
    "pad": "padding data_format",
    "crop": "cropping data_format",
}
#: PyTorch's functions, behind the volume that they read; those left out have weights there, too
FUNCTIONS = {
    **PYTORCH,
    "max_pool": f"{_WINDOW} dilation ceil_mode return_indices",
    "softmax": "dim",
    "pad": "padding mode value",
    **dict.fromkeys(
        ("conv", "conv_transpose", "fc", "prelu", "batch_norm", "instance_norm", "group_norm",
         "layer_norm"),
        "",
    ),
}  # fmt: skip
#: functions of TensorFlow, Keras and NumPy, and those without a module, behind that volume
OPERATIONS = {
    "pad": "paddings mode constant_values",
    "dropout": "rate",
    "leaky_relu": "negative_slope",
    "elu": "alpha",
    "fc": KERAS["fc"],
    "softmax": "axis_or_dim",
    "flatten": "start_dim end_dim",
    "upsample": "number",
    **{kind: KERAS[kind] for kind in ("conv", "depthwise_conv", "max_pool", "avg_pool")},
    **dict.fromkeys(("adaptive_avg_pool", "adaptive_max_pool"), "output_size"),
    "pixel_shuffle": "factor",
    "channel_shuffle": "groups",
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
#: TensorFlow's functions of an image, and the same that may be any tool's
IMAGES = {"resize": "method preserve_aspect_ratio antialias"}
IN_BLOCKS = ("depthtospace", "spacetodepth")  #: TensorFlow's functions, and ONNX's
#: words that are one tool's, whatever is before them
WORDS = {
    "unflatten": "dim unflattened_size",
    "reshape": "target_shape",
    **dict.fromkeys(("reflectionpad", "replicationpad", "circularpad"), "padding"),
    "constantpad": "padding value",
    "resizing": "height width interpolation",
    **dict.fromkeys(("upsamplingnearest", "upsamplingbilinear"), "size scale_factor"),
    "layerscale": "dim init_values inplace",
    "hardtanh": "min_val max_val inplace",
    **dict.fromkeys(IN_BLOCKS, "block_size data_format"),
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


def arguments(tool: str, kind: str, word: str, function: bool = False) -> list[str]:
    """The names of a call's arguments in order; `kind` is ours, or the tool's word without one.

    `word` is the tool's word, without case and rank; `function` says that it is a function, whose
    first argument is a volume.
    """
    if function and word in IMAGES and tool != "pytorch":
        size = "size" if tool == "keras" else "image_size"
        return f"{size} {IMAGES[word]}".split()
    if function:
        own = FUNCTIONS if tool == "pytorch" or word in IN_BLOCKS else OPERATIONS
        return own.get(kind, "").split()
    if word in WORDS:
        return WORDS[word].split()
    orders = {"keras": KERAS, "pytorch": PYTORCH, **OTHERS}
    return orders.get(tool, EITHER).get(kind, "").split()

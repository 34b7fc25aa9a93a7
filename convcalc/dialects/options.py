"""What PyTorch, Keras, TensorFlow and Caffe call our options, and which of theirs are left out."""

from collections.abc import Iterable
from typing import NamedTuple

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
#: what a layer that is trained says in other files, where the opposite freezes it
TRAINED = {"trainable": "true", "requires_grad": "true", "frozen": "false", "freeze": "false"}
#: an option with a value -> what both are here
_PAIRS = {
    ("dtype", "float32"): Pair("", "the number's type is a setting: `--dtype`"),
    **{(word, value): Pair("", _TRAINING) for word, value in TRAINED.items()},
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


#: every word of other tools that is known, so that a slip of one is none of another
OPTIONS = (*dict.fromkeys((*_OPTIONS, *_LEFT_OUT, *(word for word, _ in _PAIRS))),)


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

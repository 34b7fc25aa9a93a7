"""Convolutions and pools of Flax, Haiku, Sonnet and TF-Slim, whose defaults are others.

Their convolutions pad so that the size is kept (``SAME``), Flax's pools have a stride of 1,
TF-Slim's of 2, and TF-Slim's layers have a relu.
"""

from typing import Any

from convcalc.dialects import folded
from convcalc.dialects import kind as kind_of
from convcalc.layers.option import shown
from convcalc.spec.foreign.asked import (
    KINDS,
    Asked,
    Given,
    Meant,
    NotCertainError,
    one_if_equal,
    whole_numbers,
)


def conv(asked: Asked) -> Meant | None:
    """A convolution that pads unless it says otherwise."""
    given, kind = asked.given, kind_of(asked.word, KINDS)
    if str(given.get("padding")).lower() == "causal":
        return _causal(given)
    own = given.keys() & {"filters", "kernel", "pad", "out_channels", "in_channels"}
    if asked.tool == "slim" or "num_outputs" in given:
        raise NotCertainError(_slim(given))
    pads = given.keys() & {"features", "output_channels"} or asked.tool in {"flax", "haiku"}
    if own or not pads:
        return None
    options: Given = {}
    if (filters := given.pop("features", given.pop("output_channels", None))) is not None:
        options["filters"] = filters
    for word in ("kernel_shape", "kernel_size"):
        if word in given:
            options["kernel"] = one_if_equal(given.pop(word))
    options["pad"] = _padding(given.pop("padding", "SAME"))
    return Meant(kind, given, options)


def _causal(given: Given) -> Meant | None:
    """Keras's padding of sequences that lies before them alone, as far as the window spans."""
    reach = [_one(given.get("kernel_size")), _one(given.get("dilation_rate") or 1)]
    if 0 in reach:
        return None
    rest = {name: value for name, value in given.items() if name != "padding"}
    return Meant("conv", rest, {"pad": [reach[1] * (reach[0] - 1), 0]})


def _one(given: Any) -> int:
    """The number of a single axis; 0 for anything else."""
    number = given[0] if isinstance(given, list | tuple) and len(given) == 1 else given
    return number if type(number) is int else 0


def _padding(padding: Any) -> Any:
    """``SAME``, ``VALID`` or (before, after) of each axis."""
    if isinstance(padding, str):
        return 0 if padding.lower() == "valid" else padding.lower()
    if isinstance(padding, list | tuple) and all(isinstance(p, list | tuple) for p in padding):
        return [side for pair in padding for side in pair]
    return padding


def _slim(given: Given) -> str:
    filters, kernel = given.get("num_outputs"), given.get("kernel_size")
    kernel = shown(tuple(kernel)) if isinstance(kernel, list | tuple) else kernel
    stride = whole_numbers(one_if_equal(given.get("stride", 1)))
    sizes = f"filters: {filters or 64}, kernel: {kernel or 3}"
    sizes += f", stride: {shown(one_if_equal(stride))}" * (stride != [1] and bool(stride))
    if str(given.get("padding")).lower() == "valid":
        return f"TF-Slim's has a relu: `conv: {{{sizes}}}`, and `relu` on the next line"
    sample = f"`conv: {{{sizes}, pad: same}}`"
    return f"TF-Slim's keeps the size and has a relu: {sample}, and `relu` on the next line"


def pool(asked: Asked) -> Meant | None:
    """``nn.max_pool(x, window_shape=(2, 2))`` of Flax, ``slim.max_pool2d([2, 2])``."""
    kind = "max_pool" if folded(asked.word).startswith("max") else "avg_pool"
    if "window_shape" in asked.given:
        options: Given = {"kernel": asked.given.pop("window_shape")}
        if (stride := asked.given.pop("strides", 1)) is not None:
            options["stride"] = stride
        if (padding := asked.given.pop("padding", None)) is not None:
            options["pad"] = _padding(padding)
        return Meant(kind, asked.given, options)
    if asked.tool == "slim" and "stride" not in asked.given:
        return Meant(kind, asked.given, {"stride": 2})
    same = str(asked.given.get("padding", "")).lower() == "same"
    if kind == "avg_pool" and asked.tool == "keras" and same:  # tf.nn.avg_pool2d
        return Meant(kind, asked.given, {"count_padding": False})
    return None


def fully_connected(asked: Asked) -> Meant | None:
    """TF-Slim's, which has a relu unless it says otherwise."""
    given = asked.given
    if asked.tool != "slim" and "num_outputs" not in given:
        return None
    units = given.pop("num_outputs", given.pop("units", given.pop("out_features", None)))
    if str(given.pop("activation_fn", "relu")) != "None":
        text = f"TF-Slim's has a relu: `fc-{units or 10}`, and `relu` on the next line"
        raise NotCertainError(text)
    return Meant("fc", given, {"units": units})

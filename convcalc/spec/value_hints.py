"""What to type in place of a value that other tools have for an option, or that means none.

Imported only where something is wrong.
"""

import re
from collections.abc import Callable

from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.layers.option import Value, shown
from convcalc.quantity import without_commas
from convcalc.spec.computed import in_list
from convcalc.tree.nodes import Mapping, Scalar

_NONE = frozenset({"none", "no", "off", "zero", "false"})
_HALF = frozenset({"half", "yes", "on", "true", "auto"})
_EVERY = frozenset({"all", "channels", "in_channels", "depthwise", "input"})
_WHOLE = frozenset({"all", "full", "global", "same", "input", "whole"})


def of_option(kind: str, key: str, value: Value, beside: Mapping | None) -> tuple[str, ...]:
    """Help for a value of an option of a kind, with the options `beside` it; () where none is sure.

    >>> of_option("conv", "groups", "all", None)
    ('did you mean `=in_channels`?',)
    """
    if made := in_list(value):
        return made
    find = _BY_KEY.get(key)
    if isinstance(value, str) and (numbers := _numbers(kind, key, value)):
        return (f"did you mean `{numbers}`?",)
    if isinstance(value, tuple) and len(value) == 1 and type(value[0]) is int and key in _COUNTED:
        return (f"did you mean `{value[0]}`?",)
    if key in _SPATIAL and isinstance(value, tuple) and (between := _of_tensorflow(value)):
        return (f"did you mean `{between}`?",)
    return find(kind, value, beside) if find is not None else ()


_SEVERAL = re.compile(r"\d{1,9}(?:(?:\s*,\s*|\s+)\d{1,9}){1,7}", re.ASCII)
_BETWEEN = re.compile(r"[\s,]+")


def _numbers(kind: str, key: str, value: str) -> str:
    """Numbers with blanks or commas between them, as a list or as one; '' for other texts.

    ``1,024`` filters are one number, and ``128,128`` of a size two: a list where there is one.
    """
    known = BY_NAME.get(kind)
    option = next((one for one in known.options() if one.key == key), None) if known else None
    text = " ".join(value.split())  # no-break spaces are blanks too
    if option is None or not _SEVERAL.fullmatch(text):
        return ""
    words = _BETWEEN.split(text)
    numbers = tuple(map(int, words))
    if option.takes(numbers) and list(map(str, numbers)) == words:
        return shown(numbers)
    number = without_commas(text)
    return number if number and option.takes(int(number)) else ""


def of_one_layer(value: tuple[Value, ...]) -> tuple[str, ...]:
    """``like: [skip]``, a list of one name where a layer is named; () for others."""
    known = len(value) == 1 and isinstance(value[0], str | int) and value[0] != ""
    return (f"did you mean `{plain(str(value[0]))}`?",) if known else ()


#: what is one number, which other tools take in a list too
_COUNTED = frozenset({"filters", "units", "groups", "multiplier", "factor"})
_SPATIAL = frozenset({"kernel", "stride", "dilation"})


def _of_tensorflow(value: tuple[object, ...]) -> str:
    """``[1, 2, 2, 1]``, with 1 for the batch and the channels; '' for other lists."""
    inner = value[1:-1]
    if len(value) != 4 or value[0] != 1 or value[-1] != 1 or value.count(1) == 4:
        return ""
    return str(inner[0]) if inner[0] == inner[1] else f"[{inner[0]}, {inner[1]}]"


def _pad(kind: str, value: Value, beside: Mapping | None) -> tuple[str, ...]:
    """``none``, ``half`` and ``full``, as Theano has them; true, as darknet does."""
    word, kernel = str(value).lower(), _kernel(beside)
    if word in _NONE:
        return ("did you mean `0`?",)
    if isinstance(value, int) and not isinstance(value, bool) and value < 0:
        return (f"numbers are cut off by a layer before it: `- crop: {{sides: {-value}}}`",)
    if word == "causal":
        before = _causal(beside)
        usual = "`[2, 0]` for a window of 3, times its dilation"
        sides = f"did you mean `[{before}, 0]`?" if before else usual
        return (sides if before else f"what lies before a sequence alone: {sides}",)
    half = f"`{kernel // 2}`" if kernel and kernel % 2 else ""
    if word == "half" and half:
        return (f"did you mean {half}?",)
    if word == "full" and kernel:
        return (f"did you mean `{kernel - 1}`?",)
    if word == "full":
        return ("full padding is the window less one: `2` of a 3x3",)
    if word in _HALF:
        return (f"half of the window is {half or '`1` of a 3x3'}, no padding `0`",)
    return ()


def _causal(beside: Mapping | None) -> str:
    """How far the window beside a padding reaches back, a number or a formula; '' if not known."""
    nodes = [beside.get(key) if beside is not None else None for key in ("kernel", "dilation")]
    kernel, holes = (node.text if isinstance(node, Scalar) else "" for node in nodes)
    sizes = [n for n in (kernel, holes if nodes[1] else "1") if re.fullmatch("[1-9][0-9]{0,3}", n)]
    if len(sizes) == 2:
        return str(int(sizes[1]) * (int(sizes[0]) - 1))
    variable = re.fullmatch(r"=\s*([A-Za-z_]\w{0,40})", holes if nodes[1] else "")
    return f"={int(sizes[0]) - 1}*{variable[1]}" if len(sizes) == 1 and variable else ""


def _kernel(beside: Mapping | None) -> int:
    """The window that stands beside a padding; 0 where it is no single number, or has holes."""
    node = (beside.get("kernel") or beside.get("F")) if beside is not None else None
    text = node.text if isinstance(node, Scalar) else ""
    holes = beside is not None and beside.get("dilation") is not None
    return int(text) if re.fullmatch("[1-9][0-9]{0,3}", text) and not holes else 0


def _stride(kind: str, value: Value, beside: Mapping | None) -> tuple[str, ...]:
    if kind.endswith("_pool") and str(value).lower() in {"same", "kernel", "none"}:
        return ("leave `stride` out: a pool steps by its kernel then",)
    if isinstance(value, float) and 0 < value < 1 and (1 / value).is_integer():
        more = int(1 / value)
        return (f"what enlarges is `conv_transpose`, with `stride: {more}`, or `upsample`",)
    return ("did you mean `1`? the window then moves by one number",) if value == 0 else ()


def _kernel_value(kind: str, value: Value, beside: Mapping | None) -> tuple[str, ...]:
    if kind in {"max_pool", "avg_pool"} and str(value).lower() in _WHOLE:
        return (f"a pool over the whole volume is `global_{kind}`",)
    return ("one number for all axes: `kernel: 3`",) if value == () else ()


def _dilation(kind: str, value: Value, beside: Mapping | None) -> tuple[str, ...]:
    return ("did you mean `1`? the window then has no holes",) if value == 0 else ()


def _groups(kind: str, value: Value, beside: Mapping | None) -> tuple[str, ...]:
    every = str(value).lower() in _EVERY and kind.startswith("conv")
    if every:
        return ("did you mean `=in_channels`?",)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ()
    if kind == "group_norm" and value == -1:
        return ("a group for each channel, Keras's -1, is `groups: =in_channels`",)
    if kind == "group_norm":
        return ("groups divide the channels: `groups: 32` in Wu & He (2018)",)
    if kind.startswith("conv"):
        meant = "did you mean `1`? that is a convolution without groups"
        return (meant if value == 0 else "a convolution without groups has `groups: 1`",)
    return ()


def _lrn_size(kind: str, value: Value, beside: Mapping | None) -> tuple[str, ...]:
    return ("it is how many channels are summed over: `size: 5`",) if kind == "lrn" else ()


def _rate(kind: str, value: Value, beside: Mapping | None) -> tuple[str, ...]:
    """``50`` and ``50%``."""
    match = re.fullmatch("([0-9]?[1-9])%|([1-9][0-9])%?", str(value))
    if match is None:
        return ()
    return (f"did you mean `0.{f'{match[1] or match[2]:0>2}'.rstrip('0')}`?",)


def _filters(kind: str, value: Value, beside: Mapping | None) -> tuple[str, ...]:
    alike = str(value).lower() in {"same", "in_channels", "input"}
    return ("did you mean `=in_channels`?",) if alike else ()


_BY_KEY: dict[str, Callable[[str, Value, Mapping | None], tuple[str, ...]]] = {
    "pad": _pad,
    "stride": _stride,
    "kernel": _kernel_value,
    "dilation": _dilation,
    "groups": _groups,
    "filters": _filters,
    "units": _filters,
    "size": _lrn_size,
    "rate": _rate,
}

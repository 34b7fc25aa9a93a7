"""Layers written as calls, as PyTorch's and Keras' code has them: ``Conv2d(3, 32, 3)``.

Imported only where something is wrong.
"""

import re
from collections.abc import Iterable

from convcalc import dialects
from convcalc.spec.shortforms import expand

_CALL = re.compile(r"((?:\w+\.)*)(\w+)\s*\(([^()]*)\)?\Z")
_SIZES = re.compile(r"[\[(]\s*([0-9]+)(?:\s*,\s*\1)*\s*,?\s*[\])](?=\s*[,)\]])")
_KEYWORDS = {
    "filters": ("filters", "out_channels", "num_output"),
    "kernel": ("kernel_size", "pool_size", "kernel"),
    "stride": ("strides", "stride"),
    "pad": ("padding", "pad"),
    "units": ("units", "out_features"),
}
#: the order of PyTorch's arguments; the first, the channels that arrive, is known here
_PYTORCH = {
    "conv": ("", "filters", "kernel", "stride", "pad"),
    "max_pool": ("kernel", "stride", "pad"),
    "avg_pool": ("kernel", "stride", "pad"),
    "fc": ("", "units"),
}
_KERAS = {
    "conv": ("filters", "kernel", "stride", "pad"),
    "max_pool": ("kernel", "stride", "pad"),
    "avg_pool": ("kernel", "stride", "pad"),
    "fc": ("units",),
}


def meant(call: str, names: Iterable[str]) -> str:
    """The kind or short form that a call stands for; "" where it is not known.

    PyTorch's `Conv2d` and `Linear` begin with the channels that arrive, and `Conv2d` does not pad;
    every other spelling is read in Keras' order.

    >>> meant("nn.Conv2d(3, 32, 3, stride=2, padding=1)", ["conv"])
    'conv3-32s2p1'
    >>> meant("dense(10)", ["fc"])
    'fc-10'
    """
    match = _CALL.match(_SIZES.sub(r"\1", call.strip()))
    if match is None:
        return ""
    names = list(names)
    word = match[2]
    kind = word.lower() if word.lower() in names else dialects.kind(word, names)
    given = _arguments(match[3], kind, match[2] in {"Conv1d", "Conv2d", "Conv3d", "Linear"})
    form = _short_form(kind, given)
    return form if form and expand(form) else kind


def _arguments(text: str, kind: str, pytorch: bool) -> dict[str, str]:
    order = (_PYTORCH if pytorch else _KERAS).get(kind, ())
    given: dict[str, str] = {"pad": "0"} if pytorch and kind == "conv" else {}
    for place, part in enumerate(filter(None, map(str.strip, text.split(",")))):
        name, equals, value = part.partition("=")
        if equals:
            found = [ours for ours, theirs in _KEYWORDS.items() if name.strip() in theirs]
            if found:
                given[found[0]] = value.strip()
        elif place < len(order):
            given[order[place]] = part
    if kind == "fc" and "units" not in given:
        given["units"] = text.strip()  # Linear(10)
    return {name: value.strip("'\" ").lower() for name, value in given.items()}


def _short_form(kind: str, given: dict[str, str]) -> str:
    kernel = given.get("kernel", "")
    if kind == "fc":
        return f"fc-{given.get('units', '')}"
    if kind == "conv":
        form = f"conv{kernel}-{given.get('filters', '')}"
    elif kind in {"max_pool", "avg_pool"}:
        form = f"{'avg' if kind == 'avg_pool' else ''}pool{kernel}"
    else:
        return ""
    stride, pad = given.get("stride", ""), given.get("pad", "")
    form += f"s{stride}" if stride and stride != ("1" if kind == "conv" else kernel) else ""
    pad = {"same": "", "valid": "0" if kind == "conv" else ""}.get(pad, pad)
    return form + (f"p{pad}" if pad else "")

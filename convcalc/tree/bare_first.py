"""Options of which the first is a number alone, as PyTorch's calls have it, but with colons."""

import re

from convcalc.findings import Span
from convcalc.tree.slips import Slip, code, meant

_LONGEST = 1000  #: letters of a line that is looked at
_ENTRY = re.compile(r" *- +(\w+): +([0-9]+), *(\w+: [^{}()\"'#]*)\Z", re.A)
_KEY = re.compile(r"(?:\A|, *)(\w+): ", re.A)
#: what the number of a kind is, by its name without underscores and axes
_FIRST = {
    "conv": "filters",
    "convtranspose": "filters",
    "depthwiseconv": "kernel",
    "maxpool": "kernel",
    "avgpool": "kernel",
    "upsample": "scale",
}
#: other tools' words for these
_ALSO = {
    "filters": frozenset({"filters", "out_channels", "in_channels", "units"}),
    "kernel": frozenset({"kernel", "kernel_size", "pool_size", "size"}),
    "scale": frozenset({"scale", "scale_factor", "size", "like"}),
}


def bare_first(lines: list[str], line: int) -> Slip | None:
    """``- max_pool: 3, stride: 2`` and ``- conv: 32, kernel: 3``, which need braces and a key."""
    text = code(lines[line - 1])
    match = _ENTRY.match(text) if len(text) <= _LONGEST else None
    key = _FIRST.get(_kind(match[1])) if match else None
    if match is None or key is None:
        return None
    given = {*_KEY.findall(match[3])}
    if key == "filters" and "filters" in given:
        key = "kernel"
    if given & _ALSO[key]:
        return None  # which of the two is meant is not certain
    span = Span(line, match.start(1) + 1, line, len(text) + 1)
    written = f"{match[1]}: {{{key}: {match[2]}, {match[3].rstrip(' ,')}}}"
    return "options on one line need braces, and each its key", span, meant(written), "no braces"


def _kind(word: str) -> str:
    """``MaxPool2d`` and ``max_pool`` alike."""
    return re.sub(r"[123]d\Z", "", word.replace("_", "").lower())

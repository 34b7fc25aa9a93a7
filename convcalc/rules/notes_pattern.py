"""
What it does
    Names a net that follows the most common pattern,
    INPUT -> [[CONV -> RELU]*N -> POOL?]*M -> [FC -> RELU]*K -> FC with N <= `most_convs` (3) and
    K <= `most_fcs` (2). Norms, dropout, flatten and a final softmax do not interrupt it.

Why it matters
    It is the recipe to start from (CS231n notes, Layer Patterns): its name says what the net is.
    A net that misses it by one layer may have been meant to follow it.

Example that fires
    input: 32x32x3
    layers: "[[conv3-32 -> relu]*2 -> pool2]*3 -> [fc-256 -> relu]*2 -> fc-10"

Example that does not
    input: 32x32x3
    layers: "[conv3-32 -> relu]*5 -> pool2 -> fc-10"
"""

from collections.abc import Iterator

from convcalc.findings import Severity
from convcalc.layers.traits import Family
from convcalc.rules.net import NetFacts, is_conv
from convcalc.rules.rule import Remark, Rule, Threshold, Values

#: what does not interrupt the pattern, besides flatten and its kin
_SILENT = (Family.NORM, Family.DROPOUT)


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    letters = _letters(net)
    convs, dense = letters.partition("F")[0], "".join(letters.partition("F")[1:])
    stages = _stages(convs)
    hidden = dense.removesuffix("F").count("F")
    if stages is None or dense != "FR" * hidden + "F":
        return
    counts = [number for number, _ in stages]
    if max(counts) > values["most_convs"] or hidden > values["most_fcs"]:
        return
    pooled = [pool for _, pool in stages]
    pool = " -> POOL" if all(pooled) else " -> POOL?" if any(pooled) else ""
    several = len(set(counts)) > 1
    inner = "[CONV -> RELU]*N" if several else f"[CONV -> RELU]*{counts[0]}"
    inner = "CONV -> RELU" if counts == [1] * len(counts) else inner
    fcs = {0: "", 1: "FC -> RELU -> "}.get(hidden, f"[FC -> RELU]*{hidden} -> ")
    text = f"INPUT -> [{inner}{pool}]*{len(stages)} -> {fcs}FC"
    counted = f", N = {', '.join(map(str, counts))}" if several else ""
    first = next(step for step in net.steps if is_conv(step))
    yield Remark(first, f"follows the pattern {text}{counted}", "", "starts here")


_LETTERS = {Family.CONVOLUTION: "C", Family.POOL: "P", Family.FULLY_CONNECTED: "F"}


def _letters(net: NetFacts) -> str:
    """One letter a layer: C, R, P, F; '?' where the net is no chain or has other layers."""
    found = []
    last = len(net.steps) - 1
    for index, step in enumerate(net.steps):
        layer = step.layer
        if layer is None:
            found.append("" if not index else "?")
            continue
        if step.inputs != (index - 1,):
            return "?"
        silent = layer.family in _SILENT or layer.is_view
        if silent or (step.kind == "softmax" and index == last):
            found.append("")
        else:
            found.append("R" if layer.is_rectifier else _LETTERS.get(layer.family, "?"))
    return "".join(found)


def _stages(letters: str) -> list[tuple[int, bool]] | None:
    """(convs, whether a pool follows) for each group; None where it is another pattern."""
    stages = []
    rest = letters
    while rest:
        number = 0
        while rest.startswith("CR"):
            number, rest = number + 1, rest[2:]
        pool = rest.startswith("P")
        if not number:
            return None
        rest = rest[1:] if pool else rest
        stages.append((number, pool))
    return stages or None


RULE = Rule(
    "CC215",
    Severity.NOTE,
    check,
    __doc__,
    (
        Threshold("most_convs", 3, "N: convs in a row"),
        Threshold("most_fcs", 2, "K: hidden fully connected layers"),
    ),
)

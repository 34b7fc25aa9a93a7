"""Numbers computed where they are: fc, activations, merges, factors."""

from collections.abc import Callable

from convcalc.analysis.record import Row
from convcalc.explain.code import Options, call, flag, operands, rank
from convcalc.shapes import elements


def linear(row: Row, own: Options) -> str:
    """With the flattening that it needs."""
    flat = "nn.Flatten(), " if rank(row) else ""
    bias = flag("bias=False", not own["bias"])
    return flat + call("nn.Linear", str(elements(row.inputs[0])), str(own["units"]), bias)


def activation(name: str, *options: tuple[str, str]) -> Callable[[Row, Options], str]:
    """A module of that name; `options` are our option and PyTorch's argument for it."""

    def write(row: Row, own: Options) -> str:
        parts = [f"{theirs}={own[ours]:.12g}" for ours, theirs in options]
        return call(f"nn.{name}", *parts, flag("inplace=True", row.in_place))

    return write


def prelu(row: Row, own: Options) -> str:
    """One slope or one per channel."""
    return call("nn.PReLU", str(row.inputs[0][-1]) if own["slopes"] == "channel" else "")


def add(row: Row, own: Options) -> str:
    """In place where it is."""
    first, *others = operands(len(row.inputs))
    if row.in_place and others:
        return f"{first} += {' + '.join(others)}"
    return first if row.in_place else between("+", row)


def between(sign: str, row: Row) -> str:
    """The volumes with a sign between them; one alone is copied."""
    return f" {sign} ".join(operands(len(row.inputs))) if len(row.inputs) > 1 else "x.clone()"


def maximum(row: Row, own: Options) -> str:
    """Two at a time."""
    first, *others = operands(len(row.inputs))
    text = first if others else between(",", row)
    for other in others:
        text = f"torch.maximum({text}, {other})"
    return text


def scale(row: Row, own: Options) -> str:
    """An expression: a factor a channel needs the axes after it."""
    if own["by"] is not None:
        return f"x * {own['by']:.12g}"
    axes = "" if own["factors"] == "one" else f"[:{', None' * rank(row)}]"
    axes = axes if rank(row) else ""
    return f"x * weight{axes}" + (f" + bias{axes}" if own["bias"] else "")

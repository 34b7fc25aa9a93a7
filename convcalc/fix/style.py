"""How the convs of a residual branch are written: what a conv beside them has, too."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from convcalc.layers.batch_norm import BatchNorm
from convcalc.layers.conv import Conv, DepthwiseConv
from convcalc.layers.norm import GroupNorm, InstanceNorm, LayerNorm
from convcalc.layers.written import options_of
from convcalc.network.record import Network, Step
from convcalc.spec.edit import options_at
from convcalc.tree.nodes import Scalar

_CONVS = (Conv, DepthwiseConv)
_NORMS = (BatchNorm, GroupNorm, InstanceNorm, LayerNorm)


class Style(NamedTuple):
    """What all convs of some layers have in common."""

    bias: bool = True
    norm: str = ""
    """The norm that follows each of them, as an entry has it: ``batch_norm``; '' for none."""


def style_of(network: Network, layers: Iterable[int]) -> Style:
    """The habits of the convs among some layers; the defaults where they have none in common."""
    convs = [i for i in layers if isinstance(network.steps[i].layer, _CONVS)]
    if not convs:
        return Style()
    readers = network.readers()
    norms = {_norm(network, readers[i]) for i in convs}
    biases = {getattr(network.steps[i].layer, "bias", True) for i in convs}
    return Style(biases != {False}, norms.pop() if len(norms) == 1 else "")


def _norm(network: Network, readers: Sequence[int]) -> str:
    """The norm that alone reads a layer, with its options; '' where it is none."""
    if len(readers) != 1 or readers[0] < 0:
        return ""
    step = network.steps[readers[0]]
    if not isinstance(step.layer, _NORMS) or _has_formula(step):
        return ""
    options = ", ".join(f"{key}: {value}" for key, value in options_of(step.layer).items())
    return f"{step.kind}: {{{options}}}" if options else step.kind


def _has_formula(step: Step) -> bool:
    """Whether another call may give it other options."""
    options = options_at(step)
    values = options.entries.values() if options is not None else ()
    return any(isinstance(value, Scalar) and value.text[:1] == "=" for _, value in values)

"""
What it does
    Warns of a bias whose layer is read by a batch norm (or an instance norm) alone. Where layers
    share it, each of them has to be.

Why it matters
    The norm subtracts each channel's mean, and the bias with it; its own shift takes the bias's
    place (Ioffe & Szegedy 2015, arXiv:1502.03167, section 3.2). The bias is learned, stored and
    updated for nothing.

Example that fires
    input: 32x32x3
    layers: "conv3-16 batch_norm relu fc-10"

Example that does not
    input: 32x32x3
    layers:
      - conv: {filters: 16, kernel: 3, pad: 1, bias: false}
      - batch_norm
      - relu
      - fc-10
"""

from collections.abc import Container, Iterator
from functools import partial

from convcalc.findings import Severity
from convcalc.layers.written import options_of
from convcalc.network.record import Step
from convcalc.quantity import counted
from convcalc.rules.net import NetFacts
from convcalc.rules.rule import Remark, Rule, Values


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    norms = _norms(net)
    for index, norm in sorted(norms.items()):
        step, biases = net.steps[index], _biases(net, index)
        adds = "adds" if biases == 1 else "add"
        message = f"{norm.name} takes away what the {counted(biases, 'bias')} of {step.name} {adds}"
        offer = partial(_offer, net, step, norms)
        yield Remark(step, message, "bias", "biases without effect", offer=offer)


def _norms(net: NetFacts) -> dict[int, Step]:
    """The norms that subtract the mean of each channel, by the one layer with biases they read."""
    found = {
        step.inputs[0]: step
        for step in net.steps
        if step.layer is not None and step.layer.subtracts_channel_mean
    }
    if not found:
        return found
    network = net.analysis.network
    times, owners = network.times_read(), network.owners()
    alone = {i for i in found if times[i] == 1}
    needed = {owners[i] for i in net.sharing if i not in alone}
    return {i: found[i] for i in sorted(alone - needed) if _biases(net, i)}


def _biases(net: NetFacts, index: int) -> int:
    parameters = net.rows[index].parameters
    return parameters.biases if parameters else 0


def _offer(net: NetFacts, step: Step, norms: Container[int]) -> tuple[str, ...]:
    """The layer without biases; in another call of its block they may have their effect."""
    calls = net.written_alike(step)
    alike = all(call in norms and call not in net.sharing for call in calls)
    return (_without(step),) if alike else ()


def _without(step: Step) -> str:
    """How to write the layer without biases; a short form takes no options."""
    if step.layer is None or step.place.kind is None or step.place.options is not None:
        return "`bias: false`"
    given = [f"{key}: {value}" for key, value in options_of(step.layer).items()]
    return f"`{step.kind}: {{{', '.join((*given, 'bias: false'))}}}`"


RULE = Rule("CC211", Severity.WARNING, check, __doc__)

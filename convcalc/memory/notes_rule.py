"""Naive bytes: the rule of thumb of the notes, shown beside what a framework really holds."""

from convcalc.analysis.record import Analysis
from convcalc.memory.optimizers import BY_NAME
from convcalc.memory.parameters import parameter_bytes
from convcalc.network.record import INPUT
from convcalc.records import NamedTuple
from convcalc.shapes import elements


class NaiveBytes(NamedTuple):
    """Bytes of a net by plain multiplication (CS231n notes, Computational Considerations)."""

    parameters: int
    buffers: int
    input: int
    activations: int
    """Of the whole batch, the input included."""
    inference: int
    """The notes' rule: activations + parameters + the input batch."""
    training: int
    """The notes' rule: activations twice, copies of the parameters, misc."""
    misc: int
    """What the rule counts of images: the batch, its augmented versions, and prefetched batches
    with theirs. Inference needs the batch alone."""


def naive_bytes(analysis: Analysis) -> NaiveBytes | None:
    """The rule of thumb for an analysis; None where the net is broken."""
    totals, settings = analysis.totals, analysis.settings
    if totals.params is None or totals.activations is None or totals.buffers is None:
        return None
    width = settings.number_bytes
    image = sum(
        elements(step.output)
        for step in analysis.network.steps
        if step.kind == INPUT and step.output
    )
    batch = image * width * settings.batch
    parameters = parameter_bytes(analysis)
    activations = totals.activations * width * settings.batch
    misc = batch * (1 + settings.augmented) * (1 + settings.prefetch)
    copies = 1 if settings.optimizer == "none" else 2 + BY_NAME[settings.optimizer].state
    return NaiveBytes(
        parameters,
        totals.buffers * width,
        batch,
        activations,
        activations + parameters + batch,
        2 * activations + copies * parameters + misc,
        misc,
    )

"""Inference of a program whose file says what each of its calls allocates."""

from convcalc.analysis.record import Analysis
from convcalc.layers.saved import Bytes, statistics
from convcalc.memory import trace as kind_of
from convcalc.memory.trace import FORWARD, Trace
from convcalc.network.run import OF_SETTINGS, OF_STATISTICS, Run, Storage


def recorded(analysis: Analysis, run: Run) -> Trace:
    """The trace of a program in use, its calls counted for the layers that they belong to."""
    number = analysis.settings.number_bytes
    widths = {OF_SETTINGS: number, OF_STATISTICS: statistics(number)}
    trace = Trace(len(analysis.rows))
    for step, array in zip(run.holders, run.arrays, strict=True):
        role = kind_of.PARAMETER if array.learned else kind_of.BUFFER
        trace.make(role, step, 0, array.numbers * widths.get(array.width, array.width))
    others = dict(run.inputs)
    for step, row in enumerate(analysis.rows):
        if row.step.layer is None:
            width = others.get(row.step.place.tensor, number)
            trace.make(kind_of.INPUT, step, (row.activations or 0) * width)
    trace.begin = len(trace.events)

    def size(storage: Storage) -> Bytes:
        width = widths.get(storage.width, storage.width)
        return Bytes(storage.each * width, storage.once * width)

    calls = run.alone if run.alone and analysis.settings.batch == 1 else run.calls
    at = 0
    made: list[int] = []
    for step, row in enumerate(analysis.rows):
        while at < len(calls) and run.steps[at] <= step:
            call = calls[at]
            made += [trace.make(kind_of.VOLUME, step, *size(storage)) for storage in call.makes]
            beside = [size(storage) for storage in call.passing]
            both = Bytes(sum(each for each, _ in beside), sum(once for _, once in beside))
            trace.pass_through(step, both)
            for storage in call.frees:
                trace.release(made[storage])
            at += 1
        if row.step.layer is not None:
            trace.mark(FORWARD, step)
    return trace

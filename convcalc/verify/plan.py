"""The plan of a run: which layers, what is alive when, and the memory that it takes."""

from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.layers.base import Parameters
from convcalc.network.record import INPUT
from convcalc.shapes import elements


class Plan(NamedTuple):
    """The layers to run, in order, and when each volume is no longer needed."""

    steps: tuple[int, ...]
    given: tuple[int, ...]
    """Inputs of the net, and volumes made outside `steps`: the caller's, alive throughout."""
    owners: dict[int, int]
    """For every step with weights the step whose arrays it uses."""
    last_reader: dict[int, int]
    """The last step that reads a volume directly; the end for outputs."""


def plan(analysis: Analysis, first: int | None = None, last: int | None = None) -> Plan:
    """Plan a run of all layers, or of those from step `first` to step `last`."""
    steps = analysis.network.steps
    whole = range(len(steps))
    chosen = tuple(
        i for i in whole[slice(first, None if last is None else last + 1)] if steps[i].kind != INPUT
    )
    inside = set(chosen)
    given = sorted({j for i in chosen for j in steps[i].inputs if j not in inside})
    ends = [i for i in analysis.network.outputs if i in inside] or chosen[-1:]
    last_reader = analysis.network.last_readers(chosen, (*given, *ends))
    owners = analysis.network.owners()
    return Plan(chosen, tuple(given), {i: owners[i] for i in chosen}, last_reader)


def parameter_bytes(analysis: Analysis, run: Plan) -> int:
    """Bytes of all parameters and buffers of a run; shared ones once."""
    numbers = 0
    for owner in set(run.owners.values()):
        own = analysis.rows[owner].parameters or Parameters()
        numbers += own.learned + own.buffers
    return numbers * analysis.settings.number_bytes


def last_overwritten(analysis: Analysis, run: Plan) -> dict[int, int]:
    """For each step of a run the last one that works in place in the storage of its output."""
    storages = analysis.network.storages(analysis.shared_storage, run.steps)
    last = {
        storages[i]: i
        for i in run.steps
        if analysis.rows[i].in_place and not _passes_on(analysis, i)
    }
    return {i: last[storages[i]] for i in (*run.given, *run.steps) if storages[i] in last}


def _passes_on(analysis: Analysis, index: int) -> bool:
    """Whether a layer in its input's storage leaves the numbers as they are."""
    layer = analysis.network.steps[index].layer
    return layer is None or layer.is_view or layer.identity_in_inference


def live_bytes(analysis: Analysis, run: Plan) -> dict[int, int]:
    """Bytes alive while each step runs: parameters, inputs, and volumes somebody still reads.

    In place and alias layers have their input's storage; a volume goes when its last reader has
    run. It is the memory room's account of inference less what only a framework makes in passing,
    such as a max pool's indices or a padded copy; unlike that one it knows runs of some of the
    layers.
    """
    steps, settings = analysis.network.steps, analysis.settings
    width = settings.number_bytes * settings.batch

    def held(index: int) -> int:
        return elements(steps[index].output or ()) * width

    storages = analysis.network.storages(analysis.shared_storage, run.steps)
    until = analysis.network.lifetimes(storages, run.last_reader)
    live = parameter_bytes(analysis, run) + sum(map(held, run.given))
    found: dict[int, int] = {}
    alive: dict[int, int] = {}
    for i in run.steps:
        if storages[i] == i:
            alive[i] = held(i)
            live += alive[i]
        found[i] = live
        for done in [j for j in alive if until[j] <= i]:
            live -= alive.pop(done)
    return found

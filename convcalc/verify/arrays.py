"""The arrays of a run: random ones, or a state_dict's, each compared with what its layer needs."""

import numpy as np

from convcalc.analysis.record import Analysis
from convcalc.backend.arrays import Array
from convcalc.backend.files import StateDict
from convcalc.backend.weights import RandomWeights, finite, packed, random_volume
from convcalc.findings import Finding, Severity, brief
from convcalc.shapes import elements, written
from convcalc.suggest import nearest
from convcalc.verify.plan import Plan
from convcalc.verify.weights import IGNORED, Wanted, wanted

#: Letters of a file's names that are shown, and names that are compared with a missing one.
_MOST = 200


def random_arrays(analysis: Analysis, run: Plan, seed: int) -> dict[int, dict[str, Array]]:
    """Varied, finite numbers for every array of a run."""
    needed = wanted(analysis, run)
    largest = max((elements(one.learned.shape) for one in needed), default=0)
    source = RandomWeights(seed, analysis.settings.dtype, largest)
    found: dict[int, dict[str, Array]] = {}
    for one in needed:
        found.setdefault(one.step, {})[one.learned.name] = source.array(one.learned)
    return found


def random_inputs(analysis: Analysis, run: Plan, seed: int) -> dict[int, Array]:
    """A batch of noise for every input of a run."""
    steps, settings = analysis.network.steps, analysis.settings
    return {
        index: random_volume(
            seed + 1 + index, (settings.batch, *(steps[index].output or ())), settings.dtype
        )
        for index in run.given
    }


def not_finite(analysis: Analysis, step: int, path: str, pictures: Array) -> list[Finding]:
    """The finding of pictures that hold numbers no run of this type has, at their input."""
    dtype, network = analysis.settings.dtype, analysis.network
    ends = np.array([pictures.min(), pictures.max()])  # a NaN is both
    if np.isfinite(ends.astype(dtype)).all():
        return []
    kind = f" in {dtype}" if np.isfinite(ends).all() else ""
    text = f"{brief(path, _MOST)} holds numbers that are not finite{kind}"
    return [network.finding(network.steps[step], "CC123", Severity.ERROR, text)]


def misfits(analysis: Analysis, run: Plan, state: StateDict) -> list[Finding]:
    """What is missing, misshapen or left over in a state_dict, each at its layer."""
    needed = wanted(analysis, run)
    names = {one.key for one in needed}
    path = brief(state.path, _MOST)
    surplus = [n for n in state.shapes if n not in names and not n.endswith(IGNORED)]
    near = [name for name in surplus if len(name) < _MOST][:_MOST]
    whole = len(run.steps) == analysis.totals.layers
    found = []
    for one in needed:
        shape = state.shapes.get(one.key)
        if shape is None:
            close = nearest(one.key, near)
            text = f"{path} has no array {one.key} of {written(one.learned.shape)}"
            help = f"did you mean {brief(close, _MOST)}?" if close else ""
            found.append(_finding(analysis, one, text, help))
        elif shape != one.learned.shape and (shape or elements(one.learned.shape) > 1):
            has = written(shape) or "a single number"
            text = f"{one.key} is {has}, the layer needs {written(one.learned.shape)}"
            found.append(_finding(analysis, one, text, "PyTorch's layouts are expected"))
    for name in surplus if whole else ():
        text = f"no layer takes the array {brief(name, _MOST)} of {path}"
        found.append(Finding("CC123", Severity.ERROR, text, analysis.network.source.path))
    return found


def _finding(analysis: Analysis, one: Wanted, text: str, help: str = "") -> Finding:
    network = analysis.network
    step, helps = network.steps[one.step], (help,) if help else ()
    return network.finding(step, "CC123", Severity.ERROR, text, one.learned.name, helps)


def state_arrays(
    analysis: Analysis, run: Plan, state: StateDict
) -> tuple[dict[int, dict[str, Array]], list[Finding]]:
    """The arrays of a state_dict in the kernels' order, and those that hold no finite numbers."""
    dtype = analysis.settings.dtype
    found: dict[int, dict[str, Array]] = {}
    findings = []
    for one in wanted(analysis, run):
        given = state.array(one.key).reshape(one.learned.shape)  # one number may have no axis
        array = packed(given, one.learned, one.flattened, dtype)
        if not finite(array):
            text = f"{one.key} holds numbers that are not finite"
            findings.append(_finding(analysis, one, text))
        found.setdefault(one.step, {})[one.learned.name] = array
    return found, findings

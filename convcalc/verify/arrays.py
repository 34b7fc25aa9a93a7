"""The arrays of a run: random ones, or a state_dict's, each compared with what its layer needs."""

from collections import Counter
from collections.abc import Mapping, Sequence

from convcalc.analysis.record import Analysis
from convcalc.backend.arrays import Array
from convcalc.backend.files import StateDict
from convcalc.backend.weights import RandomWeights, finite, gain, packed, random_volume
from convcalc.findings import Finding, Severity, brief
from convcalc.layers.base import Layer
from convcalc.layers.norm import InstanceNorm
from convcalc.shapes import Shape, elements, written
from convcalc.suggest import nearest
from convcalc.verify.growth import factors
from convcalc.verify.plan import Plan
from convcalc.verify.weights import IGNORED, Wanted, wanted

#: Letters of a file's names that are shown, and names that are compared with a missing one.
_MOST = 200
#: How like a missing name one of an array that fits has to be, and one of another shape.
_FITS, _LOOKS = 0.4, 0.8
#: What instance norms of PyTorch keep that are to run as batch norms do.
_RUNNING = ("running_mean", "running_var")
_RENAMED = "arrays of these shapes are there by other names: "
_OF_A_SPEC = (
    "`convcalc import MODEL --flat` keeps the model's own, and `verify MODEL --weights` of \
the model file itself reads those of no module"
)
_OF_A_MODEL = "its exporter renamed them, so save them by the layers' names"


def random_arrays(analysis: Analysis, run: Plan, seed: int) -> dict[int, dict[str, Array]]:
    """Varied, finite numbers for every array of a run."""
    needed = wanted(analysis, run)
    # layers that repeat each other's numbers, over and over, may all enlarge in one direction
    numbers = sum(elements(one.learned.shape) for one in needed)
    source = RandomWeights(seed, analysis.settings.dtype, numbers)
    gains = {one.step: gain(one.learned) for one in needed if one.learned.name == "weight"}
    smaller = factors(analysis, run, gains)
    found: dict[int, dict[str, Array]] = {}
    for one in needed:
        array = source.array(one.learned)
        if one.learned.name == "weight" and one.step in smaller:
            array *= smaller[one.step]
        found.setdefault(one.step, {})[one.learned.name] = array
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
    if finite(pictures, dtype):
        return []
    kind = f" in {dtype}" if finite(pictures) else ""
    text = f"{brief(path, _MOST)} holds numbers that are not finite{kind}"
    return [network.finding(network.steps[step], "CC123", Severity.ERROR, text)]


def misfits(analysis: Analysis, run: Plan, state: StateDict) -> list[Finding]:
    """What is missing, misshapen or left over in a state_dict, each at its layer."""
    needed = wanted(analysis, run)
    names = {one.key for one in needed}
    path = brief(state.path, _MOST)
    known = names | analysis.network.spare
    surplus = [n for n in state.shapes if n not in known and not n.endswith(IGNORED)]
    spare = analysis.network.spare.difference(names).intersection(state.shapes)
    unclaimed = _Unclaimed({name: state.shapes[name] for name in (*surplus, *sorted(spare))})
    whole = len(run.steps) == analysis.totals.layers
    missing = [one for one in needed if one.key not in state.shapes]
    advice = _OF_A_MODEL if any(step.place.node for step in analysis.network.steps) else _OF_A_SPEC
    renamed = (f"{_RENAMED}{advice}",) if unclaimed.hold_all(missing) else ()
    layers = {step.name: step.layer for step in analysis.network.steps} if surplus else {}
    found = []
    for one in needed:
        shape = state.shapes.get(one.key)
        if shape is None:
            close = unclaimed.nearest(one)
            text = f"{path} has no array {_named(one)} of {written(one.learned.shape)}"
            help = _worked_out(one)
            help = help or ((f"did you mean {brief(close, _MOST)}?",) if close else ())
            more = () if whole or one is not missing[0] else renamed
            found.append(_finding(analysis, one, text, *help, *more))
        elif shape != one.learned.shape and (shape or elements(one.learned.shape) > 1):
            has = written(shape) or "a single number"
            text = f"{one.key} is {has}, the layer needs {written(one.learned.shape)}"
            found.append(_finding(analysis, one, text, "PyTorch's layouts are expected"))
    for number, name in enumerate(sorted(surplus) if whole else ()):
        text = f"no layer takes the array {brief(name, _MOST)} of {path}"
        source, help = analysis.network.source.path, () if number else renamed
        help = (*_running(layers, name), *help)
        found.append(Finding("CC123", Severity.ERROR, text, source, help=help))
    return found


def _running(layers: Mapping[str, Layer | None], name: str) -> tuple[str, ...]:
    """What to do with running statistics where the layer is a norm of each image."""
    owner, _, array = name.rpartition(".")
    layer = layers.get(owner)
    if array not in _RUNNING or not isinstance(layer, InstanceNorm):
        return ()
    written = "batch_norm" if layer.affine else "`batch_norm: {affine: false}`"
    return (f"InstanceNorm with track_running_stats runs by it in eval: write {written}",)


class _Unclaimed:
    """The arrays of a file that no layer takes by their names."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self._names = [name for name in shapes if len(name) < _MOST][:_MOST]
        self._by_shape: dict[Shape, list[str]] = {}
        for name, shape in shapes.items():
            self._by_shape.setdefault(shape, []).append(name)

    def nearest(self, one: Wanted) -> str:
        """What an array that is missing is probably called there; '' where nothing is like it.

        The name of an array of another shape has to be nearly the same.
        """
        fitting = self._by_shape.get(one.learned.shape, [])[:_MOST]
        fitting = [name for name in fitting if len(name) < _MOST]
        return nearest(one.key, fitting, _FITS) or nearest(one.key, self._names, _LOOKS)

    def hold_all(self, missing: Sequence[Wanted]) -> bool:
        """Whether there is an array of the shape of each of several that are missing."""
        times = Counter(one.learned.shape for one in missing)
        return bool(missing) and all(
            number <= len(self._by_shape.get(shape, ())) for shape, number in times.items()
        )


def _named(one: Wanted) -> str:
    """What a layer and the model that it was read from call an array."""
    theirs = one.stored.name if one.stored is not None else ""
    return f"{one.key} ({brief(theirs, _MOST)} in the model)" if theirs else one.key


def _worked_out(one: Wanted) -> tuple[str, ...]:
    """What to do for an array that the model makes of others whenever it runs."""
    if one.stored is None or not one.stored.made_from:
        return ()
    names = brief(", ".join(one.stored.made_from), _MOST)
    return (f"the model works it out of {names}: save what it makes of that as {one.key}",)


def _finding(analysis: Analysis, one: Wanted, text: str, *help: str) -> Finding:
    network = analysis.network
    step = network.steps[one.step]
    return network.finding(step, "CC123", Severity.ERROR, text, one.learned.name, help)


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

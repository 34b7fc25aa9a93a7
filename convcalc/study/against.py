"""`verify --against model.onnx`: the same net in onnxruntime, layer by layer."""

from typing import TYPE_CHECKING, Any, NamedTuple

from convcalc.findings import plain
from convcalc.network.record import INPUT
from convcalc.study.compared import Compared, Pairs
from convcalc.study.errors import RequestError
from convcalc.study.outcome import Case, Outcome, study
from convcalc.study.verify import VerifyOptions

if TYPE_CHECKING:
    from convcalc.backend.arrays import Array
    from convcalc.study.onnx_file import OnnxFile
    from convcalc.study.same_layers import Matched

_ALONE = "--against takes --seed alone beside it: it runs float32, one image or the file's batch"

_ROUNDING = 2.0**-22  #: four times what rounding a number to float32 takes or adds at most


class Against(NamedTuple):
    """All layers that both have."""

    outcome: Outcome
    model: str
    layers: tuple[Compared, ...]
    seed: int = 0
    """Of the input."""
    notes: tuple[str, ...] = ()
    """Where a layer does not agree: what import notes of numbers that are others here."""

    @property
    def net(self) -> str:
        """What the net is called."""
        network = self.outcome.network
        return network.name or network.source.path

    @property
    def agrees(self) -> bool:
        """Whether every layer does."""
        return all(layer.agrees for layer in self.layers)


def against(
    case: Case,
    model: str,
    options: VerifyOptions = VerifyOptions(),  # noqa: B008 - it is frozen
    batch: int | None = None,
) -> Against:
    """Run a net with NumPy and an ONNX file with onnxruntime on the same numbers.

    Layers are matched by name: those of a file that `export` wrote, or of the file itself. Where
    names do not match, the file is imported and layers are matched by what they are and what they
    read. The weights are the file's. What the net gives is compared with what the file gives
    whatever the layers between them are, and nets agree only where all of it does.

    Raises:
        NetError: the net has errors.
        RequestError: a package is missing, the file has no weights, no layer is in both, or
            something else is asked for than what it runs.
    """
    if (
        batch not in {None, 1}
        or case.settings.dtype != "float32"
        or options != VerifyOptions(seed=options.seed)
    ):
        raise RequestError(_ALONE)
    from importlib.util import find_spec

    try:
        import numpy as np
        import onnx  # noqa: F401 - both are asked for here, before anything is read

        if find_spec("onnxruntime") is None:  # a child process loads it
            raise ModuleNotFoundError(name="onnxruntime")
    except ModuleNotFoundError as error:
        package = (error.name or "").split(".")[0]
        text = f"--against needs the package {package}: pip install 'convcalc[onnxruntime]'"
        raise RequestError(text) from error
    from convcalc.study.onnx_file import OnnxFile

    outcome = study(case)
    outcome.sound()
    inputs = [step for step in outcome.network.steps if step.kind == INPUT]
    if len(inputs) != 1 or inputs[0].output is None:
        raise RequestError("--against runs nets with one input")
    volumes = 4 * sum(row.activations or 0 for row in outcome.analysis.rows)
    file = OnnxFile(model, inputs[0].output, volumes, outcome.analysis.totals.macs or 0)
    matched = _matched(outcome, file)
    _add_epsilons(matched, file)
    shape = (file.batch, *inputs[0].output)
    x = np.random.default_rng(options.seed).standard_normal(shape).astype("float32")
    pairs = Pairs(outcome, file, matched)
    ours = _ours(case, matched.weights, x, pairs.names)
    theirs = file.run(pairs.tensors, np.moveaxis(x, -1, 1) if file.first else x)
    layers = pairs.compared(ours, theirs)
    if not all(layer.agrees for layer in layers):
        again = _ours(case, matched.weights, _nudged(x, options.seed), pairs.names)
        layers = pairs.compared({"": x, **ours}, theirs, again)
    found = Against(outcome, plain(model), layers, options.seed)
    if found.agrees or matched.flat is None:
        return found
    return found._replace(notes=tuple(map(plain, matched.flat.inexact)))


def _nudged(x: "Array", seed: int) -> "Array":
    """An image that is another by float32's rounding.

    By how much a layer's numbers are others for it, rounding alone may make them differ: all of
    them where they are 0 in truth, as the mean of what an instance norm gives.
    """
    import numpy as np

    up = np.random.default_rng([seed, 1]).random(x.shape) < 0.5
    return np.where(up, x * (1 + _ROUNDING), x * (1 - _ROUNDING)).astype(x.dtype)


def _matched(outcome: Outcome, file: "OnnxFile") -> "Matched":
    """The layers that are in both, by name or by what they are."""
    from convcalc.study.same_layers import UnmatchedError, by_graph, by_name

    try:
        return by_name(outcome, file)
    except UnmatchedError as unnamed:
        try:
            return by_graph(outcome, file)
        except UnmatchedError as error:
            raise RequestError(f"{unnamed}; {error}") from error


def _add_epsilons(matched: "Matched", file: "OnnxFile") -> None:
    """Put into each running variance what the file adds to it and convcalc does not."""
    from convcalc.layers.norm import EPSILON

    for name, tensor in matched.tensors.items():
        node, key = file.makers[tensor], f"{name}.running_var"
        if node.op_type == "BatchNormalization" and key in matched.weights:
            own = next((one.f for one in node.attribute if one.name == "epsilon"), EPSILON)
            if abs(own - EPSILON) > EPSILON / 1000:  # float32 has no 1e-5
                matched.weights[key] = matched.weights[key] + (own - EPSILON)


def _ours(
    case: Case, weights: dict[str, Any], x: "Array", keep: tuple[str, ...]
) -> "dict[str, Array]":
    """The outputs of these layers, run with NumPy."""
    import os

    import numpy as np

    from convcalc.backend.files import save
    from convcalc.study.verify import verify
    from convcalc.unfinished import short_lived_folder

    with short_lived_folder() as folder:
        paths = [os.path.join(folder, name) for name in ("w.npz", "x.npy", "out.npz")]
        if weights:
            save(paths[0], weights)
        np.save(paths[1], x)
        given = paths[0] if weights else None
        verify(case, VerifyOptions(weights=given, array=paths[1], save=paths[2], keep=keep))
        with np.load(paths[2]) as kept:
            return {name: kept[name] for name in kept.files}

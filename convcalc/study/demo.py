"""`demo`: a layer that slides, number by number."""

from convcalc.demo.make import KINDS, NoDemoError, demo
from convcalc.demo.numbers import Demo
from convcalc.explain.layer import NoLayerError, find
from convcalc.shapes import Shape
from convcalc.study.demo_numbers import Words, given
from convcalc.study.errors import RequestError
from convcalc.study.outcome import Case, study


def demonstrate(
    case: Case,
    layer: str | None,
    seed: int,
    array: Words = None,
    weights: Words = None,
    at: Shape = (),
) -> Demo:
    """The numbers of a layer: the one of that name, or the first that can be shown.

    Args:
        case: the net.
        layer: a layer's name.
        seed: of the numbers that are made up.
        array: the layer's input: numbers, ``1,0,-1``, or a file of it, text or .npy.
        weights: its filters: the same, or a state_dict in .npz or .safetensors.
        at: of a large volume, the first output that is shown.

    Raises:
        NetError: the net has errors.
        RequestError: there is no such layer or file, or it is not one to show.
        LoadError: there is nothing to read.
    """
    analysis = study(case).sound()
    network = analysis.network
    try:
        if layer is None:
            kinds = [step.kind for step in network.steps]
            kind = next((kind for kind in KINDS if kind in kinds), "")
            if not kind:
                raise RequestError("there is no conv to show, and no pool")
            row = analysis.rows[kinds.index(kind)]
        else:
            row = analysis.rows[find(network, layer)]
        return demo(row, seed, given(row, array, weights), at)
    except (NoLayerError, NoDemoError) as error:
        raise RequestError(str(error)) from error

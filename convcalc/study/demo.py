"""`demo`: a convolution, number by number."""

from collections.abc import Sequence

from convcalc.demo.numbers import Demo, NoDemoError, demo
from convcalc.explain.layer import NoLayerError, find
from convcalc.study.errors import RequestError
from convcalc.study.outcome import Case, study


def demonstrate(
    case: Case,
    layer: str | None,
    seed: int,
    array: Sequence[int] | None = None,
    weights: Sequence[int] | None = None,
) -> Demo:
    """The numbers of a conv or max pool: the layer of that name, or the first.

    Raises:
        NetError: the net has errors.
        RequestError: there is no such layer, or it is not one to show.
        LoadError: there is nothing to read.
    """
    analysis = study(case).sound()
    network = analysis.network
    try:
        if layer is None:
            kinds = [step.kind for step in network.steps]
            kind = next((kind for kind in ("conv", "max_pool") if kind in kinds), "")
            if not kind:
                raise RequestError("there is no conv to show, and no max_pool")
            return demo(analysis.rows[kinds.index(kind)], seed, array, weights)
        return demo(analysis.rows[find(network, layer)], seed, array, weights)
    except (NoLayerError, NoDemoError) as error:
        raise RequestError(str(error)) from error

"""`demo`: a convolution, number by number."""

from convcalc.demo.numbers import Demo, NoDemoError, demo
from convcalc.explain.layer import NoLayerError, find
from convcalc.study.errors import RequestError
from convcalc.study.outcome import Case, study


def demonstrate(case: Case, layer: str | None, seed: int) -> Demo:
    """The numbers of a conv: the layer of that name, or the first.

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
            if "conv" not in kinds:
                raise RequestError("there is no conv to show")
            return demo(analysis.rows[kinds.index("conv")], seed)
        return demo(analysis.rows[find(network, layer)], seed)
    except (NoLayerError, NoDemoError) as error:
        raise RequestError(str(error)) from error

"""Which batch norms a runtime on a small device folds into the layers before them, and what stays.

In use a batch norm is a factor and a shift a channel: (x - mean)/deviation * scale + shift. The
layer before it takes both in (Jacob et al. 2017, arXiv:1712.05877, section 3): its filters are
multiplied by the factor and the shift becomes its bias, whichever of scale and shift were learned.
One array of filters can be multiplied by one factor only. So a batch norm is folded where it alone
reads a convolution or fc, and every use of that layer's weights is followed by the same batch norm:
by one whose parameters are the same. Any other stays as a factor and a shift a channel.
"""

from collections import defaultdict

from convcalc.analysis.record import Analysis, Row
from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.layers.traits import Family
from convcalc.memory.parameters import parameter_bytes, weights_bytes

_BIAS = 4  #: bytes of a bias: int32
_FOLDS = {Family.CONVOLUTION, Family.TRANSPOSED_CONVOLUTION, Family.FULLY_CONNECTED}


def batch_norms(analysis: Analysis) -> frozenset[int]:
    """All batch norms: norms with statistics of their own, which are fixed in use."""
    owners = analysis.network.owners()
    return frozenset(
        step
        for step, row in enumerate(analysis.rows)
        if row.step.layer is not None
        and row.step.layer.family is Family.NORM
        and _numbers(analysis.rows[owners[step]])[1]
    )


def folded(analysis: Analysis) -> frozenset[int]:
    """The batch norms that are folded; none of floats."""
    if analysis.settings.dtype not in INFERENCE_ONLY:
        return frozenset()
    network, norms = analysis.network, batch_norms(analysis)
    owners, readers = network.owners(), network.readers()
    after = defaultdict[int, set[int | None]](set)  # by owner of weights the norms behind its uses
    for step, row in enumerate(analysis.rows):
        if _takes(row):
            norm = readers[step][0] if len(readers[step]) == 1 else None
            after[owners[step]].add(owners[norm] if norm in norms else None)
    return frozenset(
        norm
        for norm in norms
        if _takes(analysis.rows[maker := network.steps[norm].inputs[0]])
        and after[owners[maker]] == {owners[norm]}
    )


def weight_bytes(analysis: Analysis) -> int:
    """Bytes in flash: weights, biases, and a factor and a shift a channel of norms that stay."""
    owners, inside = analysis.network.owners(), folded(analysis)
    staying = {owners[norm]: norm for norm in batch_norms(analysis) - inside}
    if analysis.settings.dtype not in INFERENCE_ONLY:
        rows = [analysis.rows[owner] for owner in staying]
        more = sum(statistics - learned for learned, statistics in map(_numbers, rows))
        return parameter_bytes(analysis) + more * analysis.settings.number_bytes
    total = 0
    for step, row in enumerate(analysis.rows):
        own = row.parameters
        if own is None or step in inside:
            continue
        total += weights_bytes(own.weights, analysis.settings) + _BIAS * own.biases
        total += 0 if own.buffers else _BIAS * own.norm
    total += sum(_BIAS * _numbers(analysis.rows[owner])[1] for owner in staying)
    taking = {owners[analysis.network.steps[norm].inputs[0]]: norm for norm in inside}
    for maker, norm in taking.items():
        if not _biases(analysis.rows[maker]):
            total += _BIAS * _channels(analysis.rows[norm])  # the shifts become its biases
    return total


def flash_words(analysis: Analysis) -> str:
    """How the numbers in flash are kept: ', with ...' beside their bytes; '' of floats."""
    if analysis.settings.dtype not in INFERENCE_ONLY:
        return ""
    norms, inside = len(batch_norms(analysis)), len(folded(analysis))
    which = "batch norms" if norms == inside else f"{inside:,} of {norms:,} batch norms"
    return ", with int32 biases" + (f" and {which} folded" if norms else "")


def staying_words(analysis: Analysis) -> str:
    """Why batch norms stay, and what they cost; '' where none does, and of floats."""
    staying = len(batch_norms(analysis) - folded(analysis))
    if analysis.settings.dtype not in INFERENCE_ONLY or not staying:
        return ""
    norms = "1 batch norm stays" if staying == 1 else f"{staying:,} batch norms stay"
    return (
        f"{norms}, two int32 a channel: a convolution or fc takes in the one that alone follows "
        "every use of its weights"
    )


def _takes(row: Row) -> bool:
    return row.step.layer is not None and row.step.layer.family in _FOLDS


def _numbers(row: Row) -> tuple[int, int]:
    """What a norm has learned, and its statistics: as many as its factors and shifts in use."""
    return (row.parameters.norm, row.parameters.buffers) if row.parameters else (0, 0)


def _biases(row: Row) -> int:
    return row.parameters.biases if row.parameters else 0


def _channels(row: Row) -> int:
    return row.step.output[-1] if row.step.output else 0

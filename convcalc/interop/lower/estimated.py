"""Why the peak of inference is an estimate of what the source's own tool holds."""

from collections.abc import Iterable

from convcalc.interop.names import listed
from convcalc.interop.trace.tensors import Trace


def estimated(trace: Trace, otherwise: Iterable[str]) -> str:
    """A sentence; '' where nothing of it is known, or all.

    Args:
        trace: what is read.
        otherwise: the nodes whose bytes are others in PyTorch than those of the layers.
    """
    named = listed(otherwise, 0)
    if not named or trace.running is not None:
        return trace.unknown
    return (
        "the peak of inference is an estimate: what is cut out counts as a copy, but is a view in "
        f"PyTorch, and what is left out counts nothing: {named}"
    )

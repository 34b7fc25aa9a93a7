"""Shared weights over numbers that lie in several orders where volumes have the channels first."""

from convcalc.interop.write.words import CannotWriteError
from convcalc.network.record import Network
from convcalc.network.vector_order import Arranged


def refuse_mismatched(network: Network, found: Arranged) -> None:
    """Layers that cannot share weights where volumes have the channels first.

    Raises:
        CannotWriteError: there are some.
    """
    names = [
        f"{network.steps[index].name}: shares the weights of {network.steps[owner].name}, which "
        "run over numbers of another order where the channels come first"
        for index, owner in found.mismatched.items()
    ]
    if names:
        raise CannotWriteError("; ".join(names))

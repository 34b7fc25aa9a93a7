"""What a file says of overwriting, as briefly as a spec can: where the default is another."""

from convcalc.analysis.storage import needless
from convcalc.interop.flat import Flat
from convcalc.interop.network import network_of


def briefly(flat: Flat) -> Flat:
    """A flat graph without each `in_place` that says what is decided without it."""
    layers = (item.layer for item in flat.items)
    if all(layer is None or layer.works_in_place() is None for layer in layers):
        return flat
    items = list(flat.items)
    for i in needless(network_of(flat)):
        layer = items[i].layer
        if layer is not None:
            items[i] = items[i]._replace(layer=layer.replace(in_place=None))
    return flat._replace(items=tuple(items))

"""What an imported spec cannot say: that its model is another net at another size.

A spec has numbers where a program works them out of its input, or is bound to one size. So the
model is read at a few other sizes too, and a note says where the spec is not that model any more.
"""

from collections.abc import Callable, Iterator

from convcalc.findings import Severity
from convcalc.interop.flat import Flat, UnreadableError, UnsupportedError
from convcalc.interop.network import network_of, unsupported
from convcalc.network.record import INPUT, Network
from convcalc.shapes import LARGEST_SIZE, Shape, written
from convcalc.sizes.anew import Read, ReadAnew, Unread
from convcalc.sizes.resize import with_inputs
from convcalc.study.read_anew import unread

_FURTHER = (1, 2, 3)  #: positions that are added to each axis
_MOST_LAYERS = 1000  #: of a longer net one of these, and twice its own size, are tried


def bound(flat: Flat, read: Callable[[Shape], Flat]) -> Flat:
    """A flat graph with a note where the model is another net at another size.

    Not where an `fc` alone is bound to one, as it is in every spec.
    """
    if len(flat.inputs) != 1 or len(flat.inputs[0].output) < 2:
        return flat
    if any(fault.severity is Severity.ERROR for _, fault in flat.faults):
        return flat
    network = network_of(flat)
    judge = ReadAnew(network, _networks(flat.path, read))
    own = written(flat.inputs[0].output)
    for shape in _tried(flat):
        found = judge.mismatch(shape[:-1])
        if found is None:
            continue
        if found.refused:
            what = _other_weights(network, shape)
        else:
            what = f"{found.what}; for another size import it with `--input`"
        if what:
            note = f"holds at {own} alone, as at {written(shape)} {what}"
            return flat._replace(notes=(*flat.notes, note))
    return flat


def _tried(flat: Flat) -> Iterator[Shape]:
    *sides, channels = flat.inputs[0].output
    further = _FURTHER if len(flat.items) <= _MOST_LAYERS else _FURTHER[:1]
    for more in further:
        yield (*(side + more for side in sides), channels)
    if max(sides) <= LARGEST_SIZE // 2:
        yield (*(2 * side for side in sides), channels)


def _networks(path: str, read: Callable[[Shape], Flat]) -> Read:
    def network(shape: Shape) -> Network | Unread:
        try:
            return network_of(read(shape))
        except UnsupportedError as error:
            return unsupported(path, error)
        except UnreadableError as error:
            return unread(str(error))

    return network


def _other_weights(network: Network, shape: Shape) -> str:
    """The first layer that has other parameters at this size, in words; '' for an fc."""
    inputs = {i: shape for i, step in enumerate(network.steps) if step.kind == INPUT}
    larger = with_inputs(network, inputs).steps
    for old, new in zip(network.steps, larger, strict=True):
        layer = old.layer
        if layer is None or old.output is None or new.output is None:
            continue
        before = tuple(network.steps[i].output or () for i in old.inputs)
        after = tuple(larger[i].output or () for i in new.inputs)
        own = layer.parameters(before, old.output).learned
        needed = layer.parameters(after, new.output).learned
        if own != needed and layer.kind != "fc":
            return f"layer {old.name} needs {needed:,} parameters, the file has {own:,}"
        if own != needed:
            break
    return ""

"""Sums, products and joins: of volumes, and of a volume with constants."""

from convcalc.interop.lower.factors import scaled
from convcalc.interop.lower.handler import Handler
from convcalc.interop.lower.layout import BATCH, CHANNELS, FLAT, Volume
from convcalc.interop.lower.lowering import Lowering
from convcalc.interop.refusals import NoKindError
from convcalc.interop.trace.patterns.linear import per_channel
from convcalc.interop.trace.patterns.stacked import stack_of
from convcalc.interop.trace.tensors import Op, Tensor
from convcalc.layers import BY_NAME
from convcalc.layers.scale import Scale
from convcalc.shapes import written

#: sums and products by the name of their kind
_MERGES = {
    "add": "add",
    "mul": "multiply",
    "sub": "subtract",
    "max": "maximum",
    "mean": "average",
}


def binary(low: Lowering, op: Op) -> Volume:
    """add, multiply and their kin of volumes; scale with a constant."""
    constants = [t for t in op.inputs if t is not None and t.constant]
    volumes = [t for t in op.inputs if t is not None and not t.constant]
    if not constants:
        return _merge(low, op, volumes)
    if len(volumes) != 1 or len(constants) != 1:
        raise NoKindError(f"{op.source} of several constants")
    return _with_constant(low, op, volumes[0], constants[0])


def _merge(low: Lowering, op: Op, tensors: list[Tensor]) -> Volume:
    kind = _MERGES.get(op.attrs["f"])
    if kind is None or kind not in BY_NAME:
        raise NoKindError(f"{op.source} of two volumes")
    found = [low.volume(tensor) for tensor in tensors]
    if op.attrs.get("stacked"):
        low.note("volumes that a stack copies to join them are joined without it", exact=True)
    if (
        len({volume.roles for volume in found}) > 1
        or len({low.shape(volume) for volume in found}) > 1
    ):
        if any(volume.roles[1:2] == (CHANNELS,) for volume in found):  # where the others have them
            pairs = zip(found, tensors, strict=True)
            found = [low.with_its_channels(volume, tensor, op) for volume, tensor in pairs]
        found = [low.whole(volume, op) for volume in found]
    if kind == "add" and len(found) == 2 and found[0] == found[1]:
        low.note("a volume added to itself", exact=True)
    whole = max(found, key=lambda volume: _size(low, volume))
    shape = low.shape(whole)
    for volume in found:
        own = low.shape(volume)
        if not own or not shape:
            continue
        if len(volume.roles) > len(whole.roles) or any(
            a != b and not (a < 0 or b < 0)
            for a, b in zip(volume.roles[::-1], whole.roles[::-1], strict=False)
        ):
            raise NoKindError(f"{op.source} of volumes whose axes differ")
        if own != shape and not _gates(kind, own, shape):
            sizes = f"{written(own)} and {written(shape)}"
            raise NoKindError(
                f"{op.source} of different shapes ({sizes}), one spread over the other"
            )
    if kind == "multiply":
        found.sort(key=lambda volume: low.shape(volume) != shape)
    options: dict[str, object] = {}
    if kind == "add" and op.overwrites is not None:
        options["in_place"] = op.overwrites
    return low.layer(op, kind, options, found, roles=whole.roles)


def _gates(kind: str, gate: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether one volume may be spread over the other's positions or channels."""
    if kind != "multiply" or len(gate) != len(shape):
        return False
    if gate == (*(1,) * (len(shape) - 1), shape[-1]):
        return True
    layer = BY_NAME["multiply"]()
    from convcalc.layers.base import Roundings

    return layer.sizing((shape, gate), Roundings()).output == shape


def _size(low: Lowering, volume: Volume) -> int:
    found = 1
    for dim in low.shape(volume):
        found *= dim
    return found


def _with_constant(low: Lowering, op: Op, tensor: Tensor, constant: Tensor) -> Volume:
    """A volume and a constant: one number, or one per channel."""
    name, volume = op.attrs["f"], low.row(tensor, op)
    if id(op) in low.with_factors:
        return volume
    first = op.inputs[0] is tensor
    if constant.size == 1 and not constant.sources:
        return _number(low, op, volume, constant, first)
    if name not in {"add", "mul", "sub", "div"} or constant.shape is None:
        raise NoKindError(f"{op.source} with a constant")
    one = constant.size == 1
    if not one:
        at = volume.roles.index(CHANNELS) if CHANNELS in volume.roles else -1
        if at < 0 or not per_channel(constant, tensor, at):
            raise NoKindError(f"{op.source} with a constant volume")
    if name == "div" and not first:
        raise NoKindError(f"{op.source} of a constant by a volume")
    if name in {"mul", "div"}:
        return scaled(low, op, volume, constant, one, name == "div")
    return _shift(low, op, volume, constant, first)


def _shift(low: Lowering, op: Op, volume: Volume, constant: Tensor, first: bool) -> Volume:
    """A shift without as many factors before it, which `scaled` has with them."""
    enters = _enters(low, volume)
    turned = op.attrs["f"] == "sub" and not first
    is_learned = enters and low.weights.left_out(constant)
    if turned and (not constant.sources or enters):
        return _taken_from(
            low, op, volume, "a learned shift" if is_learned else "a number a channel"
        )
    if not constant.sources:
        low.otherwise[op.name] = None
        low.note("a constant a channel is added and left out: sizes are equal")
        return volume
    if is_learned:
        low.otherwise[op.name] = None
        low.note("a learned shift of the input is left out")
        return volume
    if enters:
        low.otherwise[op.name] = None
        low.note("a number a channel is added to the input or taken from it (its mean): left out")
        return volume
    raise NoKindError(f"{op.source} of a learned shift alone")


def _enters(low: Lowering, volume: Volume) -> bool:
    """Whether a volume is an input, as it is or times numbers that are not learned: ``x / 255``."""
    item = low.builder.items[volume.item]
    while isinstance(item.layer, Scale) and item.layer.by is not None:
        item = low.builder.items[item.inputs[0]]
    return item.layer is None


def _number(low: Lowering, op: Op, volume: Volume, constant: Tensor, first: bool) -> Volume:
    """A volume and one number that is not learned."""
    name, number = op.attrs["f"], constant.scalar
    if number is None:
        number = 1.0
        if name == "mul" or (name == "div" and first):
            low.note("a factor whose number is not in the file is written as 1: sizes are equal")
            return low.layer(op, "scale", {"by": number}, [volume])
    if (name in {"mul", "div"} and first) or name == "mul":
        factor = float(number) if name == "mul" else 1 / float(number) if number else 1.0
        factor = float(f"{factor:.6g}")
        if factor == 1:
            return volume
        return low.layer(op, "scale", {"by": factor}, [volume])
    if name == "add" or (name == "sub" and first):
        if number:
            low.otherwise[op.name] = None
            low.note(f"{'an addition' if name == 'add' else 'a subtraction'} of a number left out")
        return volume
    if name == "sub":
        return _taken_from(low, op, volume, "a number")
    raise NoKindError(f"{op.source} with a number")


def _taken_from(low: Lowering, op: Op, volume: Volume, what: str) -> Volume:
    """1 - x: a new volume of the size, as a factor makes one."""
    low.note(f"{what} that a volume is taken from is left out")
    return low.layer(op, "scale", {"by": -1.0}, [volume])


def concat(low: Lowering, op: Op) -> Volume:
    """concat along the channels."""
    if stack_of(op) is not None:
        return stack(low, op)
    found = []
    for tensor in op.inputs:
        if tensor is not None and tensor.constant:
            raise NoKindError(f"{op.source} with a constant (a class token)")
        found.append(low.volume(tensor))
    axis = op.attrs["axis"]
    roles = {volume.roles[axis] for volume in found}
    if (
        FLAT in roles
        or len({volume.roles for volume in found}) > 1
        or len({len(low.shape(volume)) for volume in found}) > 1
    ):
        found = [low.whole(volume, op) for volume in found]
    first = found[0].roles
    if any(volume.roles != first for volume in found) or first[axis] != CHANNELS:
        if first[axis] != BATCH:
            raise NoKindError(f"{op.source} along positions")
        raise NoKindError(
            f"{op.source} along the batch, which a spec counts image by image "
            "(call the layers that follow on each of them, `f(a), f(b)`: they share their weights)"
        )
    return low.layer(op, "concat", {}, found)


def stack(low: Lowering, op: Op) -> Volume:
    """An axis more, over which nothing joins what is put along it."""
    for tensor in op.inputs:
        if tensor is not None:
            low.volume(tensor)
    raise NoKindError(
        f"{op.source} along an axis that no volume has, and no sum, mean or maximum takes away "
        "(write `a + b`, `(a + b)/2` or `torch.cat` along the channels)"
    )


HANDLERS: dict[str, Handler] = {"binary": binary, "concat": concat, "stack": stack}

"""Reshape: to a vector, or to a volume whose numbers lie in the order that they have."""

from convcalc.interop.flat import Builder
from convcalc.interop.lower.layout import TO_A_VOLUME
from convcalc.interop.read.caffe.axes import dims, usual
from convcalc.interop.read.caffe.typed import TextFields
from convcalc.interop.refusals import NoKindError
from convcalc.quantity import counted
from convcalc.shapes import elements


def reshape(
    builder: Builder, layer: TextFields, name: str, read: int, batch: int | None
) -> tuple[int, list[str]]:
    """0 for an axis that stays and -1 for the rest, of as many images as there are.

    Args:
        builder: where the layer goes.
        layer: its fields.
        name: its name.
        read: the item that it reads.
        batch: how many images there are; None where the file does not say.

    Returns:
        The item, and notes.
    """
    fields = layer.inner("reshape_param")
    usual("Reshape", fields, axis=(0,), num_axes=(-1,))
    given = dims(fields.inner("shape"))
    shape = builder.shape(read) or (1, 1, 1)
    own = elements(shape)
    if batch is None:
        batch = max(given[0], 1) if given else 1
    old = (batch, shape[-1], *shape[:-1])
    wanted = [old[i] if d == 0 and i < len(old) else d for i, d in enumerate(given)]
    if wanted.count(-1) == 1:
        known = -elements(tuple(wanted))
        wanted[wanted.index(-1)] = batch * own // known if known > 0 else 0
    rest = tuple(wanted[1:])
    if not rest or min(wanted) < 1 or elements(tuple(wanted)) != batch * own:
        raise layer.fail("reshape_param", list(given))
    if wanted[0] != batch:
        images = f"{counted(batch, 'image')} of {own} numbers"
        raise NoKindError(f"Reshape of {images} to {wanted[0]} of {elements(rest)}")
    if len(rest) == 1:
        return builder.add("flatten", {}, (read,), name), []
    target = (*rest[1:], rest[0])
    notes = []
    if not _straight(target) and target[-1] != shape[-1]:
        if not _straight(shape):
            raise NoKindError("Reshape that mixes channels and positions")
        notes = [TO_A_VOLUME]
    elif _straight(target) and not _straight(shape):
        raise NoKindError("Reshape that mixes channels and positions")
    return builder.add("reshape", {"shape": target}, (read,), name), notes


def _straight(shape: tuple[int, ...]) -> bool:
    """Whether numbers lie in one order, wherever the channels are."""
    return 1 in {shape[-1], elements(shape[:-1])}

"""What only puts the same numbers in another shape or order, in other tools."""

from math import prod
from typing import Any

from convcalc.shapes import elements, written
from convcalc.spec.foreign.asked import (
    Asked,
    Meaning,
    Meant,
    NotCertainError,
    is_computed,
    only_said,
    whole_numbers,
)


def _flatten(asked: Asked) -> Meant:
    """``Flatten()``, ``x.flatten(1)``; of ``torch.flatten(x, 1)`` the first is the volume."""
    if asked.given.get("start_dim", 1) is None:
        asked.given["start_dim"] = asked.given.pop("end_dim", 0)
    for name, usual in (("start_dim", 1), ("axis", 1), ("end_dim", -1), ("end_axis", -1)):
        if asked.given.pop(name, usual) != usual:
            raise NotCertainError("`flatten` makes one vector of all: write a `reshape`")
    return Meant("flatten", asked.given, {})


def _reshape(asked: Asked) -> Meant | None:
    """Keras's `Reshape((8, 8, 4))`, and PyTorch's `Unflatten(1, (4, 8, 8))`, channels first."""
    first = "unflattened_size" in asked.given
    shape = asked.given.get("unflattened_size", asked.given.get("target_shape"))
    if shape is None and not asked.word.lower().endswith("unflatten"):
        return None
    sizes = list(shape) if isinstance(shape, list | tuple) else whole_numbers(shape)
    known = all(type(n) is int or (is_computed(n) and not first) for n in sizes)
    if not sizes or asked.default("dim", 1) != 1 or not known:
        raise NotCertainError("`reshape` makes a volume: `reshape: {shape: 8x8x64}`")
    if sizes == [-1]:
        return Meant("flatten", {}, {})
    sizes = _worked_out(asked, sizes)
    if first:  # the same sizes, and the numbers in another order
        if asked.shape and elements(asked.shape) != prod(sizes):
            text = f"`reshape` states all sizes of the {elements(asked.shape):,} numbers"
            raise NotCertainError(f"{text} that arrive, channels last: {sizes} is not all of them")
        last = (*sizes[1:], sizes[0])
        if asked.shape and len(asked.shape) == 1:  # the units of a layer, whose order is learned
            return Meant("reshape", {}, {"shape": list(last)})
        raise NotCertainError(f"`reshape: {{shape: {written(last)}}}`: channels come last")
    del asked.given["target_shape"]
    return Meant("reshape", asked.given, {"shape": sizes})


def _worked_out(asked: Asked, sizes: list[Any]) -> list[Any]:
    """Keras's sizes with the one that is -1; raises NotCertainError where it may be the batch."""
    if -1 not in sizes:
        return sizes
    total = elements(asked.shape or ())
    known = 0 if any(map(is_computed, sizes)) else prod(n for n in sizes if n != -1)
    text = " x ".join("?" if n == -1 else str(n) for n in sizes)
    unsure = "unflattened_size" in asked.given or not asked.shape
    if unsure or sizes.count(-1) > 1 or known < 1 or total % known:
        raise NotCertainError(f"`reshape` works no size out: write all of {text}, channels last")
    found = [total // known if n == -1 else n for n in sizes]
    if sizes[0] != -1:
        return found
    batch = f"`reshape: {{shape: {written(tuple(sizes[1:]))}}}`" if len(sizes) > 2 else "`flatten`"
    batch = batch if total == known else "no layer"
    own = f"Keras's is `reshape: {{shape: {written(tuple(found))}}}`"
    raise NotCertainError(f"{own}; where -1 is the batch, it is {batch}")


def _squeeze(asked: Asked) -> Meant:
    """The axes of one number are taken out: of 1x1xC it makes a vector."""
    shape = asked.shape
    if shape and len(shape) > 1 and set(shape[:-1]) == {1}:
        return Meant("flatten", {}, {})
    raise NotCertainError(
        "it takes out axes of 1: of 1x1xC `flatten` makes a vector, of other volumes nothing"
    )


_MOVED = only_said(
    "axes are height, width, channels and stay so: leave it out where it puts the channels first "
    "or last; no kind swaps the others"
)
_ADDED: Meaning = only_said(
    "no axis is added, and none is for the batch: of a vector `reshape: {shape: 1x1x64}` makes "
    "a volume"
)
TABLE: dict[str, Meaning] = {
    "flatten": _flatten,
    "reshape": _reshape,
    "unflatten": _reshape,
    "squeeze": _squeeze,
    **dict.fromkeys(("unsqueeze", "expanddims"), _ADDED),
    **dict.fromkeys(("permute", "transpose", "swapaxes", "movedim", "moveaxis"), _MOVED),
}

"""What a layer says of its axes: windows along them, and which of them it works along."""

from typing import Any

from convcalc.interop.read.caffe.typed import TextFields
from convcalc.interop.refusals import NoKindError


def window(fields: TextFields, axes: int, pools: bool = False) -> dict[str, Any]:
    """Kernel, stride and padding: one number, one per axis, or by height and width.

    Raises:
        UnreadableError: both of these, or not both of height and width, where Caffe stops.
        NoKindError: there are no axes.
    """
    if not axes:
        raise NoKindError("a window over a vector, which has no positions")
    found: dict[str, Any] = {}
    for option, name, short, default in (
        ("kernel", "kernel_size", "kernel", 0),
        ("stride", "stride", "stride", 1),
        ("pad", "pad", "pad", 0),
    ):
        given = fields.ints(name)
        sides = [fields.one(f"{short}_{side}") for side in "hw"]
        stated = [side for side in sides if side is not None]
        if stated and given:
            raise fields.wrong(name, stated[0], f"is stated beside {short}_h or {short}_w")
        if len(stated) == 1 and (pools or option != "pad"):
            raise fields.wrong(name, stated[0], f"lacks one of {short}_h and {short}_w")
        if stated:
            given = (fields.integer(f"{short}_h", 0), fields.integer(f"{short}_w", 0))
        found[option] = per_axis(fields, name, given or (default,), axes, one=pools and not stated)
    return found


def per_axis(
    fields: TextFields, name: str, given: tuple[int, ...], axes: int, one: bool = False
) -> tuple[int, ...]:
    """One number for every axis, or one for each.

    Args:
        fields: where they stand.
        name: the field.
        given: its numbers.
        axes: how many axes there are.
        one: whether protobuf takes one number alone.
    """
    if len(given) not in ({1} if one else {1, axes}):
        raise fields.fail(name, list(given))
    return given if len(given) == axes else given * axes


def usual(kind: str, fields: TextFields, **usual: tuple[int, ...]) -> None:
    """Refuse a layer that works along other axes than usual.

    Raises:
        NoKindError: a field has none of its usual values.
    """
    for name, values in usual.items():
        found = fields.integer(name, values[0])
        if found not in values:
            raise NoKindError(f"{kind} with {name} = {found}")


def either(fields: TextFields, name: str, before: str) -> int:
    """An axis by its name or by the one that it had before: not by both, where Caffe stops."""
    old = fields.one(before)
    if old is not None and fields.one(name) is not None:
        raise fields.wrong(before, old, f"is stated beside {name}")
    return fields.integer(name, fields.integer(before, 1))


def dims(fields: TextFields) -> tuple[int, ...]:
    """The dims of a shape, which has nothing else."""
    for field in fields.message:
        if field != "dim":
            raise fields.wrong(field, fields.message, "is no field of Caffe's shapes")
    return fields.ints("dim")

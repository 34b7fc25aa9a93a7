"""Whose order the numbers of a call are in, where its word is no one tool's: ``conv(3, 64, 3)``.

Imported only where something is wrong.
"""

from typing import Any

from convcalc.shapes import Shape
from convcalc.spec.foreign.asked import NotCertainError, whole_numbers
from convcalc.spec.foreign.ours import kind_named

_LARGEST_KERNEL = 11  #: of a layer that anybody writes: `conv(3, 64)` has 64 filters
_KEYS = ("filters", "kernel", "stride", "pad")
_FILTERED = ("conv", "conv_transpose")
_KERNELS = frozenset({"k", "kernel", "kernel_size"})


def tool_of(kind: str, places: list[Any], named: dict[str, Any], shape: Shape | None) -> str:
    """``pytorch`` where the numbers begin with what arrives, as its layers' do; '' otherwise.

    Args:
        kind: the layer kind.
        places: the arguments by place; a name is None.
        named: the arguments by name.
        shape: what arrives; None where nobody knows.

    Raises:
        NotCertainError: neither order makes sense, or both do; says what each makes.
    """
    if kind == "fc":
        return "pytorch" if len(places) > 1 and type(places[1]) is int else ""
    given = [max(whole_numbers(value), default=0) for value in places[:3]]
    if kind == "depthwise_conv" and len(given) > 1 and 0 not in given and not _fits(given):
        raise NotCertainError(kind_named(kind))
    if kind in _FILTERED and "out_channels" in named:
        return "pytorch"
    if kind not in _FILTERED or len(given) < 2:
        return ""
    if _KERNELS & named.keys():
        return "pytorch" if len(given) == 2 else ""
    if places[0] is None:
        return "pytorch"
    if len(given) == 2:
        if given[1] > _LARGEST_KERNEL:
            many = given[1]
            text = f"the kernel is missing: `conv3-{many}` is 3x3 with {many} filters"
            raise NotCertainError(text if kind == "conv" else kind_named(kind))
        return ""
    if 0 in given:  # conv(32, 3, 'same')
        return ""
    if not _fits(given[1:]):
        if given[2] > _LARGEST_KERNEL:
            raise NotCertainError(kind_named(kind))
        return "pytorch"
    arrives = shape is not None and given[0] == shape[-1]
    if not arrives or (kind == "conv" and given[2] % 2 == 0):
        return ""
    if kind == "conv" and given[1] % 2 == 0:
        return "pytorch"
    orders = (_written(kind, places), _written(kind, places[1:]))
    raise NotCertainError("in Keras's order it is `{}`, in PyTorch's `{}`".format(*orders))


def is_of_pytorch(places: list[Any], shape: Shape | None) -> bool:
    """Whether Keras's class has PyTorch's numbers: what arrives, and a kernel of 64 after it."""
    given = [max(whole_numbers(value), default=0) for value in places[:3]]
    stated = len(given) == 3 and shape is not None and given[0] == shape[-1]
    return stated and given[1] > _LARGEST_KERNEL >= given[2] > 0


def given_twice(places: list[Any], named: dict[str, Any], order: list[str]) -> None:
    """Refuse an argument by its place and by its name, as Python itself does.

    Raises:
        NotCertainError: there is one.
    """
    for word in order[: len(places)]:
        if word in named:
            raise NotCertainError(f"`{word}` is given twice, by its place and by its name")


def _fits(sizes: list[int]) -> bool:
    """Whether numbers are a kernel and a stride."""
    return sizes[0] <= _LARGEST_KERNEL and (len(sizes) < 2 or sizes[1] <= max(sizes[0], 2))


def _written(kind: str, sizes: list[Any]) -> str:
    """A kind with its first options in order."""
    shown = [one[0] if len(one := whole_numbers(size)) == 1 else size for size in sizes]
    pairs = ", ".join(f"{key}: {size}" for key, size in zip(_KEYS, shown, strict=False))
    return f"{kind}: {{{pairs}}}"

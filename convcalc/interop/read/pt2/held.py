"""What a program's file states of its values, held against what its calls make.

A file says the sizes and the number type of every value beside the calls, and PyTorch passes them
over: it runs the calls. Where they differ, either the file is not as torch.export wrote it or a
call is not understood, and counts of it would be of another net than the one that runs.
"""

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.floats import PT2_FLOATS
from convcalc.interop.read.pt2.allocated import OWN, VIEWS, base
from convcalc.interop.read.pt2.fields import integer_of
from convcalc.interop.read.pt2.recorded import Node, Recorded
from convcalc.interop.read.stated_sizes import MOST_AXES
from convcalc.shapes import Shape, written

#: calls of volumes that may make numbers of a type of their own
CASTS = frozenset(("_to_copy", "zeros_like", "ones_like", "full_like", "lift_fresh_copy"))
_COMPLEX = (9, 10, 11)  #: torch.export's numbers of these types
_Axes = tuple[int | None, ...]


def hold_outputs(recorded: Recorded, node: Node) -> None:
    """Hold what the file states of the outputs of a call against what it makes.

    Nothing is held where the input has another size than the file states.

    Raises:
        UnreadableError: they differ.
    """
    if recorded.resized:
        return
    first = recorded.tensors.get(node.outputs[0]) if node.outputs else None
    for name in node.outputs:
        tensor = recorded.tensors.get(name)
        if tensor is None or tensor.shape is None or (name != node.outputs[0] and tensor is first):
            continue  # statistics of a norm, which nothing reads
        if name not in recorded.stated:
            continue  # PyTorch loads no such file
        axes, called = _axes(recorded, name), plain(name[:80])
        if axes is None:
            raise UnreadableError(f"the file does not say the size of {called}")
        by = f"by its call (aten.{plain(node.target[:80])})"
        if not _agree(axes, tensor.shape):
            said = "x".join("?" if size is None else str(size) for size in axes) or "one number"
            text = f"{called} is {written(tensor.shape) or 'one number'} {by}, {said}"
            raise UnreadableError(f"{text} as the file states it: export it anew")
        if wrong := _of_another_type(recorded, node, name):
            raise UnreadableError(f"{called} {wrong} {by}: export it anew")


def hold_size(name: str, stated: object, made: int) -> None:
    """Hold what the file states of a size against what a call makes it.

    Raises:
        UnreadableError: they differ.
    """
    said = integer_of(stated) if isinstance(stated, dict) and stated else None
    if said not in (None, made):
        text = f"the size {plain(name[:80])} is {made} by its call, {plain(str(said)[:30])}"
        raise UnreadableError(f"{text} as the file states it: export it anew")


def _of_another_type(recorded: Recorded, node: Node, name: str) -> str:
    """What is wrong with the number type that is stated of an output; '' for nothing."""
    lies, given = recorded.lies(name), recorded.lies(node.x)
    if lies is None or given is None or lies.dtype == given.dtype:
        return ""
    if "as_scalar_type" in (node.given.get("dtype") or {}):
        return ""  # another type is asked for
    if base(node) in VIEWS:
        return "has another number type in the file than what it is a view of"
    makes_floats = base(node) in OWN - CASTS and name == node.outputs[0]
    if makes_floats and given.dtype in PT2_FLOATS and lies.dtype not in (*PT2_FLOATS, *_COMPLEX):
        return "has no floats in the file, and has some"
    return ""


def _axes(recorded: Recorded, name: str) -> _Axes | None:
    """The sizes that are stated, None for one without an example; None where none can be."""
    stated = recorded.stated[name]
    sizes = stated.get("sizes") if isinstance(stated, dict) else None
    if not isinstance(sizes, list) or len(sizes) > MOST_AXES:
        return None
    return tuple(map(integer_of, sizes))


def _agree(axes: _Axes, shape: Shape) -> bool:
    pairs = zip(axes, shape, strict=False)
    return len(axes) == len(shape) and all(said in (None, size) for said, size in pairs)

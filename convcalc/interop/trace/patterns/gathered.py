"""What positions are gathered for: windows without shared weights, repeated neighbours."""

from convcalc.interop.trace.patterns.activations import is_binary
from convcalc.interop.trace.tensors import Op, Tensor
from convcalc.layers import upsample

Readers = dict[int, list[Op]]
Shape = tuple[int, ...]


def nearest(op: Op, readers: Readers) -> bool:
    """An axis that is enlarged: each position as often as PyTorch repeats it."""
    x = op.inputs[0] if op.kind == "gather" else None
    if x is None or x.shape is None or op.output.shape is None:
        return False
    indices = op.attrs["indices"]
    if indices != upsample.nearest(x.shape[op.attrs["axis"]], len(indices)):
        return False
    op.become("resize", [x], shape=op.output.shape, mode="nearest", exact="")
    return True


def locally_connected(op: Op, readers: Readers) -> bool:
    """Windows gathered axis by axis, a matrix product at each position: as `export` writes it."""
    back = _made_by(op.inputs[0], "transpose") if op.kind == "reshape" else op
    if back is None or back.kind != "transpose" or tuple(back.attrs["perm"]) != (2, 1, 0):
        return False
    product, bias = _with_bias(back.inputs[0])
    flat = _made_by(product.inputs[1], "reshape") if product is not None else None
    turned = _made_by(flat.inputs[0], "transpose") if flat is not None else None
    opened = _made_by(turned.inputs[0], "reshape") if turned is not None else None
    if product is None or turned is None or opened is None or opened.output.shape is None:
        return False
    weight, split = product.inputs[0], opened.output.shape
    size, kernel = split[2::2], split[3::2]
    axes = range(2, len(split), 2)
    if len(size) != len(kernel) or not size or weight is None or not weight.constant:
        return False
    if tuple(turned.attrs["perm"]) != (*axes, 1, *(axis + 1 for axis in axes), 0):
        return False
    filters, shape = (weight.shape or (0, 0))[1], op.output.shape
    if shape != (split[0], filters, *size) or len(weight.shape or ()) != 3:
        return False
    x, strides = _slid(opened.inputs[0], size, kernel)
    if x is None:
        return False
    x, pads = _padded(x, len(size), readers)
    options = {"filters": filters, "kernel": kernel, "stride": strides, "pads": pads}
    op.become("locally_connected", [x, weight, bias], **options)
    return True


def _with_bias(tensor: Tensor | None) -> tuple[Op | None, Tensor | None]:
    """The matrix product that makes a tensor, and one number an output that is added to it."""
    added = is_binary(tensor, "add")
    if added is None:
        return _made_by(tensor, "matmul"), None
    for made, bias in (added.inputs, added.inputs[::-1]):
        product = _made_by(made, "matmul")
        if product is None or made is None or bias is None or not bias.constant:
            continue
        if bias.shape == (*(made.shape or ())[:2], 1):
            return product, bias
    return None, None


def _slid(
    tensor: Tensor | None, size: Shape, kernel: Shape
) -> tuple[Tensor | None, tuple[int, ...]]:
    """What windows are gathered from, and their stride along each axis; None for anything else."""
    read: dict[int, Shape] = {}
    while tensor is not None and tensor.maker is not None:
        gather, indices = tensor.maker, _gathered(tensor.maker)
        if indices is None:
            break
        if gather.attrs["axis"] in read:
            return None, ()
        read[gather.attrs["axis"]] = indices
        tensor = gather.inputs[0]
    shape = (tensor.shape if tensor is not None else None) or ()
    if len(shape) != len(size) + 2:
        return None, ()
    strides = []
    for axis, (places, taps) in enumerate(zip(size, kernel, strict=True), 2):
        if axis not in read:  # all positions in a row, not told one by one: a file may say 2**31
            if places * taps != shape[axis]:
                return None, ()
            strides.append(taps if places > 1 else 1)
            continue
        indices = read[axis]
        if len(indices) != places * taps:
            return None, ()
        stride = indices[taps] if places > 1 else shape[axis] - taps + 1  # so that one window fits
        if indices != tuple(i * stride + tap for i in range(places) for tap in range(taps)):
            return None, ()
        strides.append(stride)
    return tensor, tuple(strides)


def _gathered(op: Op) -> Shape | None:
    """The positions that are gathered, of one of them as a slice; None for anything else."""
    if op.kind == "gather":
        return tuple(op.attrs["indices"])
    start = op.attrs.get("start")
    alone = op.kind == "slice" and start is not None and op.attrs["stop"] == start + 1
    return (start,) if alone and start is not None and op.attrs["axis"] > 1 else None


def _padded(
    x: Tensor, axes: int, readers: Readers
) -> tuple[Tensor | None, tuple[tuple[int, int], ...]]:
    """What zeros were put around, and how many before and after along each axis."""
    pad = _made_by(x, "pad")
    if pad is None or len(readers.get(id(x), ())) != 1 or pad.attrs["value"]:
        return x, ((0, 0),) * axes
    before, after = pad.attrs["before"], pad.attrs["after"]
    if pad.attrs["mode"] != "constant" or any((*before[:2], *after[:2])):
        return x, ((0, 0),) * axes
    return pad.inputs[0], tuple(zip(before[2:], after[2:], strict=True))


def _made_by(tensor: Tensor | None, kind: str) -> Op | None:
    """The operation that makes a tensor, where it is of this kind."""
    op = tensor.maker if tensor is not None else None
    return op if op is not None and op.kind == kind else None

"""Sizes of what operators without a layer kind make of weights: a weight norm, a repeated kernel.

The file states them as well, and PyTorch works them out anew whatever that says: what an operator
makes that is not here is no weight of a known size, and a layer that reads it is refused.
"""

from math import prod

from convcalc.interop.read.axes import NoAxisError, placed
from convcalc.interop.read.given import Given
from convcalc.interop.trace.shapes import broadcast
from convcalc.interop.trace.tensors import Tensor
from convcalc.interop.trace.window_shapes import ShapeError
from convcalc.shapes import LARGEST_SIZE, Shape

#: those whose first output has the sizes of their first operand
_AS_FIRST = frozenset(
    """
        tril triu matrix_exp linalg_householder_product
        sin cos tan sinh cosh asin acos atan log log2 log10 log1p expm1 exp2 abs floor ceil round
        trunc frac sgn square logit erfinv special_expit nan_to_num cumsum cumprod flip roll
        fake_quantize_per_tensor_affine fake_quantize_per_channel_affine to _to_copy
        zeros_like ones_like full_like empty_like rand_like randn_like
        sort argsort cummax cummin index_copy index_add index_fill scatter scatter_add
        bernoulli erfc sinc logcumsumexp renorm
    """.split()  # noqa: SIM905
)
#: those whose output has the sizes to which all operands spread
_SPREADING = frozenset(
    """
        where lerp addcmul addcdiv masked_fill atan2 fmod remainder floor_divide copysign hypot
        logaddexp xlogy eq ne lt le gt ge logical_and logical_or logical_not isfinite isnan
        pow bitwise_and bitwise_or __and__ __or__ heaviside
    """.split()  # noqa: SIM905
)
#: those that list the sizes of what they make
_LISTING = frozenset("as_strided new_zeros new_ones new_full new_empty".split())  # noqa: SIM905
#: those that take axes together, all where they name none
_REDUCING = frozenset("std var std_mean var_mean norm prod amin any all logsumexp".split())  # noqa: SIM905


def sized(target: str, arguments: Given) -> Shape | None:
    """The shape of a call's first output; None where that is not worked out.

    Args:
        target: the operator.
        arguments: what it is given, weights alone among the tensors.
    """
    try:
        found = _sized(target, arguments)
    except (ShapeError, NoAxisError):
        return None
    if found is None or any(not 0 <= size <= LARGEST_SIZE for size in found):
        return None
    return found


def _sized(target: str, arguments: Given) -> Shape | None:
    given = [value.shape for value in dict(arguments).values() if isinstance(value, Tensor)]
    shapes = [shape for shape in given if shape is not None]
    if not shapes or len(shapes) < len(given):
        return None
    match target:
        case _ if target in _AS_FIRST:
            return shapes[0]
        case "any" | "all" if arguments.get("dim") == []:  # where the others take all axes
            return shapes[0]
        case _ if target in _REDUCING:
            return _reduced(shapes[0], arguments.get("dim"), arguments.get("keepdim") is True)
        case _ if target in _SPREADING:
            return broadcast(*shapes)
        case _ if target in _LISTING:
            listed = arguments.get("size")
            whole = isinstance(listed, list) and all(type(one) is int for one in listed)
            return tuple(listed) if whole else None
        case "_weight_norm" | "_weight_norm_interface":  # which spread for some of their axes
            return shapes[0] if broadcast(*shapes) == shapes[0] else None
        case "dot" | "vdot":
            return ()
        case "baddbmm" if [len(shape) for shape in shapes] == [3, 3, 3]:
            return (*shapes[1][:2], shapes[2][2])
        case "outer" | "ger" if [len(shape) for shape in shapes] == [1, 1]:
            return shapes[0] + shapes[1]
        case "mT" | "mH" | "adjoint" if len(shapes[0]) > 1:
            return (*shapes[0][:-2], shapes[0][-1], shapes[0][-2])
        case "diagonal" if len(shapes[0]) == 2 and not arguments.get("offset"):
            return (min(shapes[0]),)
        case "index_select" if len(shapes) == 2 and shapes[0]:
            return _along(shapes[0], arguments.get("dim"), prod(shapes[1]))
        case "mv" if len(shapes) == 2:
            return shapes[0][:1]
        case "matmul" | "mm" | "bmm" if len(shapes) == 2:
            a, b = shapes
            same = len(a) == len(b) >= 2 and a[:-2] == b[:-2] and a[-1] == b[-2]
            return (*a[:-1], b[-1]) if same else None
        case "repeat" | "tile":
            times = arguments.get("repeats" if target == "repeat" else "dims")
            return _repeated(shapes[0], times)
        case "repeat_interleave":
            times, axis = arguments.get("repeats"), arguments.get("dim")
            if type(times) is not int or not shapes[0]:
                return None
            if axis is None:
                return (prod(shapes[0]) * times,)
            made = shapes[0][placed(axis, len(shapes[0]))] * times if type(axis) is int else 0
            return _along(shapes[0], axis, made)
        case _:
            return None


def _along(shape: Shape, axis: object, made: int) -> Shape | None:
    """The shape with another size along an axis."""
    if type(axis) is not int:
        return None
    at = placed(axis, len(shape))
    return (*shape[:at], made, *shape[at + 1 :])


def _repeated(shape: Shape, times: object) -> Shape | None:
    """Either may have fewer axes: they are the last ones."""
    if not isinstance(times, list) or any(type(one) is not int for one in times):
        return None
    rank = max(len(shape), len(times))
    sizes = (*(1,) * (rank - len(shape)), *shape)
    counts = (*(1,) * (rank - len(times)), *times)
    return tuple(size * count for size, count in zip(sizes, counts, strict=True))


def _reduced(shape: Shape, axes: object, keeps: bool) -> Shape | None:
    listed = axes if isinstance(axes, list) else [] if axes is None else [axes]
    places = [placed(one, max(len(shape), 1)) for one in listed if isinstance(one, int)]
    if len(places) < len(listed):
        return None
    gone = set(places) or set(range(len(shape)))
    return tuple(1 if i in gone else size for i, size in enumerate(shape) if keeps or i not in gone)

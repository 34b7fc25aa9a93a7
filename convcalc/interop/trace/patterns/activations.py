"""Activations that are written out: sums, products and clips of their input."""

from collections.abc import Callable
from math import pi
from typing import NamedTuple

from convcalc.interop.trace.tensors import Op, Tensor

Readers = dict[int, list[Op]]


def near(value: float | None, wanted: float) -> bool:
    """Whether a number is another one up to float32's rounding."""
    return value is not None and abs(value - wanted) <= 1e-3 * max(abs(wanted), 1e-9)


def is_binary(tensor: Tensor | None, name: str) -> Op | None:
    """The operation that made a tensor, if it is this one of two operands."""
    op = tensor.maker if tensor is not None else None
    return op if op and op.kind == "binary" and op.attrs["f"] == name else None


def is_unary(tensor: Tensor | None, *names: str) -> Op | None:
    """The operation that made a tensor, if it is one of these of one operand."""
    op = tensor.maker if tensor is not None else None
    return op if op and op.kind == "unary" and op.attrs["f"] in names else None


def with_number(op: Op) -> tuple[Tensor, float] | None:
    """The operand and the number of a binary operation with a constant of one number."""
    a, b = op.inputs[0], op.inputs[1]
    if a is None or b is None or len(op.inputs) > 2:
        return None
    for x, constant in ((a, b), (b, a)):
        if constant.scalar is not None and not x.constant:
            return x, float(constant.scalar)
    return None


class Product(NamedTuple):
    """A product taken apart: a number, and volumes."""

    number: float
    factors: tuple[Tensor, ...]


def taken_apart(tensor: Tensor, readers: Readers, depth: int = 4) -> Product:
    """The factors of a product, through multiplications and divisions by numbers.

    A factor that others read as well is a volume of its own, though it may be a product too: what
    a gate makes and an activation reads twice.
    """
    op = tensor.maker
    whole = Product(1.0, (tensor,))
    if depth < 4 and len(readers.get(id(tensor), ())) > 1:
        return whole
    if not depth or op is None or op.kind != "binary" or op.attrs["f"] not in {"mul", "div"}:
        return whole
    pair = with_number(op)
    if op.attrs["f"] == "div":
        if pair is None or op.inputs[1] is None or op.inputs[1].scalar is None or not pair[1]:
            return whole
        inner = taken_apart(pair[0], readers, depth - 1)
        return Product(inner.number / pair[1], inner.factors)
    if pair is not None:
        inner = taken_apart(pair[0], readers, depth - 1)
        return Product(inner.number * pair[1], inner.factors)
    a, b = op.inputs
    assert a is not None and b is not None, "a product has two operands"
    left, right = (taken_apart(factor, readers, depth - 1) for factor in (a, b))
    if len(left.factors) + len(right.factors) > 3:
        return whole
    return Product(left.number * right.number, (*left.factors, *right.factors))


def clip(op: Op, readers: Readers) -> bool:
    """Clips, minima and maxima with numbers as relu6 and relu; max(x, a*x) as leaky relu.

    One bound behind a relu or a relu6 is a piece of it; both are a layer of their own.
    """
    if op.kind == "clip":
        low, high = op.attrs["low"], op.attrs["high"]
        x = op.inputs[0]
        inner = is_unary(x, "relu", "relu6") if (low, high) != (0, 6) else None
        capped = inner is not None and inner.attrs["f"] == "relu6"
        if inner is not None and low in {None, 0} and not (capped and high not in {None, 6}):
            low, x = 0, inner.inputs[0]
            high = 6 if capped else high
        if low == 0 and high is None:
            op.become("unary", [x], f="relu")
        elif low == 0 and high == 6:
            op.become("unary", [x], f="relu6")
        else:
            return False
        return True
    if op.kind != "binary" or op.attrs["f"] not in {"min", "max"} or len(op.inputs) != 2:
        return False
    pair = with_number(op)
    if pair is not None:
        x, number = pair
        inner = is_unary(x, "relu")
        if op.attrs["f"] == "max" and number == 0:
            op.become("unary", [x], f="relu")
        elif op.attrs["f"] == "min" and number == 6 and inner is not None:
            op.become("unary", inner.inputs, f="relu6")
        else:
            low, high = (number, None) if op.attrs["f"] == "max" else (None, number)
            op.become("clip", [x], low=low, high=high)
        return True
    for x, other in (op.inputs, op.inputs[::-1]):
        scaled = is_binary(other, "mul")
        found = with_number(scaled) if scaled else None
        if op.attrs["f"] == "max" and found and found[0] is x and 0 < found[1] < 1:
            op.become("unary", [x], f="leaky_relu", alpha=found[1])
            return True
    return False


def _shifted(tensor: Tensor) -> Tensor | None:
    """x, where the tensor is clip(x + 3, 0, 6)."""
    six = is_unary(tensor, "relu6")
    added = is_binary(six.inputs[0], "add") if six else None
    pair = with_number(added) if added else None
    return pair[0] if pair and near(pair[1], 3) else None


def hard_sigmoid(op: Op, readers: Readers) -> bool:
    """clip(x + 3, 0, 6) / 6."""
    if op.kind != "binary" or op.attrs["f"] not in {"mul", "div"}:
        return False
    number, factors = taken_apart(op.output, readers)
    if len(factors) != 1 or not near(number, 1 / 6):
        return False
    x = _shifted(factors[0])
    if x is None:
        return False
    op.become("unary", [x], f="hard_sigmoid", alpha=1 / 6)
    return True


def product(op: Op, readers: Readers) -> bool:
    """x times a function of x: silu, hard_swish, mish, gelu."""
    if op.kind != "binary" or op.attrs["f"] not in {"mul", "div"}:
        return False
    number, factors = taken_apart(op.output, readers)
    if len(factors) != 2:
        return False
    for x, gate in (factors, factors[::-1]):
        name = _gated(x, gate, number, readers)
        if name:
            exact = "tanh" if name == _TANH else ""
            op.become("unary", [x], f="gelu" if exact else name, exact=exact)
            return True
    return False


def _gated(x: Tensor, gate: Tensor, number: float, readers: Readers) -> str:
    """The activation that is number * x * gate; '' where it is none."""
    squashed = is_unary(gate, "sigmoid", "hard_sigmoid", "tanh")
    if squashed is not None and near(number, 1):
        inner = squashed.inputs[0]
        if squashed.attrs["f"] == "sigmoid" and inner is x:
            return "silu"
        if squashed.attrs["f"] == "hard_sigmoid" and inner is x:
            return "hard_swish" if near(squashed.attrs["alpha"], 1 / 6) else ""
        soft = is_unary(inner, "softplus")
        if squashed.attrs["f"] == "tanh" and soft is not None and soft.inputs[0] is x:
            return "mish"
    if near(number, 1 / 6) and _shifted(gate) is x:
        return "hard_swish"
    added = is_binary(gate, "add")
    pair = with_number(added) if added else None
    if pair is None or not near(pair[1], 1) or not near(number, 0.5):
        return ""
    curve = is_unary(pair[0], "erf", "tanh")
    if curve is None or curve.inputs[0] is None:
        return ""
    if curve.attrs["f"] == "erf":
        scale, factors = taken_apart(curve.inputs[0], readers)
        return "gelu" if factors == (x,) and near(scale, 0.5**0.5) else ""
    fits = all(near(_at(curve.inputs[0], x, place), wanted) for place, wanted in _CURVE)
    return _TANH if fits else ""


#: GELU's tanh form, and what its tanh reads where x is 1, 2 and -3: x + 0.044715 x^3, scaled
_TANH = "gelu of tanh"
_CURVE = tuple((x, (2 / pi) ** 0.5 * (x + 0.044715 * x**3)) for x in (1.0, 2.0, -3.0))


def _at(tensor: Tensor | None, x: Tensor, number: float, depth: int = 8) -> float | None:
    """The value of a polynomial of x where x is a number; None where it is none."""
    if tensor is x:
        return number
    if tensor is None or not depth:
        return None
    if tensor.constant:
        return None if tensor.scalar is None else float(tensor.scalar)
    op = tensor.maker
    rule = _POLYNOMIAL.get(op.attrs["f"]) if op is not None and op.kind == "binary" else None
    if op is None or rule is None or len(op.inputs) != 2:
        return None
    first, second = (_at(operand, x, number, depth - 1) for operand in op.inputs)
    if first is None or second is None or max(abs(first), abs(second)) > 1e6:
        return None
    return rule(first, second)


_POLYNOMIAL: dict[str, Callable[[float, float], float | None]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b if b else None,
    "pow": lambda a, b: a**b if b in {2, 3} else None,
}


def prelu(op: Op, readers: Readers) -> bool:
    """relu(x) - slope * relu(-x), as Keras and its converter write it."""
    if op.kind != "binary" or op.attrs["f"] not in {"add", "sub"} or len(op.inputs) != 2:
        return False
    orders = (op.inputs, op.inputs[::-1])[: 1 if op.attrs["f"] == "sub" else 2]
    for first, second in orders:
        positive, scaled = is_unary(first, "relu"), is_binary(second, "mul")
        if positive is None or scaled is None:
            continue
        for slope, part in (scaled.inputs, scaled.inputs[::-1]):
            negative = is_unary(part, "relu")
            turned = is_unary(negative.inputs[0], "neg") if negative else None
            if turned and slope and slope.constant and turned.inputs[0] is positive.inputs[0]:
                added = op.attrs["f"] == "add"  # then the slope is the other way round
                op.become("prelu", [positive.inputs[0], slope], negated=added)
                return True
    return False

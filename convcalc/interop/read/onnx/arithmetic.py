"""Pointwise operators, norms and matrix products of ONNX."""

from collections.abc import Callable
from math import inf

from convcalc.findings import plain
from convcalc.interop.read.onnx.node import Handler, Reading, Result
from convcalc.interop.trace.products import unread_product

UNARY = {
    "Relu": "relu",
    "Selu": "selu",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "HardSwish": "hard_swish",
    "Mish": "mish",
    "Gelu": "gelu",
    "Softplus": "softplus",
    "Erf": "erf",
    "Neg": "neg",
    "Sqrt": "sqrt",
    "Exp": "exp",
    "Log": "log",
    "Abs": "abs",
    "Reciprocal": "reciprocal",
    "Swish": "silu",
}


#: parameters that an activation has in ONNX, and the one value of each that a layer kind has
_FIXED = {
    "Selu": (("alpha", 1.6732632), ("gamma", 1.0507010)),
    "Swish": (("alpha", 1.0),),
}


def unary(n: Reading) -> Result:
    """Activations and functions without parameters."""
    for name, value in _FIXED.get(n.node.op, ()):
        if abs(n.real(name, value) - value) > 1e-4:
            return n.unsupported(f"{n.node.op} with {name} = {n.real(name, value):g}")
    approximate = n.word("approximate", "none", "tanh") if n.node.op == "Gelu" else "none"
    exact = "" if approximate == "none" else plain(approximate[:20])
    return n.op("unary", [n.x], f=UNARY[n.node.op], exact=exact)


def leaky_relu(n: Reading) -> Result:
    """LeakyRelu."""
    return n.op("unary", [n.x], f="leaky_relu", alpha=n.real("alpha", 0.01))


def elu(n: Reading) -> Result:
    """Elu."""
    return n.op("unary", [n.x], f="elu", alpha=n.real("alpha", 1.0))


def hard_sigmoid(n: Reading) -> Result:
    """HardSigmoid: ONNX's own slope is 0.2, PyTorch's 1/6."""
    if n.real("beta", 0.5) != 0.5:
        return n.unsupported(f"HardSigmoid with beta = {n.real('beta', 0.5):g}")
    return n.op("unary", [n.x], f="hard_sigmoid", alpha=n.real("alpha", 0.2))


def clip(n: Reading) -> Result:
    """Clip, bounds as attributes before opset 11."""
    bounds = []
    for index, name in ((1, "min"), (2, "max")):
        given = n.get(index)
        if given is not None and given.value is None:
            return n.unsupported("Clip with computed bounds")
        attribute = n.real(name, inf)
        bounds.append(given.scalar if given is not None else attribute)
    low, high = (None if b is None or abs(b) > 1e30 else b for b in bounds)
    return n.op("clip", [n.x], low=low, high=high)


def prelu(n: Reading) -> Result:
    """PRelu."""
    return n.op("prelu", [n.x, n.tensor(1)])


def softmax(n: Reading) -> Result:
    """Softmax and its logarithm; before opset 13 the axes from `axis` on are one."""
    if n.x.shape is None:
        return n.op("softmax", [n.x], axis=0)
    axis = n.axis(-1 if n.opset >= 13 else 1)
    if n.opset < 13 and axis < n.rank - 1 and any(d != 1 for d in n.shape[axis + 1 :]):
        return n.unsupported("Softmax over several axes")
    return n.op("softmax" if n.node.op == "Softmax" else "log_softmax", [n.x], axis=axis)


def binary(name: str) -> Callable[[Reading], Result]:
    """Add, Sub, Mul ... of two or more operands."""

    def handler(n: Reading) -> Result:
        operands = [tensor for tensor in n.inputs if tensor is not None]
        if not operands:
            return n.x
        result = operands[0]
        if name in {"add", "max", "min", "mean"}:
            if len(operands) == 1:
                return n.op("identity", operands)
            return n.op("binary", operands, f=name)
        for other in operands[1:]:
            result = n.op("binary", [result, other], f=name)
        return result

    return handler


def batch_norm(n: Reading) -> Result:
    """BatchNormalization; nothing has the statistics beside the first output as a layer."""
    if not n.integer("spatial", 1):
        return n.unsupported("BatchNormalization of each position")
    if any(found is not None and not found.constant for found in (n.get(3), n.get(4))):
        why = "BatchNormalization without running statistics"
        return n.emitter.unsupported([n.x], len(n.node.outputs), why)  # and without what makes some
    first = n.op("batch_norm", [n.get(i) for i in range(5)], epsilon=n.real("epsilon", 1e-5))
    beside = len(n.node.outputs) - 1
    why = "BatchNormalization's statistics"
    return [first, *(n.emitter.unsupported([n.x], beside, why) if beside > 0 else ())]


def instance_norm(n: Reading) -> Result:
    """InstanceNormalization."""
    epsilon = n.real("epsilon", 1e-5)
    return n.op("instance_norm", [n.x, n.get(1), n.get(2)], epsilon=epsilon)


def group_norm(n: Reading) -> Result:
    """GroupNormalization (opset 18 and 21)."""
    more = {"groups": n.integer("num_groups", 1), "epsilon": n.real("epsilon", 1e-5)}
    return n.op("group_norm", [n.x, n.get(1), n.get(2)], **more)


def layer_norm(n: Reading) -> Result:
    """LayerNormalization over the last axes."""
    epsilon = n.real("epsilon", 1e-5)
    return n.op("layer_norm", [n.x, n.get(1), n.get(2)], axis=n.axis(-1), epsilon=epsilon)


def lrn(n: Reading) -> Result:
    """LRN; a window of an even size reaches further to the other side than PyTorch's."""
    size = n.integer("size", 1)
    if not size % 2:
        return n.unsupported(f"LRN over {size} channels, an even number")
    return n.op(
        "lrn",
        [n.x],
        size=size,
        alpha=n.real("alpha", 1e-4),
        beta=n.real("beta", 0.75),
        k=n.real("bias", 1.0),
    )


def matmul(n: Reading) -> Result:
    """MatMul: a fully connected layer where the right side is a weight."""
    a, b = n.x, n.tensor(1)
    if b.constant and not a.constant and (b.shape is None or len(b.shape) == 2):
        return n.op("linear", [a, b, None], rows=False)
    if a.constant and b.constant:
        return n.op("matmul", [a, b])
    unsized = a.shape is None or b.shape is None
    if (unsized and (a.constant or b.constant)) or (
        a.constant and n.rank == len(b.shape or ()) == 3
    ):
        return n.op("matmul", [a, b])  # a matrix for each position, where a pattern finds them
    return n.unsupported(unread_product("MatMul", a, b))


def gemm(n: Reading) -> Result:
    """Gemm."""
    if not n.tensor(1).constant:
        return n.unsupported(unread_product(n.node.op, n.x, n.tensor(1)))
    if n.integer("transA", 0):
        return n.unsupported(f"{n.node.op} with transA = 1")
    factors = {name: n.real(name, 1.0) for name in ("alpha", "beta")}
    if n.get(2) is None:
        factors.pop("beta")
    scaled = tuple(f"{name} = {factor:g}" for name, factor in factors.items() if factor != 1)
    rows = bool(n.integer("transB", 0))
    inputs, folded = [n.x, n.tensor(1), n.get(2)], n.emitter.folded
    return n.op("linear", inputs, rows=rows, scaled=scaled, folded=folded)


def reduce(n: Reading) -> Result:
    """ReduceMean, ReduceMax and their kin."""
    if n.x.shape is None:
        return n.op("reduce", [n.x], how="mean", axes=(), keepdims=True)
    axes, nothing = n.listed("axes", 1), n.integer("noop_with_empty_axes", 0)
    keep = bool(n.integer("keepdims", 1))
    if n.computed(1):
        return n.unsupported(f"{n.node.op} over computed axes")
    if not axes:
        if nothing:
            return n.op("identity", [n.x])
        axes = tuple(range(n.rank))
    how = {"ReduceMean": "avg", "ReduceMax": "max"}.get(n.node.op, n.node.op)
    found = tuple(sorted(map(n.placed, axes)))
    return n.op("reduce", [n.x], how=how, axes=found, keepdims=keep)


def dropout(n: Reading) -> Result:
    """Dropout: a file for inference passes it through; nothing has its mask as a layer."""
    first = n.op("dropout", [n.x], rate=float(n.real("ratio", (n.value(1) or (0.5,))[0])))
    masked = len(n.node.outputs) > 1
    return [first, *(n.emitter.unsupported([n.x], 1, "Dropout's mask") if masked else ())]


TABLE: dict[str, Handler] = {
    **dict.fromkeys(UNARY, unary),
    "LeakyRelu": leaky_relu,
    "Elu": elu,
    "HardSigmoid": hard_sigmoid,
    "Clip": clip,
    "PRelu": prelu,
    "Softmax": softmax,
    "LogSoftmax": softmax,
    "Add": binary("add"),
    "Sum": binary("add"),
    "Sub": binary("sub"),
    "Mul": binary("mul"),
    "Div": binary("div"),
    "Pow": binary("pow"),
    "Max": binary("max"),
    "Min": binary("min"),
    "Mean": binary("mean"),
    "BatchNormalization": batch_norm,
    "InstanceNormalization": instance_norm,
    "GroupNormalization": group_norm,
    "LayerNormalization": layer_norm,
    "LRN": lrn,
    "MatMul": matmul,
    "Gemm": gemm,
    "ReduceMean": reduce,
    "ReduceMax": reduce,
    "ReduceSum": reduce,
    "ReduceMin": reduce,
    "ReduceL2": reduce,
    "Dropout": dropout,
}

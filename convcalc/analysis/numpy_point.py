"""The NumPy statement that makes one output of a layer without windows: activations, sums, norms.

X is the layer's input, X1, X2 and so on are the inputs of a merge.
"""

import re
from collections.abc import Sequence

from convcalc.analysis.record import Row
from convcalc.layers.lrn import LocalResponseNorm
from convcalc.shapes import Shape

#: Functions of one number, ``x`` standing for it; the options of the kind by their names.
_FUNCTIONS = {
    "relu": "np.maximum(x, 0)",
    "relu6": "np.clip(x, 0, 6)",
    "leaky_relu": "np.where(x > 0, x, {negative_slope:g} * x)",
    "elu": "np.where(x > 0, x, {alpha:g} * (np.exp(x) - 1))",
    "silu": "x / (1 + np.exp(-x))",
    "mish": "x * np.tanh(np.log(1 + np.exp(x)))",
    "hard_swish": "x * np.clip(x + 3, 0, 6) / 6",
    "hard_sigmoid": "np.clip(x + 3, 0, 6) / 6",
    "sigmoid": "1 / (1 + np.exp(-x))",
    "tanh": "np.tanh(x)",
    "abs": "np.abs(x)",
    "dropout": "x",
    "identity": "x",
}
_MERGES = {"add": " + ", "subtract": " - ", "multiply": " * "}
_POOLS = {"global_avg_pool": "np.mean", "global_max_pool": "np.max"}


def point_line(row: Row, position: Shape) -> str:
    """The right side of the statement; '' for a kind that has none here."""
    kind, layer = row.step.kind, row.step.layer
    if layer is None or not row.inputs:
        return ""
    x = at("X", position)
    if kind in _FUNCTIONS:
        return re.sub(r"\bx\b", x, _FUNCTIONS[kind].format(**layer.__dict__))
    if kind == "softmax":
        whole = f"X[{','.join([*map(str, position[:-1]), ':'])}]" if position[1:] else "X"
        return f"np.exp({x}) / np.sum(np.exp({whole}))"
    if kind in _POOLS:
        return f"{_POOLS[kind]}(X[{':,' * (len(row.inputs[0]) - 1)}{position[-1]}])"
    if kind in {*_MERGES, "maximum", "average"}:
        return _merged(kind, row.inputs, position)
    if kind == "concat":
        return _joined(row.inputs, position)
    if isinstance(layer, LocalResponseNorm):
        return _normed(layer, row.inputs[0][-1], position)
    return ""


def at(name: str, position: Shape) -> str:
    """``X[1,2,3]``."""
    return f"{name}[{','.join(map(str, position))}]"


def _merged(kind: str, inputs: Sequence[Shape], position: Shape) -> str:
    """Numbers at one place; of an input with one position, such as a gate, that one."""
    parts = []
    for number, shape in enumerate(inputs, 1):
        place = tuple(0 if size == 1 else i for i, size in zip(position, shape, strict=True))
        parts.append(at(f"X{number}", place))
    if kind == "maximum":
        return f"max({', '.join(parts)})"
    if kind == "average":
        return f"({' + '.join(parts)}) / {len(parts)}"
    return _MERGES[kind].join(parts)


def _joined(inputs: Sequence[Shape], position: Shape) -> str:
    """The input that a channel of a concat comes from."""
    channel = position[-1]
    for number, shape in enumerate(inputs, 1):
        if channel < shape[-1]:
            return at(f"X{number}", (*position[:-1], channel))
        channel -= shape[-1]
    return ""


def _normed(layer: LocalResponseNorm, depth: int, position: Shape) -> str:
    """A number divided by its neighbours' in depth."""
    channel = position[-1]
    first = max(channel - layer.size // 2, 0)
    last = min(channel - layer.size // 2 + layer.size, depth)
    around = f"X[{','.join([*map(str, position[:-1]), f'{first}:{last}'])}]"
    over = f" / {layer.size}" if layer.alpha_over == "size" else ""
    energy = f"{layer.alpha:g}{over} * np.sum({around} ** 2)"
    return f"{at('X', position)} / ({layer.k:g} + {energy}) ** {layer.beta:g}"

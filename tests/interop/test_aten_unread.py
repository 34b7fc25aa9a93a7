"""No argument of a function of ATen is passed over: it is read, changes nothing, or is refused."""

from typing import Any

import pytest

from convcalc.interop.read.given import Given
from convcalc.interop.read.pt2 import graph as pt2_graph
from convcalc.interop.read.pt2.node import Call
from convcalc.interop.read.pt2.operators import OPERATORS as ATEN
from convcalc.interop.trace.emit import Emitter
from convcalc.interop.trace.tensors import Tensor, Trace
from tests.interop.operands import ROW, STATES, X, weight

V, W = weight(4), weight(6, 4, 3, 3)
NUMBERS = {"self": X, "weight": V, "bias": V, "running_mean": V, "running_var": V}
#: arguments with which a function of ATen is read; of others, the input alone
CALLS: dict[str, dict[str, Any]] = {
    **{f"conv{n}d": {"input": Tensor("x", (1, 4, *[8] * n)), "weight": weight(6, 4, *[3] * n)}
       for n in (1, 2, 3)},
    **{f"conv_transpose{n}d": {"input": Tensor("x", (1, 4, *[8] * n)),
                               "weight": weight(4, 6, *[3] * n)} for n in (1, 2, 3)},
    "convolution": {"input": X, "weight": W},
    **{f"{how}_pool{n}d{more}": {"self": Tensor("x", (1, 4, *[8] * n)), "kernel_size": [2]}
       for n in (1, 2, 3) for how, more in (("max", ""), ("max", "_with_indices"), ("avg", ""),
                                            ("lp", ""))},
    **{f"adaptive_{how}_pool{n}d": {"self": Tensor("x", (1, 4, *[8] * n)), "output_size": [2]}
       for n in (1, 2, 3) for how in ("avg", "max")},
    **{f"{how}{n}d": {"input": Tensor("x", (1, 4, *[8] * n)), "output_size": [16] * n}
       for hows, ranks in (("upsample_nearest _upsample_nearest_exact", (1, 2, 3)),
                           ("upsample_linear", (1,)), ("upsample_bilinear upsample_bicubic", (2,)),
                           ("upsample_trilinear", (3,))) for how in hows.split() for n in ranks},
    "pixel_shuffle": {"self": X, "upscale_factor": 2},
    "pixel_unshuffle": {"self": X, "downscale_factor": 2},
    "channel_shuffle": {"self": X, "groups": 2},
    "linear": {"input": ROW, "weight": weight(6, 4)},
    **{key: {"self": ROW, "mat2": weight(4, 6)} for key in ("mm", "bmm")},
    "matmul": {"self": ROW, "other": weight(4, 6)},
    "addmm": {"self": weight(6), "mat1": ROW, "mat2": weight(4, 6)},
    **dict.fromkeys(
        ("batch_norm", "_native_batch_norm_legit_no_training", "native_batch_norm",
         "cudnn_batch_norm"), NUMBERS),
    "instance_norm": {"input": X, "weight": V, "bias": V},
    "group_norm": {"input": X, "weight": V, "bias": V, "num_groups": 2},
    "layer_norm": {"input": X, "normalized_shape": [8]},
    "prelu": {"self": X, "weight": V},
    "_prelu_kernel": {"self": X, "weight": weight(4, 1, 1)},
    **{key: {"self": X, "other": X}
       for key in ("add", "sub", "rsub", "mul", "div", "max", "maximum", "min", "minimum")},
    **{key: {"self": X, "other": X}
       for key in ("expand_as", "type_as", "view_as", "reshape_as")},
    "copy": {"self": X, "src": X},
    "pow": {"self": X, "exponent": 2},
    **{key: {"self": X, "unbiased": False} for key in ("var", "var_mean")},
    **{key: {"self": ROW, "dim": 1} for key in ("softmax", "_softmax")},
    **{key: {"tensors": [X, X], "dim": 1} for key in ("cat", "concat", "stack")},
    "split": {"self": X, "split_size": 2, "dim": 1},
    "split_with_sizes": {"self": X, "split_sizes": [1, 3], "dim": 1},
    "chunk": {"self": X, "chunks": 2, "dim": 1},
    "slice": {"self": X, "dim": 1, "start": 1},
    "narrow": {"self": X, "dim": 1, "start": 1, "length": 2},
    **{key: {"self": X, "size": [1, 256]} for key in ("view", "_unsafe_view")},
    "reshape": {"self": X, "shape": [1, 256]},
    "unflatten": {"self": X, "dim": 1, "sizes": [2, 2]},
    "unsqueeze": {"self": X, "dim": 0},
    "permute": {"self": X, "dims": [0, 2, 3, 1]},
    "transpose": {"self": X, "dim0": 2, "dim1": 3},
    "movedim": {"self": X, "source": [1], "destination": [3]},
    "pad": {"self": X, "pad": [1, 1]},
    "constant_pad_nd": {"self": X, "pad": [1, 1]},
    **{f"{how}_pad{n}d": {"self": X, "padding": [1, 1] * n}
       for n in (1, 2, 3) for how in ("reflection", "replication")},
    "expand": {"self": X, "size": [-1, -1, -1, -1]},
    "repeat": {"self": X, "repeats": [1, 1, 1, 1]},
    "tile": {"self": X, "dims": [1, 1]},
    "repeat_interleave": {"self": X, "repeats": 1, "dim": 1},
    "_native_batch_norm_legit": {"self": X, "training": True},
}  # fmt: skip


def call(target: str, more: dict[str, Any]) -> str:
    """What a call is refused with; '' where it is read."""
    trace = Trace("net.pt2", "", "a test")
    emitter = Emitter(trace)
    emitter.at("n", f"aten.{target}")
    given = Given({**CALLS.get(target, {"self": X}), **more})
    pt2_graph.called(ATEN[target], Call(target, given, emitter, 1))
    refused = (o.attrs["why"] for o in trace.ops if o.kind == "unsupported")
    return next((why for why in refused if not why.endswith("'s indices")), "")


@pytest.mark.parametrize("target", sorted(ATEN))
def test_an_argument_that_no_function_of_aten_reads_is_refused(target: str) -> None:
    assert call(target, {}) == ""
    assert call(target, {STATES: 2}) == f"aten.{target} with {STATES} = 2"
    assert call(target, {STATES: None, "inplace": True}) == ""


@pytest.mark.parametrize(
    ("target", "more", "why"),
    [
        ("softplus", {"beta": 2.0}, "softplus with its own beta or threshold"),
        ("div", {"rounding_mode": "floor"}, "aten.div with rounding_mode = floor"),
        ("avg_pool2d", {"divisor_override": 3}, "avg_pool2d with divisor_override"),
        ("addmm", {"alpha": 2}, "addmm with a factor"),
        ("add", {"alpha": 2}, "add with a factor"),
        ("elu", {"scale": 2.0}, "elu with a scale"),
        ("batch_norm", {"running_mean": None}, "batch_norm without running statistics"),
        ("linalg_vector_norm", {"ord": 1}, "linalg_vector_norm of another sort"),
        ("upsample_bilinear2d", {"scales_h": 1.9}, "upsample_bilinear2d by 1.9 to another size"),
    ],
)
def test_what_changes_the_numbers_is_refused(target: str, more: dict[str, Any], why: str) -> None:
    assert call(target, more) == why


def test_every_argument_that_pytorch_has_is_read_or_known() -> None:
    """Functions of ATen as PyTorch declares them: their own defaults, written out, are read."""
    torch = pytest.importorskip("torch")
    for target in sorted(ATEN):
        packet = getattr(torch.ops.aten, target, None)
        if packet is None:
            continue
        schema = packet.default._schema if "default" in packet.overloads() else None
        if schema is None:
            continue
        given = CALLS.get(target, {"self": X})
        defaults = {a.name: a.default_value for a in schema.arguments
                    if a.default_value is not None and a.name not in given}  # fmt: skip
        assert call(target, defaults) == "", (target, defaults)


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        (X, X, "of two activations"),
        (weight(8, 8), X, "with a weight on the left: one on the right of channels last is read"),
        (X, weight(4, 8, 8), "with a weight of several matrices"),
        (X, weight(8), "with a weight of one axis"),
    ],
)
def test_a_product_with_a_weight_is_not_called_one_of_activations(
    left: Tensor, right: Tensor, why: str
) -> None:
    emitter = Emitter(Trace("net.pt2", "", ""))
    call = Call("matmul", Given({"self": left, "other": right}), emitter, 1)
    ATEN["matmul"](call)
    assert str(emitter.trace.ops[-1].attrs["why"]).startswith(f"matmul {why}")

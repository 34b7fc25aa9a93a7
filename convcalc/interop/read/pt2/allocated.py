"""What each operator of ATen allocates in use: nothing, its outputs, or more for a moment.

Measured in PyTorch 2.13 (`tests/interop/test_pt2_runs.py`). What an operator allocates that is in
none of these tables is not known.
"""

from collections.abc import Callable, Iterable
from math import prod

from convcalc.findings import plain
from convcalc.interop.read.pt2.recorded import Node, Recorded
from convcalc.interop.read.pt2.strides import in_a_row, is_view, same_places
from convcalc.network.run import OF_STATISTICS, Storage

#: Their output is a view of their first input, or it itself: in use a dropout hands its input on.
VIEWS = frozenset(
    """
        alias detach view _unsafe_view view_as unsqueeze squeeze permute transpose t mT movedim
        swapaxes expand expand_as slice select narrow chunk split split_with_sizes unbind
        unflatten unfold diagonal dropout feature_dropout alpha_dropout feature_alpha_dropout
    """.split()  # noqa: SIM905
)

#: Outputs of their own.
OWN = frozenset(
    """
        convolution conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d
        mm bmm addmm linear matmul
        batch_norm _native_batch_norm_legit _native_batch_norm_legit_no_training
        native_layer_norm native_group_norm
        layer_norm group_norm instance_norm
        max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d
        adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d
        _adaptive_avg_pool2d _adaptive_avg_pool3d
        adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d
        max_pool2d_with_indices max_pool3d_with_indices
        mean std var sum amax amin max min linalg_vector_norm
        relu relu6 leaky_relu elu selu celu silu gelu mish hardswish hardsigmoid hardtanh
        sigmoid tanh softplus glu softmax _softmax log_softmax _log_softmax prelu _prelu_kernel
        add sub rsub mul div maximum minimum pow square neg abs sign sqrt rsqrt reciprocal exp log
        erf clamp clamp_min clamp_max
        cat concat stack repeat clone lift_fresh_copy _to_copy pad constant_pad_nd
        reflection_pad1d reflection_pad2d reflection_pad3d
        replication_pad1d replication_pad2d replication_pad3d
        upsample_nearest1d upsample_nearest2d upsample_nearest3d upsample_linear1d
        upsample_bilinear2d upsample_trilinear3d upsample_bicubic2d
        _upsample_nearest_exact1d _upsample_nearest_exact2d _upsample_nearest_exact3d
        pixel_shuffle pixel_unshuffle channel_shuffle
        zeros_like ones_like full_like
    """.split()  # noqa: SIM905
)

#: Their input itself where nothing changes, else a copy.
_CHANGES = frozenset(("contiguous", "to", "type_as"))
#: A view where the numbers lie so that there can be one, else a copy.
_RESHAPES = frozenset(("reshape", "reshape_as", "flatten"))


#: It writes what it reads into what is there: its twin without `_` has a copy of its own.
_INTO = "copy_"

#: A batch norm by the numbers of what it is given: an instance norm, decomposed.
_OF_IMAGES = "_native_batch_norm_legit"


def unknown(node: Node) -> str:
    """The call of which it is not known what it allocates; '' where that is known."""
    name, called = base(node), plain(node.target[:80])
    if not node.outputs or node.target == _INTO:
        return ""  # a size, an assertion
    if name not in VIEWS | OWN | _CHANGES | _RESHAPES:
        return called
    trains = node.value("train") is True or node.value("training") is True
    if trains and name != _OF_IMAGES:
        return f"{called} in training"  # masks, statistics
    return called if name == "pad" and node.value("mode") == "circular" else ""


def of_images(nodes: Iterable[Node]) -> frozenset[str]:
    """What norms read that may be an instance norm's: the channels of all images in a row."""
    norms = (node for node in nodes if base(node).startswith(_OF_IMAGES))
    return frozenset(name for node in norms for name in node.reads)


def is_repeated(node: Node, images: frozenset[str]) -> bool:
    """Whether a constant is made once for each image: a decomposed instance norm's."""
    return base(node) == "repeat" and node.outputs[0] in images


def base(node: Node) -> str:
    """The operator, whether or not it overwrites its input."""
    name = node.target
    return name[:-1] if name.endswith("_") else name


def is_alias(recorded: Recorded, node: Node, images: frozenset[str] = frozenset()) -> bool:
    """Whether the outputs of a call are in the storage of its first input.

    Args:
        recorded: the program.
        node: the call.
        images: what its norms read, see `of_images`.
    """
    name = base(node)
    if name == "view" and recorded.images == 1 and node.outputs and node.outputs[0] in images:
        x, made = recorded.laid(node.x), recorded.laid(node.outputs[0])
        if x is not None and made is not None and x.shape == made.shape and len(x.shape) > 1:
            # the images of one are its channels: of several there can be a copy
            return is_view(x.shape, x.strides, (prod(x.shape[:2]), *x.shape[2:]))
    if not node.outputs or name in VIEWS or node.target.endswith("_"):
        return True
    if name not in _CHANGES | _RESHAPES:
        return False
    x, made = recorded.laid(node.x), recorded.laid(node.outputs[0])
    if x is None or made is None:
        return False
    if name in _RESHAPES:
        return is_view(x.shape, x.strides, made.shape)
    same = same_places(made.shape, x.strides, made.strides)
    return same and x.dtype == made.dtype and node.value("copy") is not True


def passing(recorded: Recorded, node: Node) -> tuple[Storage, ...]:
    """What a call makes beside its outputs and lets go when it returns."""
    found = _PASSING.get(base(node))
    return () if found is None else found(recorded, node)


def _indices(recorded: Recorded, node: Node) -> tuple[Storage, ...]:
    """The places of the maxima (int64), for which nobody asked."""
    return (recorded.storage(node.outputs[0])._replace(width=8),)


def _layer_statistics(recorded: Recorded, node: Node) -> tuple[Storage, ...]:
    """Mean and deviation of each row."""
    axes = len(node.value("normalized_shape") or ())
    shape = recorded.shape(node.x)
    rows = recorded.sized(prod(shape[: len(shape) - axes]), OF_STATISTICS)
    return (rows, rows)


def _group_statistics(recorded: Recorded, node: Node) -> tuple[Storage, ...]:
    """Mean and deviation of each group."""
    groups = node.value("num_groups")
    count = groups if type(groups) is int else 1
    each = recorded.sized(recorded.shape(node.x)[0] * count, OF_STATISTICS)
    return (each, each, *_contiguous(recorded, node))


def _instance_statistics(recorded: Recorded, node: Node) -> tuple[Storage, ...]:
    """Mean and deviation of each channel, and what it keeps of them or learns for each image."""
    each = recorded.sized(prod(recorded.shape(node.x)[:2]), OF_STATISTICS)
    own = recorded.sized(prod(recorded.shape(node.x)[:2]))
    given = [name for name in _LEARNED if "as_tensor" in (node.given.get(name) or {})]
    made = () if node.value("use_input_stats") is False else (each, each)
    return (*made, *[own] * len(given), *_contiguous(recorded, node))


_LEARNED = ("weight", "bias", "running_mean", "running_var")


def _contiguous(recorded: Recorded, node: Node) -> tuple[Storage, ...]:
    """A copy of an input whose numbers do not lie in a row."""
    x = recorded.laid(node.x)
    if x is None or same_places(x.shape, x.strides, in_a_row(x.shape)):
        return ()
    return (recorded.storage(node.x),)


def _row_by_row(recorded: Recorded, node: Node) -> tuple[Storage, ...]:
    """A copy of an input of several axes that cannot be seen as rows."""
    x = recorded.laid(node.x)
    if x is None or len(x.shape) < 3:
        return ()
    rows = (prod(x.shape[:-1]), x.shape[-1])
    return () if is_view(x.shape, x.strides, rows) else (recorded.storage(node.x),)


def _same_padding(recorded: Recorded, node: Node) -> tuple[Storage, ...]:
    """The padded copy where `same` is one more at the ends than at the beginnings."""
    kernel = recorded.shape(node.reads[1])[2:]
    if node.value("padding") != "same":
        return ()
    dilation = node.value("dilation") or [1]
    steps = dilation * len(kernel) if len(dilation) == 1 else dilation
    odd = [step * (size - 1) % 2 for step, size in zip(steps, kernel, strict=True)]
    if not any(odd):
        return ()
    batch, channels, *sizes = recorded.shape(node.x)
    padded = (size + more for size, more in zip(sizes, odd, strict=True))
    return (recorded.sized(batch * channels * prod(padded)),)


_PASSING: dict[str, Callable[[Recorded, Node], tuple[Storage, ...]]] = {
    "max_pool1d": _indices,
    "max_pool2d": _indices,
    "max_pool3d": _indices,
    "layer_norm": _layer_statistics,
    "group_norm": _group_statistics,
    "instance_norm": _instance_statistics,
    "linear": _row_by_row,
    "matmul": _row_by_row,
    "conv1d": _same_padding,
    "conv2d": _same_padding,
    "conv3d": _same_padding,
}

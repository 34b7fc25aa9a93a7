"""Norms, activations and merges of other tools: their defaults, axes and slopes."""

from convcalc.dialects import folded
from convcalc.dialects import kind as kind_of
from convcalc.findings import brief
from convcalc.shapes import written
from convcalc.spec.foreign.asked import (
    KINDS,
    Asked,
    Given,
    Meaning,
    Meant,
    NotCertainError,
    only_said,
    whole_numbers,
)


def _lrn(asked: Asked) -> Meant | None:
    """PyTorch's, ONNX's and Caffe's divide alpha by the size; Caffe's default of it is 1."""
    if asked.word == "lrn" or "depth_radius" in asked.given:
        return None
    size = asked.default("local_size", asked.given.pop("size", None))
    k = asked.default("bias", asked.default("k", 1.0))
    if "alpha" not in asked.given and not folded(asked.word).startswith("local"):
        entry = f"lrn: {{size: {size or 5}, alpha: 0.0001, alpha_over: size}}"
        whose = "whose alpha is 1 in Caffe and 0.0001 elsewhere, if it is left out"
        raise NotCertainError(f"write `{entry}`, {whose}")
    if str(asked.default("norm_region", "ACROSS_CHANNELS")) != "ACROSS_CHANNELS":
        raise NotCertainError("`lrn` sums over neighbouring channels, never within one")
    if size is None:
        entry = "lrn: {size: 5, alpha: 0.0001, alpha_over: size}"
        raise NotCertainError(f"how many channels it sums over is missing: `{entry}` sums over 5")
    alpha, beta = asked.default("alpha", 1e-4), asked.default("beta", 0.75)
    options = {"size": size, "alpha": alpha, "alpha_over": "size", "beta": beta, "k": k}
    return Meant("lrn", asked.given, options)


def _leaky(asked: Asked) -> Meant | None:
    if "alpha" in asked.given or "negative_slope" in asked.given:
        return None
    slope = {"keras": 0.3, "pytorch": 0.01}.get(asked.tool)
    if folded(asked.word) == "leaky":
        slope = 0.1
    if slope is None and asked.word.islower():
        return None
    if slope is None:
        text = "`leaky_relu` with `negative_slope: 0.3` if it is Keras's, 0.01 if it is PyTorch's"
        raise NotCertainError(text)
    return Meant("leaky_relu", asked.given, {"negative_slope": slope})


def _activation(asked: Asked) -> Meant | None:
    """Keras's `Activation("relu")`."""
    name = str(asked.given.pop("activation", ""))
    kind = "identity" if name == "linear" else kind_of(name, KINDS)
    if not kind:
        raise NotCertainError("`convcalc list --kinds` names the activations")
    return Meant(kind, asked.given, {"negative_slope": 0.2} if kind == "leaky_relu" else {})


def _relu(asked: Asked) -> Meant:
    """Keras's may end at a number or leak; PyTorch's first argument is a flag."""
    top, slope = asked.given.pop("max_value", None), asked.default("negative_slope", 0)
    if isinstance(top, bool):
        asked.given["inplace"], top = top, None
    asked.usual("threshold", 0)
    if top and slope:
        raise NotCertainError(f"no kind both ends at {top} and leaks by {slope}")
    if top is not None and top != 6:
        raise NotCertainError(f"no kind ends at {top}: relu6 ends at 6")
    if slope:
        return Meant("leaky_relu", asked.given, {"negative_slope": slope})
    return Meant("relu6" if top else "relu", asked.given, {})


def _gelu(asked: Asked) -> Meant | None:
    """PyTorch's, which may be approximate."""
    if str(how := asked.given.pop("approximate", "none")).lower() not in {"none", "false"}:
        text = f"`gelu` is the exact one, and no kind approximates it by {brief(str(how))}"
        raise NotCertainError(text)
    return None if asked.given else Meant("gelu", {}, {})


def _hard_tanh(asked: Asked) -> Meant:
    """PyTorch's, of which one is a relu6."""
    low, high = asked.default("min_val", -1), asked.default("max_val", 1)
    if (low, high) != (0, 6):
        ends = brief(f"{low} and {high}")
        raise NotCertainError(f"no kind ends at {ends}: relu6 ends at 0 and 6")
    return Meant("relu6", asked.given, {})


def _softmax(asked: Asked) -> Meant | None:
    axes = len(asked.shape) - 1 if asked.shape else None
    keras = asked.tool == "keras" or (asked.tool != "pytorch" and "axis" in asked.given)
    either = asked.given.pop("axis_or_dim", None)  # the last one is another in each tool
    axis = asked.default("axis", asked.default("dim", -1 if keras else 1))
    last = axis == -1 or (axes is not None and axis == axes + 1)
    axis = axis if either is None else either
    sure = either is None and (last if keras else axis == 1)
    if not (sure or (axes == 0 and axis in (-1, 1))):
        raise NotCertainError(
            f"softmax is over the channels here: axis {brief(str(axis))} may be another"
        )
    return Meant("softmax", asked.given, {}) if either or axis not in (1, -1) else None


def _prelu(asked: Asked) -> Meant | None:
    """One slope in PyTorch, one a channel in Caffe, one a number in Keras."""
    count, shared = asked.given.pop("num_parameters", None), asked.given.pop("shared_axes", None)
    axes = len(asked.shape) - 1 if asked.shape else None
    all_shared = sorted(whole_numbers(shared)) == list(range(1, (axes or 0) + 1))
    if asked.tool == "keras" and axes != 0 and not (all_shared if axes else shared):
        raise NotCertainError(_EACH)
    if "channel_shared" in asked.given:
        one = asked.given.pop("channel_shared")
    elif axes and all_shared:
        one = False
    elif asked.tool == "keras" and axes == 0 and shared is None:
        one = False  # of a vector each number is a channel
    elif count is not None and (count == 1 or (asked.shape and asked.shape[-1] == count)):
        one = count == 1
    elif asked.tool == "pytorch" and count is None:
        one = True
    elif asked.word.islower() and not asked.given and count is None and shared is None:
        return None
    else:
        keras = "" if asked.tool else "; Keras's, with a slope for each position, is no layer kind"
        raise NotCertainError(
            f"`prelu` has `parameters: one` for all channels, or `channel`{keras}"
        )
    return Meant("prelu", asked.given, {"parameters": "one" if one else "channel"})


#: of Keras's PReLU without all of its `shared_axes`
_EACH = (
    "no layer kind for PReLU with a slope for each position, as Keras's has without "
    "`shared_axes` over all of them: `prelu` has `parameters: one` or `channel`"
)


def _affine(asked: Asked, default: bool) -> Given:
    scale, shift = asked.default("scale", default), asked.default("center", default)
    if scale is shift:
        return {"affine": scale}
    return {"affine": "scale" if scale else "shift"}


def _keras_norm(kind: str) -> Meaning:
    def norm(asked: Asked) -> Meant | None:
        options: Given = _affine(asked, True)
        axis, axes = asked.given.pop("axis", -1), len(asked.shape) - 1 if asked.shape else None
        last = 0 if axes is None else axes + 1
        several = sorted(whole_numbers(axis))
        if kind == "layer_norm" and last > 1 and several == list(range(1, last + 1)):
            options["axes"] = "all"
        elif several not in ([-1], [last]):
            raise NotCertainError(
                f"`{kind}` is over the channels: axis {brief(str(axis))} may be another"
            )
        if kind == "group_norm":
            groups = asked.default("groups", 32)
            options["groups"] = asked.shape[-1] if groups == -1 and asked.shape else groups
        if options["affine"] is True and kind != "instance_norm":
            del options["affine"]
        return Meant(kind, asked.given, options)

    return norm


_TRACKS = {"batch_norm": True, "instance_norm": False}  #: running means and variances, buffers


def untracked(kind: str, value: object) -> str:
    """Why no kind is a norm with this `track_running_stats`; '' where `kind` is one."""
    if kind not in _TRACKS or value is None or value is _TRACKS[kind]:
        return ""
    if _TRACKS[kind]:
        return f"`{kind}` keeps running means and variances, two buffers: no kind does without them"
    return f"`{kind}` keeps no running means and variances: no kind has those buffers"


def _tracking(asked: Asked) -> None:
    """Take `track_running_stats` out; raises NotCertainError where no kind does so."""
    kind = "instance_norm" if "instance" in folded(asked.word) else "batch_norm"
    if why := untracked(kind, asked.given.pop("track_running_stats", None)):
        raise NotCertainError(why)


def _shifted(asked: Asked, word: str, usual: bool) -> bool:
    """Put PyTorch's `bias` into its `affine`, without which it says nothing; whether it was there.

    `word` is the norm's own for `affine`, `usual` its default.
    """
    if asked.tool != "pytorch" or type(asked.given.get("bias")) is not bool:
        return False
    bias = asked.given.pop("bias")
    if not bias and asked.given.get(word, usual) is True:
        asked.given[word] = "scale"
    return True


def _instance_norm(asked: Asked) -> Meant:
    _tracking(asked)
    _shifted(asked, "affine", False)
    return Meant("instance_norm", asked.given, {})


def _batch_norm(asked: Asked) -> Meant:
    """Caffe's has no scale and shift: its Scale has them, a layer behind it."""
    _tracking(asked)
    _shifted(asked, "affine", True)
    caffe = asked.given.keys() & {"use_global_stats", "moving_average_fraction"}
    if caffe or (asked.word == "BatchNorm" and not asked.given):
        raise NotCertainError(
            "`batch_norm`; Caffe's, which a Scale follows, is `batch_norm: {affine: false}`"
        )
    return Meant("batch_norm", asked.given, {})


def _group_norm(asked: Asked) -> Meant | None:
    """PyTorch's states the channels, which are known."""
    channels = asked.given.get("num_channels")
    if asked.shape and isinstance(channels, int) and channels != asked.shape[-1]:
        raise NotCertainError(f"{written(asked.shape)} arrives, not {channels} channels")
    either = asked.given.get("bias") is True or asked.given.get("affine") is False
    shifted = either and _shifted(asked, "affine", True)  # its affine is both or neither
    return Meant("group_norm", asked.given, {}) if shifted else None


def _layer_norm(asked: Asked) -> Meant | None:
    """PyTorch's, over the last axes: all of a volume, or the numbers of a vector."""
    shape = asked.given.get("normalized_shape")
    if shape is None or asked.word.islower():
        return None
    sizes = tuple(shape) if isinstance(shape, list | tuple) else (shape,)
    if asked.shape is None or sizes != (asked.shape[-1], *asked.shape[:-1]):
        raise NotCertainError(
            "`layer_norm` is over the channels, with `axes: all` over the whole volume"
        )
    del asked.given["normalized_shape"]
    _shifted(asked, "elementwise_affine", True)
    return Meant("layer_norm", asked.given, {"axes": "all"} if len(sizes) > 1 else {})


def _layer_scale(asked: Asked) -> Meant:
    """ConvNeXt's and CaiT's: learned factors, and the number is what they start with."""
    channels = asked.given.pop("dim", None)
    whole = isinstance(channels, int) and channels > 1
    if whole and asked.shape and channels != asked.shape[-1]:
        raise NotCertainError(f"{written(asked.shape)} arrives, not {channels} channels")
    for name in _STARTS:
        asked.given.pop(name, None)
    return Meant("scale", asked.given, {})


#: what timm, torchvision and Keras call the factor at the start, beside `init`
_STARTS = ("init", "init_value", "init_values", "layer_scale_init_value", "inplace")


def _eltwise(asked: Asked) -> Meant | None:
    how = str(asked.default("operation", "SUM")).upper()
    kind = {"SUM": "add", "PROD": "multiply", "MAX": "maximum"}.get(how)
    if kind is None or asked.given.keys() - {"branches"}:
        raise NotCertainError("Caffe's Eltwise is `add`, `multiply` or `maximum`")
    return Meant(kind, asked.given, {}) if kind != "add" else None


TABLE: dict[str, Meaning] = {
    "lrn": _lrn,
    "localresponsenorm": _lrn,
    "leakyrelu": _leaky,
    "leaky": _leaky,
    "relu": _relu,
    "activation": _activation,
    "gelu": _gelu,
    "hardtanh": _hard_tanh,
    "softmax": _softmax,
    "norm": only_said(
        "which one: `batch_norm`, `layer_norm`, `group_norm`, `instance_norm`, or AlexNet's `lrn`"
    ),
    "prelu": _prelu,
    "batchnorm": _batch_norm,
    "syncbatchnorm": _batch_norm,
    "instancenorm": _instance_norm,
    "batchnormalization": _keras_norm("batch_norm"),
    "layernormalization": _keras_norm("layer_norm"),
    "groupnormalization": _keras_norm("group_norm"),
    "instancenormalization": _keras_norm("instance_norm"),
    "groupnorm": _group_norm,
    "layernorm": _layer_norm,
    "eltwise": _eltwise,
    "layerscale": _layer_scale,
}

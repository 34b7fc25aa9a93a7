"""The one table of modules: what each is made of, as running it shows."""

from collections.abc import Callable
from typing import Any, NamedTuple

from convcalc.interop.flat import Builder, Scope
from convcalc.interop.read.ultralytics.activation import Activation
from convcalc.interop.read.ultralytics.arguments import Arguments
from convcalc.interop.refusals import NoKindError
from convcalc.layers.option import RejectedError

_MOST_KERNELS = 16  #: of SPP, which has three


class Making:
    """A module while it is made: where its layers go, and under which names."""

    def __init__(
        self, builder: Builder, scopes: tuple[Scope, ...], channels: int, activation: Activation
    ) -> None:
        self.builder = builder
        self.scopes = scopes
        self.channels = channels
        """Channels that it makes."""
        self.activation = activation
        """What follows each norm."""

    def inside(self, name: str, cls: str, channels: int) -> "Making":
        """A module within this one."""
        path = f"{self.scopes[-1].path}.{name}"
        return Making(self.builder, (*self.scopes, Scope(path, cls)), channels, self.activation)

    def add(self, kind: str, options: dict[str, Any], *inputs: int) -> int:
        """One layer."""
        path = self.scopes[-1].path
        return self.builder.add(kind, options, inputs, f"{path}.{kind}", path, self.scopes)

    def width(self, item: int) -> int:
        """Channels of an item; 0 where it has no size."""
        shape = self.builder.shape(item)
        return shape[-1] if shape else 0


Make = Callable[[Making, list[int], Arguments, int], int]


def conv(
    m: Making, x: int, kernel: int = 1, stride: int = 1, pad: int | None = None, groups: int = 1
) -> int:
    """A convolution, padded so that a stride of 1 keeps the size, its norm and activation."""
    around = kernel // 2 if pad is None else pad
    options = {"kernel": kernel, "stride": stride, "pad": around, "bias": False}
    if groups == m.width(x) == m.channels > 1:
        x = m.add("depthwise_conv", options, x)
    else:
        x = m.add("conv", {**options, "filters": m.channels, "groups": groups}, x)
    return m.add(m.activation.kind, dict(m.activation.options), m.add("batch_norm", {}, x))


def _conv(m: Making, reads: list[int], args: Arguments, repeats: int) -> int:
    kernel, stride = args.integer(1, 1), args.integer(2, 1)
    pad = args.integer(3) if args.has(3) else None
    return conv(m, reads[0], kernel, stride, pad, args.integer(4, 1))


def _bottleneck(m: Making, x: int, kernels: tuple[int, int], shortcut: bool, inner: int) -> int:
    y = conv(m.inside("cv1", "Conv", inner), x, kernels[0])
    y = conv(m.inside("cv2", "Conv", m.channels), y, kernels[1])
    return m.add("add", {}, x, y) if shortcut and m.width(x) == m.channels else y


def _c2f(m: Making, reads: list[int], args: Arguments, repeats: int) -> int:
    half, shortcut = m.channels // 2, args.flag(1, False)
    x = conv(m.inside("cv1", "Conv", 2 * half), reads[0])
    parts = [m.add("slice", {"start": 0, "stop": half}, x), m.add("slice", {"start": half}, x)]
    for i in range(repeats):
        inner = m.inside(f"m.{i}", "Bottleneck", half)
        parts.append(_bottleneck(inner, parts[-1], (3, 3), shortcut, half))
    return conv(m.inside("cv2", "Conv", m.channels), m.add("concat", {}, *parts))


def _c3(m: Making, reads: list[int], args: Arguments, repeats: int) -> int:
    half, shortcut = m.channels // 2, args.flag(1, True)
    x = conv(m.inside("cv1", "Conv", half), reads[0])
    for i in range(repeats):
        inner = m.inside(f"m.{i}", "Bottleneck", half)
        x = _bottleneck(inner, x, (1, 3), shortcut, half)
    beside = conv(m.inside("cv2", "Conv", half), reads[0])
    return conv(m.inside("cv3", "Conv", m.channels), m.add("concat", {}, x, beside))


def _plain_bottleneck(m: Making, reads: list[int], args: Arguments, repeats: int) -> int:
    return _bottleneck(m, reads[0], (3, 3), args.flag(1, True), m.channels // 2)


def _half(m: Making, item: int) -> int:
    """Half of an item's channels; 1 where it has no size: the finding is where it lost it."""
    return m.width(item) // 2 if m.builder.shape(item) else 1


def _sppf(m: Making, reads: list[int], args: Arguments, repeats: int) -> int:
    kernel = args.integer(1, 5)
    parts = [conv(m.inside("cv1", "Conv", _half(m, reads[0])), reads[0])]
    options = {"kernel": kernel, "stride": 1, "pad": kernel // 2}
    for _ in range(3):
        parts.append(m.add("max_pool", options, parts[-1]))
    return conv(m.inside("cv2", "Conv", m.channels), m.add("concat", {}, *parts))


def _spp(m: Making, reads: list[int], args: Arguments, repeats: int) -> int:
    kernels = args.integers(1) if len(args.values) > 1 else [5, 9, 13]
    if len(kernels) > _MOST_KERNELS:
        raise RejectedError(f"{len(kernels):,} kernels: {_MOST_KERNELS} are the most")
    first = conv(m.inside("cv1", "Conv", _half(m, reads[0])), reads[0])
    parts = [first]
    for kernel in kernels:
        options = {"kernel": kernel, "stride": 1, "pad": kernel // 2}
        parts.append(m.add("max_pool", options, first))
    return conv(m.inside("cv2", "Conv", m.channels), m.add("concat", {}, *parts))


def _concat(m: Making, reads: list[int], args: Arguments, repeats: int) -> int:
    if args.integer(0, 1) != 1:
        raise NoKindError("Concat along positions")
    return m.add("concat", {}, *reads)


def _upsample(m: Making, reads: list[int], args: Arguments, repeats: int) -> int:
    if args.has(0):
        raise NoKindError("nn.Upsample to a size")
    mode = args.values[2] if len(args.values) > 2 else "nearest"
    if mode not in ("nearest", "bilinear"):
        raise NoKindError(f"nn.Upsample with mode {str(mode)[:30]}")
    return m.add("upsample", {"scale": args.integer(1), "mode": mode}, reads[0])


def _max_pool(m: Making, reads: list[int], args: Arguments, repeats: int) -> int:
    kernel = args.integer(0)
    stride = args.integer(1) if args.has(1) else kernel
    return m.add(
        "max_pool", {"kernel": kernel, "stride": stride, "pad": args.integer(2, 0)}, reads[0]
    )


def _zero_pad(m: Making, reads: list[int], args: Arguments, repeats: int) -> int:
    is_list = bool(args.values) and isinstance(args.values[0], list)
    sides = args.integers(0) if is_list else [args.integer(0)] * 4
    if len(sides) != 4:
        raise RejectedError(f"{len(sides)} sides: left, right, top and bottom are taken")
    left, right, top, bottom = sides
    return m.add("pad", {"sides": (top, bottom, left, right)}, reads[0])


def _classify(m: Making, reads: list[int], args: Arguments, repeats: int) -> int:
    x = conv(m.inside("conv", "Conv", 1280), reads[0])
    x = m.add("global_avg_pool", {}, x)
    return m.add("fc", {"units": args.integer(0)}, x)


class Module(NamedTuple):
    """A module that is read."""

    make: Make
    most: int
    """Arguments that are read."""
    others: str
    """Those that are not, in the words of a refusal."""
    is_wide: bool = False
    """Whether the first argument is channels, which the scale makes more or fewer."""
    repeats: str = "chain"
    """What repeats are: a `chain` of it, its own `depth`, or such as it has `never`."""
    joins: bool = False
    """Whether it reads a list of rows, even one of one row."""


MODULES: dict[str, Module] = {
    "Conv": Module(_conv, 5, "dilation or its own activation", is_wide=True),
    "C2f": Module(_c2f, 2, "groups or its own expansion", is_wide=True, repeats="depth"),
    "C3": Module(_c3, 2, "groups or its own expansion", is_wide=True, repeats="depth"),
    "Bottleneck": Module(
        _plain_bottleneck, 2, "groups, its own kernels or expansion", is_wide=True
    ),
    "SPP": Module(_spp, 2, "more than its kernels", is_wide=True),
    "SPPF": Module(_sppf, 2, "its own number of pools or a shortcut", is_wide=True),
    "Concat": Module(_concat, 1, "more than its dimension", repeats="never", joins=True),
    "nn.Upsample": Module(_upsample, 3, "align_corners or recompute_scale_factor"),
    "nn.MaxPool2d": Module(_max_pool, 3, "dilation, return_indices or ceil_mode"),
    "nn.ZeroPad2d": Module(_zero_pad, 1, "more than its sides"),
    "Classify": Module(_classify, 1, "its own kernel, stride, padding or groups", repeats="never"),
}
#: detection heads: what they read are the outputs
HEADS = frozenset({"Detect", "Segment", "Pose", "OBB", "v10Detect"})

"""The one table of modules: what each is made of, as running it shows."""

from collections.abc import Callable
from typing import Any

from convcalc.interop.flat import Builder, Scope
from convcalc.interop.read.ultralytics.rows import Value
from convcalc.interop.refusals import NoKindError
from convcalc.layers.option import RejectedError

#: modules whose own depth the repeats are; others are repeated as often as they say
DEEP = frozenset({"C2f", "C3"})
_MOST_KERNELS = 16  #: of SPP, which has three


class Making:
    """A module while it is made: where its layers go, and under which names."""

    def __init__(self, builder: Builder, scopes: tuple[Scope, ...], channels: int) -> None:
        self.builder = builder
        self.scopes = scopes
        self.channels = channels
        """Channels that it makes."""

    def inside(self, name: str, cls: str, channels: int) -> "Making":
        """A module within this one."""
        path = f"{self.scopes[-1].path}.{name}"
        return Making(self.builder, (*self.scopes, Scope(path, cls)), channels)

    def add(self, kind: str, options: dict[str, Any], *inputs: int) -> int:
        """One layer."""
        path = self.scopes[-1].path
        return self.builder.add(kind, options, inputs, f"{path}.{kind}", path, self.scopes)

    def width(self, item: int) -> int:
        """Channels of an item; 0 where it has no size."""
        shape = self.builder.shape(item)
        return shape[-1] if shape else 0


Module = Callable[[Making, list[int], list[Value], int], int]


def _integer(args: list[Value], at: int, default: int) -> int:
    found = args[at] if at < len(args) and args[at] is not None else default
    if type(found) is not int:
        raise RejectedError(f"argument {at + 1} is not a whole number")
    return found


def _flag(args: list[Value], at: int, default: bool) -> bool:
    found = args[at] if at < len(args) else default
    return found if isinstance(found, bool) else default


def conv(
    m: Making, x: int, kernel: int = 1, stride: int = 1, pad: int | None = None, groups: int = 1
) -> int:
    """A convolution, padded so that a stride of 1 keeps the size, its norm and SiLU."""
    around = kernel // 2 if pad is None else pad
    options = {"kernel": kernel, "stride": stride, "pad": around, "bias": False}
    if groups == m.width(x) == m.channels > 1:
        x = m.add("depthwise_conv", options, x)
    else:
        x = m.add("conv", {**options, "filters": m.channels, "groups": groups}, x)
    return m.add("silu", {}, m.add("batch_norm", {}, x))


def _conv(m: Making, reads: list[int], args: list[Value], repeats: int) -> int:
    if len(args) > 5:
        raise NoKindError("Conv with dilation or its own activation")
    kernel, stride = _integer(args, 1, 1), _integer(args, 2, 1)
    pad = _integer(args, 3, kernel // 2)
    return conv(m, reads[0], kernel, stride, pad, _integer(args, 4, 1))


def _bottleneck(m: Making, x: int, kernels: tuple[int, int], shortcut: bool, inner: int) -> int:
    y = conv(m.inside("cv1", "Conv", inner), x, kernels[0])
    y = conv(m.inside("cv2", "Conv", m.channels), y, kernels[1])
    return m.add("add", {}, x, y) if shortcut and m.width(x) == m.channels else y


def _c2f(m: Making, reads: list[int], args: list[Value], repeats: int) -> int:
    half, shortcut = m.channels // 2, _flag(args, 1, False)
    x = conv(m.inside("cv1", "Conv", 2 * half), reads[0])
    parts = [m.add("slice", {"start": 0, "stop": half}, x), m.add("slice", {"start": half}, x)]
    for i in range(repeats):
        inner = m.inside(f"m.{i}", "Bottleneck", half)
        parts.append(_bottleneck(inner, parts[-1], (3, 3), shortcut, half))
    return conv(m.inside("cv2", "Conv", m.channels), m.add("concat", {}, *parts))


def _c3(m: Making, reads: list[int], args: list[Value], repeats: int) -> int:
    half, shortcut = m.channels // 2, _flag(args, 1, True)
    x = conv(m.inside("cv1", "Conv", half), reads[0])
    for i in range(repeats):
        inner = m.inside(f"m.{i}", "Bottleneck", half)
        x = _bottleneck(inner, x, (1, 3), shortcut, half)
    beside = conv(m.inside("cv2", "Conv", half), reads[0])
    return conv(m.inside("cv3", "Conv", m.channels), m.add("concat", {}, x, beside))


def _plain_bottleneck(m: Making, reads: list[int], args: list[Value], repeats: int) -> int:
    return _bottleneck(m, reads[0], (3, 3), _flag(args, 1, True), m.channels // 2)


def _half(m: Making, item: int) -> int:
    """Half of an item's channels; 1 where it has no size: the finding is where it lost it."""
    return m.width(item) // 2 if m.builder.shape(item) else 1


def _sppf(m: Making, reads: list[int], args: list[Value], repeats: int) -> int:
    kernel = _integer(args, 1, 5)
    parts = [conv(m.inside("cv1", "Conv", _half(m, reads[0])), reads[0])]
    options = {"kernel": kernel, "stride": 1, "pad": kernel // 2}
    for _ in range(3):
        parts.append(m.add("max_pool", options, parts[-1]))
    return conv(m.inside("cv2", "Conv", m.channels), m.add("concat", {}, *parts))


def _spp(m: Making, reads: list[int], args: list[Value], repeats: int) -> int:
    given = args[1] if len(args) > 1 else None
    kernels: list[Value] = given if isinstance(given, list) else [5, 9, 13]
    if len(kernels) > _MOST_KERNELS:
        raise RejectedError(f"{len(kernels):,} kernels: {_MOST_KERNELS} are the most")
    first = conv(m.inside("cv1", "Conv", _half(m, reads[0])), reads[0])
    parts = [first]
    for i in range(len(kernels)):
        kernel = _integer(kernels, i, 5)
        options = {"kernel": kernel, "stride": 1, "pad": kernel // 2}
        parts.append(m.add("max_pool", options, first))
    return conv(m.inside("cv2", "Conv", m.channels), m.add("concat", {}, *parts))


def _concat(m: Making, reads: list[int], args: list[Value], repeats: int) -> int:
    if _integer(args, 0, 1) != 1:
        raise NoKindError("Concat along positions")
    return m.add("concat", {}, *reads)


def _upsample(m: Making, reads: list[int], args: list[Value], repeats: int) -> int:
    if args and args[0] is not None:
        raise NoKindError("nn.Upsample to a size")
    mode = args[2] if len(args) > 2 else "nearest"
    if mode not in {"nearest", "bilinear"}:
        raise NoKindError(f"nn.Upsample with mode {str(mode)[:30]}")
    return m.add("upsample", {"scale": _integer(args, 1, 2), "mode": mode}, reads[0])


def _max_pool(m: Making, reads: list[int], args: list[Value], repeats: int) -> int:
    kernel = _integer(args, 0, 2)
    options = {"kernel": kernel, "stride": _integer(args, 1, kernel), "pad": _integer(args, 2, 0)}
    return m.add("max_pool", options, reads[0])


def _zero_pad(m: Making, reads: list[int], args: list[Value], repeats: int) -> int:
    given = args[0] if args else None
    sides: list[Value] = given if isinstance(given, list) else [given] * 4
    left, right, top, bottom = (_integer(sides, i, 0) for i in range(4))
    return m.add("pad", {"sides": (top, bottom, left, right)}, reads[0])


def _classify(m: Making, reads: list[int], args: list[Value], repeats: int) -> int:
    x = conv(m.inside("conv", "Conv", 1280), reads[0])
    x = m.add("global_avg_pool", {}, x)
    return m.add("fc", {"units": _integer(args, 0, 1000)}, x)


#: modules that make as many channels as their first argument says, which is scaled
WIDE: dict[str, Module] = {
    "Conv": _conv,
    "C2f": _c2f,
    "C3": _c3,
    "Bottleneck": _plain_bottleneck,
    "SPP": _spp,
    "SPPF": _sppf,
}
#: those that keep or join what they read
OTHERS: dict[str, Module] = {
    "Concat": _concat,
    "nn.Upsample": _upsample,
    "nn.MaxPool2d": _max_pool,
    "nn.ZeroPad2d": _zero_pad,
    "Classify": _classify,
}

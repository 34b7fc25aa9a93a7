"""The steps that `torch_modules` draws: modules as people write them, odd ones too."""

import random
from collections.abc import Callable
from typing import Any

Step = Any
Maker = Callable[[random.Random, Any, Any], Step | None]


def _module(torch: Any, word: str, parts: dict[str, Any], run: Callable[[Any, Any], Any]) -> Step:
    """A module of parts that runs as a function says."""

    class Written(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            for name, part in parts.items():
                setattr(self, name, part)

        def forward(self, x: Any) -> Any:
            return run(self, x)

    made = Written()
    made.word = word
    return made


def _divisor(draw: random.Random, *numbers: int) -> int:
    return draw.choice([d for d in range(1, 65) if not any(n % d for n in numbers)])


def conv(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """A convolution with odd options, perhaps a norm and an activation."""
    nn, channels = torch.nn, x.shape[1]
    filters = draw.choice((channels, 4, 6, 8, 12, 16))
    groups = draw.choice((1, 1, channels, _divisor(draw, channels, filters)))
    filters = filters if filters % groups == 0 else channels * draw.choice((1, 2))
    kernel = draw.choice((1, 2, 3, 3, 4, 5, (1, 5), (3, 1)))
    pad = draw.choice((0, 1, 2, (1, 0), "same"))
    stride = 1 if pad == "same" else draw.choice((1, 1, 2, 3, (2, 1)))
    mode = draw.choice(("zeros",) * 6 + ("reflect", "replicate", "circular"))
    made = nn.Conv2d(channels, filters, kernel, stride, pad, draw.choice((1, 1, 1, 2)), groups,
                     bias=draw.random() < 0.5, padding_mode=mode)  # fmt: skip
    parts = {"conv": made}
    if draw.random() < 0.6:
        parts["bn"] = nn.BatchNorm2d(filters, affine=draw.random() < 0.9)
    if draw.random() < 0.6:
        parts["act"] = _activation(draw, torch, filters)
    return _module(torch, "conv", {"all": nn.Sequential(*parts.values())}, lambda m, v: m.all(v))


def _activation(draw: random.Random, torch: Any, channels: int) -> Any:
    nn = torch.nn
    names = "ReLU6 SELU GELU SiLU Mish Hardswish Hardsigmoid Sigmoid Tanh PReLU CELU Softsign "
    names += "LogSigmoid RReLU Identity"
    made = [getattr(nn, name)() for name in names.split()]
    made += [nn.ReLU(), nn.ReLU(inplace=True), nn.LeakyReLU(0.2), nn.ELU(0.7), nn.GELU("tanh")]
    made += [nn.PReLU(channels), nn.Softplus(beta=2), nn.Hardtanh(-2, 2), nn.Hardtanh(0, 6)]
    made += [nn.Threshold(0.1, 0.0), nn.Dropout(0.3), nn.AlphaDropout(0.2)]
    return draw.choice(made)


def activation(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """An activation alone."""
    return _module(torch, "activation", {"act": _activation(draw, torch, x.shape[1])},
                   lambda m, v: m.act(v))  # fmt: skip


def transposed(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """A transposed convolution."""
    channels, filters = x.shape[1], draw.choice((4, 6, 8))
    stride = draw.choice((1, 2, 3))
    made = torch.nn.ConvTranspose2d(
        channels, filters, draw.choice((2, 3, 4)), stride, draw.choice((0, 1)),
        output_padding=draw.randrange(stride), groups=_divisor(draw, channels, filters),
        bias=draw.random() < 0.5, dilation=draw.choice((1, 1, 2)),
    )  # fmt: skip
    return _module(torch, "transposed", {"conv": made}, lambda m, v: m.conv(v))


def pool(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """A pool: ceil, overlapping, dilated, padded unevenly."""
    nn, kernel = torch.nn, draw.choice((2, 3, (2, 3)))
    stride, ceil = draw.choice((None, 1, 2, 3)), draw.random() < 0.5
    pad = draw.choice((0, 1))
    made = draw.choice(
        (
            nn.MaxPool2d(kernel, stride, pad, draw.choice((1, 1, 2)), ceil_mode=ceil),
            nn.AvgPool2d(kernel, stride, pad, ceil, count_include_pad=draw.random() < 0.5),
            nn.AvgPool2d(kernel, stride, divisor_override=draw.choice((None, None, 3))),
            nn.LPPool2d(2, kernel, stride, ceil), nn.AdaptiveAvgPool2d(draw.choice((1, 2, 3))),
            nn.AdaptiveMaxPool2d(draw.choice((1, 2))), nn.AdaptiveAvgPool2d((None, 3)),
            nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.MaxPool2d(3, 2)),
            nn.Sequential(nn.ReLU(), nn.ZeroPad2d((0, 1, 0, 1)), nn.MaxPool2d(3, 2)),
        )
    )  # fmt: skip
    return _module(torch, "pool", {"pool": made}, lambda m, v: m.pool(v))


def padded(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """Padding of its own, also negative, perhaps before a convolution."""
    sides = tuple(draw.randint(0, 2) for _ in range(4))
    mode = draw.choice(("constant", "constant", "reflect", "replicate", "circular"))
    value = draw.choice((0.0, 0.0, 1.5)) if mode == "constant" else None
    if draw.random() < 0.15:
        sides, mode, value = (-1, 0, 0, -1), "constant", 0.0
    parts = {}
    if draw.random() < 0.6:
        parts["conv"] = torch.nn.Conv2d(x.shape[1], 6, 3, draw.choice((1, 2)))

    def run(m: Any, v: Any) -> Any:
        v = torch.nn.functional.pad(v, sides, mode, value)
        return m.conv(v) if parts else v

    return _module(torch, f"pad {mode} {value}", parts, run)


def norm(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """A norm."""
    nn, channels = torch.nn, x.shape[1]
    made = draw.choice(
        (
            nn.BatchNorm2d(channels, eps=1e-3), nn.BatchNorm2d(channels, affine=False),
            nn.GroupNorm(_divisor(draw, channels), channels), nn.LocalResponseNorm(3),
            nn.GroupNorm(1, channels, eps=1e-6, affine=False),
            nn.InstanceNorm2d(channels), nn.InstanceNorm2d(channels, affine=True),
            nn.InstanceNorm2d(channels, track_running_stats=True), nn.LayerNorm(tuple(x.shape[1:])),
        )
    )  # fmt: skip
    if draw.random() < 0.3:
        made = nn.LayerNorm(channels, eps=1e-6)
        return _module(torch, "layer_norm", {"norm": made},
                       lambda m, v: m.norm(v.permute(0, 2, 3, 1)).permute(0, 3, 1, 2))  # fmt: skip
    return _module(torch, type(made).__name__, {"norm": made}, lambda m, v: m.norm(v))


def shuffled(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """Channels moved: shuffled, to positions and back."""
    nn, (_, c, h, w) = torch.nn, x.shape
    groups = _divisor(draw, c)

    def by_hand(m: Any, v: Any) -> Any:
        return v.view(1, groups, c // groups, h, w).transpose(1, 2).reshape(1, c, h, w)

    def space(m: Any, v: Any) -> Any:
        parts = [v[..., ::2, ::2], v[..., 1::2, ::2], v[..., ::2, 1::2], v[..., 1::2, 1::2]]
        return torch.cat(parts, 1)

    return draw.choice(
        (
            _module(torch, "shuffle by hand", {}, by_hand),
            _module(torch, "shuffle", {"s": nn.ChannelShuffle(groups)}, lambda m, v: m.s(v)),
            _module(torch, "pixel_shuffle", {"s": nn.PixelShuffle(2)}, lambda m, v: m.s(v)),
            _module(torch, "pixel_unshuffle", {"s": nn.PixelUnshuffle(2)}, lambda m, v: m.s(v)),
            _module(torch, "focus", {}, space),
        )
    )


def gated(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """Squeeze and excitation, by pool or by mean; a scale a channel; drop path."""
    nn, c = torch.nn, x.shape[1]
    act = draw.choice((nn.Sigmoid(), nn.Hardsigmoid()))
    by_mean = draw.random() < 0.5
    if draw.random() < 0.5:
        two = nn.Sequential(nn.Conv2d(c, 4, 1), nn.ReLU(), nn.Conv2d(4, c, 1), act)
        pooled = nn.AdaptiveAvgPool2d(1)

        def gate(m: Any, v: Any) -> Any:
            return v * m.two(v.mean((2, 3), keepdim=True) if by_mean else m.pool(v))

        return _module(torch, "gate", {"two": two, "pool": pooled}, gate)
    two = nn.Sequential(nn.Linear(c, 4, bias=not by_mean), nn.ReLU(), nn.Linear(4, c), act)

    def rows(m: Any, v: Any) -> Any:
        return v * m.two(v.mean((2, 3))).view(v.shape[0], c, 1, 1)

    return _module(torch, "gate of rows", {"two": two}, rows)


def residual(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """A block around which the input goes: added, multiplied, subtracted, joined, the largest."""
    nn, c = torch.nn, x.shape[1]
    body = nn.Sequential(nn.Conv2d(c, c, 3, padding=1, groups=_divisor(draw, c), bias=False),
                         nn.BatchNorm2d(c), _activation(draw, torch, c))  # fmt: skip
    factor = draw.choice((None, None, 0.17, "learned", "one"))
    parts: dict[str, Any] = {"body": body}
    if factor == "learned":
        parts["gamma"] = nn.Parameter(torch.rand(c, 1, 1))
    if factor == "one":
        parts["gamma"] = nn.Parameter(torch.rand(1))
    word = draw.choice(("add", "add", "mul", "sub", "cat", "max", "min", "stacked", "twice"))

    def run(m: Any, v: Any) -> Any:
        y = m.body(v)
        y = y * factor if isinstance(factor, float) else y * m.gamma if factor else y
        match word:
            case "mul":
                return v * y
            case "sub":
                return v - y
            case "cat":
                return torch.cat([v, y, v], 1)
            case "max":
                return torch.maximum(v, y)
            case "min":
                return torch.minimum(v, y)
            case "stacked":
                return torch.stack([v, y], 1).sum(1)
            case "twice":
                return torch.relu(v + m.body(y) + y)
        return v + y

    return _module(torch, f"residual {word} {factor}", parts, run)


def split(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """Channels cut by chunk, split, slices or narrow, each used, joined again."""
    nn, c = torch.nn, x.shape[1]
    first = draw.randint(1, c - 1)
    word = draw.choice(("split", "slice", "narrow", "chunk", "unbind", "tensor_split"))

    def run(m: Any, v: Any) -> Any:
        match word:
            case "split":
                a, b = torch.split(v, [first, c - first], 1)
            case "slice":
                a, b = v[:, :first], v[:, first:]
            case "narrow":
                a, b = v.narrow(1, 0, first), v.narrow(1, first, c - first)
            case "unbind":
                a, b = v[:, :first], v.unbind(1)[0].unsqueeze(1)
            case "tensor_split":
                a, b = torch.tensor_split(v, (first,), 1)
            case _:
                halves = v.chunk(3, 1)
                return torch.cat([torch.relu(halves[-1]), *halves[:-1]], 1)
        return torch.cat([m.conv(a), b], 1)

    parts = {} if word == "chunk" else {"conv": nn.Conv2d(first, 5, 3, padding=1)}
    return _module(torch, f"cut {word}", parts, run)


def resized(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """Enlarged or shrunk, all modes."""
    mode = draw.choice(("nearest", "nearest", "bilinear", "bilinear", "bicubic", "nearest-exact"))
    more: dict[str, Any] = {}
    if mode in {"bilinear", "bicubic"}:
        more["align_corners"] = draw.choice((None, False, True))
        more["antialias"] = draw.random() < 0.1
    if draw.random() < 0.5:
        more["scale_factor"] = draw.choice((2, 2, 3, (2, 3), 1.5, 0.5))
    else:
        more["size"] = (x.shape[2] + draw.randint(0, 5), x.shape[3] + draw.randint(0, 5))
    return _module(torch, f"resize {mode} {more}", {},
                   lambda m, v: torch.nn.functional.interpolate(v, mode=mode, **more))  # fmt: skip


def written(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """A function in pieces: hard swish, swish, mish, gelu, a clip, numbers, casts."""
    f = torch.nn.functional
    word, run = draw.choice(
        (
            ("hard swish", lambda m, v: v * f.relu6(v + 3) / 6),
            ("hard swish by clamp", lambda m, v: v * torch.clamp(v + 3, 0, 6) * (1 / 6)),
            ("swish", lambda m, v: v * torch.sigmoid(v)),
            ("swish with a factor", lambda m, v: v * torch.sigmoid(1.702 * v)),
            ("mish", lambda m, v: v * torch.tanh(f.softplus(v))),
            ("mish with beta", lambda m, v: v * torch.tanh(f.softplus(v, beta=2.0))),
            ("gelu", lambda m, v: 0.5 * v * (1 + torch.erf(v / 2**0.5))),
            ("clamp", lambda m, v: v.clamp(min=0)),
            ("clamp to six", lambda m, v: v.clamp(0, 6)),
            ("affine", lambda m, v: v * 2.0 + 1.0),
            ("division", lambda m, v: v / 255.0),
            ("reversed", lambda m, v: 1.0 - v),
            ("cast", lambda m, v: v.to(torch.float64).to(torch.float32)),
            ("add with a factor", lambda m, v: torch.add(v, v, alpha=0.5)),
            ("square", lambda m, v: v * v),
            ("root", lambda m, v: torch.sqrt(v.abs() + 1.0)),
            ("drop path", lambda m, v: f.dropout(v, 0.2, m.training)),
            ("contiguous", lambda m, v: v.transpose(2, 3).contiguous().transpose(2, 3)),
            ("turned", lambda m, v: v.transpose(2, 3)),
            ("flip", lambda m, v: v.flip(3)),
            ("roll", lambda m, v: v.roll(1, 2)),
            ("leaky", lambda m, v: torch.maximum(v, 0.1 * v)),
            ("sum over channels", lambda m, v: v.sum(1, keepdim=True)),
            ("norm of channels", lambda m, v: f.normalize(v, dim=1)),
            ("softmax", lambda m, v: f.softmax(v, 1)),
            ("softmax of rows", lambda m, v: f.softmax(v, 3)),
            ("cumsum", lambda m, v: v.cumsum(1)),
            ("where", lambda m, v: torch.where(v > 0, v, 0.1 * v)),
        )
    )
    return _module(torch, word, {}, run)


def head(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """A head that keeps four axes: pooled, flattened, linear, back."""
    nn, c = torch.nn, x.shape[1]
    fc = nn.Linear(c, 7, bias=draw.random() < 0.7)
    pooled = draw.choice(("mean", "amax", "pool", "mean.mean"))

    def run(m: Any, v: Any) -> Any:
        match pooled:
            case "mean":
                v = v.mean([-2, -1])
            case "amax":
                v = v.amax((2, 3))
            case "mean.mean":
                v = v.mean(3).mean(2)
            case _:
                v = torch.flatten(torch.nn.functional.adaptive_avg_pool2d(v, 1), 1)
        return m.fc(v)[:, :, None, None]

    return _module(torch, f"head {pooled}", {"fc": fc}, run)


STEPS: tuple[Maker, ...] = (
    conv, conv, conv, conv, activation, transposed, pool, pool, padded, norm, norm, shuffled,
    gated, residual, residual, split, resized, written, written, head,
)  # fmt: skip

"""Modules of one layer each that `module_steps` draws, odd options too."""

import random
from collections.abc import Callable
from typing import Any

Step = Any
Maker = Callable[[random.Random, Any, Any], Step | None]


def module(torch: Any, word: str, parts: dict[str, Any], run: Callable[[Any, Any], Any]) -> Step:
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


def divisor(draw: random.Random, *numbers: int) -> int:
    return draw.choice([d for d in range(1, 65) if not any(n % d for n in numbers)])


def conv(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """A convolution with odd options, perhaps a norm and an activation."""
    nn, channels = torch.nn, x.shape[1]
    filters = draw.choice((channels, 4, 6, 8, 12, 16))
    groups = draw.choice((1, 1, channels, divisor(draw, channels, filters)))
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
        parts["act"] = any_activation(draw, torch, filters)
    return module(torch, "conv", {"all": nn.Sequential(*parts.values())}, lambda m, v: m.all(v))


def any_activation(draw: random.Random, torch: Any, channels: int) -> Any:
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
    return module(torch, "activation", {"act": any_activation(draw, torch, x.shape[1])},
                   lambda m, v: m.act(v))  # fmt: skip


def transposed(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """A transposed convolution."""
    channels, filters = x.shape[1], draw.choice((4, 6, 8))
    stride = draw.choice((1, 2, 3))
    made = torch.nn.ConvTranspose2d(
        channels, filters, draw.choice((2, 3, 4)), stride, draw.choice((0, 1)),
        output_padding=draw.randrange(stride), groups=divisor(draw, channels, filters),
        bias=draw.random() < 0.5, dilation=draw.choice((1, 1, 2)),
    )  # fmt: skip
    return module(torch, "transposed", {"conv": made}, lambda m, v: m.conv(v))


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
    return module(torch, "pool", {"pool": made}, lambda m, v: m.pool(v))


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

    return module(torch, f"pad {mode} {value}", parts, run)


def norm(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """A norm."""
    nn, channels = torch.nn, x.shape[1]
    made = draw.choice(
        (
            nn.BatchNorm2d(channels, eps=1e-3), nn.BatchNorm2d(channels, affine=False),
            nn.GroupNorm(divisor(draw, channels), channels), nn.LocalResponseNorm(3),
            nn.GroupNorm(1, channels, eps=1e-6, affine=False),
            nn.InstanceNorm2d(channels), nn.InstanceNorm2d(channels, affine=True),
            nn.InstanceNorm2d(channels, track_running_stats=True), nn.LayerNorm(tuple(x.shape[1:])),
        )
    )  # fmt: skip
    if draw.random() < 0.3:
        made = nn.LayerNorm(channels, eps=1e-6)
        return module(torch, "layer_norm", {"norm": made},
                       lambda m, v: m.norm(v.permute(0, 2, 3, 1)).permute(0, 3, 1, 2))  # fmt: skip
    return module(torch, type(made).__name__, {"norm": made}, lambda m, v: m.norm(v))

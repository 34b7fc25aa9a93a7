"""The steps that `torch_modules` draws: modules as people write them, odd ones too."""

import random
from typing import Any

from module_blocks import gated, head, residual, split
from module_layers import (
    Maker,
    Step,
    activation,
    conv,
    divisor,
    module,
    norm,
    padded,
    pool,
    transposed,
)


def shuffled(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """Channels moved: shuffled, to positions and back."""
    nn, (_, c, h, w) = torch.nn, x.shape
    groups = divisor(draw, c)

    def by_hand(m: Any, v: Any) -> Any:
        return v.view(1, groups, c // groups, h, w).transpose(1, 2).reshape(1, c, h, w)

    def space(m: Any, v: Any) -> Any:
        parts = [v[..., ::2, ::2], v[..., 1::2, ::2], v[..., ::2, 1::2], v[..., 1::2, 1::2]]
        return torch.cat(parts, 1)

    return draw.choice(
        (
            module(torch, "shuffle by hand", {}, by_hand),
            module(torch, "shuffle", {"s": nn.ChannelShuffle(groups)}, lambda m, v: m.s(v)),
            module(torch, "pixel_shuffle", {"s": nn.PixelShuffle(2)}, lambda m, v: m.s(v)),
            module(torch, "pixel_unshuffle", {"s": nn.PixelUnshuffle(2)}, lambda m, v: m.s(v)),
            module(torch, "focus", {}, space),
        )
    )


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
    return module(torch, f"resize {mode} {more}", {},
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
    return module(torch, word, {}, run)


STEPS: tuple[Maker, ...] = (
    conv, conv, conv, conv, activation, transposed, pool, pool, padded, norm, norm, shuffled,
    gated, residual, residual, split, resized, written, written, head,
)  # fmt: skip

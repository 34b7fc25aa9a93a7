"""Modules with branches and gates that `module_steps` draws."""

import random
from typing import Any

from module_layers import Step, any_activation, divisor, module


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

        return module(torch, "gate", {"two": two, "pool": pooled}, gate)
    two = nn.Sequential(nn.Linear(c, 4, bias=not by_mean), nn.ReLU(), nn.Linear(4, c), act)

    def rows(m: Any, v: Any) -> Any:
        return v * m.two(v.mean((2, 3))).view(v.shape[0], c, 1, 1)

    return module(torch, "gate of rows", {"two": two}, rows)


def residual(draw: random.Random, torch: Any, x: Any) -> Step | None:
    """A block around which the input goes: added, multiplied, subtracted, joined, the largest."""
    nn, c = torch.nn, x.shape[1]
    body = nn.Sequential(nn.Conv2d(c, c, 3, padding=1, groups=divisor(draw, c), bias=False),
                         nn.BatchNorm2d(c), any_activation(draw, torch, c))  # fmt: skip
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

    return module(torch, f"residual {word} {factor}", parts, run)


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
    return module(torch, f"cut {word}", parts, run)


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

    return module(torch, f"head {pooled}", {"fc": fc}, run)

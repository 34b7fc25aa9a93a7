"""The kinds of layers that `torch_nets` draws: an entry of a spec, and what PyTorch runs for it."""

import random
from collections.abc import Callable
from functools import partial
from math import prod
from typing import Any

Entry = dict[str, Any]
Run = Callable[[], Any]
Sides = list[int] | None
ROUNDING = ("floor", "ceil")


class Layers:
    """Layers with options drawn at random, over volumes of so many axes."""

    draw: random.Random
    torch: Any
    nn: Any
    axes: int
    volumes: list[Any]
    names: list[str]
    last: tuple[int, int]
    """Parameters and MACs of the layer that ran last."""

    # numbers

    def sides(self, low: int, high: int) -> list[int]:
        """A number an axis, often all alike."""
        if self.draw.random() < 0.6:
            return [self.draw.randint(low, high)] * self.axes
        return [self.draw.randint(low, high) for _ in range(self.axes)]

    def divisor(self, number: int, other: int = 0) -> int:
        found = [d for d in range(1, number + 1) if number % d == 0 and other % d == 0]
        return self.draw.choice(found)

    def module(self, name: str) -> Any:
        return getattr(self.nn, f"{name}{self.axes}d")

    def learned(self, module: Any) -> Any:
        self.last = (sum(p.numel() for p in module.parameters()), self.last[1])
        return module

    def ran(self, y: Any, macs: int) -> Any:
        self.last = (self.last[0], macs)
        return y

    def fitting(self, pool: Any, x: Any, k: list[int], p: list[int], d: Sides = None) -> Run:
        """A pool whose window fits: with ceil, PyTorch takes one beyond it for one position."""

        def run() -> Any:
            own = zip(x.shape[2:], k, p, d or [1] * self.axes, strict=True)
            for size, kernel, pad, apart in own:
                if apart * (kernel - 1) + 1 > size + 2 * pad:
                    raise RuntimeError("the window does not fit")
            return pool(x)

        return run

    # layers: each gives the entry of the spec, and what runs

    def conv(self, x: Any) -> tuple[Entry, Run]:
        channels = x.shape[1]
        k, s, d = self.sides(1, 5), self.sides(1, 3), self.sides(1, 3)
        filters = self.draw.randint(1, 12)
        groups = self.divisor(channels, filters) if self.draw.random() < 0.4 else 1
        bias = self.draw.random() < 0.7
        pad, apart = self.padding(k)
        own = {"kernel_size": k, "stride": s, "dilation": d, "groups": groups, "bias": bias}

        def run() -> Any:
            layer = self.learned(self.module("Conv")(channels, filters, padding=pad, **own))
            y = layer(self.nn.functional.pad(x, apart) if apart else x)
            return self.ran(y, y[0].numel() * channels // groups * prod(k))

        options = {"filters": filters, "kernel": k, "stride": s, "dilation": d, "groups": groups}
        return {"conv": {**options, "bias": bias, "pad": self.written(pad, apart)}}, run

    def padding(self, k: list[int]) -> tuple[list[int], list[int]]:
        """The padding of a module, and the one before it where its sides differ."""
        if self.draw.random() < 0.7:
            return self.sides(0, max(k)), []
        return [0] * self.axes, [self.draw.randint(0, 3) for _ in range(2 * self.axes)]

    def written(self, pad: list[int], apart: list[int]) -> list[int]:
        """As the spec has it: first and last side of each axis."""
        if not apart:
            return pad
        pairs = [apart[i : i + 2] for i in range(0, len(apart), 2)][::-1]
        return [side for pair in pairs for side in pair]

    def depthwise(self, x: Any) -> tuple[Entry, Run]:
        channels, times = x.shape[1], self.draw.randint(1, 3)
        k, s, p, d = self.sides(1, 4), self.sides(1, 2), self.sides(0, 2), self.sides(1, 2)
        own = {"kernel_size": k, "stride": s, "padding": p, "dilation": d, "groups": channels}

        def run() -> Any:
            y = self.learned(self.module("Conv")(channels, channels * times, **own))(x)
            return self.ran(y, y[0].numel() * prod(k))

        options = {"kernel": k, "stride": s, "pad": p, "dilation": d, "multiplier": times}
        return {"depthwise_conv": options}, run

    def transposed(self, x: Any) -> tuple[Entry, Run]:
        channels, filters = x.shape[1], self.draw.randint(1, 8)
        k, s, d = self.sides(1, 4), self.sides(1, 3), self.sides(1, 2)
        p, more = self.sides(0, 2), self.sides(0, 2)
        groups = self.divisor(channels, filters) if self.draw.random() < 0.3 else 1
        own = {"stride": s, "padding": p, "output_padding": more, "groups": groups, "dilation": d}

        def run() -> Any:
            y = self.learned(self.module("ConvTranspose")(channels, filters, k, **own))(x)
            return self.ran(y, x[0].numel() * filters // groups * prod(k))

        options = {"filters": filters, "kernel": k, "stride": s, "pad": p, "output_pad": more}
        return {"conv_transpose": {**options, "groups": groups, "dilation": d}}, run

    def max_pool(self, x: Any) -> tuple[Entry, Run]:
        k, s, d = self.sides(1, 4), self.sides(1, 3), self.sides(1, 2)
        p, up = self.sides(0, max(k) // 2), self.draw.random() < 0.4
        pool = self.module("MaxPool")(k, s, p, d, ceil_mode=up)
        options = {"kernel": k, "stride": s, "pad": p, "dilation": d}
        return {"max_pool": {**options, "rounding": ROUNDING[up]}}, self.fitting(pool, x, k, p, d)

    def avg_pool(self, x: Any) -> tuple[Entry, Run]:
        k, s = self.sides(1, 4), self.sides(1, 3)
        p, up, count = (
            self.sides(0, max(k) // 2),
            self.draw.random() < 0.4,
            self.draw.random() < 0.5,
        )
        pool = self.module("AvgPool")(k, s, p, ceil_mode=up, count_include_pad=count)
        options = {"kernel": k, "stride": s, "pad": p, "count_padding": count}
        return {"avg_pool": {**options, "rounding": ROUNDING[up]}}, self.fitting(pool, x, k, p)

    def l2_pool(self, x: Any) -> tuple[Entry, Run]:
        k, s, up = self.sides(1, 3), self.sides(1, 3), self.draw.random() < 0.4
        one = self.axes == 1
        pool = self.module("LPPool")(2, k[0] if one else k, s[0] if one else s, ceil_mode=up)
        options = {"kernel": k, "stride": s, "rounding": ROUNDING[up]}
        return {"l2_pool": options}, self.fitting(pool, x, k, [0] * self.axes)

    def adaptive(self, x: Any) -> tuple[Entry, Run]:
        sizes, word = self.sides(1, 9), self.draw.choice(("max", "avg"))
        pool = self.module(f"Adaptive{word.title()}Pool")(sizes)
        return {f"adaptive_{word}_pool": {"output": sizes}}, lambda: pool(x)

    def everywhere(self, x: Any) -> tuple[Entry, Run]:
        word = self.draw.choice(("max", "avg"))
        pool = self.module(f"Adaptive{word.title()}Pool")(1)
        return {f"global_{word}_pool": {}}, lambda: pool(x)

    def norm(self, x: Any) -> tuple[Entry, Run]:
        channels, affine = x.shape[1], self.draw.random() < 0.6
        match self.draw.randrange(4):
            case 0:
                layer = self.module("BatchNorm")(channels, affine=affine).eval()
                return {"batch_norm": {"affine": affine}}, lambda: self.learned(layer)(x)
            case 1:
                layer = self.module("InstanceNorm")(channels, affine=affine).eval()
                return {"instance_norm": {"affine": affine}}, lambda: self.learned(layer)(x)
            case 2:
                groups = self.divisor(channels)
                layer = self.nn.GroupNorm(groups, channels, affine=affine)
                options = {"groups": groups, "affine": affine}
                return {"group_norm": options}, lambda: self.learned(layer)(x)
        layer = self.nn.LayerNorm(channels, elementwise_affine=affine)
        run = lambda: self.learned(layer)(x.movedim(1, -1)).movedim(-1, 1)  # noqa: E731
        return {"layer_norm": {"affine": affine}}, run

    def activation(self, x: Any) -> tuple[Entry, Run]:
        names = {
            "relu": "ReLU", "relu6": "ReLU6", "elu": "ELU", "selu": "SELU", "gelu": "GELU",
            "silu": "SiLU", "mish": "Mish", "hard_swish": "Hardswish", "tanh": "Tanh",
            "hard_sigmoid": "Hardsigmoid", "sigmoid": "Sigmoid", "dropout": "Dropout",
            "leaky_relu": "LeakyReLU", "prelu": "PReLU", "identity": "Identity",
        }  # fmt: skip
        kind = self.draw.choice([*names])
        return {kind: {}}, lambda: self.learned(getattr(self.nn, names[kind])())(x)

    def pad(self, x: Any) -> tuple[Entry, Run]:
        apart = [self.draw.randint(0, 3) for _ in range(2 * self.axes)]
        run = partial(self.nn.functional.pad, x, apart)
        return {"pad": {"sides": self.written([], apart)}}, run

    def upsample(self, x: Any) -> tuple[Entry, Run]:
        if self.draw.random() < 0.5:
            times = self.sides(1, 3)
            larger = self.nn.Upsample(scale_factor=tuple(times))
            return {"upsample": {"scale": times}}, lambda: larger(x)
        sizes = self.sides(1, 20)
        return {"upsample": {"size": sizes}}, lambda: self.nn.Upsample(size=tuple(sizes))(x)

    def shuffled(self, x: Any) -> tuple[Entry, Run]:
        factor = self.draw.randint(1, 3)
        if self.draw.random() < 0.4:
            groups = self.draw.choice((self.divisor(x.shape[1]), factor))
            own = {"channel_shuffle": {"groups": groups}}
            return own, lambda: self.nn.functional.channel_shuffle(x, groups)
        if self.axes != 2:
            return {"identity": {}}, lambda: x
        if self.draw.random() < 0.5:
            return {"pixel_shuffle": {"factor": factor}}, lambda: self.nn.PixelShuffle(factor)(x)
        return {"space_to_depth": {"factor": factor}}, lambda: self.nn.PixelUnshuffle(factor)(x)

    def sliced(self, x: Any) -> tuple[Entry, Run]:
        first = self.draw.randrange(x.shape[1])
        last = self.draw.randint(first + 1, x.shape[1])
        return {"slice": {"start": first, "stop": last}}, lambda: x[:, first:last]

    def merged(self, x: Any) -> tuple[Entry, Run]:
        others = [i for i, y in enumerate(self.volumes) if y.ndim == x.ndim]
        other = self.draw.choice(others)
        y, name = self.volumes[other], self.names[other]
        reads = {"from": [self.names[-1], name]}
        if self.draw.random() < 0.5:
            return {"concat": {}, **reads}, lambda: self.torch.cat([x, y], 1)

        def run() -> Any:
            if x.shape != y.shape:
                raise RuntimeError("volumes of one shape are added")  # PyTorch spreads them
            return x + y

        return {self.draw.choice(("add", "subtract", "maximum")): {}, **reads}, run

    def fc(self, x: Any) -> tuple[Entry, Run]:
        units, bias = self.draw.randint(1, 20), self.draw.random() < 0.7
        flat = x.flatten(1)

        def run() -> Any:
            y = self.learned(self.nn.Linear(flat.shape[1], units, bias=bias))(flat)
            return self.ran(y, flat.shape[1] * units)

        return {"fc": {"units": units, "bias": bias}}, run

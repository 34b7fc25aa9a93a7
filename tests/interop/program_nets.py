"""Small modules whose programs do more, or less, than their layers say: views, sums by factors."""

from typing import Any

import pytest

torch: Any = pytest.importorskip("torch")
nn, functional = torch.nn, torch.nn.functional


def conv(i: int, o: int, kernel: int = 3, **options: Any) -> Any:
    options.setdefault("padding", kernel // 2)
    return nn.Conv2d(i, o, kernel, **options)


class Net(nn.Module):  # type: ignore[misc, name-defined]
    """Layers by name, and a function of them and of images."""

    def __init__(self, run: Any, **layers: Any) -> None:
        super().__init__()
        self.run = run
        for name, layer in layers.items():
            setattr(self, name, layer)

    def forward(self, x: Any) -> Any:
        return self.run(self, x)


def res2net(net: Any, x: Any) -> Any:
    x = functional.relu(net.a(x))
    parts = torch.chunk(x, 4, 1)
    made = [parts[0]]
    y = functional.relu(net.b(parts[1]))
    made.append(y)
    for part in parts[2:]:
        y = functional.relu(net.b(part + y))
        made.append(y)
    return functional.relu(net.c(torch.cat(made, 1)) + x)


def split(net: Any, x: Any) -> Any:
    first, second, third = net.a(x).split([4, 4, 8], 1)
    return torch.cat([net.b(first) + second, third], 1)


def unet(net: Any, x: Any) -> Any:
    x = functional.relu(net.a(x))
    y = functional.relu(net.b(functional.max_pool2d(x, 2)))
    y = net.up(y)
    cut = (x.shape[2] - y.shape[2]) // 2
    x = x[:, :, cut : cut + y.shape[2], cut : cut + y.shape[3]]
    return net.c(torch.cat([x, y], 1))


def shuffled(x: Any) -> Any:
    batch, channels, height, width = x.shape
    x = x.view(batch, 2, channels // 2, height, width).transpose(1, 2).contiguous()
    return x.view(batch, channels, height, width)


def shufflenet(net: Any, x: Any) -> Any:
    x = net.a(x)
    for _ in range(2):
        kept, other = x.chunk(2, 1)
        x = shuffled(torch.cat([kept, functional.relu(net.b(other))], 1))
    return x


def hourglass(net: Any, x: Any) -> Any:
    x = functional.relu(net.a(x))
    up = net.b(x)
    low = functional.interpolate(net.b(functional.max_pool2d(x, 2)), scale_factor=2)
    torch.cat([up, low], 1).sigmoid()
    return up + low


def several(net: Any, x: Any) -> Any:
    x = functional.relu(net.a(x))
    return net.b(x), net.c(x).mean((2, 3)), net.d(x.mean((2, 3)))


def normalised(net: Any, x: Any) -> Any:
    return net.b(functional.relu(net.a((x - net.mean) / net.std)))


def normalised_by_numbers(net: Any, x: Any) -> Any:
    mean = torch.tensor([0.4, 0.5, 0.6]).view(1, 3, 1, 1)
    return net.a((x / 255 - mean) / 0.5)


def maxout(net: Any, x: Any) -> Any:
    x = net.a(x)
    first, second = x.chunk(2, 1)
    return net.b(torch.max(first, second))


def responses(net: Any, x: Any) -> Any:
    return net.b(net.norm(functional.relu(net.a(x))))


def merging(net: Any, x: Any) -> Any:
    x = net.a(x).permute(0, 2, 3, 1)
    parts = [x[:, i::2, j::2, :] for j in (0, 1) for i in (0, 1)]
    return net.b(net.norm(torch.cat(parts, -1))).permute(0, 3, 1, 2)


def scaled(net: Any, x: Any) -> Any:
    x = net.a(x)
    return x + 0.1 * functional.relu(net.b(x))


def wavenet(net: Any, x: Any) -> Any:
    x, skips = net.a(x), 0
    for gate, tanh, out in ((net.b, net.c, net.d), (net.e, net.f, net.g)):
        y = torch.tanh(tanh(x)) * torch.sigmoid(gate(x))
        y = out(y)
        skips = skips + y
        x = x + y
    return functional.relu(skips)


def overwriting(net: Any, x: Any) -> Any:
    x = net.a(x)
    y = net.b(x)
    x.mul_(2)
    x *= y
    x.abs_()
    return x.add_(y)


def residual(net: Any, x: Any) -> Any:
    return functional.silu(net.a(x)) * torch.sigmoid(net.b(x).mean((2, 3), keepdim=True))


def nets() -> dict[str, Any]:
    """The modules by name; each reads 3 channels of 16 x 16."""
    numbers = torch.tensor([0.4, 0.5, 0.6]).view(1, 3, 1, 1)
    normal = Net(normalised, a=conv(3, 16), b=conv(16, 4, 1))
    normal.register_buffer("mean", numbers)
    normal.register_buffer("std", numbers)
    dcgan = nn.Sequential(
        nn.Flatten(), nn.Linear(768, 64), nn.Unflatten(1, (64, 1, 1)),
        nn.ConvTranspose2d(64, 16, 4, bias=False), nn.BatchNorm2d(16), nn.ReLU(True),
        nn.ConvTranspose2d(16, 3, 4, 2, 1, bias=False), nn.Tanh(),
    )  # fmt: skip
    return {
        "res2net": Net(res2net, a=conv(3, 16), b=conv(4, 4), c=conv(16, 16, 1)),
        "split": Net(split, a=conv(3, 16), b=conv(4, 4)),
        "unet": Net(
            unet, a=conv(3, 8, padding=0), b=conv(8, 16, padding=0),
            up=nn.ConvTranspose2d(16, 8, 2, 2), c=conv(16, 4, padding=0),
        ),
        "shufflenet": Net(shufflenet, a=conv(3, 16), b=conv(8, 8)),
        "hourglass": Net(hourglass, a=conv(3, 16), b=conv(16, 16)),
        "several": Net(several, a=conv(3, 16), b=conv(16, 4), c=conv(16, 8), d=nn.Linear(16, 5)),
        "normalised": normal,
        "numbers": Net(normalised_by_numbers, a=conv(3, 4)),
        "maxout": Net(maxout, a=conv(3, 16), b=conv(8, 4)),
        "responses": Net(responses, a=conv(3, 16), b=conv(16, 4), norm=nn.LocalResponseNorm(5)),
        "merging": Net(
            merging, a=conv(3, 8), norm=nn.LayerNorm(32), b=nn.Linear(32, 16, bias=False)
        ),
        "scaled": Net(scaled, a=conv(3, 16), b=conv(16, 16)),
        "wavenet": Net(wavenet, **{n: conv(3 if n == "a" else 8, 8) for n in "abcdefg"}),
        "overwriting": Net(overwriting, a=conv(3, 16), b=conv(16, 16)),
        "gated": Net(residual, a=conv(3, 16, bias=False), b=conv(3, 16, 1, bias=False)),
        "dcgan": dcgan,
        "no biases": nn.Sequential(conv(3, 8, bias=False), nn.ReLU(), conv(8, 4, bias=False)),
    }  # fmt: skip

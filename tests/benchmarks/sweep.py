"""Variants a second: run by hand, `python tests/benchmarks/sweep.py [VARIANTS]`.

ResNet-50 with its width varied, so that no two variants share a layer: sized, tallied, and its
training memory worked out. With torch installed, the same variants are built as modules on the meta
device and run under FlopCounterMode, which gives parameters and operations alone.
"""

import sys
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time

from convcalc.sweep.executors import workers
from convcalc.sweep.request import Asked, request
from convcalc.sweep.run import sweep

COLUMNS = "params,macs,activations,training_memory"


def measured(
    net: str, axes: tuple[str, ...], batch: str, processes: int
) -> tuple[int, float, float]:
    """Variants, seconds of wall clock, and milliseconds of this processor a variant."""
    wanted = request(net, Asked(axes, (), {"batch": batch}, columns=COLUMNS))
    size = wanted.grid.size
    with workers(None, processes, size) as found:
        begun, cpu = perf_counter(), process_time()
        count = sum(1 for _ in sweep(wanted.plan, wanted.grid, found.executor, found.number))
        spent = process_time() - cpu
        return count, perf_counter() - begun, 1e3 * spent / count


def torch_seconds(count: int) -> float | None:
    """Seconds a variant in PyTorch; None without it."""
    try:
        import torch
        from torch import nn
        from torch.utils.flop_counter import FlopCounterMode
    except ImportError:
        return None

    class Bottleneck(nn.Module):
        def __init__(self, inside: int, width: int, stride: int) -> None:
            super().__init__()
            out = 4 * width
            self.body = nn.Sequential(
                nn.Conv2d(inside, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
                nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width),
                nn.ReLU(), nn.Conv2d(width, out, 1, bias=False), nn.BatchNorm2d(out),
            )  # fmt: skip
            self.around = nn.Sequential()
            if stride != 1 or inside != out:
                conv = nn.Conv2d(inside, out, 1, stride, bias=False)
                self.around = nn.Sequential(conv, nn.BatchNorm2d(out))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.relu(self.body(x) + self.around(x))

    def net(width: int) -> nn.Module:
        stem = [nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        layers: list[nn.Module] = [*stem, nn.MaxPool2d(3, 2, 1)]
        inside = width
        for stage, blocks in enumerate((3, 4, 6, 3)):
            for block in range(blocks):
                stride = 2 if stage and not block else 1
                layers.append(Bottleneck(inside, width * 2**stage, stride))
                inside = 4 * width * 2**stage
        return nn.Sequential(
            *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inside, 1000)
        )

    def one(width: int) -> int:
        with torch.device("meta"):
            model, image = net(width), torch.empty(1, 3, 224, 224)
        with FlopCounterMode(display=False) as counter:
            model(image)
        return counter.get_total_flops() + sum(p.numel() for p in model.parameters())

    one(16)
    begun = perf_counter()
    for width in range(16, 16 + count):
        one(width)
    return (perf_counter() - begun) / count


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    widths = (f"width=16..{15 + number}", "group_width=64")
    for processes in (1, 2):
        count, seconds, cpu = measured("resnet", widths, "32", processes)
        each = f", {cpu:.2f} ms of one core each" if processes == 1 else ""
        rate = f"{count / seconds:,.0f} a second"
        print(f"widths, {processes} process(es): {count:,} variants, {rate}{each}")
    count, seconds, cpu = measured("resnet", ("width=64,80",), f"2..{number}", 1)
    print(f"batches: {count:,} variants, {count / seconds:,.0f} a second, {cpu:.3f} ms each")
    print(f"largest resident size {getrusage(RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")
    torch_each = torch_seconds(min(number, 10))
    if torch_each is not None:
        print(f"PyTorch, meta device: {1e3 * torch_each:,.1f} ms a variant")

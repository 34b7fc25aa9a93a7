"""Variants a second: run by hand, `python tests/benchmarks/sweep.py [VARIANTS]`.

Variants of ResNet-50, sized, tallied and with their training memory: of every width, so that no two
share a layer but what is equal within one; in a grid of six axes; of every batch. With torch
installed, some of the grid are built as modules on the meta device too, and run under
FlopCounterMode, which gives parameters and operations alone.
"""

import sys
from os import cpu_count, getloadavg
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time

from convcalc.sweep.executors import workers
from convcalc.sweep.request import Asked, Request, request
from convcalc.sweep.run import sweep

COLUMNS = "params,macs,activations,training_memory"


Axes = tuple[tuple[str, ...], tuple[str, ...], dict[str, str]]

GRID: Axes = (
    ("width=32..128/16", "conv4=4..7", "group_width=64"),
    ("160x160x3,224x224x3",),
    {"batch": "1,8,32", "dtype": "float32,float16"},
)


def asked(axes: Axes) -> Request:
    """The request of some axes."""
    return request("resnet", Asked(*axes, columns=COLUMNS))


def measured(axes: Axes, processes: int) -> tuple[int, float, float]:
    """Variants, seconds of wall clock, and milliseconds of this processor a variant."""
    wanted = asked(axes)
    size = wanted.grid.size
    with workers(None, processes, size) as found:
        if found.executor is not None:
            found.executor.submit(str).result()  # the processes are there
        begun, cpu = perf_counter(), process_time()
        count = sum(1 for _ in sweep(wanted.plan, wanted.grid, found.executor, found.number))
        spent = process_time() - cpu
        return count, perf_counter() - begun, 1e3 * spent / count


def torch_seconds() -> float | None:
    """Seconds of one core a variant in PyTorch; None without it."""
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

    def net(width: int, third: int) -> nn.Module:
        stem = [nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        layers: list[nn.Module] = [*stem, nn.MaxPool2d(3, 2, 1)]
        inside = width
        for stage, blocks in enumerate((3, 4, third, 3)):
            for block in range(blocks):
                stride = 2 if stage and not block else 1
                layers.append(Bottleneck(inside, width * 2**stage, stride))
                inside = 4 * width * 2**stage
        return nn.Sequential(
            *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inside, 1000)
        )

    def one(width: int, third: int, side: int) -> int:
        with torch.device("meta"):
            model, image = net(width, third), torch.empty(1, 3, side, side)
        with FlopCounterMode(display=False) as counter:
            model(image)
        return counter.get_total_flops() + sum(p.numel() for p in model.parameters())

    torch.set_num_threads(1)
    one(16, 6, 224)
    begun = process_time()
    for width in range(32, 129, 32):
        for third in (4, 7):
            for side in (160, 224):
                one(width, third, side)
    return (process_time() - begun) / 16


def dask_rate(axes: Axes, workers_number: int) -> float | None:
    """Variants a second on a Dask cluster of this machine; None without it."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        return None
    wanted = asked(axes)
    with (
        LocalCluster(n_workers=workers_number, threads_per_worker=1, dashboard_address=None) as on,
        Client(on) as client,
    ):
        client.run(request, "resnet", Asked())  # imports are not measured
        executor = client.get_executor(pure=False)
        begun = perf_counter()
        count = sum(1 for _ in sweep(wanted.plan, wanted.grid, executor, workers_number))
        return count / (perf_counter() - begun)


def main() -> None:
    """Print every figure, with the load of the machine."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    widths = f"width=16..{15 + number}"
    print(f"load {getloadavg()[0]:.1f} on {cpu_count()} cores")
    for title, axes in (
        ("every layer differs", ((widths, "group_width=64"), (), {"batch": "32"})),
        ("a grid of six axes", GRID),
        ("the batch alone differs", (("width=64",), (), {"batch": f"2..{number + 1}"})),
    ):
        rates = []
        for processes in (1, 2):
            count, seconds, cpu = measured(axes, processes)
            rates.append(count / seconds)
            if processes == 1:
                print(f"{title}: {count:,} variants, {cpu:.2f} ms of one core each")
        dask = dask_rate(axes, 2)
        said = f"{rates[0]:,.0f} a second on 1 process, {rates[1]:,.0f} on 2"
        print(f"  {said}, {dask:,.0f} on Dask with 2 workers" if dask else f"  {said}")
    print(f"largest resident size {getrusage(RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")
    torch_each = torch_seconds()
    if torch_each is not None:
        print(f"PyTorch, meta device: {1e3 * torch_each:,.1f} ms of one core each")


if __name__ == "__main__":
    main()

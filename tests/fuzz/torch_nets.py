"""Random nets of every kind that PyTorch has: shapes, parameters and MACs are PyTorch's own.

Each net is built twice, as modules that PyTorch runs and as a spec. What PyTorch takes must be
sound, with the same numbers; what it refuses must be an error, or at least a warning.
"""

import json
import random
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from fuzzing import by_hand  # noqa: E402
from torch_layers import Entry, Layers  # noqa: E402

from convcalc.analysis.record import Analysis, Row  # noqa: E402
from convcalc.analysis.walk import analyze  # noqa: E402
from convcalc.findings import Severity  # noqa: E402
from convcalc.spec.load import load  # noqa: E402

SAMPLES = [bytes([i]) * 40 for i in range(200)]
WORDS = [bytes([i, j]) for i in range(0, 256, 5) for j in range(0, 256, 7)]
_LARGEST = 200_000  #: numbers of a volume


class Numbers(NamedTuple):
    """What PyTorch says of a layer."""

    shape: tuple[int, ...]
    params: int
    macs: int


class Net(Layers):
    """One net while it grows, in both forms."""

    def __init__(self, draw: random.Random, torch: Any) -> None:
        self.draw, self.torch, self.nn = draw, torch, torch.nn
        self.axes = draw.choice((1, 2, 2, 2, 2, 3))
        top = {1: 80, 2: 40, 3: 14}[self.axes]
        self.input = (*(draw.randint(1, top) for _ in range(self.axes)), draw.randint(1, 12))
        *spatial, channels = self.input
        self.volumes = [torch.zeros(2, channels, *spatial)]
        self.names = ["input"]
        self.entries: list[Entry] = []
        self.rows: list[Numbers] = []
        self.last = (0, 0)
        self.refused: tuple[Entry, str] | None = None

    def grow(self) -> bool:
        """Add a layer; whether PyTorch takes it."""
        x = self.volumes[-1]
        kinds = [
            *[self.conv] * 5, *[self.max_pool] * 3, *[self.avg_pool] * 2, self.depthwise,
            *[self.transposed] * 2, self.l2_pool, self.adaptive, self.norm, self.activation,
            self.pad, self.upsample, self.shuffled, self.sliced, *[self.merged] * 2,
        ]  # fmt: skip
        if self.draw.random() < 0.03:
            kinds = [self.everywhere, self.fc]
        if x.ndim == 2:
            kinds = [self.fc, self.activation]
        layer, self.last = self.draw.choice(kinds), (0, 0)
        entry, run = layer(x)
        name = f"l{len(self.entries)}"
        entry = {**entry, "name": name}
        try:
            with self.torch.no_grad():
                # PyTorch 2.13 on CPUs segfaults in a Conv3d of a volume with sides of 1 whose
                # strides are those of channels last: Conv3d(6, 12, (3, 5, 1), stride=3, padding=4,
                # dilation=(1, 2, 3)) of zeros(2, 6, 2, 1, 1) with strides (12, 1, 6, 6, 6)
                y = run().contiguous()
            if not all(y.shape):
                raise RuntimeError("nothing is left")
        except (RuntimeError, ValueError) as error:
            self.refused = entry, str(error).partition("\n")[0]
            return False
        if y.numel() > _LARGEST:
            return False
        self.entries.append(entry)
        self.names.append(name)
        self.volumes.append(y)
        self.rows.append(Numbers((*y.shape[2:], y.shape[1]), *self.last))
        return True

    def text(self, *more: Entry) -> bytes:
        """The spec, perhaps with entries more."""
        lines = [json.dumps(entry) for entry in (*self.entries, *more)]
        shape = "x".join(map(str, self.input))
        body = "".join(f"  - {line}\n" for line in lines)
        return f"input: {shape}\nrounding: floor\nlayers:\n{body}".encode()


def target(data: bytes) -> None:
    """Grow a net from the bytes, and hold its spec against PyTorch."""
    import torch

    torch.set_num_threads(1)
    net = Net(random.Random(data), torch)
    length = net.draw.randint(1, 12)
    while len(net.entries) < length and net.grow():
        pass
    if net.refused is not None:
        text = net.text(net.refused[0])
        sound = analyze(load("a.yaml", text))
        wrong = any(f.severity is not Severity.NOTE for f in sound.findings)
        assert wrong, f"PyTorch says {net.refused[1]}\n{text.decode()}"
    if not net.entries:
        return
    text = net.text()
    found = analyze(load("a.yaml", text))
    errors = [f for f in found.findings if f.severity is Severity.ERROR]
    assert not errors, f"{errors[0]}\n{text.decode()}"
    _held(found, net, text)


def _held(found: Analysis, net: Net, text: bytes) -> None:
    """Every row, and the totals."""
    rows: list[Row] = [row for row in found.rows if row.step.kind != "input"]
    assert len(rows) == len(net.rows), text.decode()
    for row, (shape, params, macs) in zip(rows, net.rows, strict=True):
        named = f"{row.step.name}\n{text.decode()}"
        assert row.step.output == shape, f"{row.step.output} is {shape} in PyTorch: {named}"
        own = row.parameters.learned if row.parameters else 0
        assert own == params, f"{own} parameters are {params} in PyTorch: {named}"
        assert row.macs == macs, f"{row.macs} MACs are {macs} in PyTorch: {named}"
    assert found.totals.params == sum(row.params for row in net.rows)
    assert found.totals.macs == sum(row.macs for row in net.rows)


if __name__ == "__main__":
    by_hand(target, SAMPLES, WORDS)

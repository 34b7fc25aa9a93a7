"""Random nets of every layer kind: what `export` writes is read back as the same net.

The same table of shapes, parameters and MACs, whatever order the numbers of a vector lie in, and in
onnxruntime the same numbers.
"""

import io
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from fuzzing import by_hand  # noqa: E402

from convcalc.analysis.record import Analysis  # noqa: E402
from convcalc.analysis.walk import analyze  # noqa: E402
from convcalc.findings import Severity  # noqa: E402
from convcalc.interop.fold.spec import counted  # noqa: E402
from convcalc.interop.network import network_of  # noqa: E402
from convcalc.interop.read.model import read  # noqa: E402
from convcalc.interop.write.words import CannotWriteError  # noqa: E402
from convcalc.layers import BY_NAME  # noqa: E402
from convcalc.layers.traits import Family  # noqa: E402
from convcalc.shapes import elements  # noqa: E402
from convcalc.spec.load import load  # noqa: E402
from convcalc.study.against import against  # noqa: E402
from convcalc.study.errors import RequestError  # noqa: E402
from convcalc.study.exported import exported  # noqa: E402
from convcalc.study.outcome import Case  # noqa: E402

SAMPLES = [bytes([i]) * 40 for i in range(200)]
WORDS = [bytes([i, j]) for i in range(0, 256, 5) for j in range(0, 256, 7)]
_KINDS = sorted(BY_NAME)
#: kinds that are read back as themselves; what only passes numbers on is left out
_KEPT = {"conv", "fc", "relu", "max_pool", "batch_norm", "softmax", "tanh", "global_avg_pool"}
_LARGEST = 20_000  #: numbers of a volume
_TRIES = 60  #: layers that are drawn, of which most do not fit

Entry = dict[str, Any]


class Net:
    """A spec while it grows, an entry at a time."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.axes = draw.choice((0, 1, 2, 2, 2, 2, 3))
        top = {0: 1, 1: 30, 2: 14, 3: 6}[self.axes]
        self.input = (*(draw.randint(1, top) for _ in range(self.axes)), draw.choice((1, 4, 6, 8)))
        self.entries: list[Entry] = []
        self.found = self.sized([])

    def sized(self, entries: list[Entry]) -> Analysis:
        shape = "x".join(map(str, self.input))
        lines = "".join(f"  - {json.dumps(entry)}\n" for entry in entries)
        text = f"input: {shape}\nrounding: floor\nlayers:\n{lines}"
        return analyze(load("a.yaml", text.encode()))

    def whole(self) -> Analysis:
        """The net with all that no layer reads as outputs."""
        steps = self.found.network.steps
        read = {i for step in steps for i in step.inputs}
        names = [step.name for i, step in enumerate(steps) if i not in read]
        return analyze(load("a.yaml", f"{self.text}outputs: {json.dumps(names)}\n".encode()))

    @property
    def text(self) -> str:
        return self.found.network.source.text

    def grow(self) -> None:
        """Draw a layer; keep it where it fits."""
        kind = self.draw.choice(_KINDS)
        entry: Entry = {kind: self.options(kind), "name": f"l{len(self.entries)}"}
        if BY_NAME[kind].family is Family.MERGE:
            entry[kind] = {"branches": [self.branch() for _ in range(self.draw.choice((2, 2, 3)))]}
        if self.entries and self.draw.random() < 0.15:
            entry["from"] = self.draw.choice(self.entries)["name"]
        found = self.sized([*self.entries, entry])
        if any(f.severity is Severity.ERROR for f in found.findings):
            return
        if max(elements(row.step.output or ()) for row in found.rows) <= _LARGEST:
            self.entries.append(entry)
            self.found = found

    def branch(self) -> list[Entry]:
        if self.draw.random() < 0.4:
            return []
        kind = self.draw.choice(("relu", "batch_norm", "flatten", "global_avg_pool", "identity",
                                 "sigmoid", "dropout", "fc", "conv", "layer_norm"))  # fmt: skip
        return [{kind: self.options(kind)}]

    def options(self, kind: str) -> Entry:
        """Options of a kind, those that it needs and some that it may have."""
        own = {}
        for option in BY_NAME[kind].options():
            if option.required or self.draw.random() < 0.4:
                value = self.value(option.key)
                if value is not None:
                    own[option.key] = value
        return own

    def sides(self, low: int, high: int) -> Any:
        if self.draw.random() < 0.6 or not self.axes:
            return self.draw.randint(low, high)
        return [self.draw.randint(low, high) for _ in range(self.axes)]

    def value(self, key: str) -> Any:
        draw, last = self.draw, self.found.rows[-1].step.output or (1,)
        match key:
            case "filters" | "units":
                return draw.choice((1, 2, 4, 6, 8))
            case "kernel":
                return self.sides(1, 4)
            case "stride" | "dilation":
                return self.sides(1, 3)
            case "pad":
                return draw.choice(("same", self.sides(0, 2)))
            case "output_pad":
                return self.sides(0, 1)
            case "groups" | "factor" | "multiplier":
                return draw.choice((1, 2, 2, 3, 4))
            case "bias" | "affine" | "count_padding":
                return draw.random() < 0.5
            case "rounding":
                return draw.choice(("floor", "ceil"))
            case "axes":
                return draw.choice(("channels", "all"))
            case "size" if len(last) > 1 and draw.random() < 0.7:
                return draw.choice((1, 2, 3, 5))
            case "size":
                return draw.choice((1, 2, 3, 4, 5))
            case "alpha":
                return draw.choice((0.1, 0.5))
            case "alpha_over":
                return draw.choice(("one", "size"))
            case "parameters":
                return draw.choice(("one", "channel"))
            case "by":
                return None if draw.random() < 0.5 else 0.5
            case "output":
                return self.sides(1, 4)
            case "ratio":
                return draw.choice((1.5, 2.0))
            case "start":
                return draw.randint(0, 3)
            case "stop":
                return draw.randint(0, last[-1])
            case "sides":
                return [draw.randint(0, 2) for _ in range(2 * max(len(last) - 1, 1))]
            case "channels":
                return [draw.randint(0, 3), draw.randint(0, 3)]
            case "mode":
                return draw.choice(("nearest", "bilinear", "zeros", "reflect", "edge"))
            case "scale":
                return self.sides(1, 3)
            case "shape":
                return self.shape(elements(last))
            case "order":
                return draw.choice(("crd", "dcr"))
        return None

    def shape(self, whole: int) -> str:
        sizes = []
        for _ in range(self.draw.randint(0, 3)):
            sizes.append(self.draw.choice([d for d in range(1, whole + 1) if whole % d == 0]))
            whole //= sizes[-1]
        return "x".join(map(str, [*sizes, whole]))


def target(data: bytes) -> None:
    """Grow a net from the bytes, export it, and read it back."""
    net = Net(random.Random(data))
    length = net.draw.randint(1, 8)
    for _ in range(_TRIES):
        if len(net.entries) < length:
            net.grow()
    if any(entry.keys() & _KEPT for entry in net.entries):
        through_onnx(net.whole())


def through_onnx(found: Analysis) -> None:
    from convcalc.interop.write.onnx.graph import write

    try:
        data = write(found)
    except CannotWriteError:
        return
    same(found, read("net.onnx", io.BytesIO(data)))
    same_numbers(found.network.source.text)


def same(found: Analysis, flat: Any) -> None:
    text = found.network.source.text
    totals = found.totals.params, found.totals.macs
    assert counted(flat) == totals, f"{counted(flat)} for {totals}\n{text}"
    ours = sorted(extents(found.network.steps[i].output) for i in set(found.network.outputs))
    theirs = sorted(extents(flat.items[i].output) for i in flat.outputs)
    assert ours == theirs, f"{theirs} for {ours}\n{text}"
    ours, theirs = table(found), table(analyze(network_of(flat)))
    assert ours == theirs, f"{theirs} for {ours}\n{text}"


def table(found: Analysis) -> Any:
    """What each layer makes and costs, of those that cost something."""
    rows = (row for row in found.rows if row.parameters and (row.parameters.learned or row.macs))
    costs = [(row.parameters.learned, row.macs, elements(row.step.output or ())) for row in rows]
    return sorted(costs)


def same_numbers(text: str) -> None:
    """Where the spec computes what its file does, what the file is imported as does so as well."""
    with tempfile.TemporaryDirectory() as folder:
        spec, file = Path(folder, "net.yaml"), Path(folder, "net.onnx")
        spec.write_text(text)
        _, data = exported(Case(str(spec)), "onnx", 1)
        assert isinstance(data, bytes)
        file.write_bytes(data)
        try:
            if not against(Case(str(spec)), str(file)).agrees:
                return
        except RequestError:  # what onnxruntime does not run
            return
        read_back = against(Case(str(file)), str(file))
    network = read_back.outcome.network
    ends = {network.steps[i].name for i in network.outputs}
    apart = [one for one in read_back.layers if one.name in ends and not one.agrees]
    assert not apart, f"{apart}\n{text}"


def extents(shape: Any) -> tuple[int, ...]:
    """The axes that hold more than one number: which of the others is the channels is not said."""
    return tuple(size for size in shape if size != 1)


if __name__ == "__main__":
    by_hand(target, SAMPLES, WORDS)

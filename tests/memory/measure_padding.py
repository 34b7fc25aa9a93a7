"""Measure padding that PyTorch's kernels do not take: python tests/memory/measure_padding.py

Writes padding.json beside it (PyTorch 2.13, CPU): live bytes of nets that `export` writes, layer by
layer, in inference and in a step of training; every storage is followed until it goes. Autocast is
the CPU's, which casts convolutions and fc layers as CUDA's does.
"""

import json
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import torch
from measure_optimizers import Storages
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from convcalc.analysis.record import Analysis, Row
from convcalc.analysis.walk import analyze
from convcalc.interop.write.pytorch.net import write
from convcalc.spec.load import load

PATH = Path(__file__).parent / "padding.json"
HALF = {"amp-fp16": torch.float16, "amp-bf16": torch.bfloat16}

_SAME = {"kernel": 3, "stride": 2, "pad": "same"}
_END: list[dict[str, Any]] = [{"global_avg_pool": {}}, {"fc": {"units": 5}}]


def _between(layer: dict[str, Any], relu: bool = True) -> list[dict[str, Any]]:
    """A layer in a net of convs, with relus in place around it or none."""
    relus: list[dict[str, Any]] = [{"relu": {}}] if relu else []
    first = {"conv": {"filters": 6, "kernel": 3, "pad": 1}}
    last = {"conv": {"filters": 7, "kernel": 1}}
    return [first, *relus, layer, *relus, last, *_END]


_CONV = {"conv": {"filters": 8, **_SAME}}
_DEPTHWISE = {"depthwise_conv": _SAME}
_UNEVEN = {"conv": {"filters": 8, "kernel": 3, "pad": [0, 1, 0, 1]}}
_TRANSPOSED = {"conv_transpose": {"filters": 8, **_SAME}}

#: What a net shows, its input, its layers; the segment that is checkpointed, if one is.
NETS: list[tuple[str, str, list[dict[str, Any]], list[tuple[int, int]]]] = [
    ("a conv at stride 2 between relus in place", "16x16x3", _between(_CONV), []),
    ("a conv at stride 2 between convs", "16x16x3", _between(_CONV, relu=False), []),
    ("four uneven sides", "16x16x3", _between(_UNEVEN, relu=False), []),
    ("a depthwise conv", "16x16x3", _between(_DEPTHWISE), []),
    ("a conv of the image", "16x16x3", [_CONV, {"relu": {}}, *_END], []),
    ("two convs", "16x16x3", [_UNEVEN, _CONV], []),
    ("a conv of one axis", "32x3", _between(_CONV), []),
    ("windows that hang over", "16x16x3",
     _between({"conv": {"filters": 8, "kernel": 3, "stride": 2}}), []),
    ("a cut that is uneven", "9x9x3", _between(_TRANSPOSED), []),
    ("a cut that is even, of same", "9x9x3",
     _between({"conv_transpose": {"filters": 8, "kernel": 3, "pad": "same"}}), []),
    ("in a checkpointed segment", "16x16x3", _between(_CONV), [(2, 4)]),
    ("first in a checkpointed segment", "16x16x3", _between(_CONV), [(3, 5)]),
    ("a cut in a checkpointed segment", "9x9x3", _between(_TRANSPOSED), [(2, 4)]),
]  # fmt: skip
#: The same of kinds that a CPU's autocast treats otherwise: measured in float32.
FULL: list[tuple[str, str, list[dict[str, Any]], list[tuple[int, int]]]] = [
    (f"{about} {kind} between {'relus in place' if relu else 'convs'}", "16x16x3",
     _between({kind: options}, relu), [])
    for kind in ("max_pool", "avg_pool", "l2_pool")
    for about, options in (("an uneven", _SAME), ("a padded", {"kernel": 2, "stride": 3, "pad": 1}))
    for relu in (True, False)
] + [("a conv of three axes", "8x8x8x2", _between(_CONV), [])]  # fmt: skip


def spec(shape: str, layers: list[dict[str, Any]]) -> bytes:
    """A net; windows may hang over."""
    lines = "".join(f"- {json.dumps(layer)}\n" for layer in layers)
    return f"input: {shape}\nrounding: ceil\nlayers:\n{lines}".encode()


class Net:
    """A chain of layers, each a module of exported code: a volume goes with its reader."""

    def __init__(self, analysis: Analysis, segments: list[tuple[int, int]]) -> None:
        self.rows = analysis.rows
        self.ends = dict(segments)
        self.modules = [torch.nn.Identity(), *map(_module, analysis.rows[1:])]

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        step = 1
        while step < len(self.rows):
            last = self.ends.get(step)
            if last is None:
                x = self._layers(step, step, x)
            else:
                x = checkpoint(self._layers, step, last, x, use_reentrant=False)
            step = (last or step) + 1
        return x

    def _layers(self, first: int, last: int, x: torch.Tensor) -> torch.Tensor:
        for step in range(first, last + 1):
            if self.rows[step].step.kind == "relu":
                in_place = self.rows[step].in_place and (step > first or last == first)
                x = functional.relu(x, inplace=in_place)
            else:
                x = self.modules[step](x)
        return x


def _module(row: Row) -> torch.nn.Module:
    """The layer as `export` writes it, alone."""
    shape = "x".join(map(str, row.inputs[0]))
    layer = {row.step.kind: _written(row)}
    names: dict[str, Any] = {}
    code = write(analyze(load("layer.yaml", spec(shape, [layer]))))
    exec(compile(code, "layer.py", "exec"), names)
    module: torch.nn.Module = names["Net"]()
    return module


def _written(row: Row) -> dict[str, Any]:
    """The options as a spec states them."""
    assert row.step.layer is not None
    given = {option.name: (row.step.layer.__dict__[option.name], option.default)
             for option in row.step.layer.options()}  # fmt: skip
    return {name: value for name, (value, default) in given.items() if value != default}


def measured(
    analysis: Analysis, segments: list[tuple[int, int]], batch: int, precision: str
) -> dict[str, int]:
    """Live bytes: there before, at the ends of both passes, the most of each; of inference."""
    shape, output = analysis.rows[0].step.output, analysis.output
    assert shape is not None and output is not None
    net, images = Net(analysis, segments), torch.ones(batch, shape[-1], *shape[:-1])
    labels = torch.zeros(batch, *output[:-1], dtype=torch.int64)
    storages, plain = Storages(), Net(analysis, [])
    plain.modules = net.modules
    tensors = [images, *(p for module in net.modules for p in module.parameters())]
    for tensor in tensors:
        storages.add(tensor)
    half = HALF.get(precision)
    with storages, torch.no_grad(), _autocast(half):
        scores = plain(images)
        found = {"inference": storages.peak}
    del scores
    storages.add(labels)
    scaler = torch.amp.GradScaler("cpu", enabled=half is torch.float16)
    if half is torch.float16:
        scaler._lazy_init_scale_growth_tracker(torch.device("cpu"))
        for tensor in (scaler._scale, scaler._growth_tracker):
            assert tensor is not None
            storages.add(tensor)
    storages.peak = storages.live
    found["base"] = storages.live
    with storages:
        with _autocast(half):
            scores = net(images)
            loss = functional.nll_loss(_log(scores), labels)
        found |= {"forward": storages.peak, "end_forward": storages.live}
        storages.peak = storages.live
        scaler.scale(loss).backward()
    return found | {"backward": storages.peak, "end_backward": storages.live}


def _log(scores: torch.Tensor) -> torch.Tensor:
    """Log-probabilities: the cross-entropy of CUDA's autocast casts them, not the scores."""
    return functional.log_softmax(scores, 1).float()


def _autocast(half: torch.dtype | None) -> AbstractContextManager[Any]:
    return nullcontext() if half is None else torch.autocast("cpu", half)


def main() -> None:
    """Measure all of them."""
    lines = []
    for nets, precisions in ((NETS, ("fp32", *HALF)), (FULL, ("fp32",))):
        for about, shape, layers, segments in nets:
            analysis = analyze(load("net.yaml", spec(shape, layers)))
            assert not analysis.broken, analysis.findings
            for precision in precisions:
                for batch in (1, 3):
                    found = measured(analysis, segments, batch, precision)
                    case = {"about": about, "input": shape, "layers": layers,
                            "checkpoint": segments, "precision": precision, "batch": batch,
                            "bytes": found}  # fmt: skip
                    lines.append("  " + json.dumps(case))
    head, body = f'"torch": {json.dumps(torch.__version__)}', ",\n".join(lines)
    PATH.write_text(f'{{{head},\n "cases": [\n{body}\n ]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()

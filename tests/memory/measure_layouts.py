"""Measure in which order PyTorch lays volumes: python tests/memory/measure_layouts.py

Writes layouts.json beside it (PyTorch 2.13, on a CPU): for every net of tests/every_kind.py that
`export` writes, and some of one and three axes, run with an input that lies channels first, then
last, how its output lies and, for each order of the gradient that it is given, its input's
gradient: F or L; - where both are the same, or neither.
"""

import json
import sys
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.interop.write.pytorch.net import write
from convcalc.interop.write.words import CannotWriteError

HERE = Path(__file__).parent
PATH = HERE / "layouts.json"

ON_OTHER_AXES = [
    (shape, layer)
    for shape in ("40x6", "5x6x7x6")
    for layer in (
        "conv3-4", "batch_norm", "layer_norm", "{max_pool: {kernel: 2}}", "global_avg_pool",
        "{avg_pool: {kernel: 2}}", "{adaptive_avg_pool: {output: 2}}", "{instance_norm: {}}",
        "{conv_transpose: {filters: 6, kernel: 3}}", "relu", "gelu", "{upsample: {scale: 2}}",
    )
]  # fmt: skip


def order_of(tensor: Tensor) -> str:
    """F or L, or neither."""
    first, last = tensor.is_contiguous(), tensor.movedim(1, -1).is_contiguous()
    return "-" if first == last or tensor.dim() < 3 else "F" if first else "L"


def laid(shape: torch.Size, order: str) -> Tensor:
    """Numbers in an order."""
    if order == "F":
        return torch.rand(shape)
    return torch.rand(shape[0], *shape[2:], shape[1]).movedim(-1, 1)


def measured(analysis: Analysis) -> dict[str, str] | None:
    """Of a net of one layer: by the orders of its input and of the gradient that it is given."""
    given, made = (row.step.output or () for row in analysis.rows)
    if len(given) < 2 or len(made) < 2:
        return None
    names: dict[str, Any] = {"__name__": "net"}
    exec(write(analysis), names)
    found = {}
    for order, gradient in product("FL", "FL"):
        x = laid(torch.Size((2, given[-1], *given[:-1])), order).requires_grad_()
        out = names["Net"]()(x.clone())
        (own,) = torch.autograd.grad(out, x, laid(out.shape, gradient))
        found[order + gradient] = order_of(out) + order_of(own)
    return found


def main() -> None:
    """Write what every net shows."""
    sys.path.insert(0, str(HERE.parent))
    from every_kind import NETS, network

    lines = []
    for net in (*NETS, *ON_OTHER_AXES):
        analysis = analyze(network(*net))
        if len(analysis.rows) != 2:
            continue
        with suppress(CannotWriteError):
            if found := measured(analysis):
                lines.append(f"  {json.dumps({'net': net, 'orders': found})}")
    text = ",\n".join(lines)
    version = json.dumps(torch.__version__)
    PATH.write_text(f'{{"torch": {version},\n "cases": [\n{text}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()

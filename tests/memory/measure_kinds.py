"""Measure what PyTorch keeps of every layer kind: python tests/memory/measure_kinds.py

Writes kinds.json beside it (PyTorch 2.13): for every net of tests/every_kind.py whose last layer
PyTorch has words for (explain/words.py),

saved   what autograd keeps of the layer, by storage: the inputs, the output, and the bytes of all
        else but parameters and buffers (float32, two images; on a CPU, but for `ON_CUDA`)
widths  bytes of a number of its output under CUDA's autocast in float16, for half inputs and for
        full ones; the tensors only say that they are on CUDA, no such device is needed
"""

import json
import sys
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map_only

from convcalc.analysis.record import Row
from convcalc.analysis.walk import analyze
from convcalc.explain.words import in_words

HERE = Path(__file__).parent
BATCH = 2
#: What runs on CUDA, where a CPU has another kernel.
ON_CUDA = {"dropout": "torch.native_dropout(x, 0.5, True)[0]"}

#: Kinds that ask the device itself: for random numbers, for a slice.
NEEDS_CUDA = ("fractional_max_pool", "dropout", "slice", "crop", "scale", "softmax")


class OnCuda(Tensor):
    """A tensor without numbers that says it is on CUDA: autocast works before any kernel does."""

    meta: Tensor

    @staticmethod
    def __new__(cls, like: Tensor) -> "OnCuda":
        x = like.meta if isinstance(like, OnCuda) else like
        made: OnCuda = Tensor._make_wrapper_subclass(
            cls, x.shape, x.stride(), dtype=x.dtype, device="cuda"
        )
        made.meta = x
        return made

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        raise AssertionError(f"{func} outside of `Cuda`")


class Cuda(TorchDispatchMode):
    """Runs what comes after autocast on tensors without numbers."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        args, kwargs = tree_map_only(OnCuda, lambda x: x.meta, (args, kwargs or {}))
        empty = func is torch.ops.aten.empty.memory_format
        made = {"device": "meta"} if "device" in kwargs or empty else {}
        args, kwargs = tree_map_only(Tensor, lambda x: x.to("meta"), (args, kwargs))
        return tree_map_only(Tensor, OnCuda, func(*args, **(kwargs | made)))


class Ran:
    """A line of PyTorch, run: the inputs of the layer itself, its output, what it learns."""

    def __init__(self, code: str, inputs: list[Tensor], learned: dict[str, Tensor]) -> None:
        names: dict[str, Any] = {f"x{n}": x for n, x in enumerate(inputs, 1)}
        names |= {**learned, "x": inputs[0], "torch": torch, "nn": nn, "F": functional}
        self.inputs, own = inputs, list(learned.values())
        if " += " in code:
            exec(code, names)
            found = names["x1"]
        else:
            found = eval(code, names)
        for module in found if isinstance(found, tuple) else (found,):
            if isinstance(module, nn.Module):  # those before the last pad or flatten for it
                self.inputs = inputs if module is found else [inputs[0]]
                if isinstance(inputs[0], OnCuda):
                    module.eval().requires_grad_(False)
                found = module(self.inputs[0])
                inputs = [found]
                own += [*module.parameters(), *module.buffers()]
        self.output: Tensor = found
        self.own = {storage(tensor) for tensor in own if not isinstance(tensor, OnCuda)}


def storage(tensor: Tensor) -> int:
    """What tells a storage from all others while it lives."""
    return tensor.untyped_storage()._cdata


def tensors(row: Row) -> tuple[list[Tensor], dict[str, Tensor]]:
    """Inputs and parameters for the layer."""
    layer = row.step.layer
    assert layer and row.step.output
    arrays = layer.arrays(row.inputs, row.step.output)
    inputs = [torch.ones(BATCH, shape[-1], *shape[:-1]) for shape in row.inputs]
    return inputs, {array.name: torch.ones(array.shape) for array in arrays}


def saved(row: Row, code: str) -> dict[str, Any]:
    """What autograd keeps."""
    inputs, learned = tensors(row)
    for name, tensor in learned.items():
        tensor.requires_grad_(not name.startswith("running"))
    kept: dict[int, Tensor] = {}

    def pack(tensor: Tensor) -> Tensor:
        if not (tensor.is_leaf and tensor.requires_grad):  # a parameter
            kept[storage(tensor)] = tensor
        return tensor

    given = [x.requires_grad_() * 1 for x in inputs]
    with saved_tensors_hooks(pack, lambda tensor: tensor):
        ran = Ran(code, given, learned)
    read = [storage(x) for x in ran.inputs]
    rest = kept.keys() - {*read, *ran.own, storage(ran.output)}
    return {
        "inputs": [n for n, key in enumerate(read) if key in kept],
        "output": storage(ran.output) in kept.keys() - {*read},
        "kept": sorted(n for n in (kept[key].untyped_storage().nbytes() for key in rest) if n),
    }


@torch.no_grad()
def width(row: Row, code: str, dtype: torch.dtype) -> int:
    """Bytes of a number of the output under autocast, for inputs of this type."""
    inputs, learned = tensors(row)
    with Cuda():
        given = [torch.empty(x.shape, dtype=dtype) for x in inputs]
        there = {name: torch.empty(x.shape) for name, x in learned.items()}
        return Ran(code, given, there).output.dtype.itemsize


def main() -> None:
    """Measure all of them."""
    sys.path.insert(0, str(HERE.parent))
    from every_kind import NETS, network

    torch.set_autocast_enabled("cuda", True)
    torch.set_autocast_dtype("cuda", torch.float16)
    lines = []
    for shape, layers in NETS:
        row = analyze(network(shape, layers)).rows[-1]
        code = in_words(row, "pytorch")
        if code and "inplace" not in code:
            trains = code.replace("running_var,", "running_var, training=True,")
            kept = saved(row, ON_CUDA.get(row.step.kind, trains))
            case = {"net": [shape, layers], "code": code, "saved": kept}
            if row.step.kind not in NEEDS_CUDA:
                case["widths"] = [width(row, code, x) for x in (torch.float16, torch.float32)]
            lines.append("  " + json.dumps(case))
    head = f'"torch": {json.dumps(torch.__version__)}, "batch": {BATCH}'
    body = ",\n".join(lines)
    text = f'{{{head},\n "cases": [\n{body}\n ]}}\n'
    (HERE / "kinds.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

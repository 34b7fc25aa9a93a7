"""Measure what torch.optim keeps and allocates: python tests/memory/measure_optimizers.py

Writes optimizers.json beside it (PyTorch 2.13, CPU): for every optimizer and implementation, with
and without weight decay, on several lists of parameter sizes, the bytes of state after `STEPS`
steps and the most bytes of temporary tensors in the next. Every storage is followed until it goes.
"""

import json
import weakref
from pathlib import Path
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_iter

from convcalc.memory.optimizers import IMPLEMENTATIONS, OPTIMIZERS

#: Numbers of elements of the parameters, in order: larger before smaller and the other way.
SIZES = ([77, 1600, 40, 1800, 1830, 100, 2700], [2700, 100, 50, 60], [2700, 2250, 90])

#: Steps before the one that is measured: RAdam's first five are plain momentum.
STEPS = 8


class Storages(TorchDispatchMode):
    """Live bytes, and the most of them so far."""

    def __init__(self) -> None:
        super().__init__()
        self.live = self.peak = 0
        self.known: dict[int, Any] = {}

    def add(self, tensor: torch.Tensor) -> None:
        """Follow a tensor's storage from here on."""
        storage = tensor.untyped_storage()
        key, size = storage._cdata, storage.nbytes()
        if key not in self.known:
            self.live += size
            self.peak = max(self.peak, self.live)
            self.known[key] = weakref.finalize(storage, self._gone, key, size)

    def _gone(self, key: int, size: int) -> None:
        self.live -= size
        self.known.pop(key, None)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for found in tree_iter(out):
            if isinstance(found, torch.Tensor):
                self.add(found)
        return out


def measured(call: str, implementation: str, decay: bool, sizes: list[int]) -> tuple[int, int]:
    """Bytes of state and of temporary tensors."""
    name, _, arguments = call.rstrip(")").partition("(")
    options = dict(part.strip().split("=") for part in arguments.split(",") if part)
    parsed = {key: json.loads(value.lower()) for key, value in options.items()}
    parameters = [torch.nn.Parameter(torch.zeros(size)) for size in sizes]
    parsed |= {"foreach": implementation == "foreach", "weight_decay": 1e-4 if decay else 0}
    if implementation == "fused":
        parsed["fused"] = True
    try:
        optimizer = getattr(torch.optim, name)(parameters, lr=1e-3, **parsed)
    except TypeError as error:  # Rprop has no weight decay
        raise SystemExit(f"{error}: records have no word for that yet") from None
    for turn in range(STEPS + 1):
        for parameter in parameters:
            parameter.grad = torch.ones_like(parameter)
        if turn < STEPS:
            optimizer.step()
    storages = Storages()
    for parameter in parameters:
        storages.add(parameter)
        assert parameter.grad is not None
        storages.add(parameter.grad)
    before = storages.live
    for state in optimizer.state.values():
        for value in state.values():
            if isinstance(value, torch.Tensor):
                storages.add(value)
    base = storages.live
    with storages:
        optimizer.step()
    return base - before, storages.peak - base


def main() -> None:
    """Measure all of them."""
    cases = []
    for record in OPTIMIZERS[1:]:
        for implementation in IMPLEMENTATIONS:
            if implementation == "fused" and not record.fused:
                continue
            for decay in (False, True):
                found = [measured(record.torch, implementation, decay, sizes) for sizes in SIZES]
                cases.append(
                    {"optimizer": record.name, "impl": implementation, "decay": decay,
                     "state": [state for state, _ in found], "temporary": [t for _, t in found]}
                )  # fmt: skip
    lines = ",\n".join(f"  {json.dumps(case)}" for case in cases)
    head = f'"torch": {json.dumps(torch.__version__)},\n "sizes": {json.dumps(SIZES)}'
    path = Path(__file__).parent / "optimizers.json"
    path.write_text(f'{{{head},\n "cases": [\n{lines}\n ]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()

"""The bytes that are alive at once while PyTorch runs a module, every storage followed."""

from collections.abc import Iterator
from typing import Any


def live_peak(module: Any, *inputs: Any) -> int:
    """The most bytes of inference: parameters, buffers, constants and inputs, and what is made."""
    import torch
    from torch.multiprocessing.reductions import StorageWeakRef
    from torch.utils._python_dispatch import TorchDispatchMode

    class Followed(TorchDispatchMode):
        def __init__(self) -> None:
            super().__init__()
            self.live: dict[int, tuple[Any, int]] = {}
            self.peak = 0

        def __torch_dispatch__(
            self, function: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            made = function(*args, **(kwargs or {}))
            self.live = {at: one for at, one in self.live.items() if not one[0].expired()}
            for tensor in _tensors(made):
                storage = tensor.untyped_storage()
                if storage._cdata not in kept:
                    self.live[storage._cdata] = (StorageWeakRef(storage), storage.nbytes())
            self.peak = max(self.peak, sum(size for _, size in self.live.values()))
            return made

    constants = (one for one in vars(module).values() if isinstance(one, torch.Tensor))
    own = (*module.parameters(), *module.buffers(), *constants)
    kept = {t.untyped_storage()._cdata: t for t in own}
    kept |= {x.untyped_storage()._cdata: x for x in inputs}
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    with torch.no_grad(), Followed() as followed:
        module(*inputs)
    return followed.peak + sum(t.untyped_storage().nbytes() for t in kept.values())


def _tensors(made: Any) -> Iterator[Any]:
    """Every tensor in what an operation gives."""
    import torch

    if isinstance(made, torch.Tensor):
        yield made
    elif isinstance(made, list | tuple):
        for part in made:
            yield from _tensors(part)

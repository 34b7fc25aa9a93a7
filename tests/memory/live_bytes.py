"""Live bytes of code that `export` writes, as PyTorch runs it: every storage is followed."""

import weakref
from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.interop.write.pytorch.net import write

torch = pytest.importorskip("torch")
dispatch = pytest.importorskip("torch.utils._python_dispatch")


class Storages(dispatch.TorchDispatchMode):  # type: ignore[misc, name-defined]
    """Live bytes, and the most of them so far."""

    def __init__(self) -> None:
        super().__init__()
        self.live = self.peak = 0
        self._known: dict[int, Any] = {}

    def follow(self, tensor: Any) -> None:
        """Count a tensor's storage until it goes."""
        storage = tensor.untyped_storage()
        key, size = storage._cdata, storage.nbytes()
        if key not in self._known:
            self.live += size
            self.peak = max(self.peak, self.live)
            self._known[key] = weakref.finalize(storage, self._gone, key, size)

    def _gone(self, key: int, size: int) -> None:
        self.live -= size
        del self._known[key]

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for tensor in torch.utils._pytree.tree_iter(out):
            if isinstance(tensor, torch.Tensor):
                self.follow(tensor)
        return out


def inference_peak(analysis: Analysis, code: str = "") -> int:
    """The most bytes that are alive while the code of a net runs in use; it is given the images.

    Args:
        analysis: the net, and the batch.
        code: the code; what `export` writes, if nothing is given.
    """
    names: dict[str, Any] = {}
    exec(compile(code or write(analysis), "net.py", "exec"), names)
    net, batch, storages = names["Net"]().eval(), analysis.settings.batch, Storages()
    shapes = [row.step.output for row in analysis.rows if row.step.layer is None]
    images = [torch.zeros(batch, shape[-1], *shape[:-1]) for shape in shapes if shape]
    for tensor in (*net.parameters(), *net.buffers(), *images):
        storages.follow(tensor)
    with storages, torch.no_grad():
        scores = net(*images)
    del scores
    return storages.peak

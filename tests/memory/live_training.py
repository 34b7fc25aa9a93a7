"""Live bytes of one step of training, as PyTorch runs the code of `export`."""

from typing import Any

from convcalc.analysis.record import Analysis
from convcalc.interop.write.pytorch.net import write
from convcalc.memory.precisions import mode_of
from tests.memory.live_bytes import Storages, torch


def _loss(scores: Any, label: Any) -> Any:
    """Cross-entropy as CUDA's autocast runs it: half logarithms, the likelihood of full ones."""
    functional = torch.nn.functional
    with torch.autocast("cpu", enabled=False):
        return functional.nll_loss(functional.log_softmax(scores.flatten(1), 1).float(), label)


def training_peaks(analysis: Analysis) -> tuple[int, int]:
    """The most bytes in the forward and in the backward pass, with plain SGD.

    Half is bfloat16, where the analysis is of autocast.

    Gradients are added up out of place while storages are followed: measure where the peak is
    somewhere else.
    """
    names: dict[str, Any] = {}
    exec(compile(write(analysis), "net.py", "exec"), names)
    net, batch, storages = names["Net"]().train(), analysis.settings.batch, Storages()
    (shape,) = (row.step.output for row in analysis.rows if row.step.layer is None)
    assert shape
    images, label = torch.zeros(batch, shape[-1], *shape[:-1]), torch.zeros(batch).long()
    outputs = len(analysis.network.outputs)
    for tensor in (*net.parameters(), *net.buffers(), images):
        storages.follow(tensor)
    storages.live += outputs * label.untyped_storage().nbytes()  # every output has its own
    with storages:
        with torch.autocast(
            "cpu", torch.bfloat16, enabled=bool(mode_of(analysis.settings).autocast)
        ):
            found = net(images)
            scores = found if isinstance(found, tuple) else (found,)
            losses = [_loss(one, label) for one in scores]
        forward, storages.peak = storages.peak, storages.live
        torch.autograd.backward(losses)
    return forward, storages.peak

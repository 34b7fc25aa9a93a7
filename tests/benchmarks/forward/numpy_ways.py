"""This NumPy backend, the same without Winograd, and the textbook im2col, as the notes teach it."""

import numpy as np

from convcalc.backend.ops import NumPyOps
from convcalc.backend.placement import place


def convcalc(net):
    """The kernels that `convcalc verify` runs."""
    return _forward(net, NumPyOps(net.network.roundings))


def exact(net):
    """Plain sums of products only."""
    return _forward(net, NumPyOps(net.network.roundings, exact=True))


def textbook(net):
    """All columns of a layer at once, F*F times its input."""
    return _forward(net, TextbookOps(net.network.roundings))


class TextbookOps(NumPyOps):
    """`NumPyOps` with the notes' im2col."""

    def conv(self, x, weight, bias, sliding, groups):
        axes = place(x.shape[1:-1], sliding)
        pads = [(-a.starts[0], max(a.starts[-1] + a.extent - a.size, 0)) for a in axes]
        padded = np.pad(x, [(0, 0), *pads, (0, 0)])
        view = np.lib.stride_tricks.sliding_window_view(
            padded, [a.extent for a in axes], axis=tuple(range(1, x.ndim - 1))
        )
        steps = [slice(None, None, a.starts.step) for a in axes]
        view = view[(slice(None), *steps)]  # (N, H, W, C, F, F)
        deep, filters = weight.shape[-2:]
        taps = weight[..., 0, 0].size
        out = np.empty((*view.shape[:-3], filters), x.dtype)
        for g in range(groups):
            part = view[..., g * deep : (g + 1) * deep, :, :]
            columns = np.moveaxis(part, -3, -1).reshape(-1, taps * deep)
            share = slice(g * filters // groups, (g + 1) * filters // groups)
            w = weight.reshape(taps * deep, filters)[:, share]
            out[..., share] = (columns @ w).reshape(*view.shape[:-3], -1)
        return out if bias is None else out + bias


def _forward(net, ops):
    """A pass that frees what nobody reads any more, without any watching."""

    def run():
        volumes = dict(net.inputs)
        for index, step, row, inputs, owner in net.layers():
            ops.in_place = row.in_place
            volumes[index] = step.layer.forward(
                ops, [volumes[i] for i in inputs], net.weights.get(owner, {})
            )
            ops.scratch.reset()
            for i in net.done(index, inputs):
                del volumes[i]
        return volumes[net.last]

    return run

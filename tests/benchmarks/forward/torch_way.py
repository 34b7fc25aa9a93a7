"""The same net in PyTorch's functions: eager, channels first, inference mode."""

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812


def build(net, threads):
    """A callable that makes one pass."""
    torch.set_num_threads(threads)
    kinds = {index: step.kind for index, step, *_ in net.layers()}
    weights = {}
    for owner in list(net.weights):  # ours go as PyTorch's come, so that memory holds one of both
        own = net.weights.pop(owner)
        weights[owner] = {name: _tensor(kinds[owner], name, own.pop(name)) for name in list(own)}
    start = {i: _first(x) for i, x in net.inputs.items()}
    roundings = net.network.roundings

    def run():
        live = dict(start)
        with torch.inference_mode():
            for index, step, row, inputs, owner in net.layers():
                given = [live[i] for i in inputs]
                live[index] = _layer(step, row, given, weights.get(owner, {}), roundings)
                del given
                for i in net.done(index, inputs):
                    del live[i]
        return live[net.last].numpy()

    return run


def _first(array):
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(array, -1, 1)))


def _tensor(kind, name, array):
    if name == "weight" and kind in {"conv", "depthwise_conv"}:
        array = array.transpose(3, 2, 0, 1)
    elif name == "weight" and kind == "fc":
        array = np.moveaxis(array, (-1, -2), (0, 1)).reshape(array.shape[-1], -1)
    return torch.from_numpy(np.ascontiguousarray(array))


def _pads(layer):
    pad = layer.pad
    return tuple(pad) if len(pad) < 4 else (pad[0], pad[2])


def _layer(step, row, inputs, own, roundings):
    layer, x = step.layer, inputs[0]
    match step.kind:
        case "conv" | "depthwise_conv":
            groups = x.shape[1] if step.kind != "conv" else layer.groups
            return F.conv2d(x, own["weight"], own.get("bias"), layer.stride, _pads(layer),
                            layer.dilation, groups)  # fmt: skip
        case "fc":
            return F.linear(x.flatten(1), own["weight"], own.get("bias"))
        case "batch_norm":
            return F.batch_norm(x, own["running_mean"], own["running_var"], own.get("weight"),
                                own.get("bias"))  # fmt: skip
        case "max_pool":
            ceil = layer.sliding(roundings).ceil
            return F.max_pool2d(x, layer.kernel, layer.steps, _pads(layer), 1, ceil)
        case "avg_pool":
            return F.avg_pool2d(x, layer.kernel, layer.steps, _pads(layer))
        case "global_avg_pool":
            return x.mean((2, 3), keepdim=True)
        case "relu":
            return F.relu(x, inplace=row.in_place)
        case "relu6":
            return F.relu6(x, inplace=row.in_place)
        case "dropout" | "identity":
            return x
        case "flatten":
            return x.flatten(1)
        case "lrn":
            return F.local_response_norm(
                x, layer.size, layer.alpha * layer.size, layer.beta, layer.k
            )
        case "softmax":
            return F.softmax(x, 1)
        case "concat":
            return torch.cat(inputs, 1)
        case "add":
            return x.add_(inputs[1]) if row.in_place else x + inputs[1]
    raise ValueError(f"no PyTorch words for {step.kind} here")

"""Forward passes: this NumPy backend, the textbook im2col, and PyTorch eager, side by side.

    OPENBLAS_NUM_THREADS=1 python tests/benchmarks/bench_forward.py vgg16 resnet50 --rounds 7

Rounds are interleaved in one process, medians are reported, and the time of a plain matrix product
stands beside them. One thread each unless --threads says more: two thread pools in one process
wait for each other. PyTorch is timed where it is installed (dependency group `torch`).
"""

import argparse
import statistics
from time import perf_counter

import numpy as np

from convcalc import zoo
from convcalc.analysis.record import Settings
from convcalc.analysis.walk import analyze
from convcalc.backend.ops import NumPyOps
from convcalc.backend.placement import place
from convcalc.backend.speed import product_rate
from convcalc.spec.document import Overrides
from convcalc.spec.load import load
from convcalc.spec.source import Limits
from convcalc.verify.arrays import random_arrays, random_inputs
from convcalc.verify.plan import plan


class TextbookOps(NumPyOps):
    """The notes' im2col as it is taught: all columns at once, F*F times the input."""

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


def forward(found, run, weights, volumes, ops):
    """One pass that frees what nobody reads any more, without any watching."""
    volumes = dict(volumes)
    for index in run.steps:
        step, row = found.network.steps[index], found.rows[index]
        ops.in_place = row.in_place
        inputs = [volumes[i] for i in step.inputs]
        volumes[index] = step.layer.forward(ops, inputs, weights.get(run.owners[index], {}))
        ops.scratch.reset()
        for source in {*step.inputs, index}:
            if run.last_reader[source] <= index:
                del volumes[source]
    return volumes[run.steps[-1]]


def torch_forward(found, run, weights, volumes):
    """The same net in PyTorch's functions, channels first; gives a callable."""
    import torch
    from torch.nn import functional as F  # noqa: N812

    def first(array):
        return torch.from_numpy(np.ascontiguousarray(np.moveaxis(array, -1, 1)))

    def tensor(kind, name, array):
        if name == "weight" and kind in {"conv", "depthwise_conv"}:
            return torch.from_numpy(np.ascontiguousarray(array.transpose(3, 2, 0, 1)))
        if name == "weight" and kind == "fc" and array.ndim > 2:
            array = np.moveaxis(array, -1, 1).reshape(len(array), -1)
        return torch.from_numpy(np.ascontiguousarray(array))

    steps = found.network.steps
    w = {
        i: {name: tensor(steps[i].kind, name, a) for name, a in own.items()}
        for i, own in weights.items()
    }
    start = {i: first(x) for i, x in volumes.items()}

    def pads(layer):
        pad = layer.pad
        return tuple(pad) if len(pad) < 4 else (pad[0], pad[2])

    def layer_of(step, row, inputs, own):
        layer, x = step.layer, inputs[0]
        match step.kind:
            case "conv" | "depthwise_conv":
                groups = x.shape[1] if step.kind != "conv" else layer.groups
                return F.conv2d(x, own["weight"], own.get("bias"), layer.stride, pads(layer),
                                layer.dilation, groups)  # fmt: skip
            case "fc":
                return F.linear(x.flatten(1), own["weight"], own.get("bias"))
            case "batch_norm":
                return F.batch_norm(x, own["running_mean"], own["running_var"], own.get("weight"),
                                    own.get("bias"))  # fmt: skip
            case "max_pool":
                ceil = layer.sliding(found.network.roundings).ceil
                return F.max_pool2d(x, layer.kernel, layer.steps, pads(layer), 1, ceil)
            case "avg_pool":
                return F.avg_pool2d(x, layer.kernel, layer.steps, pads(layer))
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

    def run_once():
        live = dict(start)
        with torch.inference_mode():
            for index in run.steps:
                step, row = steps[index], found.rows[index]
                inputs = [live[i] for i in step.inputs]
                live[index] = layer_of(step, row, inputs, w.get(run.owners[index], {}))
                for source in {*step.inputs, index}:
                    if run.last_reader[source] <= index:
                        del live[source]
        return live[run.steps[-1]].numpy()

    return run_once


NETS = ["vgg16", "resnet50", "googlenet", "mobilenet_v2", "alexnet-one-tower"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("nets", nargs="*", default=NETS)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--skip", default="", help="names to leave out: textbook torch")
    options = parser.parse_args()
    print(f"matrix product {product_rate('float32') / 1e9:.0f} G MACs/s")
    for name in options.nets:
        runs = contestants(name, options.batch, options.threads)
        runs = {key: call for key, call in runs.items() if key not in options.skip.split()}
        print(f"{name:18} batch {options.batch}  {compared(runs, options.rounds)}", flush=True)


def contestants(name, batch, threads):
    """A callable for every way of running a net."""
    network = load(name, zoo.read(name), Overrides(), Limits())
    found = analyze(network, Settings(batch))
    run = plan(found)
    given = found, run, random_arrays(found, run, 0), random_inputs(found, run, 0)
    roundings = network.roundings
    runs = {
        "convcalc": lambda: forward(*given, NumPyOps(roundings)),
        "exact": lambda: forward(*given, NumPyOps(roundings, True)),
        "textbook": lambda: forward(*given, TextbookOps(roundings)),
    }
    try:
        import torch
    except ImportError:
        return runs
    torch.set_num_threads(threads)
    return {**runs, "torch": torch_forward(*given)}


def compared(runs, rounds):
    """Medians of interleaved rounds: milliseconds, times the reference, largest relative error."""
    outputs = {key: call() for key, call in runs.items()}
    times = {key: [] for key in runs}
    for _ in range(rounds):
        for key, call in runs.items():
            start = perf_counter()
            call()
            times[key].append(perf_counter() - start)
    reference = "torch" if "torch" in runs else "convcalc"
    base = outputs[reference].ravel()
    medians = {key: statistics.median(values) for key, values in times.items()}
    words = []
    for key, seconds in medians.items():
        error = np.abs(outputs[key].ravel() - base).max() / np.abs(base).max()
        ratio = seconds / medians[reference]
        words.append(f"{key} {seconds * 1e3:.0f} ms ({ratio:.2f}, error {error:.0e})")
    return "  ".join(words)


if __name__ == "__main__":
    main()

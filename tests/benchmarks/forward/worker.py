"""One contestant in a process of its own: builds its net, then makes a pass for every line it gets.

    python tests/benchmarks/forward/worker.py CONTESTANT NET BATCH THREADS OUTPUT.npy

Answers each line on stdin with a line of JSON. The first pass also saves its output, and reports
the memory that the process held at its fullest moment, without the weights.
"""

import json
import sys
from contextlib import nullcontext, suppress
from importlib import import_module
from pathlib import Path
from time import perf_counter

import numpy as np
from net import Net

from convcalc.backend.heap import kept_heap

#: What runs as `convcalc verify` does, and the modules of those that have one of their own.
OURS = ("convcalc", "exact")
OTHERS = {"torch": "torch_way", "onnxruntime": "onnx_way"}


def main():
    who, name, batch, threads, output = sys.argv[1:]
    net = Net(name, int(batch))
    if who in OTHERS:
        call = import_module(OTHERS[who]).build(net, int(threads))
    else:
        call = getattr(import_module("numpy_ways"), who)(net)
    with kept_heap() if who in OURS else nullcontext():
        take_turns(call, net, output)


def take_turns(call, net, output):
    """A pass for every line on stdin."""
    print(json.dumps({"ready": True}), flush=True)
    first = True
    for _ in sys.stdin:
        if first:
            _forget_peak()
        start = perf_counter()
        found = call()
        answer = {"seconds": perf_counter() - start}
        if first:
            answer["above"] = _peak() - net.weight_bytes
            np.save(output, np.asarray(found).ravel())
        first = False
        print(json.dumps(answer), flush=True)


def _forget_peak():
    """Let the peak count from here: what building took in passing is nobody's pass."""
    with suppress(OSError):  # not Linux: the peak includes the building
        Path("/proc/self/clear_refs").write_text("5")


def _peak():
    """The most bytes this process had in memory."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


if __name__ == "__main__":
    main()

"""Forward passes: this NumPy backend, the textbook im2col, PyTorch eager, onnxruntime, in turn.

    python tests/benchmarks/bench_forward.py vgg16 resnet50 --rounds 7

Every contestant has a process of its own with the same weights and inputs, and in every round each
makes one pass, so that a drifting machine hurts all alike and no two thread pools share a process.
Medians, with the median of their ratios to the same round of PyTorch; the largest error relative
to its largest number; the process's peak memory in its first pass without the weights. PyTorch and
onnxruntime take part where they are installed. One thread each unless --threads says more.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np

NETS = ["vgg16", "resnet50", "googlenet", "mobilenet_v2", "alexnet-one-tower"]
WAYS = ["convcalc", "exact", "textbook", "torch", "onnxruntime"]
NEEDS = {"torch": ["torch"], "onnxruntime": ["onnx", "onnxruntime"]}


class Contestant:
    """A process that makes one pass whenever it is told to."""

    def __init__(self, way, net, batch, threads, folder):
        self.way, self.output = way, Path(folder, f"{way}.npy")
        self.seconds, self.above = [], 0
        worker = Path(__file__).parent / "forward" / "worker.py"
        self._process = subprocess.Popen(
            [sys.executable, worker, way, net, str(batch), str(threads), self.output],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(threads),
        )  # fmt: skip
        self._answer()  # built: the next one may start to

    def _answer(self):
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"{self.way} ended early")
        return json.loads(line)

    def turn(self):
        """One pass."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        answer = self._answer()
        self.seconds.append(answer["seconds"])
        self.above = answer.get("above", self.above)

    def close(self):
        """The end of input is the end of the process."""
        self._process.stdin.close()
        self._process.wait()


def environment(threads):
    """What a process is started with."""
    names = ("OPENBLAS", "OMP", "MKL")
    return {**os.environ, **{f"{name}_NUM_THREADS": str(threads) for name in names}}


def product_rate(threads):
    """Multiply-accumulates a second of a plain matrix product."""
    code = "from convcalc.backend.speed import product_rate; print(product_rate('float32'))"
    command = [sys.executable, "-c", code]
    return int(subprocess.check_output(command, text=True, env=environment(threads)))


def compared(net, ways, options):
    """A printed line a contestant."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [Contestant(way, net, options.batch, options.threads, folder) for way in ways]
        for run in runs:  # a first pass warms up
            run.turn()
            run.seconds.clear()
        for _ in range(options.rounds):
            for run in runs:
                run.turn()
        for run in runs:
            run.close()
        base = next((run for run in runs if run.way == "torch"), runs[0])
        expected = np.load(base.output)
        for run in runs:
            ratios = [a / b for a, b in zip(run.seconds, base.seconds, strict=True)]
            error = np.abs(np.load(run.output) - expected).max() / np.abs(expected).max()
            numbers = statistics.median(run.seconds) * 1e3, statistics.median(ratios), error
            shown = "{:9.1f} {:6.2f} {:7.0e}".format(*numbers)
            memory = f"{run.above / 2**20:7.0f}"
            print(f"{net:18} {options.batch:5} {run.way:12} {shown} {memory}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("nets", nargs="*", default=NETS)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--ways", default=",".join(WAYS), help=f"some of {','.join(WAYS)}")
    options = parser.parse_args()
    ways = [way for way in options.ways.split(",") if all(find_spec(n) for n in NEEDS.get(way, ()))]
    rate = product_rate(options.threads) / 1e9
    print(f"matrix product {rate:.0f} G MACs/s, {options.threads} thread(s) a contestant")
    print(f"{'net':18} {'batch':>5} {'way':12} {'ms':>9} {'ratio':>6} {'error':>7} {'MiB':>7}")
    for net in options.nets:
        compared(net, ways, options)


if __name__ == "__main__":
    main()

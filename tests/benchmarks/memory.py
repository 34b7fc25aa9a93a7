"""The memory model beside the analysis it starts from: simulation, allocator, fit.

Run by hand:  python tests/benchmarks/memory.py [NAME ...]     (default: all bundled nets)

CPU milliseconds, the least of several runs in one process; the last lines are chains of convs,
with microseconds a layer.
"""

import gc
import sys
import time
from collections.abc import Callable

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.account import Account
from convcalc.memory.allocator import replay
from convcalc.memory.arena import plan
from convcalc.memory.fit import Simulation, fit
from convcalc.memory.forward import inference
from convcalc.memory.training import training
from convcalc.network.record import Network
from convcalc.spec.document import Overrides
from convcalc.spec.load import load
from convcalc.tree.decode import TRUSTED

_DEVICE, _CONTEXT = 24 << 30, 400 << 20
_HEADS = ("net", "layers", "analyze", "inference", "training", "allocator", "arena", "fit")


def least(function: Callable[[], object], runs: int = 5) -> float:
    """Milliseconds of the fastest run."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return 1000 * min(times)


def row(name: str, network: Network, fits: bool) -> list[float]:
    """Times of one net, printed."""
    analysis: Analysis = analyze(network, Settings())
    trace = training(analysis, 1)
    times = [
        least(lambda: analyze(network, Settings())),
        least(lambda: Account(inference(analysis), 1)),
        least(lambda: Account(training(analysis, 1), 1)),
        least(lambda: replay(trace, 1)),
        least(lambda: plan(analysis), 1),
    ]
    if fits:
        runs = [Simulation(analysis, learning) for learning in (True, False)]
        times.append(least(lambda: [fit(run, _DEVICE, _CONTEXT) for run in runs], 1))
    shown = "".join(f"{value:>11.2f}" for value in times)
    print(f"{name:24}{len(analysis.rows) - 1:>8}{shown}")
    return times


def chain(layers: int) -> bytes:
    """A spec of so many convs in a row."""
    conv = "- conv: {filters: 16, kernel: 3, pad: 1}\n"
    return f"input: 32x32x16\nlayers:\n{conv * layers}".encode()


def main() -> None:
    """Print the table."""
    gc.disable()
    print(f"{_HEADS[0]:24}{_HEADS[1]:>8}" + "".join(f"{head:>11}" for head in _HEADS[2:]))
    for name in sys.argv[1:] or zoo.names():
        row(name, load(f"{name}.yaml", zoo.read(name)), fits=True)
    for layers in (1000, 10000):
        network = load("chain.yaml", chain(layers), Overrides(), TRUSTED)
        times = row(f"chain of {layers}", network, fits=False)
        shown = "".join(f"{1000 * value / layers:>11.2f}" for value in times)
        print(f"{'  microseconds a layer':24}{'':8}{shown}")


if __name__ == "__main__":
    main()

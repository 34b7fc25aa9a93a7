"""A generated net of many layers: read, sized and printed, beside libyaml's bare event stream.

Run by hand:  python tests/benchmarks/large_net.py [LAYERS ...]     (default 1000 10000 100000)

Both run as whole processes in turn; the ratio is also given with each one's start-up (the same
command on a net of one layer) taken off.
"""

import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

CONVCALC = str(Path(sysconfig.get_path("scripts")) / "convcalc")
STREAM = """
import sys, yaml
with open(sys.argv[1], "rb") as file:
    for event in yaml.parse(file, Loader=yaml.CSafeLoader):
        pass
"""


def spec(layers: int) -> str:
    """Seven lines a layer."""
    entries = [
        "- conv:\n    filters: 16\n    kernel: 3\n    stride: 1\n    pad: 1\n    bias: false\n"
        f"  name: c{number}\n"
        for number in range(layers)
    ]
    return f"name: generated\ninput: 32x32x16\nlayers:\n{''.join(entries)}"


def medians(commands: list[list[str]], rounds: int) -> list[float]:
    """Seconds of each command, run in turn."""
    times: list[list[float]] = [[] for _ in commands]
    for _ in range(rounds):
        for command, seconds in zip(commands, times, strict=True):
            start = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            seconds.append(time.perf_counter() - start)
    return [statistics.median(seconds) for seconds in times]


def main() -> None:
    """Measure each size."""
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder, "one.yaml")
        small.write_text(spec(1), encoding="utf-8")
        for layers in map(int, sys.argv[1:] or ("1000", "10000", "100000")):
            path = Path(folder, f"{layers}.yaml")
            path.write_text(spec(layers), encoding="utf-8")
            repeated = Path(folder, "repeated.yaml")
            repeated.write_text(
                "input: 32x32x16\nlayers:\n- conv: {filters: 16, kernel: 3, pad: 1}\n"
                f"  times: {layers}\n",
                encoding="utf-8",
            )
            stream, ours, stream_small, ours_small, times = medians(
                [
                    [sys.executable, "-c", STREAM, str(path)],
                    [CONVCALC, "analyze", "--trusted", str(path)],
                    [sys.executable, "-c", STREAM, str(small)],
                    [CONVCALC, "analyze", "--trusted", str(small)],
                    [CONVCALC, "analyze", str(repeated)],
                ],
                5 if layers <= 10_000 else 3,
            )
            net = (ours - ours_small) / (stream - stream_small)
            print(
                f"{layers:7} layers: events {stream:.3f} s, analyze {ours:.3f} s, "
                f"ratio {ours / stream:.2f}, without start-up {net:.2f}; "
                f"as `times: {layers}` {times:.3f} s"
            )


if __name__ == "__main__":
    main()

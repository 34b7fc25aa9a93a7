"""Whole-process times of the command line beside a bare interpreter, in one run.

Run by hand on an installed wheel:  python tests/benchmarks/startup.py [ROUNDS]

Every round runs each command once, in turn, so that a drifting machine hurts all alike; medians are
printed with their ratio to `python -c pass`. Targets: the table 8, JSON 6, --version and --help 4.
Give the folder of another environment's `python` as TORCHINFO_ENV to compare with torchinfo there
(it needs torch and torchinfo).
"""

import os
import statistics
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

SCRIPTS = Path(sysconfig.get_path("scripts"))
CONVCALC = str(SCRIPTS / "convcalc")
TORCHINFO = """
import torch, torchinfo
def conv(i, o):
    return [torch.nn.Conv2d(i, o, 3, padding=1), torch.nn.ReLU(inplace=True)]
layers, channels = [], 3
for width in (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0):
    layers += conv(channels, width) if width else [torch.nn.MaxPool2d(2)]
    channels = width or channels
layers += [torch.nn.Flatten()]
for inputs, units in ((25088, 4096), (4096, 4096)):
    layers += [torch.nn.Linear(inputs, units), torch.nn.ReLU(), torch.nn.Dropout()]
layers += [torch.nn.Linear(4096, 1000)]
print(torchinfo.summary(torch.nn.Sequential(*layers), (1, 3, 224, 224)))
"""


def measured(command: list[str], terminal: bool) -> tuple[float, int]:
    """Seconds and peak KiB of one run, its output on a pseudo-terminal or thrown away."""
    if terminal:
        leader, follower = os.openpty()
    else:
        leader, follower = -1, os.open(os.devnull, os.O_WRONLY)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=follower, stderr=subprocess.DEVNULL)
    os.close(follower)
    while terminal:
        try:
            if not os.read(leader, 65536):
                break
        except OSError:  # the other end is closed
            break
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    seconds = time.perf_counter() - start
    if terminal:
        os.close(leader)
    return seconds, usage.ru_maxrss


def main() -> None:
    """Measure all commands in turn and print their medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    commands: list[tuple[str, list[str], bool]] = [
        ("python -c pass", [sys.executable, "-c", "pass"], False),
        ("import click, yaml", [sys.executable, "-c", "import click, yaml"], False),
        ("analyze vgg16 (terminal)", [CONVCALC, "analyze", "vgg16"], True),
        ("analyze vgg16 --format json", [CONVCALC, "analyze", "vgg16", "--format", "json"], False),
        ("check vgg16", [CONVCALC, "check", "vgg16"], False),
        ("--help", [CONVCALC, "--help"], False),
        ("--version", [CONVCALC, "--version"], False),
    ]
    other = os.environ.get("TORCHINFO_ENV")
    if other:
        commands.append(("torchinfo, VGG-16", [f"{other}/python", "-c", TORCHINFO], False))
    results: dict[str, list[tuple[float, int]]] = {name: [] for name, _, _ in commands}
    for _ in range(rounds):
        for name, command, terminal in commands:
            results[name].append(measured(command, terminal))
    bare = statistics.median(seconds for seconds, _ in results["python -c pass"])
    for name, runs in results.items():
        seconds = statistics.median(run[0] for run in runs)
        peak = max(run[1] for run in runs) / 1024
        print(f"{name:28} {seconds * 1000:8.1f} ms  {seconds / bare:6.2f} x  {peak:6.0f} MiB")


if __name__ == "__main__":
    subprocess.run([CONVCALC, "--version"], check=True)
    main()

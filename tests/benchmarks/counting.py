"""Processor time of `analyze --as all` beside plain `analyze`, on ResNet-152.

Run by hand:  python tests/benchmarks/counting.py [ROUNDS]

Every round runs each command once, in turn; the least of each is printed with its ratio to plain
`analyze`. Target: 1.2.
"""

import resource
import subprocess
import sys

PLAIN = [sys.executable, "-m", "convcalc", "analyze", "resnet152"]
COMMANDS = {
    "analyze": PLAIN,
    "--as fvcore": [*PLAIN, "--as", "fvcore"],
    "--as all": [*PLAIN, "--as", "all"],
}


def seconds(command: list[str]) -> float:
    """User and system time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print a line a command."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    least = {name: min(found) for name, found in times.items()}
    for name, found in least.items():
        print(f"{name:12}  {1000 * found:5.0f} ms  {found / least['analyze']:.2f}")


if __name__ == "__main__":
    main()

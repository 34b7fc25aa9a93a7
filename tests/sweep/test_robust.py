"""Runs that are killed, interrupted, out of room or unheard: rows are whole, none is lost."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_sweep import SPEC

from convcalc.cli import run
from convcalc.sweep.executors import workers

GRID = ("--set", "width=1..150", "--set", "depth=1,2,40", "--columns", "params,macs")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")


@pytest.fixture(autouse=True)
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(SPEC, encoding="utf-8")


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "convcalc", "sweep", "net.yaml", *GRID, *words]


#: rows are written a few at a time, so that a run is met between two writes on any machine
FEW_AT_A_TIME = """
import sys
from convcalc.cli import run, sweep_rows
sweep_rows._WAITING = 4
sys.exit(run(sys.argv[1:]))
"""


def grown(process: "subprocess.Popen[bytes]", path: Path, size: int) -> bool:
    """Wait until a file has so many bytes; whether the run goes on."""
    while process.poll() is None:
        if path.exists() and path.stat().st_size >= size:
            return True
        time.sleep(0.002)
    return False


def test_there_are_no_more_processes_than_variants() -> None:
    with workers(None, 100_000, 2) as found:
        assert found.number == 2


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("rows.csv", ("--processes", "1")),
        ("rows.jsonl", ("--processes", "2", "--where", "macs>9M")),
    ],
)
def test_a_run_that_is_killed_again_and_again_ends_with_the_same_bytes(
    name: str, extra: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sweep", "net.yaml", *GRID, *extra, "-o", f"whole-{name}"]) == 0
    whole = Path(f"whole-{name}").read_bytes()
    part = Path(name)
    chance = random.Random(7)
    kills = 0
    for _ in range(4):
        size = part.stat().st_size if part.exists() else 0
        words = [sys.executable, "-c", FEW_AT_A_TIME, *command(*extra, "--resume", name)[3:]]
        with subprocess.Popen(words, stderr=subprocess.PIPE) as process:
            if grown(process, part, size + chance.randrange(1, len(whole) // 3)):
                process.kill()
                kills += 1
        left = part.read_bytes()
        assert whole.startswith(left) or left == whole
    assert run(["sweep", "net.yaml", *GRID, *extra, "--resume", name]) == 0
    assert part.read_bytes() == whole and kills


def test_a_disk_that_fills_leaves_whole_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "net.yaml", *GRID, "-o", "whole.csv"]) == 0
    whole = Path("whole.csv").read_bytes()
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (3001, 3001)); "
        "from convcalc.cli import run; sys.exit(run(sys.argv[1:]))"
    )
    words = [*command("-o", "rows.csv", "--processes", "1")[3:]]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert done.returncode == 2
    assert "the rows so far are whole, --resume goes on" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    left = Path("rows.csv").read_bytes()
    assert 2900 < len(left) <= 3001 and left.endswith(b"\n") and whole.startswith(left)
    assert run(["sweep", "net.yaml", *GRID, "--resume", "rows.csv"]) == 0
    assert Path("rows.csv").read_bytes() == whole


@pytest.mark.parametrize("processes", ["1", "2"])
def test_an_interrupted_run_keeps_whole_rows(
    processes: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sweep", "net.yaml", "--set", "width=1..100000", "--columns", "macs"]
    words += ["--processes", processes, "-o", "rows.csv"]
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from convcalc.cli import run; sys.exit(run(sys.argv[1:]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, *words], stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        assert grown(process, Path("rows.csv"), 2000)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
        _, told = process.communicate()
    assert process.returncode == 130 and told.strip() == b"interrupted"
    left = Path("rows.csv").read_bytes()
    assert left.endswith(b",\n") and left.startswith(b"width,macs,findings\n1,")
    numbers = [int(line.split(b",")[0]) for line in left.splitlines()[1:]]
    assert numbers == [*range(1, len(numbers) + 1)]


def test_nobody_reads_on() -> None:
    line = " ".join(map(repr, command("--format", "csv", "--processes", "2"))) + " | head -n 2"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True)
    assert done.stdout == "width,depth,params,macs,findings\n1,1,2598,30208,\n"
    assert done.stderr == "" and done.returncode == 0


def test_a_worker_that_is_killed_costs_nothing() -> None:
    code = """
import os, signal, sys
from convcalc.sweep import run as swept
from convcalc.cli import run
whole = swept.work
def work(plan, grid, piece):
    try:
        os.close(os.open("killed", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return whole(plan, grid, piece)
    os.kill(os.getpid(), signal.SIGKILL)
swept.work = work
sys.exit(run(sys.argv[1:]))
"""
    words = command("--processes", "2", "-o", "rows.csv")[3:]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert (done.returncode, Path("killed").exists()) == (0, True), done.stderr
    assert run(["sweep", "net.yaml", *GRID, "-o", "whole.csv"]) == 0
    assert Path("rows.csv").read_bytes() == Path("whole.csv").read_bytes()


def test_equal_variants_of_a_sample_are_not_made_again(capsys: pytest.CaptureFixture[str]) -> None:
    """A hypercube over few values draws some variants several times."""
    words = ["sweep", "net.yaml", "--set", "width=1..3", "--set", "depth=1..9", "--sample", "20"]
    words += ["--where", "width < 3", "--columns", "params", "--seed", "5"]
    assert run([*words, "-o", "whole.csv"]) == 0
    whole = Path("whole.csv").read_bytes()
    lines = whole.splitlines(keepends=True)
    assert len(set(lines)) < len(lines)
    for count in range(1, len(lines) + 1):
        Path("part.csv").write_bytes(b"".join(lines[:count]))
        assert run([*words, "--resume", "part.csv"]) == 0
        assert Path("part.csv").read_bytes() == whole, count

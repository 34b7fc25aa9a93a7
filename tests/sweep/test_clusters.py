"""Real clusters on this machine: a worker that dies in the middle costs no row."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from small_sweep import SPEC

from convcalc.cli import run

GRID = ("--set", "width=1..300", "--set", "depth=1,60", "--columns", "params,training_memory")


def needs(package: str) -> pytest.MarkDecorator:
    there = importlib.util.find_spec(package) is not None
    return pytest.mark.skipif(not there or os.name != "posix", reason=f"needs {package}")


@pytest.fixture(autouse=True)
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DASK_DISTRIBUTED__ADMIN__TICK__LIMIT", "1h")
    Path("net.yaml").write_text(SPEC, encoding="utf-8")


@contextmanager
def running(*commands: list[str]) -> "Iterator[list[subprocess.Popen[bytes]]]":
    """Processes, each a group of its own, that are ended afterwards."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            with open(f"log-{len(started)}", "wb") as log:
                process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
            started.append(process)
        yield started
    finally:
        for process in started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def until(file: Path, size: int, process: "subprocess.Popen[bytes]") -> bool:
    """Wait until a file has so many bytes; whether the process goes on."""
    while process.poll() is None:
        if file.exists() and file.stat().st_size >= size:
            return True
        time.sleep(0.01)
    return False


@contextmanager
def dask_cluster() -> "Iterator[tuple[str, list[subprocess.Popen[bytes]]]]":
    """A scheduler on a port that it chooses, and two workers."""
    own = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-jupyter"]
    start = [sys.executable, "-c", "from dask.__main__ import main; main()"]
    found = Path("scheduler.json")
    scheduler = [*start, "scheduler", *own, "--scheduler-file", str(found)]
    with running(scheduler) as (first,):
        assert until(found, 10, first), Path("log-0").read_text()
        import json

        address = json.loads(found.read_text())["address"]
        worker = [*start, "worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
        with running(worker, worker) as workers:
            yield address, workers


@needs("distributed")
def test_a_dask_worker_that_is_killed_costs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "net.yaml", *GRID, "-o", "whole.csv"]) == 0
    with dask_cluster() as (address, workers):
        words = ["sweep", "net.yaml", *GRID, "--on", f"dask:{address}", "-o", "rows.csv"]
        command = [sys.executable, "-m", "convcalc", *words]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
            assert until(Path("rows.csv"), 1000, process), process.communicate()[1]
            os.killpg(workers[0].pid, signal.SIGKILL)
            _, told = process.communicate()
        assert process.returncode == 0, told
        # Dask may say before it that it asks for a piece again
        assert told.endswith(b"600 variants, 600 rows written to rows.csv\n")
        assert Path("rows.csv").read_bytes() == Path("whole.csv").read_bytes()


@needs("distributed")
def test_no_scheduler_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "net.yaml", *GRID, "--on", "dask:tcp://127.0.0.1:1"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("Error: no Dask scheduler at tcp://127.0.0.1:1: ")
    assert len(err.splitlines()) == 1


@needs("ray")
def test_a_ray_worker_that_is_killed_costs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    code = """
import os, pathlib, signal, sys
from convcalc.sweep import run as swept
from convcalc.cli import run
whole, killed = swept.work, str(pathlib.Path("killed").absolute())
def work(plan, grid, piece):
    try:
        os.close(os.open(killed, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return whole(plan, grid, piece)
    os.kill(os.getpid(), signal.SIGKILL)
swept.work = work
sys.exit(run(sys.argv[1:]))
"""
    words = ["sweep", "net.yaml", "--set", "width=1..60", "--columns", "params"]
    command = [sys.executable, "-c", code, *words, "--on", "ray:local", "-o", "rows.csv"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, Path("killed").exists()) == (0, True), done.stderr
    assert run([*words, "-o", "whole.csv"]) == 0
    assert Path("rows.csv").read_bytes() == Path("whole.csv").read_bytes()


@needs("ray")
@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1"])
def test_no_ray_is_one_line(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "net.yaml", *GRID, "--on", f"ray:{address}"]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"Error: no Ray cluster at {address}: ") and len(err.splitlines()) == 1


@pytest.mark.parametrize(("kind", "package"), [("dask", "distributed"), ("ray", "ray")])
def test_without_the_package(
    kind: str, package: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    assert run(["sweep", "net.yaml", *GRID, "--on", f"{kind}:somewhere"]) == 2
    message = f"--on {kind} needs the package {package}: pip install 'convcalc[{kind}]'"
    assert capsys.readouterr().err == f"Error: {message}\n"

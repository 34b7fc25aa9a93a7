"""Signals that end the command line: no file beside the target stays, nor a folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of Unix")

#: a process that writes `out`, says so, and waits for its end
PROGRAM = """
import os, signal, sys
from convcalc import process
from convcalc.unfinished import short_lived_folder
from convcalc.whole_file import whole_file
process.is_ours = sys.argv[1] == "ours"
hangup = signal.SIG_IGN if sys.argv[2] == "ignored" else signal.SIG_DFL
signal.signal(signal.SIGHUP, hangup)  # the tests themselves may run under `nohup`
with whole_file("out") as file:
    file.write(b"half of it")
    file.flush()
    with short_lived_folder() as folder, whole_file("other"):
        open(os.path.join(folder, "model"), "wb").close()
        if sys.argv[2] == "child" and os.fork() == 0:
            os.kill(os.getpid(), signal.SIGTERM)
        if sys.argv[2] == "child":
            assert os.wait()[1] == signal.SIGTERM
        print("ready", flush=True)
        assert sys.stdin.read() == ""
"""


def _ended(number: int, cwd: Path, *words: str) -> tuple[int, list[str]]:
    """The exit status of the program after a signal, and what is left."""
    (cwd / "out").write_bytes(b"before")
    (cwd / "tmp").mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words],
        cwd=cwd,
        env={**os.environ, "TMPDIR": str(cwd / "tmp")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdin and program.stdout
        assert program.stdout.readline() == "ready\n"
        program.send_signal(number)
        program.stdin.close()
        status = program.wait(60)
    return status, sorted(str(path.relative_to(cwd)) for path in cwd.rglob("*"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_old_files_alone(number: int, tmp_path: Path) -> None:
    assert _ended(number, tmp_path, "ours", "") == (-number, ["out", "tmp"])
    assert (tmp_path / "out").read_bytes() == b"before"


def test_a_signal_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    """As under `nohup`."""
    assert _ended(signal.SIGHUP, tmp_path, "ours", "ignored") == (0, ["other", "out", "tmp"])
    assert (tmp_path / "out").read_bytes() == b"half of it"


def test_a_child_that_is_ended_removes_nothing_of_its_parent(tmp_path: Path) -> None:
    assert _ended(signal.SIGCONT, tmp_path, "ours", "child") == (0, ["other", "out", "tmp"])


def test_the_signals_of_a_program_that_imports_us_are_its_own(tmp_path: Path) -> None:
    status, left = _ended(signal.SIGTERM, tmp_path, "theirs", "")
    assert status == -signal.SIGTERM and len(left) == 6  # two files beside, a folder with a file


def test_afterwards_the_signals_are_as_they_were(tmp_path: Path, monkeypatch) -> None:
    from convcalc import process
    from convcalc.whole_file import whole_file

    monkeypatch.setattr(process, "is_ours", True)
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]
    with whole_file(str(tmp_path / "out")) as file:
        file.write(b"1")
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)] == before

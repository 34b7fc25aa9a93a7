"""Streams that are full, closed or no text: one line and exit 2, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import convcalc

COMMANDS = ["--version", "--help", "list", "analyze vgg16", "analyze vgg16 --format json"]


def shell(line: str) -> "subprocess.CompletedProcess[str]":
    """A line of sh in which $c is convcalc, so that streams can be closed."""
    environment = {**os.environ, "PYTHONPATH": str(Path(convcalc.__file__).parent.parent)}
    environment["c"] = f"{sys.executable} -m convcalc"
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, env=environment)


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix limits files")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_exits_2_with_one_line(command, tmp_path) -> None:
    result = shell(f"ulimit -f 0; $c {command} > {tmp_path}/full")
    assert result.returncode == 2
    assert result.stderr == "Error: cannot write: File too large\n"


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix closes the streams")
@pytest.mark.parametrize("command", COMMANDS)
def test_nobody_listens_and_the_exit_code_stays(command) -> None:
    result = shell(f"$c {command} >&-")
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix closes the streams")
def test_errors_need_no_stream() -> None:
    assert shell("$c analyze nosuch.yaml 2>&-").returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix limits files")
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("analyze nosuch", 2),
        ("analyze --inptu", 2),
        ("check nosuch alexnet", 2),
        ("analyze vgg16 -o $d/file", 2),
        ("fit --memory 1GiB --net conv40-4p0 --input 8x8x3", 1),
        ("analyze --net conv40-4p0 --input 8x8x3 --format csv", 1),
        ("analyze alexnet", 0),
    ],
)
def test_errors_that_nobody_can_take_change_no_exit_code(command, code, tmp_path) -> None:
    line = f"d={tmp_path}; ulimit -f 0; $c {command} 2> $d/full"
    assert shell(line).returncode == code


def test_an_interrupt_while_the_command_line_is_loaded_exits_130() -> None:
    code = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a parent may have it ignored
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "convcalc.cli":
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
sys.meta_path.insert(0, Finder())
sys.argv = ["convcalc", "list"]
from convcalc.__main__ import main
main()
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(convcalc.__file__).parent.parent)}
    run = [sys.executable, "-c", code]
    result = subprocess.run(run, capture_output=True, text=True, env=environment)
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "interrupted\n")


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix closes the streams")
@pytest.mark.parametrize("command", ["analyze -", "check -"])
def test_a_closed_input_is_said(command) -> None:
    result = shell(f"$c {command} <&-")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "Error: standard input is closed: name a file, or pipe one\n"


@pytest.mark.parametrize("encoding", ["idna", "undefined", "utf-16", "ascii:strict", "cp037"])
@pytest.mark.parametrize(("command", "code"), [*((c, 0) for c in COMMANDS), ("analyze nosuch", 2)])
def test_an_encoding_of_no_text_changes_no_exit_code(encoding, command, code, tmp_path) -> None:
    out, err = tmp_path / "out", tmp_path / "err"
    run = shell(f"PYTHONIOENCODING={encoding} $c {command} > {out} 2> {err}")
    assert (run.returncode, out.stat().st_size > 9) == (code, not code)
    known = encoding if encoding in {"utf-16", "cp037"} else "utf-8"
    assert code == 0 or err.read_bytes().decode(known).startswith("Error: no file nosuch")


def test_a_profiler_still_gets_its_turn_at_the_end() -> None:
    code = "import sys; sys.argv = ['convcalc', '--version']; from convcalc.__main__ import main; "
    watched = "import atexit; atexit.register(print, 'over'); sys.setprofile(lambda *_: None); "
    run = [sys.executable, "-c", code + "import sys; " + watched + "main()"]
    environment = {**os.environ, "PYTHONPATH": str(Path(convcalc.__file__).parent.parent)}
    result = subprocess.run(run, capture_output=True, text=True, env=environment)
    assert result.stdout.splitlines() == [f"convcalc {convcalc.__version__}", "over"]

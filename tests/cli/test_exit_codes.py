"""0 clean, 1 findings, 2 could not do the job, 3 a bug, 130 Ctrl-C; a closed pipe is quiet."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import convcalc
from convcalc.analysis.record import Analysis
from convcalc.study import outcome


def test_a_clean_net_exits_0_and_says_nothing_on_stderr(convcalc_) -> None:
    result = convcalc_("analyze", "small.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Small  input 8x8x3")


def test_findings_exit_1_and_every_row_is_printed(convcalc_) -> None:
    result = convcalc_("analyze", "broken.yaml")
    assert (result.exit_code, result.stderr) == (1, "")
    assert [w in result.stdout for w in ("conv1", "max_pool1", "fc1", "CC101")] == [True] * 4


def test_what_is_not_yaml_is_a_finding(convcalc_) -> None:
    Path("bad.yaml").write_text("a: [", encoding="utf-8")
    for command in ("analyze", "check"):
        assert convcalc_(command, "bad.yaml").exit_code == 1


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("analyze", "missing.yaml"), "no file missing.yaml and no bundled net of that name"),
        (("analyze", "alexnte"), "did you mean alexnet?"),
        (("analyze", "."), ". is a directory: name a file, or `convcalc check .`"),
        (("analyze", "fifo"), "fifo is not a regular file: pipe it to `-` instead"),
        (("analyze", "small.yaml/x"), "cannot read small.yaml/x: Not a directory"),
        (("analyze", "a\0b"), "cannot read 'a\\x00b': embedded null byte"),
        (("analyze", "x" * 5000), "x... and no bundled net of that name"),
        (("analyze",), "no SPEC: a file, - for stdin, a bundled name"),
        (("analyze", "small.yaml", "--net", "relu"), "give either SPEC or --net, not both"),
        (("analyze", "small.yaml", "--inptu", "8x8x3"), "no option --inptu: did you mean --input?"),
        (
            ("analyze", "small.yaml", "--input", "8by8"),
            "'8by8' is not a size: sizes look like 224x224x3",
        ),
        (("analyze", "small.yaml", "--batch", "0"), "--batch"),
        (
            ("analyze", "small.yaml", "--weight-decay", "nan"),
            "expected a finite number from 0 on, got 'nan'",
        ),
        (
            ("analyze", "small.yaml", "--weight-decay", "1e400"),
            "expected a finite number from 0 on, got '1e400'",
        ),
        (("analyze", "small.yaml", "--weight-decay", "-1"), "--weight-decay"),
        (
            ("fit", "small.yaml", "--weight-decay", "inf"),
            "expected a finite number from 0 on, got 'inf'",
        ),
        (("analyze", "small.yaml", "--format", "xml"), "--format"),
        (("analyze", "small.yaml", "--set", "width"), "'width' is not NAME=VALUE"),
        (
            ("analyze", "small.yaml", "--set", "width=010"),
            "010 is read differently by",
        ),
        (("analyze", "small.yaml", "--set", "widht=4"), "no variable 'widht': did you mean width?"),
        (("analyze", "vgg16", "--set", "x=4"), "no variable 'x': it has none"),
        (("analyze", "small.yaml", "vgg16", "--set", "width=4"), "--set is for one SPEC"),
        (("analyze", "two.yaml", "--input", "8x8x3"), "has 2 inputs (a, b): --input is for one"),
        (
            ("analyze", "small.yaml", "-o", "no/such/file"),
            "cannot write no/such/file: No such file",
        ),
        (("analyze", "small.yaml", "-o", "."), "cannot write .: "),
        (("show", "alexnte"), "no bundled net 'alexnte': did you mean alexnet?"),
        (("nosuch",), "no command 'nosuch'"),
    ],
)
def test_what_cannot_be_done_exits_2_with_one_line(convcalc_, args, told) -> None:
    os.mkfifo("fifo")
    Path("two.yaml").write_text(
        "inputs: {a: 8x8x3, b: 8x8x3}\nlayers: [{add: , from: [a, b]}]", encoding="utf-8"
    )
    result = convcalc_(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    message = result.stderr.splitlines()[-1]
    assert message.startswith("Error: ")
    assert told in message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_exits_2(convcalc_) -> None:
    Path("small.yaml").chmod(0)
    result = convcalc_("analyze", "small.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Permission denied" in result.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), 2),
        (RuntimeError("can't start new thread"), 2),
        (ImportError("x.so: failed to map segment from shared object"), 2),
        (RuntimeError("oh"), 3),
        (ImportError("No module named x"), 3),
    ],
)
def test_memory_that_the_machine_does_not_give_is_no_bug(
    convcalc_, monkeypatch, error: Exception, code: int
) -> None:
    def without(*_: object) -> Analysis:
        raise error

    monkeypatch.setattr(outcome, "analyze", without)
    result = convcalc_("analyze", "small.yaml")
    assert (result.exit_code, result.stdout) == (code, "")
    assert ("the machine gave no more memory" in result.stderr) == (code == 2)


def test_a_bug_exits_3_with_one_line_and_its_traceback_with_debug(convcalc_, monkeypatch) -> None:
    def broken(*_: object) -> Analysis:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(outcome, "analyze", broken)
    result = convcalc_("analyze", "small.yaml")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "this is a bug in convcalc (ZeroDivisionError)" in result.stderr
    assert "Traceback" not in result.stderr
    debugged = convcalc_("--debug", "analyze", "small.yaml")
    assert (debugged.exit_code, debugged.stdout) == (3, "")
    assert "Traceback" in debugged.stderr and "ZeroDivisionError: oh" in debugged.stderr


def test_an_interrupt_exits_130(convcalc_, monkeypatch) -> None:
    def interrupted(*_: object) -> Analysis:
        raise KeyboardInterrupt

    monkeypatch.setattr(outcome, "analyze", interrupted)
    result = convcalc_("analyze", "small.yaml")
    assert (result.exit_code, result.stdout, result.stderr.strip()) == (130, "", "interrupted")


def test_ctrl_c_while_stdin_is_read_exits_130(process) -> None:
    code = (
        "import os, signal, sys, time\nfrom convcalc.cli import run\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Stdin:\n"
        "    def read(self, most):\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n        time.sleep(5)\n"
        "sys.stdin = type('Text', (), {'buffer': Stdin()})()\n"
        "sys.exit(run(['analyze', '-']))"
    )
    result = process(code=code)
    assert (result.returncode, result.stdout, result.stderr.strip()) == (130, "", "interrupted")


def test_a_closed_pipe_is_quiet(tmp_path) -> None:
    command = [sys.executable, "-m", "convcalc", "analyze", "resnet152", "--expand"]
    path = str(Path(convcalc.__file__).resolve().parent.parent)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    ) as running:  # fmt: skip
        assert running.stdout and running.stderr
        running.stdout.read(1)
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 0

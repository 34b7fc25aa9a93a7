"""`demo` at the keyboard: steps in place on a terminal of its own (a pty), which it restores."""

import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("pty")
termios = pytest.importorskip("termios")
from terminals import PATIENCE, Terminal  # noqa: E402 - of Unix alone

ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"
INTERRUPTIBLE = (
    "import signal, sys\nfrom convcalc.cli import run\n"
    "signal.signal(signal.SIGINT, signal.default_int_handler)  # a parent may have it ignored\n"
    "sys.exit(run(sys.argv[1:]))"
)


def demonstrating(folder: Path, columns: int = 80, rows: int = 24, code: str = "") -> Terminal:
    return Terminal(["demo"], folder, columns, rows, "quit", code)


def restored(demo: Terminal) -> bool:
    """Whether the other screen was entered and left once, with the cursor shown at the end."""
    once = demo.raw.count(ENTER) == demo.raw.count(LEAVE) == 1
    return once and demo.raw.rindex(b"\x1b[?25h") > demo.raw.rindex(b"\x1b[?25l")


def test_keys_step_in_place(tmp_path) -> None:
    with demonstrating(tmp_path) as demo:
        assert "0 - 2 + 1 + 1 = 0" in demo.until("step 1 of 18: output [0, 0, 0]")
        lines = demo.frame.splitlines()
        assert len(lines) == 24 and max(map(len, lines)) == 80, "the whole screen, nothing left"
        for key, step in ((" ", 2), ("n", 3), ("b", 2), ("\x1b[C", 3), ("1", 3), ("8", 3)):
            demo.press(key)
            demo.until(f"step {step} of 18")
        demo.until("to step 18")
        demo.press("\r")
        demo.until("step 18 of 18: output [2, 2, 1]", without="to step")
        assert demo.leave() == 0
        assert restored(demo)
        assert not re.search(rb"\x1b\[[0-3]?[JK]", demo.raw), "nothing is cleared, so no flicker"


@pytest.mark.parametrize("keys", [" nb18\r", "\x1b[C\x1b[C\x1b[D18\r"])
def test_keys_that_come_together_are_taken_one_by_one(tmp_path, keys) -> None:
    with demonstrating(tmp_path) as demo:
        demo.until("step 1 of 18")
        demo.press(keys)
        demo.until("step 18 of 18")
        assert demo.leave("bq never") == 0
        assert restored(demo)


@pytest.mark.parametrize("key", ["Q", "\x1b", "\x04"])
def test_keys_that_quit(tmp_path, key) -> None:
    """Escape and the end of input (Ctrl-D) too."""
    with demonstrating(tmp_path) as demo:
        demo.until("step 1 of 18")
        assert demo.leave(key) == 0
        assert restored(demo)


def test_ctrl_c_restores_the_terminal(tmp_path) -> None:
    with demonstrating(tmp_path, code=INTERRUPTIBLE) as demo:
        demo.until("step 1 of 18")
        demo.process.send_signal(signal.SIGINT)
        assert demo.leave("") == 130
        assert restored(demo)
        assert demo.raw.rpartition(LEAVE)[2].split() == [b"interrupted"]


def test_another_size_is_drawn_anew_and_long_lines_go_on_below(tmp_path) -> None:
    with demonstrating(tmp_path, 120, 40) as demo:
        demo.until("step 1 of 18")
        termios.tcsetwinsize(demo.master, (30, 24))
        demo.process.send_signal(signal.SIGWINCH)  # as its shell's terminal does
        shown = demo.until("quit", without="b: back")
        lines = shown.splitlines()
        assert max(map(len, lines)) <= 24 and len(lines) <= 30
        assert lines[-1].strip() == "jump   q: quit"
        assert demo.leave() == 0
        assert restored(demo)


def test_a_small_terminal_shows_the_end_and_scrolls(tmp_path) -> None:
    with demonstrating(tmp_path, 80, 12) as demo:
        assert "step 1 of 18" not in demo.until("0 - 2 + 1 + 1 = 0")
        demo.press("\x1b[5~\x1b[5~\x1b[5~")  # beyond the first line
        top = demo.until("step 1 of 18", without="0 - 2 + 1 + 1 = 0").splitlines()
        assert top[0].startswith("conv1") and "q: quit" in top[-1]
        demo.press("\x1b[6~")
        demo.until("sum -2", without="step 1 of 18")
        demo.press("\x1b[6~\x1b[6~")
        assert "q: quit" in demo.until("0 - 2 + 1 + 1 = 0").splitlines()[-1]
        assert demo.leave() == 0


def started(folder: Path, terminal: int, term: str) -> "subprocess.Popen[bytes]":
    kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    return subprocess.Popen(
        [sys.executable, "-m", "convcalc", "demo"], cwd=folder, start_new_session=True,
        stdin=terminal, stdout=terminal, stderr=subprocess.PIPE, env=kept | {"TERM": term},
    )  # fmt: skip


def test_a_terminal_that_is_gone_ends_it(tmp_path) -> None:
    leader, follower = os.openpty()
    with started(tmp_path, follower, "xterm") as running:
        drawn = b""
        while b"quit" not in drawn:
            drawn += os.read(leader, 65536)
        os.close(leader)
        assert running.wait(PATIENCE) == 0
        assert running.stderr is not None and running.stderr.read() == b""
    os.close(follower)


def test_a_terminal_that_cannot_be_drawn_on_gets_the_text(tmp_path) -> None:
    leader, follower = os.openpty()
    with started(tmp_path, follower, "dumb") as running:
        os.close(follower)
        text = b""
        with suppress(OSError):  # Linux says so at the end, others send nothing
            while read := os.read(leader, 65536):
                text += read
        assert running.wait(PATIENCE) == 0
    os.close(leader)
    assert text.count(b"output [") == 18 and b"\x1b" not in text

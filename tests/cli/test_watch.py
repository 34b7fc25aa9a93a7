"""`watch` as a user has it: in a terminal of its own (a pty), and into a pipe."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from convcalc.report.drawing.palette import Palette
from convcalc.report.watch import screen
from convcalc.study.outcome import Case
from convcalc.study.watched import begin, saved

pytest.importorskip("watchfiles")
pytest.importorskip("pty")
termios = pytest.importorskip("termios")
from terminals import PATIENCE, Terminal  # noqa: E402 - of Unix alone

NET = "input: 32x32x3\nlayers:\n  - conv3-16\n  - relu\n  - pool2\n  - fc-10\n"
WIDER = NET.replace("conv3-16", "conv3-32")
FAULTY = NET.replace("pool2", "pol2")


def watching(file: Path, columns: int, rows: int) -> Terminal:
    return Terminal(["watch", file.name], file.parent, columns, rows, "q quit")


@pytest.fixture
def net(tmp_path):
    file = tmp_path / "net.yaml"
    file.write_text(NET)
    return file


@pytest.mark.parametrize("columns", [80, 200])
def test_a_save_is_marked_in_the_table(net, columns) -> None:
    with watching(net, columns, 40) as watch:
        first = watch.until("0 saves, no errors", "[t] table")
        assert "  was" not in first and "fc 10" in first
        net.write_text(WIDER)
        lines = watch.until("1 save, no errors").splitlines()
        assert max(map(len, lines)) <= columns and len(lines) <= 40
        (conv,) = [n for n, line in enumerate(lines) if line.startswith("~ conv1")]
        params = (str(32 * 28), str(16 * 28))
        assert params == ("896", "448")
        assert "32x32x32" in lines[conv] and params[0] in lines[conv].split()
        assert lines[conv + 1].startswith("  was") and "32x32x16" in lines[conv + 1]
        assert params[1] in lines[conv + 1].split()
        assert lines[conv].index("32x32x32") == lines[conv + 1].index("32x32x16")
        net.write_text(WIDER + "\n# nothing of the net\n")
        assert "  was" not in watch.until("2 saves, no errors")
        assert watch.leave() == 0


def test_the_last_good_table_stays_beside_a_fault_and_the_exit_code_says_so(net) -> None:
    with watching(net, 80, 40) as watch:
        watch.until("0 saves")
        net.write_text(FAULTY)
        shown = watch.until("1 save, 1 error")
        assert shown.index("error[CC011]") < shown.index("the table before this fault")
        assert "max pool 2x2" in shown
        net.unlink()
        assert "no file" in watch.until("cannot be read")
        net.write_text(FAULTY)
        watch.until("1 error")
        assert watch.leave("Q") == 1


def test_keys_switch_the_view_and_scroll(net) -> None:
    with watching(net, 100, 12) as watch:
        top = watch.until("0 saves").splitlines()[0]
        for key, title, word in (
            ("m", "[m] memory", "live bytes"), ("s", "[s] sizes", "sizes"),
            ("f", "[f] findings", "no errors"), ("t", "[t] table", "net.yaml"),
        ):  # fmt: skip
            watch.press(key)
            assert word in watch.until(title)
        watch.press("\x1b[B" * 3)  # three arrows in one go
        assert watch.until("arrows", without=top).splitlines()[0] != top
        watch.press("\x1b[5~x?\x1b")  # a page up; keys that mean nothing
        assert watch.until(top).splitlines()[0] == top
        watch.press("  ")  # two pages down: the end stays at the bottom
        whole = screen.body(begin(Case(str(net))), "t", Palette(width=100)).splitlines()
        assert watch.until("arrows", without=top).splitlines()[-2] == whole[-1]
        assert watch.leave() == 0


def test_the_terminal_is_as_it_was_and_another_size_is_heeded(net) -> None:
    with watching(net, 200, 40) as watch:
        assert "share of activations" in watch.until("0 saves")
        assert not termios.tcgetattr(watch.master)[3] & termios.ICANON
        termios.tcsetwinsize(watch.master, (20, 80))
        watch.process.send_signal(signal.SIGWINCH)  # as its shell's terminal does
        shown = watch.until("0 saves", "not shown in 80 columns")
        assert max(map(len, shown.splitlines())) <= 80
        assert watch.leave() == 0
        assert watch.raw.count(b"\x1b[?1049h") == watch.raw.count(b"\x1b[?1049l") == 1
        assert watch.raw.rstrip().endswith(b"\x1b[?1049l")


def test_a_configuration_that_is_saved_is_read(net) -> None:
    config = net.parent / "pyproject.toml"
    with watching(net, 120, 40) as watch:
        watch.until("0 saves, no errors")
        config.write_text("[tool.convcalc]\nmax-params = 10\n")
        assert "error[CC131]" in watch.until("1 save, 1 error")
        config.unlink()
        watch.until("2 saves, no errors")
        assert watch.leave() == 0


def lines_of(net: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "convcalc", "watch", net.name], cwd=net.parent, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip


def test_a_pipe_gets_plain_lines(net) -> None:
    with lines_of(net) as watch:
        assert watch.stdout is not None
        first = [watch.stdout.readline() for _ in range(9)]
        assert first[0].startswith("net.yaml") and any("fc 10" in line for line in first)
        net.write_text(WIDER)
        lines = [next(line for line in watch.stdout if line == "save 1\n")]
        while not lines[-1].startswith("  training memory"):
            lines.append(watch.stdout.readline())
        text = "".join(lines)
        assert "32x32x16 -> 32x32x32  +448 params" in text and "\x1b" not in text
        net.write_text(FAULTY)
        assert "error[CC011]" in next(line for line in watch.stdout if "error" in line)
        watch.kill()


def test_a_pipe_gets_the_table_of_the_first_version_without_a_fault(net) -> None:
    """It said that no layer differs, of nothing, behind a sentence without its end."""
    net.write_text("a" * 3_000_000)
    with lines_of(net) as watch:
        assert watch.stdout is not None
        assert "bytes" in watch.stdout.readline()
        net.write_text(NET)
        next(line for line in watch.stdout if line == "save 1\n")
        lines = [watch.stdout.readline() for _ in range(9)]
        assert any("fc 10" in line for line in lines)
        assert "no layer differs\n" not in lines
        watch.kill()


def test_a_reader_that_is_gone_ends_it(net) -> None:
    with lines_of(net) as watch:
        assert watch.stdout is not None
        watch.stdout.readline()
        watch.stdout.close()
        assert watch.wait(PATIENCE) == 0
        assert watch.stderr is not None and watch.stderr.read() == ""


@pytest.mark.parametrize(
    ("given", "said"), [("lenet5", "is not a file"), ("no.yaml", "is not a file")]
)
def test_only_files_can_be_watched(tmp_path, given, said) -> None:
    run = [sys.executable, "-m", "convcalc", "watch", given]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("columns", [30, 40, 60, 72, 80, 120])
@pytest.mark.parametrize("layers", [True, False])
def test_what_a_save_changed_is_laid_out_for_the_width(net, columns, layers) -> None:
    """The terminal would cut it at its edge, in the middle of a number."""
    text = NET.replace("fc-10", "{conv3-512: , name: stage_4_block_2_conv_3}\n  - fc-10")
    net.write_text(text)
    before = begin(Case(str(net)))
    net.write_text(text.replace("conv3-16", "conv3-384").replace("512", "2048"))
    after = saved(before)
    lines = screen.changed(after.changes, Palette(width=columns), layers).splitlines()
    assert max(map(len, lines)) <= columns
    whole = screen.changed(after.changes, Palette(), layers)
    assert whole.count(",") == "\n".join(lines).count(",")  # no number is lost


def test_a_line_as_wide_as_the_terminal_keeps_its_last_letter(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from convcalc.cli import watch_screen as module

    monkeypatch.setattr(module.os, "get_terminal_size", lambda _: os.terminal_size((80, 4)))
    monkeypatch.setattr(module.sys.stdout, "fileno", lambda: 1, raising=False)
    monkeypatch.setattr(module.screen, "body", lambda *_: f"{'x' * 79}5\n")
    monkeypatch.setattr(module.screen, "foot", lambda *_: "keys")
    module._draw(None, "t", 0)
    lines = capsys.readouterr().out.split("\r\n")
    assert lines[0].startswith("\x1b[H\x1b[K" + "x" * 79 + "5")
    assert all(line.rfind("\x1b[K") <= len("\x1b[H") for line in lines)  # before its letters

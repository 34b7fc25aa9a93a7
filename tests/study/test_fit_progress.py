"""How far `fit` is: every part in order, the same answer, and a bar that is taken away."""

import os
import sys
import threading
from contextlib import suppress

import pytest

from convcalc.analysis.settings import Settings
from convcalc.cli import progress, run
from convcalc.progress import Parts
from convcalc.study import fit as study
from convcalc.study.load import Text
from convcalc.study.outcome import Case

MIB = 1 << 20
NET = "input: 32x32x8\nlayers:\n  - repeat: {times: 12, layers: [conv3-8, relu]}\n"
CASE = Case(Text("net", NET), Settings(batch=64))


def test_parts_are_counted_as_they_come() -> None:
    seen: list[tuple[int, int, str]] = []
    parts = Parts(lambda *said: seen.append(said))
    parts.expect(2)
    parts.begin("a")
    parts.at("x")
    parts.begin("b")
    parts.begin("c")
    parts.end()
    assert seen == [(0, 2, "a"), (0, 2, "a, x"), (1, 2, "b"), (2, 3, "c"), (3, 3, "")]


@pytest.mark.parametrize("memory", [1, 16, 64, 4096])
@pytest.mark.parametrize("advise", [False, True])
def test_every_part_is_reported_and_changes_nothing(memory: int, advise: bool) -> None:
    """Memories in which nothing fits, some plans fit, and all does."""
    device = study.device(memory * MIB, None, 0)
    seen: list[tuple[int, int, str]] = []
    found = study.fit(CASE, device, 64, advise, None, lambda *said: seen.append(said))
    silent = study.fit(CASE, device, 64, advise)
    assert found.advice == silent.advice
    same = found.placement.smallest  # compared by its peak: accounts have no equality
    assert same.peak == silent.placement.smallest.peak
    assert found.placement == silent.placement._replace(smallest=same)
    done = [number for number, _, _ in seen]
    assert done == sorted(done) and all(number <= total for number, total, _ in seen)
    assert sorted(set(done)) == list(range(done[-1] + 1)), "no part is left out"
    assert seen[-1] == (done[-1], done[-1], "")
    said = " ".join(what for _, _, what in seen)
    assert "training" in said and "inference" in said
    assert ("segments, cut 0 of" in said) == advise
    assert ("what would fit in training" in said) == (memory == 1)


def test_a_microcontroller_has_one_part() -> None:
    seen: list[tuple[int, int, str]] = []
    onto = study.device(None, None, sram=MIB, flash=MIB)
    study.fit(Case(Text("net", NET)), onto, progress=lambda *said: seen.append(said))
    assert seen == [(0, 1, "inference"), (1, 1, "")]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals")
def test_the_bar_is_drawn_on_a_terminal_and_taken_away(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_PAUSE", 0.0)
    file = tmp_path / "net.yaml"
    file.write_text(NET)
    words = ["fit", str(file), "--memory", "600MiB", "--batch", "64", "--advise"]
    leader, follower = os.openpty()
    drawn: list[bytes] = []

    def listen() -> None:
        with suppress(OSError):  # the other end is closed
            while data := os.read(leader, 65536):
                drawn.append(data)

    listener = threading.Thread(target=listen)
    listener.start()
    with open(follower, "w", encoding="utf-8") as terminal, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", terminal)
        code = run(words)
    listener.join(300)
    os.close(leader)
    text = b"".join(drawn).decode()
    assert "fitting" in text and "training, batch" in text
    assert text.rfind("\x1b[2K") > text.rfind("fitting"), "the bar is taken away"
    shown = capsys.readouterr().out
    assert code == run(words) and capsys.readouterr() == (shown, "")

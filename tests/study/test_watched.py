"""A watched spec: the last good version stays, and what a save changed is known."""

import pytest

from convcalc.report.drawing.palette import Palette
from convcalc.report.watch import screen
from convcalc.rules.advise import Selection
from convcalc.study.errors import LoadError
from convcalc.study.outcome import Case
from convcalc.study.watched import begin, saved

NET = "input: 32x32x3\nlayers:\n  - conv3-16\n  - relu\n  - fc-10\n"
PLAIN = Palette(width=80)


@pytest.fixture
def net(tmp_path):
    file = tmp_path / "net.yaml"
    file.write_text(NET)
    return file


def test_a_save_is_compared_with_the_version_before(net) -> None:
    first = begin(Case(str(net)))
    assert first.ok and first.changes is None and first.saves == 0
    net.write_text(NET.replace("conv3-16", "conv3-32"))
    now = saved(first)
    assert now.ok and now.saves == 1 and now.changes is not None
    text = screen.changed(now.changes, PLAIN)
    params = 32 * 28 - 16 * 28
    assert params == 448 and "32x32x16 -> 32x32x32  +448 params" in text
    assert max(map(len, text.splitlines())) <= 80
    assert saved(now).changes is None


def test_the_last_good_version_stays_beside_a_fault(net) -> None:
    first = begin(Case(str(net)))
    net.write_text(NET.replace("relu", "rel"))
    now = saved(first)
    assert not now.ok and not now.current and now.good is first.good
    text = screen.body(now, "t", PLAIN)
    assert text.index("error[CC011]") < text.index("the table before this fault")
    assert "conv 3x3/1 p1 x16" in text
    for key, word in (("m", "live bytes"), ("s", "sizes"), ("f", "before this fault")):
        assert word in screen.body(now, key, PLAIN)
    net.write_text(NET)
    assert saved(now).ok and saved(now).changes is None


def test_a_file_that_is_gone_is_a_fault_too(net) -> None:
    first = begin(Case(str(net)))
    net.unlink()
    now = saved(first)
    assert now.refusal.startswith("no file") and now.good is first.good
    assert "no file" in screen.body(now, "t", PLAIN) and "fc 10" in screen.body(now, "t", PLAIN)
    with pytest.raises(LoadError):
        begin(Case(str(net)))


def test_a_limit_that_is_passed_is_an_error_beside_the_table(net) -> None:
    now = begin(Case(str(net), selection=Selection(limits={"params": 10})))
    assert now.current and not now.ok
    assert screen.body(now, "t", PLAIN).startswith("error[CC131]")
    assert "1 error " in screen.foot(now, "t", PLAIN)


def test_the_table_holds_what_changed_and_what_came_and_went(net) -> None:
    first = begin(Case(str(net)))
    net.write_text(NET.replace("conv3-16", "conv3-32").replace("relu", "batch_norm\n  - pool2"))
    now = saved(first)
    lines = screen.body(now, "t", PLAIN).splitlines()
    heads = [line[:5] for line in lines]
    marks = [head.split()[0] for head in heads if head[:2] in {"~ ", "+ ", "- "} or "was" in head]
    assert marks == ["~", "was", "+", "+", "-", "~", "was"]
    was = " ".join(lines[heads.index("~ con") + 1].split())
    assert was == "was conv 3x3/1 p1 x16 32x32x16 16.4 K 448 442 K"
    assert (16 * 28, 32 * 32 * 16 * 27) == (448, 442_368)
    (fully,) = [n for n, line in enumerate(lines) if line.startswith("~ fc1")]
    assert " ".join(lines[fully].split()[6:10]) == "81.9 K 81.9 K"  # of 16x16x32
    assert " ".join(lines[fully + 1].split()[:5]) == "was 164 K 164 K"  # of 32x32x16
    # without colour a mark is a character; with it, a colour too
    painted = screen.body(now, "t", Palette(colour=True, width=80))
    assert "\x1b[1;36m~ conv1" in painted and "\x1b[2m  was" in painted
    # the other views list the layers instead
    assert "~  conv1" in screen.body(now, "m", PLAIN)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_last_line_fits(net, width) -> None:
    first = begin(Case(str(net)))
    assert len(screen.foot(first, "t", Palette(width=width))) < width


@pytest.mark.parametrize("width", [60, 80])
def test_a_long_refusal_ends_at_the_edge_of_the_screen(net, width: int) -> None:
    first = begin(Case(str(net)))
    net.unlink()
    now = saved(first)
    text = screen.fault(now, Palette(width=width))
    longest = max(map(len, text.split()))  # a path is not broken
    assert max(map(len, text.splitlines())) <= max(width, len("error: ") + longest)
    assert " ".join(text.split()) == f"error: {' '.join(now.refusal.split())}"


def test_a_file_that_is_gone_is_not_watched_as_the_bundled_net_of_its_name(
    tmp_path, monkeypatch
) -> None:
    """A slow save moves the file away: the table became U-Net's."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "unet.yaml"
    file.write_text(NET)
    first = begin(Case("unet.yaml"))
    file.unlink()
    now = saved(first)
    assert (now.good, now.ok) == (first.good, False)
    assert now.refusal == "no file unet.yaml: the bundled net is named unet"

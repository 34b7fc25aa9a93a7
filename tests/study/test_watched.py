"""A watched spec: the last good version stays, and what a save changed is known."""

import pytest

from convcalc.report.drawing.palette import Palette
from convcalc.report.watch import screen
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


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_last_line_fits(net, width) -> None:
    first = begin(Case(str(net)))
    assert len(screen.foot(first, "t", Palette(width=width))) < width

"""The table of layer kinds on a terminal."""

import pytest

from convcalc.layers import KINDS
from convcalc.report.catalogue.kinds import kinds_text
from convcalc.report.drawing.palette import Palette


def test_every_kind_has_a_line_with_its_required_options_marked() -> None:
    lines = kinds_text(Palette()).splitlines()
    assert [line.split()[0] for line in lines[1 : len(KINDS) + 1]] == [name for name, _, _ in KINDS]
    told = {line.split()[0]: line for line in lines[1 : len(KINDS) + 1]}
    assert "filters*, kernel*, stride (1)" in told["conv"]
    assert "units*, bias (true)" in told["fc"]
    assert "factor*, order (crd)" in told["pixel_shuffle"]
    assert "**" not in "".join(lines)


def test_it_stays_within_a_terminal() -> None:
    assert max(map(len, kinds_text(Palette(width=80)).splitlines())) <= 80


@pytest.mark.parametrize("width", [50, 60, 80, 120])
def test_nothing_is_cut_where_the_terminal_is_narrow(width: int) -> None:
    text = kinds_text(Palette(width=width))
    assert max(map(len, text.splitlines())) <= width and ".." not in text
    whole = " ".join(kinds_text(Palette()).split())
    for word in whole.split():
        assert word in text

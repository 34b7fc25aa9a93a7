"""The table of layer kinds on a terminal."""

import pytest

from convcalc.layers import BY_NAME, KINDS
from convcalc.report.catalogue.kinds import kinds_text, summary_of
from convcalc.report.drawing.palette import Palette


def test_every_kind_has_a_line_with_its_required_options_marked() -> None:
    lines = kinds_text(Palette()).splitlines()
    assert [line.split()[0] for line in lines[1 : len(KINDS) + 1]] == [name for name, _, _ in KINDS]
    told = {line.split()[0]: line for line in lines[1 : len(KINDS) + 1]}
    assert "filters*, kernel*, stride (1)" in told["conv"]
    assert "units*, bias (true)" in told["fc"]
    assert "factor*, order (crd)" in told["pixel_shuffle"]
    assert "**" not in "".join(lines)


@pytest.mark.parametrize(
    ("sentence", "summary"),
    [
        ("x/(1 + |x|).", "x/(1 + |x|)"),
        ("relu6(x + 3)/6 (MobileNetV3, arXiv:1905.02244).", "relu6(x + 3)/6"),
        ("Zeros around the volume.", "Zeros around the volume"),
    ],
)
def test_a_kind_is_summed_up_by_its_first_sentence_without_the_reference(sentence, summary) -> None:
    kind = type("Softsign", (BY_NAME["tanh"],), {"__doc__": f"{sentence}\n\n    Size: ...\n"})
    assert summary_of(kind) == summary


def test_it_stays_within_a_terminal() -> None:
    assert max(map(len, kinds_text(Palette(width=80)).splitlines())) <= 80


@pytest.mark.parametrize("width", [50, 60, 80, 120])
def test_nothing_is_cut_where_the_terminal_is_narrow(width: int) -> None:
    text = kinds_text(Palette(width=width))
    assert max(map(len, text.splitlines())) <= width and ".." not in text
    whole = " ".join(kinds_text(Palette()).split())
    for word in whole.split():
        assert word in text

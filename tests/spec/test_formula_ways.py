"""Formulas that are no integer, or have names that nothing has: what can be written instead."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import first, offered

HEAD = "input: 32x32x8\nvars: {width: 16}\nlayers:\n"


def conv(options: str) -> str:
    return f"{HEAD}  - conv: {{{options}}}\n  - fc: {{units: =width}}\n"


def help_of(options: str) -> tuple[str, ...]:
    return load("net.yaml", conv(options).encode()).findings[0].help


@pytest.mark.parametrize(
    ("formula", "help"),
    [
        ("=width*1.3", "`=round(width*1.3)` is 21, `=width*1.3//1` is 20"),
        ("=width/1.5", "`=round(width/1.5)` is 11, `=width/1.5//1` is 10"),
        ("=width*1.3 + 1", "`=round(width*1.3 + 1)` is 22, `=(width*1.3 + 1)//1` is 21"),
        ("=width/3", "`=width//3` is 5, `=(width + 2)//3` is 6"),
        ("=in_channels/3", "`=in_channels//3` is 2, `=(in_channels + 2)//3` is 3"),
    ],
)
def test_a_fraction_is_answered_with_what_rounds_it(formula: str, help: str) -> None:
    options = f'filters: "{formula}", kernel: 3'
    assert help in help_of(options)
    assert not offered(conv(options))


@pytest.mark.parametrize(
    ("options", "old", "new"),
    [
        ("filters: =c_in*2, kernel: 3", "=c_in*2", "=in_channels*2"),
        ("filters: =in_filters*2, kernel: 3", "=in_filters*2", "=in_channels*2"),
        ("filters: 8, kernel: 3, pad: =kernel//2", "=kernel//2", "=3//2"),
    ],
)
def test_a_name_that_the_layer_has_is_repaired(options: str, old: str, new: str) -> None:
    assert first(conv(options)) == conv(options).replace(old, new)


def test_an_option_in_its_own_formula_is_answered_with_both_that_it_may_be() -> None:
    (line,) = help_of("filters: =filters*1.5, kernel: 3")
    assert "`in_channels`" in line and "`vars: {width: 64}`" in line
    assert not offered(conv("filters: =filters*1.5, kernel: 3"))


def test_in_a_block_it_may_be_an_argument() -> None:
    spec = (
        "input: 8x8x8\nblocks:\n  b:\n    args: {c: }\n    layers:\n"
        "      - conv: {filters: =c, kernel: 3}\n      - conv: {filters: =cin, kernel: 3}\n"
        "layers:\n  - b: 8\n"
    )
    found = load("net.yaml", spec.encode()).findings[0]
    assert not any("did you mean" in line for line in found.help)

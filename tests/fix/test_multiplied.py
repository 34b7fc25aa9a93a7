"""`check --fix`: patterns without quotes, whose groups YAML takes for lists that are multiplied."""

import pytest

from convcalc.report.fixes.text import described
from tests.fix.repairs import faults, offered

NOTES = "[[conv3-64 -> relu]*2 -> pool2]*3 -> [fc-256 -> relu]*2 -> fc-10"


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        (NOTES, f'"{NOTES}"'),
        ("[conv3-8 relu pool2]*2 fc-10", '"[conv3-8 relu pool2]*2 fc-10"'),
        ("[[conv3-8 -> relu]*2]*2", '"[[conv3-8 -> relu]*2]*2"'),
        ("[conv3-8, relu]x2, fc-10", '"[conv3-8 relu]*2 fc-10"'),
        ("[[conv3-8 relu]*2 pool2 fc-10]", '["[conv3-8 relu]*2 pool2 fc-10"]'),
        ("[[conv3-8 relu]*2, pool2, fc-10]", '["[conv3-8 relu]*2", pool2, fc-10]'),
        ("[[[conv3-8 relu]*2, pool2]*2, fc-10]", '["[[conv3-8 relu]*2 pool2]*2", fc-10]'),
        (
            "[[conv3-8 relu]*2, pool2, [fc-4 relu]*2]",
            '["[conv3-8 relu]*2", pool2, "[fc-4 relu]*2"]',
        ),
        ("[relu, [conv3-8]*2 -> fc-10]  # why", '[relu, "[conv3-8]*2 -> fc-10"]  # why'),
        (
            "[{repeat: {times: 2, layers: [[conv3-8 relu]*2 tanh]}}]",
            '[{repeat: {times: 2, layers: ["[conv3-8 relu]*2 tanh"]}}]',
        ),
        (
            "[{dropout: {rate: 0.5}}, [conv3-8 relu]*2, fc-10]",
            '[{dropout: {rate: 0.5}}, "[conv3-8 relu]*2", fc-10]',
        ),
    ],
)
def test_a_pattern_gets_its_quotes_around_all_of_it(value: str, quoted: str) -> None:
    head = "input: 32x32x3\nlayers: "
    assert "CC001" in faults(f"{head}{value}\n")
    best = offered(f"{head}{value}\n")[0]
    assert (best.text, best.errors) == (f"{head}{quoted}\n", ())


def test_a_pattern_of_an_entry_is_quoted_behind_its_dash() -> None:
    spec = "input: 32x32x3\nlayers:\n  - [[conv3-8 relu]*2 pool2]*2 fc-3\n"
    assert offered(spec)[0].text == (
        'input: 32x32x3\nlayers:\n  - "[[conv3-8 relu]*2 pool2]*2 fc-3"\n'
    )


def test_keys_on_lines_of_their_own_are_said_on_one_line() -> None:
    block = (
        "input: 8x8x3\nblocks:\n  b: {args: {c: }, layers: [{conv: {filters: =c, kernel: 1}}]}\n"
    )
    (offer,) = offered(f"{block}layers:\n- b: 512 x5\n")
    (change,) = offer.changes
    assert "b: 512\n  times: 5" in offer.text
    assert change.written == "b: 512, times: 5" and described(change).endswith("b: 512, times: 5")

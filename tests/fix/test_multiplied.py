"""`check --fix`: patterns without quotes, whose groups YAML takes for lists that are multiplied."""

import pytest

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

"""Options that would do nothing beside others are refused, not ignored."""

import pytest

from convcalc.cli import run

BESIDE = [
    ("fit --devices --memory 8GiB", "--memory does not go with --devices"),
    ("fit --devices lenet5", "lenet5 does not go with --devices"),
    ("fit --devices --format json", "--format does not go with --devices"),
    ("explain --batch 4", "--batch does not go with the list of terms"),
    ("explain CC102 --batch 4", "--batch does not go with CC102, a page"),
    ("explain receptive field --as all", "--as does not go with receptive field"),
    ("explain conv --input 3x3x3", "--input does not go with conv, a page"),
    ("explain counting lenet5 --as all", "--as does not go with counting"),
    ("check lenet5 --stdin-filename x.yaml", "--stdin-filename names what - reads"),
    ("sweep lenet5 --batch 1,2 --seed 3", "--seed is for --sample N"),
    ("sweep lenet5 --batch 1,2 --sampling random", "--sampling is for --sample N"),
    ("sweep lenet5 --batch 1,2 --top 1 --format json", "--top is for the table: json has"),
    ("sweep lenet5 --batch 1,2 --processes 2 --on ray:auto", "leave it or --on out"),
    ("import --torch a:b --input 8x8x3 --from onnx", "leave --from out"),
    ('import net.onnx --kwargs {"a":1}', "--kwargs are for --torch"),
]


@pytest.mark.parametrize(("words", "why"), BESIDE)
def test_an_option_that_would_do_nothing_is_refused(
    words: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words.split()) == 2
    told = capsys.readouterr()
    assert why in told.err and not told.out


@pytest.mark.parametrize(
    "words",
    [
        "fit --devices --color never",
        "explain CC102 --format json",
        "explain lenet5 C1 --batch 4 --as all",
        "sweep lenet5 --batch 1,2,3 --sample 2 --seed 3 --sampling random --top 1",
    ],
)
def test_the_same_options_where_they_do_something(words: str) -> None:
    assert run(words.split()) == 0

"""Options that would do nothing beside others are refused, not ignored."""

import click
import pytest

from convcalc.cli import COMMANDS, cli, run

BESIDE = [
    ("check lenet5 --no-advice --select CC208", "--select CC208 shows nothing beside --no-advice"),
    (
        "check lenet5 --no-advice --select CC105,first-fc-dominates",
        "first-fc-dominates shows nothing",
    ),
    ("check lenet5 --select CC208 --ignore CC2", "shows nothing beside --ignore CC2: leave one"),
    ("analyze lenet5 --timeline --format csv", "--timeline does not go with --format csv"),
    ("analyze lenet5 --arena --format markdown", "--arena does not go with --format markdown"),
    ("analyze lenet5 --im2col --format notes", "--im2col does not go with --format notes"),
    ("analyze lenet5 --as all --timeline", "--timeline does not go with --as all"),
    ("analyze lenet5 --as all --timeline --format csv", "does not go with --format csv"),
    ("analyze lenet5 --as all --sort params", "--sort does not go with --as all"),
    ("analyze lenet5 --side-by-side --expand", "--expand does not go with --side-by-side"),
    ("analyze lenet5 --batch 1,2 --arena", "--arena does not go with several variants"),
    ("analyze lenet5 --format notes --as thop", "--as does not go with --format notes"),
    ("analyze vgg11 vgg16 --side-by-side --as thop", "--as does not go with --side-by-side"),
    ("analyze lenet5 --batch 1,2 --as thop", "--as does not go with several variants"),
    ("analyze lenet5 --format csv --batch 4", "--batch changes nothing in --format csv"),
    ("analyze lenet5 --format notes --loop", "--loop changes nothing in --format notes"),
    ("analyze lenet5 --as all --accumulate 2", "--accumulate changes nothing in --as all"),
    ("analyze vgg11 vgg13 --side-by-side --dtype float16", "--dtype changes nothing in --side"),
    ("explain lenet5 C1 2,3,1 --batch 4", "--batch changes nothing in the line of one output"),
    ("explain lenet5 C1 2,3,1 --as all", "--as does not go with one output"),
    ("report lenet5 --svg a.svg --batch 4", "--batch does not go with --svg without a page"),
    ("fit lenet5 --device stm32h743 --dtype int8 --context 1MiB", "--context is of CUDA"),
    ("verify lenet5 --receptive-field --seed 3", "--seed does not go with --receptive-field"),
    ("analyze lenet5 --foreach --loop", "--foreach and --loop contradict each other"),
    ("fit lenet5 --memory 8GiB --loop --foreach", "--foreach and --loop contradict each other"),
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
    ("sweep lenet5 --batch 1,2 --sort=-macs --format csv", "--sort is for the table: csv has"),
    ("sweep lenet5 --batch 1,2 --sort macs -o rows.jsonl", "in the order of the axes"),
    ("sweep lenet5 --batch 1,2 --pareto macs -o rows.csv", "--pareto is for the table: csv has"),
    ("sweep lenet5 --batch 1,2 --pareto macs --resume rows.csv", "`convcalc report rows.csv"),
    ("sweep lenet5 --batch 1,2 --processes 2 --on ray:auto", "leave it or --on out"),
    ("fit lenet5 --memory 1GiB --prefetch 4", "--prefetch changes nothing in fit: only the notes'"),
    ("check lenet5 --augmented 1,2", "--augmented changes nothing in check"),
    ("sweep lenet5 --batch 1,2 --prefetch 0,4", "--prefetch changes nothing in sweep"),
    ("diff lenet5 alexnet --augmented 2", "--augmented changes nothing in diff"),
    ("explain lenet5 C1 --prefetch 2", "--prefetch changes nothing in explain"),
    ("explain lenet5 61.7K --batch 4", "--batch changes nothing in figures that tools print"),
    ("explain counting lenet5 --optimizer adam", "--optimizer changes nothing in what tools count"),
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


@pytest.mark.parametrize("name", COMMANDS)
def test_help_lists_no_option_that_is_always_refused(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    takes = any("--augmented" in option.opts for option in command.params)
    assert run([name, "--help"]) == 0
    text = capsys.readouterr().out
    for flag in "--augmented", "--prefetch":
        assert (flag in text) is (takes and name in {"analyze", "report", "watch"})


@pytest.mark.parametrize(
    "words",
    [
        "fit --devices --color never",
        "check lenet5 --no-advice --select CC",
        "check lenet5 --select CC2 --ignore CC208",
        "analyze lenet5 --timeline --arena --im2col --expand",
        "analyze lenet5 --timeline --arena --im2col --format json",
        "analyze lenet5 --batch 1,2 --timeline --format json",
        "analyze lenet5 --as all --columns layer --format csv",
        "analyze lenet5 --augmented 2 --prefetch 4",
        "fit lenet5 --memory 1GiB --prefetch 0",
        "explain CC102 --format json",
        "explain lenet5 61.7K --batch 1",
        "explain lenet5 C1 --batch 4 --as all",
        "sweep lenet5 --batch 1,2,3 --sample 2 --seed 3 --sampling random --top 1",
    ],
)
def test_the_same_options_where_they_do_something(words: str) -> None:
    assert run(words.split()) == 0

"""What a Python prompt shows of an answer: one short line that says what it is of."""

from collections.abc import Callable

import pytest

import convcalc
from convcalc.cli import run


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda: convcalc.load("lenet5"), "Net LeNet-5: 11 layers"),
        (lambda: convcalc.analyze("lenet5"), "Report LeNet-5: 61,706 params"),
        (lambda: convcalc.check("lenet5", "alexnet"), "CheckReport: 2 nets, "),
        (lambda: convcalc.fit("lenet5", memory="1GiB"), "FitReport LeNet-5: training "),
        (lambda: convcalc.sizes("alexnet"), "SizesReport AlexNet inputs of 1 to 454 positions"),
        (lambda: convcalc.diff("vgg16", "vgg19"), "DiffReport VGG-16 -> VGG-19"),
        (lambda: convcalc.verify("lenet5"), "VerifyReport LeNet-5 input 32x32x1, batch 1"),
        (lambda: convcalc.sweep("lenet5", batch=[1, 2]), "SweepReport: 2 variants"),
        (lambda: convcalc.explain("lenet5", "C1"), "ExplainReport C1"),
    ],
)
def test_an_answer_is_shown_in_one_line(answer: Callable[[], object], said: str) -> None:
    shown = repr(answer())
    assert shown.startswith(f"<convcalc.{said}") and len(shown) < 200 and "\n" not in shown


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda: convcalc.analyze("lenet5"), "analyze lenet5"),
        (lambda: convcalc.fit("lenet5", memory="1GiB"), "fit lenet5 --memory 1GiB"),
        (lambda: convcalc.sizes("lenet5"), "sizes lenet5"),
        (lambda: convcalc.diff("vgg16", "vgg19"), "diff vgg16 vgg19"),
        (lambda: convcalc.explain("lenet5", "C1"), "explain lenet5 C1"),
        (lambda: convcalc.sweep("lenet5", batch=[1, 2]), "sweep lenet5 --batch 1,2"),
        (
            lambda: convcalc.sweep("lenet5", batch=range(1, 40), sort="-training_memory"),
            "sweep lenet5 --batch 1..39 --sort=-training_memory",
        ),
        (
            lambda: convcalc.sweep("lenet5", batch=[1, 2], where="batch > 1", pareto="params"),
            "sweep lenet5 --batch 1,2 --where batch>1 --pareto params",
        ),
        (lambda: convcalc.report("lenet5"), "report lenet5"),
    ],
)
def test_print_shows_what_the_command_prints(
    answer: Callable[[], object],
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert run(words.split()) == 0
    printed = capsys.readouterr().out
    assert str(answer()).replace("batch > 1", "batch>1").strip() == printed.strip()

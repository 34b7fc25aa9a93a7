"""What a Python prompt shows of an answer: one short line that says what it is of."""

from collections.abc import Callable

import pytest

import convcalc


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

"""Answers in Python at a prompt: one short line each, whatever they hold; copies hold the same."""

import copy
import pickle
from typing import Any

import pytest

import convcalc

SPEC = "input: 16x16x3\nlayers: [conv3-4, relu, pool2, fc-10]\n"
BROKEN = "input: 8x8x3\nlayers: [conv3-4, fc: {units: 10}, conv9-4p0]\n"


def _answers() -> dict[str, Any]:
    """One of every public class that a function returns, by the class's name."""
    report = convcalc.analyze(SPEC, counted_as="fvcore")
    fixable = "input: 10x10x3\nlayers: [conv4-8s4p0, fc-10]\n"
    found = [
        report, report.layers[1], report.memory, report.totals, report.counts["fvcore"],
        convcalc.load(SPEC), convcalc.load(fixable).repairs[0],
        convcalc.check(BROKEN), convcalc.check(BROKEN).findings[0],
        convcalc.fit(SPEC, memory="8GiB"), convcalc.sizes("lenet5", from_=20, to=40),
        convcalc.diff("vgg16", "vgg19"), convcalc.explain("conv"), convcalc.verify(SPEC),
        convcalc.demo(SPEC), convcalc.report(SPEC), convcalc.sweep(SPEC, batch=[1, 2]),
        convcalc.sweep(SPEC, batch=[1, 2]).rows[0], convcalc.ImportReport(SPEC, True, ()),
        convcalc.Builder("net"),
    ]  # fmt: skip
    return {type(one).__name__: one for one in found}


ANSWERS = _answers()
#: raised, not returned; and what needs a git repository, whose class has the others' `repr`
_OTHERS = {"LoadError", "NetError", "RequestError", "ChangesReport"}


def test_no_public_class_is_left_out_here() -> None:
    classes = {name for name in convcalc.__all__ if isinstance(getattr(convcalc, name), type)}
    assert classes - _OTHERS == {*ANSWERS}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_one_short_line(name: str) -> None:
    shown = repr(ANSWERS[name])
    assert len(shown.splitlines()) == 1 and len(shown) < 250, shown
    assert name in shown and " at 0x" not in shown


@pytest.mark.parametrize("name", [name for name in ANSWERS if hasattr(ANSWERS[name], "to_dict")])
def test_a_copy_of_an_answer_holds_the_same(name: str) -> None:
    answer = ANSWERS[name]
    for other in (copy.copy(answer), copy.deepcopy(answer), pickle.loads(pickle.dumps(answer))):
        assert other.to_dict() == answer.to_dict() and repr(other) == repr(answer)

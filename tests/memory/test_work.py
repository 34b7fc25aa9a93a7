"""What is simulated in search of what fits is bounded, and what was left out is said."""

import pytest

import convcalc
from convcalc.memory import advisor, remedies
from convcalc.memory.work import SpentError, Work
from convcalc.study.outcome import Outcome

SPEC = "input: 64x64x3\nlayers: [conv3-8, pool2, conv3-8, fc-10]\n"


def test_what_does_not_fit_into_the_work_is_not_done() -> None:
    work = Work(100, 20)
    work.spend(4)
    with pytest.raises(SpentError):
        work.spend(2)
    work.spend(1)
    assert work.untried == ()
    with work.trying("one more"):
        work.spend(1)
    assert work.untried == ("one more",)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The inputs that the net is read with again."""
    shapes: list[object] = []
    at = Outcome.at
    monkeypatch.setattr(Outcome, "at", lambda own, shape: (shapes.append(shape), at(own, shape))[1])
    return shapes


def test_a_smaller_input_is_read_once_for_training_and_inference(read: list[object]) -> None:
    found = convcalc.fit(SPEC, memory="1B").to_dict()
    assert found["remedies"] == [] and found["remedies_tried"] is True
    assert read == [(side, side, 3) for side in (32, 24, 16, 8)]


def test_sorts_that_are_too_much_work_are_named(
    monkeypatch: pytest.MonkeyPatch, read: list[object]
) -> None:
    monkeypatch.setattr(remedies, "_MOST_WORK", 5 * 4 * 4)  # of 5 rows, of which each takes 4
    found = convcalc.fit(SPEC, memory="1B")
    said = " ".join(found.rendered("text").split())
    assert found.to_dict()["remedies_tried"] is False and not read
    assert "tried, each alone, and not enough: another optimizer " in said
    assert "narrower numbers, a smaller input: not tried to the end, for in a long net each" in said
    assert said.endswith("--precision, --dtype, --input try one")


def test_plans_that_are_too_much_work_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = "input: 64x64x3\nlayers: [{conv3-8: , times: 30}, fc-10]\n"
    recorded: list[int] = []
    trained = advisor.trained
    monkeypatch.setattr(advisor, "trained", lambda *of: (recorded.append(1), trained(*of))[1])

    def asked(passes: int) -> tuple[int, dict[str, object], str]:
        recorded.clear()
        monkeypatch.setattr(advisor, "_MOST_WORK", passes * 32)  # of 32 rows
        found = convcalc.fit(spec, memory="401MiB", context="400MiB", batch=64, advise=True)
        return len(recorded), found.to_dict()["advice"], " ".join(found.rendered("text").split())

    plain, advice, said = asked(0)
    assert plain == 1 and advice["plans"] == [] and advice["rules_tried"] is False
    untried = [
        "segments", "plans by rule", "all lines of the list", "mixed precision", "micro-batches",
    ]  # fmt: skip
    assert advice["untried"] == untried
    assert f"long net again: {', '.join(untried)} nested" in said
    assert "no segments that were tried make batch 64 surely fit" in said
    some, advice, _ = asked(24 + 3 * 5)
    assert 1 < some <= 1 + (24 + 3 * 5) // 4 and advice["untried"]
    every, advice, said = asked(10**6)
    assert every > some and advice["untried"] == [] and advice["rules_tried"] is True
    assert "not tried to the end" not in said and "no segments make batch 64" in said

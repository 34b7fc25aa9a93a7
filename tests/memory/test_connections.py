"""Nothing else is tried of a net of few layers with very many connections."""

import pytest

import convcalc
from convcalc.analysis.walk import analyze
from convcalc.memory import advisor
from convcalc.memory import remedies as module
from convcalc.report.drawing.palette import PLAIN
from convcalc.report.fit import advice
from convcalc.spec.load import load

JOINED = "".join(
    f"- {{add: , name: a{n}, from: [{', '.join(f'a{i}' for i in range(n))}]}}\n"
    for n in range(2, 30)
)
SPEC = f"input: 64x64x4\nlayers:\n- {{conv1-4: , name: a0}}\n- {{conv1-4: , name: a1}}\n{JOINED}"


def test_connections_count_as_layers_do(monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = analyze(load("net.yaml", SPEC.encode()))
    assert len(analysis.rows) == 31 and not analysis.broken
    joined = 2 + sum(range(2, 30))
    tried: list[int] = []

    def found() -> list[module.Remedy]:
        return [
            *module.remedies(
                analysis, [True], lambda *_: tried.append(1) or 0, lambda _: analysis,
                module.work_on_remedies(analysis),
            )
        ]  # fmt: skip

    monkeypatch.setattr(module, "MOST_TRIED", joined)
    assert found() == [] and tried
    tried.clear()
    monkeypatch.setattr(module, "MOST_TRIED", joined - 1)
    assert found() == [] and not tried


def test_plans_by_rule_are_not_tried_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = analyze(load("net.yaml", SPEC.encode()))
    rules: list[str] = []
    monkeypatch.setattr(advisor, "spans_by_rule", lambda net, rule: (rules.append(rule), ())[1])
    advisor.advise(analysis, 1, 0)
    assert rules
    rules.clear()
    for where in (advisor, advice):
        monkeypatch.setattr(where, "MOST_TRIED", 100)
    found = advisor.advise(analysis, 1, 0)
    said = " ".join(advice.advice_text(analysis, found, PLAIN).split())
    assert not rules and "plans by rule are tried of nets of 100 connections at most" in said
    assert advice.advice_object(analysis, found)["rules_tried"] is False


def test_json_says_whether_other_settings_and_rules_were_tried() -> None:
    found = convcalc.fit("lenet5", memory="500MiB", batch=8, advise=True).to_dict()
    assert found["remedies_tried"] is True and found["advice"]["rules_tried"] is True

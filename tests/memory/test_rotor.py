"""What is advised beside Rotor's optimum, whose segments nest, on the same costs.

The table of docs/memory.md is computed here: extra compute in percent by budgets in percent of the
plain step's peak.
"""

from collections.abc import Iterator
from functools import cache
from math import comb, inf
from pathlib import Path

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory import advisor
from convcalc.memory.advisor import advise
from convcalc.memory.plans import Checkpoints
from convcalc.spec.load import load, load_pattern
from tests.memory.rotor import Chain, Rotor, Stage, chain

_DOCS = Path(__file__).parents[2] / "docs" / "memory.md"
_DEEP = "input-56x56x16 [conv3-16 relu]*24 fc-10"
_NETS = {"vgg16": 64, "24 convs": 256, "resnet50": 32, "mobilenet_v2": 32}
_BUDGETS = (80, 50, 35, 30)


@cache
def _analysis(name: str) -> Analysis:
    network = load_pattern(_DEEP)
    if name in zoo.names():
        network = load(f"{name}.yaml", zoo.read(name))
    return analyze(network, Settings(_NETS[name], optimizer="sgd"))


@cache
def _rotor(name: str, nested: bool) -> Rotor:
    return Rotor(chain(_analysis(name)), nested)


def _advised(analysis: Analysis, budget: int) -> float:
    """Extra compute of the cheapest plan that was simulated within a budget of live bytes."""
    advice = advise(analysis, budget * 13 // 10, 0)
    plans = [plan for plan in (advice.plain, advice.chosen, *advice.plans) if plan is not None]
    macs = analysis.totals.macs or 0
    return min((p.extra_compute(macs) for p in plans if p.peak <= budget), default=inf)


@cache
def _compared(name: str) -> dict[int, tuple[float, float, float]]:
    """By budget the extra compute of Rotor, of its plans without nesting, and what is advised."""
    analysis = _analysis(name)
    macs, peak = analysis.totals.macs or 0, chain(analysis).peak
    found = {}
    for percent in _BUDGETS:
        budget = peak * percent // 100
        nested, once = (_rotor(name, way).extra(budget) / 3 / macs for way in (True, False))
        found[percent] = nested, once, _advised(analysis, budget)
    return found


@pytest.mark.parametrize(("length", "slots"), [(5, 2), (10, 3), (20, 2), (24, 5), (30, 29)])
def test_rotor_on_equal_stages_is_the_known_binomial_optimum(length: int, slots: int) -> None:
    """Griewank & Walther 2000, Algorithm 799: r l - C(s + r, r - 1), with s states held."""
    stage = Stage(1, 0, 1000, 1000, 0, 0, 0, 0, 0)  # only states take memory
    found = Rotor(Chain((stage,) * length, 0, 1000 * 2000), nested=True)
    rounds = next(r for r in range(length) if comb(slots + r, slots) >= length)
    known = rounds * length - comb(slots + rounds, rounds - 1)
    assert found.extra(1000 * slots) == known - (length - 1)  # beyond one forward pass


@pytest.fixture
def _listed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of plans, which depends on no budget, once a net; no plans of other settings."""
    curve, known = advisor._Advisor.curve, dict[int, list[Checkpoints]]()

    def listed(own: advisor._Advisor) -> Iterator[Checkpoints]:
        key = id(own.analysis)
        if key not in known:
            known[key] = [*curve(own)]
        yield from known[key]

    monkeypatch.setattr(advisor._Advisor, "curve", listed)
    monkeypatch.setattr(advisor, "_others", lambda plain, memory: iter(()))


@pytest.mark.usefixtures("_listed_once")
def test_advice_is_about_as_cheap_as_rotor_and_the_docs_have_the_table() -> None:
    for name in _NETS:
        for percent, (nested, once, advised) in _compared(name).items():
            assert nested <= once
            assert advised <= once + 0.02, f"{name} within {percent} % of its peak"
    text = _DOCS.read_text(encoding="utf-8")
    begin, end = "<!-- rotor: extra compute in percent -->\n", "<!-- end of rotor -->"
    assert text.partition(begin)[2].partition(end)[0] == _table()


def _table() -> str:
    head = "| net, batch | | " + " | ".join(f"{percent} %" for percent in _BUDGETS) + " |\n"
    lines = [head, "|---|---|" + "---:|" * len(_BUDGETS) + "\n"]
    for name, batch in _NETS.items():
        for number, way in ((2, "advised"), (0, "nested")):
            cells = [_cell(numbers[number]) for numbers in _compared(name).values()]
            first = f"{name}, {batch}" if number == 2 else ""
            lines.append(f"| {first} | {way} | " + " | ".join(cells) + " |\n")
    return "".join(lines)


def _cell(part: float) -> str:
    return "-" if part == inf else f"{100 * part:.1f}"


if __name__ == "__main__":
    print(_table(), end="")

"""A batch norm over one position needs two images: PyTorch refuses to train it with one."""

import json
from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.cli import run
from convcalc.findings import Severity
from convcalc.limits import over_limits
from convcalc.memory.advisor import advise
from convcalc.memory.budgets import with_budgets
from convcalc.memory.fit import Simulation, fit
from convcalc.memory.least_batch import least_batch
from convcalc.spec.load import load

MIB = 1 << 20
LAYERS = "conv3-16, batch_norm, relu, conv3-16, relu, global_avg_pool, fc-8, batch_norm, fc-10"
SPEC = f"input: 64x64x3\nlayers: [{LAYERS}]\n"
WHY = "batch_norm2 has 1 number a channel and image: PyTorch trains it with 2 images or more"


def _analysis(spec: str = SPEC, **settings: Any) -> Analysis:
    return analyze(load("net.yaml", spec.encode()), Settings()._replace(**settings))


@pytest.mark.parametrize(
    ("shape", "least"),
    [("8", 2), ("1x8", 2), ("1x1x8", 2), ("1x1x1x8", 2), ("2x8", 1), ("1x2x8", 1)],
)
def test_pytorch_refuses_what_is_below_the_least(shape: str, least: int) -> None:
    found = _analysis(f"input: {shape}\nlayers: [batch_norm]\n")
    assert least_batch(found).images == least
    notes = [one for one in found.findings if one.code == "CC113"]
    assert [one.severity for one in notes] == [Severity.NOTE] * (least - 1)
    torch = pytest.importorskip("torch")
    *sizes, channels = map(int, shape.split("x"))
    norm = getattr(torch.nn, f"BatchNorm{max(len(sizes), 1)}d")(channels)
    if least > 1:
        with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
            norm(torch.zeros(least - 1, channels, *sizes))
    norm(torch.zeros(least, channels, *sizes))


def test_a_largest_batch_is_none_that_is_refused() -> None:
    runs = [Simulation(_analysis(), learning) for learning in (True, False)]
    training, inference = runs
    for memory in range(training.needs(1, 0).high, training.needs(2, 0).high, MIB // 2):
        assert fit(training, memory, 0).batch_sure == 0
        assert fit(inference, memory, 0).batch_sure >= 1
    enough = fit(training, training.needs(2, 0).high, 0)
    assert enough.batch_sure >= 2
    none = fit(training, training.peak(1), 0)
    assert (none.batch_logical, none.peak) == (0, training.peak(2))
    assert fit(training, training.peak(2), 0).batch_logical == 2


@pytest.mark.parametrize(("batch", "parts"), [(8, {1, 2, 4}), (7, {1}), (6, {1, 2, 3})])
def test_advice_has_no_micro_batches_of_one(batch: int, parts: set[int]) -> None:
    found = _analysis(batch=batch)
    step = Simulation(found, True)
    for size in range(1, batch):
        advice = advise(found, step.needs(size, 0).high, 0)
        others = {plan.settings.accumulate for plan in (*advice.plans, *advice.others)}
        assert others <= parts
        if batch == 8 and size == 2:
            assert 4 in others


def test_the_command_says_so(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "net.yaml")
    (tmp_path / "net.yaml").write_text(SPEC)
    words = ["fit", path, "--memory", "8GiB"]
    assert run(words) == 0
    out = capsys.readouterr().out
    assert WHY in out and "refused" not in out
    assert run([*words, "--batch", "1"]) == 1
    assert "training with batch 1 is refused by PyTorch" in capsys.readouterr().out
    assert run([*words, "--batch", "1", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["notes"] == [WHY]
    assert [one["verdict"] for one in found["asked"]] == ["does not fit", "fits"]
    assert run([*words, "--batch", "4", "--accumulate", "4"]) == 1
    assert "training with batch 4 is refused by PyTorch" in capsys.readouterr().out
    assert run([*words, "--batch", "4", "--accumulate", "4", "--advise"]) == 2
    assert f"{WHY}: advice is on `--batch 8` and more" in capsys.readouterr().err
    assert run(["analyze", path]) == 0
    assert WHY in capsys.readouterr().out
    assert run(["analyze", path, "--batch", "2"]) == 0
    assert WHY not in capsys.readouterr().out
    assert run(["analyze", path, "--batch", "4", "--accumulate", "4"]) == 0
    assert WHY in capsys.readouterr().out
    run(["fit", path, "--memory", "409MiB", "--context", "400MiB"])
    out = capsys.readouterr().out
    assert "training: not even batch 2" in out and "`--batch 2 --advise`" in out


def test_limits_name_the_least_batch() -> None:
    found = _analysis(batch=4)
    one = Simulation(found, True).peak(1)
    limit = f"budget: {{training_memory: {one}, batch: 4}}\n"
    (over,) = (f for f in with_budgets(_analysis(SPEC + limit)).findings if f.code == "CC131")
    assert over.help[-1] == "not even batch 2 is within it"
    (over,) = (f for f in over_limits(found, {"training_memory": one}, {}) if f.code == "CC131")
    assert over.help[-1] == "not even batch 2 is within it"

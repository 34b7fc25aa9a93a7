"""Budgets of memory in a file."""

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.findings import Finding, Severity
from convcalc.memory import budgets, fit
from convcalc.memory.budgets import with_budgets
from convcalc.memory.device import CONTEXT
from convcalc.memory.fit import Simulation
from convcalc.memory.trace import Trace
from convcalc.spec.load import load

SPEC = "input: 32x32x3\nlayers: [conv3-64, relu, conv3-64, pool2, fc-10]\n"


def _findings(budget: str, batch: int = 1) -> list[Finding]:
    text = f"{SPEC}budget: {{{budget}}}\n"
    found = with_budgets(analyze(load("net.yaml", text.encode()), Settings(batch)))
    return [finding for finding in found.findings if finding.severity is not Severity.NOTE]


def _peak(learning: bool, batch: int, **settings: object) -> int:
    analysis: Analysis = analyze(load("net.yaml", SPEC.encode()))
    changed = analysis.settings._replace(**settings)  # type: ignore[arg-type]
    return Simulation(analysis._replace(settings=changed), learning).peak(batch)


@pytest.mark.parametrize(
    ("key", "learning"), [("training_memory", True), ("inference_memory", False)]
)
def test_a_budget_is_held_to_the_byte(key: str, learning: bool) -> None:
    peak = _peak(learning, 16, optimizer="adam")
    setting = "batch: 16, optimizer: adam"
    assert not _findings(f"{key}: {peak}, {setting}")
    (found,) = _findings(f"{key}: {peak - 1}, {setting}")
    assert found.code == "CC131"
    assert found.message.startswith(f"{key}: {peak:,} bytes with batch 16, float32")
    assert f"exceeds the budget of {peak - 1:,}" in found.message
    assert found.span is not None
    assert found.span.line == 3
    assert found.help == ("batch 15 is the largest within it",)


def test_the_settings_of_the_analysis_count_where_the_budget_has_none() -> None:
    peak = _peak(False, 4)
    assert not _findings(f"inference_memory: {peak}", 4)
    assert _findings(f"inference_memory: {peak - 1}", 4)
    assert not _findings(f"inference_memory: {peak - 1}")  # batch 1
    assert _findings(f"inference_memory: {peak - 1}, batch: 4")
    half = _peak(False, 4, dtype="float16")
    assert not _findings(f"inference_memory: {half}, dtype: float16, batch: 4")


def test_a_batch_that_nobody_states_is_one_image_a_micro_batch() -> None:
    peak = _peak(True, 1, accumulate=3)
    stated = f"training_memory: {peak - 1}, accumulate: 3"
    (found,), (same,) = _findings(stated), _findings(f"{stated}, batch: 3")
    assert found.message == same.message
    assert found.message.startswith(f"training_memory: {peak:,} bytes with batch 3, float32")
    assert not _findings(f"training_memory: {peak}, accumulate: 3")
    (conflict,) = _findings(stated, batch=4)
    assert conflict.message.startswith("a batch of 4 is not divisible by 3")
    assert _findings("training_memory: 1GiB, accumulate: 3, batch: 1")[0].code == "CC014"


def test_a_device_budget_is_an_error_below_the_range_and_a_warning_within() -> None:
    run = Simulation(analyze(load("net.yaml", SPEC.encode())), True)
    needs = run.needs(64, CONTEXT)
    assert needs.low < needs.high
    assert not _findings(f"device_memory: {needs.high}, batch: 64")
    (within,) = _findings(f"device_memory: {needs.low}, batch: 64")
    assert (within.code, within.severity) == ("CC131", Severity.WARNING)
    assert f"{needs.high:,} bytes at worst" in within.message
    (below,) = _findings(f"device_memory: {needs.low - 1}, batch: 64")
    assert below.severity is Severity.ERROR
    assert f"{needs.low:,} bytes or more" in below.message


@pytest.mark.parametrize(
    ("budget", "message", "help"),
    [
        ("optimizer: adm, training_memory: 1GiB", "no optimizer 'adm'", "did you mean `adam`?"),
        ("dtype: float, training_memory: 1GiB", "no dtype 'float'", "did you mean `float16`?"),
        ("batch: 0, training_memory: 1", "batch: expected a positive count, got 0", "`batch: 1`"),
        ("dtype: int8, training_memory: 1GiB",
         "int8 is for inference: there is no training to budget", "`inference_memory` takes it"),
    ],
)  # fmt: skip
def test_words_that_there_are_not(budget: str, message: str, help: str) -> None:
    (found,) = _findings(budget)
    assert (found.code, found.message, found.help[0][:10]) == ("CC014", message, help[:10])


@pytest.mark.parametrize("limit", ["params: 1M", "training_memory: 1GiB"])
@pytest.mark.parametrize(
    ("budget", "message", "help"),
    [
        ("optimizer: adm", "no optimizer 'adm'", "did you mean `adam`?"),
        ("precision: ampp", "no precision 'ampp'", "did you mean `amp"),
        ("batch: 0", "batch: expected a positive count, got 0", "`batch: 1`"),
        ("batch: 4, accumulate: 3", "a batch of 4 is not divisible by 3", "`convcalc explain"),
        ("batch: 4, checkpoint: conv9", "no layer 'conv9' to checkpoint", "`convcalc explain"),
        ("ema: maybe", "ema: expected true or false, got 'maybe'", "`ema: true`"),
        ("keep_grads: 1", "keep_grads: expected true or false, got '1'", "`keep_grads: true`"),
        ("weight_decay: -1", "weight_decay: expected a finite number", "`weight_decay: 0.01`"),
        ("weight_decay: x", "weight_decay: expected a number, got 'x'", "`weight_decay: 0.01`"),
    ],
)
def test_settings_are_looked_at_whatever_is_limited(
    limit: str, budget: str, message: str, help: str
) -> None:
    (found,) = _findings(f"{budget}, {limit}")
    assert (found.code, found.severity) == ("CC014", Severity.ERROR)
    assert (found.message[: len(message)], found.help[0][: len(help)]) == (message, help)


def test_settings_without_a_limit_of_memory_are_warned_of() -> None:
    (found,) = _findings("batch: 32, optimizer: adam, params: 1M")
    assert (found.code, found.severity) == ("CC014", Severity.WARNING)
    said = "batch, optimizer: no limit of memory in `budget` to check with them"
    assert found.message == said
    assert not _findings("batch: 32, optimizer: adam, training_memory: 1GiB")


def test_segments_that_are_none_are_shown_where_they_are_written() -> None:
    (found,) = _findings("batch: 4, checkpoint: conv9, training_memory: 1GiB")
    assert found.span is not None
    assert found.span.column == len("budget: {batch: 4, checkpoint: ") + 1
    text = f"{SPEC}budget: {{training_memory: 1GiB}}\n"  # under the segments of a sweep
    swept = analyze(load("net.yaml", text.encode()), Settings(4, checkpoint="conv9"))
    (found,) = [one for one in with_budgets(swept).findings if one.severity is Severity.ERROR]
    assert found.message.startswith("no layer 'conv9' to checkpoint")


def test_nothing_is_simulated_for_other_budgets(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("simulated")

    monkeypatch.setattr(budgets, "_exceeded", never)
    assert not _findings("params: 1G, macs: 1T")
    broken = b"input: 4x4x3\nlayers: [conv7-8s3p0]\nbudget: {training_memory: 1}\n"
    assert with_budgets(analyze(load("net.yaml", broken))).broken


def test_budgets_of_one_run_share_its_simulation(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bool] = []

    class Counted(Simulation):
        def _made(self, batch: int) -> Trace:
            made.append(self._learning)
            return super()._made(batch)

    monkeypatch.setattr(fit, "Simulation", Counted)
    _findings("training_memory: 1MiB, device_memory: 1MiB, inference_memory: 1MiB, batch: 2")
    assert sorted(made) == [False, True]


def test_not_even_one_image() -> None:
    (found,) = _findings("training_memory: 100KiB")
    assert found.help == ("not even batch 1 is within it",)


@pytest.mark.parametrize(
    ("budget", "asked"),
    [
        ("training_memory: 40", "40 is 40 bytes: write 40GiB, or 40B if bytes are meant"),
        ("inference_memory: 1", "1 is 1 byte: write 1GiB, or 1B if bytes are meant"),
        ("device_memory: 8192", "8192 is 8,192 bytes: write 8192MiB, or 8192B if bytes are meant"),
    ],
)
def test_few_bytes_without_a_unit_are_asked_about(budget: str, asked: str) -> None:
    (found,) = _findings(budget)
    assert (found.code, found.help[0]) == ("CC131", asked)
    (found,) = _findings(f"{budget}B")
    assert found.code == "CC131" and "write" not in "".join(found.help)

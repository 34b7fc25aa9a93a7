"""`fit --advise --write`: the budget that is written means what was advised."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from convcalc.cli import run

SPEC = """\
vars: {width: 32}
input: 64x64x3
rounding: floor
layers:
  - {conv3-32: , name: first}
  - repeat: {times: 12, layers: [{conv: {filters: =width, kernel: 3, pad: 1}}, batch_norm, relu]}
  - fc-10
"""
FIT = ["fit", "a.yaml", "--advise", "--write", "--batch", "32"]


@pytest.fixture
def wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """The budget that a run writes, and what it tells."""
    monkeypatch.chdir(tmp_path)

    def called(*more: str, spec: str = SPEC) -> tuple[int, dict[str, Any], str]:
        Path("a.yaml").write_text(spec, encoding="utf-8")
        code = run([*FIT, *more])
        text = Path("a.yaml").read_text(encoding="utf-8")
        return code, yaml.safe_load(text).get("budget", {}), capsys.readouterr().err

    return called


@pytest.mark.parametrize(
    ("memory", "options", "written"),
    [
        ("980MiB", "", {"optimizer": "sgd-momentum", "precision": "fp32"}),
        ("980MiB", "--optimizer sgd", {"optimizer": "sgd", "precision": "fp32"}),
        (
            "990MiB",
            "--optimizer adam --weight-decay 0.1",
            {"optimizer": "adam", "weight_decay": 0.1},
        ),
        ("715MiB", "--precision amp-bf16 --ema", {"precision": "amp-bf16", "ema": True}),
        ("1.5GiB", "--dtype float64", {"dtype": "float64", "optimizer": "sgd-momentum"}),
        ("705MiB", "--accumulate 2 --clip-grad norm", {"accumulate": 2, "clip_grad": "norm"}),
        (
            "985MiB",
            "--keep-grads --optimizer-impl loop",
            {"keep_grads": True, "optimizer_impl": "loop"},
        ),
        ("990MiB", "--gpus 2 --shard ddp", {"gpus": 2, "shard": "ddp"}),
    ],
)
def test_a_written_budget_is_judged_by_what_it_was_found_with(
    wrote, memory: str, options: str, written: dict[str, Any]
) -> None:
    code, budget, told = wrote("--memory", memory, *options.split())
    assert (code, budget.get("batch")) == (0, 32), told
    assert written.items() <= budget.items()
    assert run(["check", "a.yaml", "--fail-on", "error"]) == 0
    text, peak = Path("a.yaml").read_text(encoding="utf-8"), budget["training_memory"]
    Path("a.yaml").write_text(text.replace(f"y: {peak}", f"y: {peak - 1}"), encoding="utf-8")
    assert run(["check", "a.yaml", "--fail-on", "error"]) == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--memory 1.2GiB --set width=48", "write `width` into the file, or leave it out"),
        ("--memory 1.1GiB --input 72x72x3", "write `input` into the file, or leave it out"),
        ("--memory 980MiB --rounding ceil", "write `rounding` into the file, or leave it out"),
    ],
)
def test_no_budget_is_written_that_means_another_net(wrote, options: str, told: str) -> None:
    code, budget, said = wrote(*options.split())
    assert (code, budget) == (2, {})
    assert told in said and said.count("\n") < 3


def test_what_to_add_to_a_budget_is_all_told(wrote) -> None:
    code, budget, told = wrote(
        "--memory", "980MiB", "--optimizer", "sgd", spec=f"{SPEC}budget: {{params: 20M}}\n"
    )
    assert (code, budget) == (2, {"params": "20M"})
    assert "a.yaml has a budget: set `batch: 32`, `optimizer: sgd`, `precision: fp32`, " in told
    assert ', `checkpoint: "' in told and ", `training_memory: " in told


@pytest.mark.parametrize(
    "spec",
    [
        "{input: 64x64x3, rounding: floor, layers: [{repeat: {times: 13, layers: [conv3-32, "
        "batch_norm, relu]}}, fc-10]}\n",
        "".join(f"  {line}\n" for line in SPEC.splitlines()),
        f"{SPEC}...\n",
        f"{SPEC}budget: {{}}\n",
    ],
)
def test_a_file_that_takes_no_budget_at_its_end_stays_as_it_is(wrote, spec: str) -> None:
    code, _, told = wrote("--memory", "980MiB", spec=spec)
    assert code == 2 and Path("a.yaml").read_text(encoding="utf-8") == spec
    assert "a budget cannot be put at the end of a.yaml as it is written: write `budget: {" in told

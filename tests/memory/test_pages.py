"""The numbers of the pages on precision, checkpointing, optimizers and data parallel, and of docs.

`pytest tests/memory/test_pages.py --update` renews the table of docs/memory.md.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from convcalc import zoo
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.forward import inference
from convcalc.memory.optimizers import BY_NAME, IMPLEMENTATIONS, NAMES
from convcalc.memory.precisions import Precision, with_precision
from convcalc.memory.training import training
from convcalc.network.record import Network
from convcalc.spec.load import load

_ROOT = Path(__file__).parents[2]
_TERMS = _ROOT / "convcalc" / "explain" / "terms"
_NETS = (
    "alexnet", "vgg16", "googlenet", "resnet18", "resnet50", "resnet152", "densenet121",
    "mobilenet_v1", "mobilenet_v2", "squeezenet1_0", "inception_v3", "efficientnet_b0",
)  # fmt: skip
_COLUMNS: tuple[Precision, ...] = ("fp32", "amp-fp16", "amp-bf16", "bf16", "bf16-master")
_TABLE = re.compile(r"(<!-- precisions: [^\n]*-->\n).*?(<!-- end of precisions -->)", re.S)


@cache
def _network(name: str) -> Network:
    return load(f"{name}.yaml", zoo.read(name))


def _peak(name: str = "resnet50", precision: Precision = "", **settings: Any) -> int:
    """The peak of training, in MiB."""
    chosen = with_precision(Settings(**{"batch": 32, **settings}), precision)
    analysis = analyze(_network(name), chosen)
    return round(max(training(analysis, chosen.batch).live(chosen.batch)) / 2**20)


def _served(precision: Precision, batch: int) -> int:
    chosen = with_precision(Settings(batch), precision)
    return round(max(inference(analyze(_network("resnet50"), chosen)).live(batch)) / 2**20)


def _rows(page: str) -> dict[str, list[str]]:
    """The rows of a page's tables, by their first word."""
    text = (_TERMS / f"{page}.md").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if re.search(r"  [\d,]+( |$)", line)]
    return {words[0].strip("`,"): words[1:] for words in lines}


def test_precision() -> None:
    rows = _rows("precision")
    for name in ("fp32", "amp-fp16", "amp-bf16", "fp16", "bf16", "bf16-master"):
        trained = _peak(precision=name, optimizer="adamw")
        assert rows[name] == [f"{trained:,}", f"{_served(name, 32):,}"], name
    text = (_TERMS / "precision.md").read_text(encoding="utf-8")
    assert {_peak(batch=1, precision=p, optimizer="adamw") for p in ("fp32", "amp-bf16")} == {488}
    assert "488 MiB either way" in text
    assert f"{_served('amp-bf16', 1)} MiB against {_served('fp32', 1)}" in text
    assert f"`--precision fp16`: {_served('fp16', 1)} MiB" in text


def test_checkpointing() -> None:
    rows = _rows("checkpointing")
    for name in ("none", "pools", "seq:4", "every-block", "sqrt"):
        assert rows[name] == [f"{_peak(checkpoint='' if name == 'none' else name):,}"], name


@pytest.mark.parametrize("name", NAMES[1:])
def test_optimizers(name: str) -> None:
    record = BY_NAME[name]
    peaks = [
        str(_peak(batch=1, optimizer=name, optimizer_impl=impl))
        if impl != "fused" or record.fused else "-"
        for impl in IMPLEMENTATIONS
    ]  # fmt: skip
    row = _rows("optimizers").get(name)
    assert row == [str(record.state), *peaks], "its row in explain/terms/optimizers.md"


def test_data_parallel() -> None:
    rows = _rows("data-parallel")
    for name in ("none", "ddp", "ddp-view", "zero1", "zero2", "zero3"):
        peak = _peak(optimizer="adam", gpus=1 if name == "none" else 4, shard=name)
        assert rows[name][0] == f"{peak:,}", name


def test_the_table_of_the_documentation(request: pytest.FixtureRequest) -> None:
    page = _ROOT / "docs" / "memory.md"
    text = page.read_text(encoding="utf-8")
    lines = [
        f"| net | {' | '.join(_COLUMNS)} |",
        f"|---|{'---:|' * len(_COLUMNS)}",
        *(
            f"| {name} | "
            + " | ".join(f"{_peak(name, column, optimizer='adamw'):,}" for column in _COLUMNS)
            + " |"
            for name in _NETS
        ),
    ]
    table = "\n".join(lines)
    renewed = _TABLE.sub(lambda found: f"{found[1]}{table}\n{found[2]}", text)
    assert _TABLE.search(text), "the table's marks are gone"
    if request.config.getoption("--update"):
        page.write_text(renewed, encoding="utf-8")
        return
    assert text == renewed, "run `pytest tests/memory/test_pages.py --update`"


def test_the_docs_say_how_many_measured_cases_there_are() -> None:
    here = Path(__file__).parent
    nets = [
        *json.loads((here / "measured.json").read_text("utf-8")),
        *json.loads((here / "reference" / "expected.json").read_text("utf-8"))["nets"].values(),
        *json.loads((here / "reference2" / "expected.json").read_text("utf-8"))["nets"].values(),
        json.loads((here / "small_nets.json").read_text("utf-8")),
        json.loads((here / "padding.json").read_text("utf-8")),
    ]
    cases = sum(len(net["cases"]) for net in nets)
    for page in ("docs/memory.md", "CHANGELOG.md"):
        said = re.findall(r"(\d+)\s+measured\s+cases", (_ROOT / page).read_text("utf-8"))
        assert said == [str(cases)], page

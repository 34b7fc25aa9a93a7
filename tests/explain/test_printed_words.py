"""Every word that a report prints as a term has a page: heads of columns, names of rows, JSON."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import convcalc
from convcalc.cli import run
from convcalc.report.analysis import table
from convcalc.report.drawing import columns
from convcalc.schema.document import properties
from convcalc.schema.entries import BESIDE_LAYERS
from convcalc.study.explain import page
from convcalc.sweep.variant import NUMBERS

SOURCE = Path(convcalc.__file__).parent

#: reports whose rows have names, beside the tables of layers
REPORTS = [
    "analyze lenet5 --batch 8 --checkpoint every-block --accumulate 2 --gpus 2 --shard zero3 --ema",
    "analyze vgg16 --as all", "analyze lenet5 --dtype int8", "analyze resnet18 --arena",
    "analyze lenet5 --precision amp-fp16", "fit lenet5 --memory 1GiB --advise",
    "diff vgg16 vgg19", "sizes alexnet", "verify lenet5 --gradients",
    "verify lenet5 --equivalence",
]  # fmt: skip
#: names of rows that say in words what is done or found
SENTENCES = {"instead of it", "every line was simulated", "not shown", "no plan is smaller"}

#: keys of JSON that say where or which, and are no terms
NO_TERMS = {"schema", "convcalc", "path", "held", "varied", "phase", "at", "axes"}


def heads() -> Iterator[str]:
    """The titles of all columns in the code, but of a second column for the same thing."""
    for path in (SOURCE / "report").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Column":
                title = node.args[0]
                if isinstance(title, ast.Constant) and title.value:
                    yield from title.value.split(", ")


@pytest.mark.parametrize("title", sorted({*heads()}))
def test_the_head_of_a_column_has_a_page(title: str) -> None:
    assert page(title) is not None, f"an `Also:` of the page that explains {title!r} is missing"


@pytest.mark.parametrize("command", REPORTS)
def test_the_name_of_a_row_has_a_page(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in (columns, table):  # in tables the rows are layers
        monkeypatch.setattr(module, "laid_out", lambda _, rows, *rest: iter([""] * (1 + len(rows))))
    assert run(command.split()) in {0, 1}
    out = capsys.readouterr().out
    names = {*re.findall(r"^([A-Za-z][A-Za-z ]*?)(?:  +\S|: )", out, re.M)}
    titles = {out.split("  ")[0].split("\n")[0].split(":")[0]}
    unknown = {name for name in names - titles - SENTENCES if page(name) is None}
    assert names and not unknown


@pytest.mark.parametrize("name", NUMBERS)
def test_a_column_of_a_sweep_has_a_page(name: str) -> None:
    assert page(name) is not None


@pytest.mark.parametrize("command", ["analyze lenet5", "fit lenet5 --memory 1GiB", "sizes alexnet"])
def test_a_number_of_json_has_a_page(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command.split(), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    parts = [found.get("settings", {}), found.get("totals", {}), *_inside(found.get("memory", {}))]
    parts += [found.get("training") or {}, found.get("inference") or {}]
    parts += [found] if command.startswith("sizes") else [{}]
    names = {name for part in parts for name in part}
    assert not {name for name in names - NO_TERMS if page(name) is None}


def _inside(memory: dict[str, object]) -> Iterator[dict[str, object]]:
    yield memory
    for value in memory.values():
        if isinstance(value, dict):
            yield from _inside(value)


KEYS = [*properties(), *BESIDE_LAYERS, "args"]


@pytest.mark.parametrize("key", KEYS)
def test_every_key_of_a_spec_has_a_page(key: str) -> None:
    found = page(key)
    assert found is not None
    assert f"`{key}:` is: " in found.body or key == "rules"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("conv3-64", "`conv: {filters: 64, kernel: 3, pad: 1}`"),
        ("conv11-96s4p0", "`conv: {filters: 96, kernel: 11, stride: 4, pad: 0}`"),
        ("avgpool7", "`avg_pool: {kernel: 7, stride: 7}`"),
        ("pool3s2", "`max_pool: {kernel: 3, stride: 2}`"),
        ("fc-4096", "`fc: {units: 4096}`"),
    ],
)
def test_a_short_form_leads_to_its_kind(word: str, said: str) -> None:
    found = page(word)
    assert found is not None and found.body.startswith(said) and "Options:" in found.body

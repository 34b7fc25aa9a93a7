"""The JSON Schema: committed as made, valid for every net we ship, against structural mistakes."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.findings import CODES
from convcalc.pages import page, section
from convcalc.rules.advise import Selection, wanted_findings
from convcalc.schema import schema_text
from convcalc.schema.document import properties
from convcalc.spec.document import KEYS
from convcalc.spec.load import load

COMMITTED = Path(__file__).parents[1] / "schema" / "convcalc-1.json"
SCHEMA = json.loads(schema_text())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)

#: Codes whose examples a schema can refuse: words, types and ranges, not arithmetic or references.
STRUCTURAL = ("CC010", "CC011", "CC012", "CC013", "CC014", "CC019", "CC020")


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors read it."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


def parsed(text: str) -> Any:
    return yaml.load(text, Core)


def test_the_committed_schema_is_the_generated_one(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update"):
        COMMITTED.write_text(schema_text(), encoding="utf-8")
    same = COMMITTED.read_text(encoding="utf-8") == schema_text()
    assert same, "run pytest --update tests/test_schema.py"


def test_the_command_prints_it() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "convcalc", "schema"], capture_output=True, encoding="utf-8"
    )
    assert run.returncode == 0 and run.stdout == schema_text()


def test_it_is_a_draft_07_schema_that_describes_every_key() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert tuple(properties()) == KEYS
    for name, definition in SCHEMA["definitions"].items():
        for option, value in definition.get("properties", {}).items():
            assert value.get("description") or "$ref" in value, (name, option)


@pytest.mark.parametrize("name", zoo.names())
def test_every_bundled_spec_is_valid(name: str) -> None:
    VALIDATOR.validate(parsed(zoo.read(name).decode()))


@pytest.mark.parametrize("code", [c for c in CODES if c >= "CC008"])
def test_examples_that_do_not_fire_are_valid(code: str) -> None:
    VALIDATOR.validate(parsed(section(page(code), "Example that does not")))


@pytest.mark.parametrize("code", STRUCTURAL)
def test_structural_examples_that_fire_are_invalid(code: str) -> None:
    assert not VALIDATOR.is_valid(parsed(section(page(code), "Example that fires")))


CORPUS = Path(__file__).parent / "spec" / "bad"


def structural(path: Path) -> bool:
    """Whether a spec of the corpus has a mistake in its words (a block's name may call itself)."""
    told = path.with_suffix(".out").read_text(encoding="utf-8")
    return any(f"error[{code}]" in told for code in STRUCTURAL if code != "CC020")


def test_every_structural_bad_spec_of_the_corpus_is_invalid() -> None:
    bad = [path for path in CORPUS.glob("*.yaml") if structural(path)]
    assert len(bad) >= 3
    for path in bad:
        assert not VALIDATOR.is_valid(parsed(path.read_text(encoding="utf-8"))), path.name


BAD = """
layers: [conv3-16]
---
input: 32x32x3
---
input: 32x32x3
inputs: {a: 32x32x3}
layers: [conv3-16]
---
input: 0x32x3
layers: [conv3-16]
---
input: 32x32x3
layers: []
---
input: 32x32x3
layers: {conv: {filters: 3, kernel: 3}}
---
input: 32x32x3
layers: [conv]
---
input: 32x32x3
layers: [conv3]
---
input: 32x32x3
layers: [{conv: {filters: 16, kernel: "3"}}]
---
input: 32x32x3
layers: [{conv: {filters: 16, kernel: 3.5}}]
---
input: 32x32x3
layers: [{conv: {filters: true, kernel: 3}}]
---
input: 32x32x3
layers: [{conv: {filters: 16, kernel: [3, 3, 3, 3]}}]
---
input: 32x32x3
layers: [{conv: {filters: 16, kernel: 3, pad: sam}}]
---
input: 32x32x3
layers: [{conv: {filters: 16, kernel: 3, from: a}}]
---
input: 32x32x3
layers: [{relu: , conv: {filters: 16, kernel: 3}}]
---
input: 32x32x3
layers: [{name: a}]
---
input: 32x32x3
layers: [{relu: , nme: a}]
---
input: 32x32x3
layers: [{relu: , name: input}]
---
input: 32x32x3
layers: [{relu: , name: "a b"}]
---
input: 32x32x3
layers: [{relu: , times: -1}]
---
input: 32x32x3
layers: [{relu: , ignore: [CC999]}]
---
input: 32x32x3
layers: [{conv3-16: {stride: 2}}]
---
input: 32x32x3
layers: [{dropout: {rate: 1.5}}]
---
input: 32x32x3
layers: [[relu]]
---
input: 32x32x3
layers: [{add: {branches: []}}]
---
input: 32x32x3
layers: [{add: {branchs: [relu, relu]}}]
---
input: 32x32x3
layers: [{repeat: {times: 2}}]
---
input: 32x32x3
layers: [relu]
rounding: down
---
input: 32x32x3
layers: [relu]
expect: {parms: 3}
---
input: 32x32x3
layers: [relu]
expect: {params: 3GB}
---
input: 32x32x3
layers: [relu]
budget: {training_memory: 12G}
---
input: 32x32x3
layers: [relu]
rules: {large-kernal: false}
---
input: 32x32x3
layers: [relu]
rules: {large-kernel: {bigest: 3}}
---
input: 32x32x3
layers: [relu]
vars: {in_channels: 3}
---
input: 32x32x3
layers: [relu]
blocks: {a: {layer: [relu]}}
---
input: 32x32x3
layers: [{conv: {filters: 16}}]
blocks: {a: {layers: [relu]}}
"""


@pytest.mark.parametrize("text", BAD.split("---\n"))
def test_schema_and_check_refuse_the_same_mistakes(text: str) -> None:
    assert not VALIDATOR.is_valid(parsed(text)), text
    findings = wanted_findings(analyze(load("a.yaml", text.encode())), Selection())
    assert [finding for finding in findings if finding.severity == "error"], text


GOOD = """
layers: "input-32x32x3 -> [conv3-16 -> relu]*2 -> fc-10"
---
input: {height: 32, width: 32, channels: 3}
layers: [{conv: {K: 16, F: 3, S: 1, P: 1}}, {relu: }, {relu: {}}]
---
input: 4000x1
rounding: {conv: floor, pool: ceil}
vars: {width: 16}
outputs: [conv1]
layers:
  - {conv: {filters: =2*width, kernel: [9], pad: same, stride: 4}, when: =width > 3, times: 2}
  - {conv3-16: , name: 1, ignore: CC204, expect: 250x16}
---
inputs: {a: 32x32x3, b: 32x32x3}
layers: [{add: , from: [a, b]}, {concat: {branches: {x: [relu, tanh], y: identity}}}]
budget: {params: 1.5M, training_memory: 12 GiB, batch: 32, dtype: float16, optimizer: adam}
rules: {CC105: false, large-kernel: {largest: 7, severity: warning}}
---
input: 32x32x16
blocks: {unit: {args: {n: , skip: []}, layers: [{add: {branches: [conv3-16, =skip]}}, =skip]}}
layers: [{unit: {n: 3}}, {unit: [3]}, {unit: {n: 3}, times: 2}, relu]
"""


@pytest.mark.parametrize("text", GOOD.split("---\n"))
def test_schema_and_check_accept_the_same_specs(text: str) -> None:
    VALIDATOR.validate(parsed(text))
    findings = wanted_findings(analyze(load("a.yaml", text.encode())), Selection())
    assert not [f.message for f in findings if f.severity == "error"], text

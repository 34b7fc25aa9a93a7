"""SARIF 2.1.0: the structure that the standard and GitHub's code scanning ask for.

A structural check written from the standard (OASIS SARIF 2.1.0, section 3), not the published
JSON Schema: what each object must have, may have, and of which type.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest

from convcalc.cli.batch import Task, check_all
from convcalc.findings import Finding, Related, Severity, Span, worst_first
from convcalc.report.checked import Checked
from convcalc.report.formats import rendered

HERE = Path(__file__).parent


def closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


TEXT = {"type": "string", "minLength": 1}
POSITIVE = {"type": "integer", "minimum": 1}
MESSAGE = closed(["text"], text=TEXT, markdown=TEXT)
REGION = closed(
    ["startLine"],
    startLine=POSITIVE,
    startColumn=POSITIVE,
    endLine=POSITIVE,
    endColumn=POSITIVE,
)
PHYSICAL = closed(
    ["artifactLocation"],
    artifactLocation=closed(["uri"], uri={"type": "string", "format": "uri-reference"}),
    region=REGION,
)
LOCATION = closed(
    ["physicalLocation"],
    id={"type": "integer", "minimum": -1},
    physicalLocation=PHYSICAL,
    logicalLocations={
        "type": "array",
        "uniqueItems": True,
        "items": closed([], fullyQualifiedName=TEXT, kind=TEXT),
    },
    message=MESSAGE,
)
RESULT = closed(
    ["message", "ruleId", "ruleIndex", "level", "locations", "partialFingerprints"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level={"enum": ["none", "note", "warning", "error"]},
    message=MESSAGE,
    locations={"type": "array", "minItems": 1, "items": LOCATION},
    relatedLocations={"type": "array", "uniqueItems": True, "items": LOCATION},
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
)
RULE = closed(
    ["id"], id=TEXT, name=TEXT, shortDescription=MESSAGE, fullDescription=MESSAGE, help=MESSAGE
)
DRIVER = closed(
    ["name"],
    name=TEXT,
    version=TEXT,
    semanticVersion={"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
    informationUri={"type": "string", "format": "uri"},
    rules={"type": "array", "uniqueItems": True, "items": RULE},
)
RUN = closed(
    ["tool", "results"],
    tool=closed(["driver"], driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": RESULT},
)
LOG = closed(
    ["version", "runs"],
    **{
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": RUN},
    },
)


def sarif(checked: Checked) -> dict[str, Any]:
    log = json.loads(rendered(checked, "sarif"))
    jsonschema.validate(log, LOG)
    assert isinstance(log, dict)
    return log


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.chdir(HERE)
    results = check_all(["specs/broken.yaml", "specs/warned.yaml"], Task())
    findings = worst_first(finding for result in results for finding in result.findings)
    return sarif(Checked(findings, ("specs/broken.yaml", "specs/warned.yaml"), {}))


def test_results_point_at_their_rules(log: dict[str, Any]) -> None:
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules) > 5
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert {result["level"] for result in run["results"]} == {"error", "warning", "note"}


def test_related_places_have_ids_of_their_own() -> None:
    span = Span(1, 1, 1, 2)
    related = tuple(Related(f"place {n}", "a.yaml", span) for n in range(3))
    finding = Finding("CC107", Severity.ERROR, "x", "a.yaml", span, related=related)
    (result,) = sarif(Checked((finding,), ("a.yaml",), {}))["runs"][0]["results"]
    places = [(place["id"], place["message"]["text"]) for place in result["relatedLocations"]]
    assert places == [(0, "place 0"), (1, "place 1"), (2, "place 2")]


def test_a_clean_run_has_results_that_are_empty() -> None:
    assert sarif(Checked((), ("a.yaml",), {}))["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("nets/a.yaml", "nets/a.yaml"),
        ("nets/my net#1%.yaml", "nets/my%20net%231%25.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
        ("/elsewhere/a.yaml", "file:///elsewhere/a.yaml"),
        ("größe.yaml", "gr%C3%B6%C3%9Fe.yaml"),
    ],
)
def test_paths_become_uris(path: str, uri: str) -> None:
    span = Span(1, 1, 1, 2)
    related = (Related("here", path, span),)
    finding = Finding("CC010", Severity.ERROR, "x", path, span, related=related)
    (result,) = sarif(Checked((finding,), (path,), {}))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == uri
    assert unquote(urlsplit(uri).path) == path


def test_a_path_below_the_working_folder_is_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = str(tmp_path / "nets" / "a.yaml")
    finding = Finding("CC010", Severity.ERROR, "x", path)
    (result,) = sarif(Checked((finding,), (path,), {}))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "nets/a.yaml"}}

"""SARIF 2.1.0, held against the published JSON Schema (2.1.0-rtm.5, as schemastore.org has it).

What the schema leaves open and code scanning asks for is tested by itself.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest

from convcalc.findings import Finding, Related, Severity, Span
from convcalc.report.findings.checked import Checked
from convcalc.report.formats import rendered
from convcalc.rules.advise import Selection
from convcalc.study.check import check as check_all
from convcalc.study.outcome import Case

HERE = Path(__file__).parent


PUBLISHED = json.loads((HERE / "schemas" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(
    PUBLISHED, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
)


def sarif(checked: Checked) -> dict[str, Any]:
    log = json.loads(rendered("check", "sarif", checked))
    VALIDATOR.validate(log)
    assert isinstance(log, dict)
    return log


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.chdir(HERE)
    paths = ("specs/broken.yaml", "specs/warned.yaml")
    found = check_all([Case(path, selection=Selection()) for path in paths])
    return sarif(Checked(found.findings, paths, {}))


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


def test_the_schema_refuses_what_is_not_sarif(log: dict[str, Any]) -> None:
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not VALIDATOR.is_valid(log)


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

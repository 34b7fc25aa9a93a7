"""SARIF 2.1.0 for code scanning: every finding with its rule's page and a stable fingerprint."""

import re
from collections.abc import Sequence
from typing import Any

from convcalc import __version__
from convcalc.findings import CODES, Finding, Severity, Span, plain
from convcalc.pages import page, section
from convcalc.report.drawing.encode import encoded_page
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.findings.checked import Checked
from convcalc.report.findings.places import fingerprints, uri
from convcalc.study.failure import Failure

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://github.com/convcalc/convcalc"


def render(checked: Checked, palette: Palette = PLAIN) -> str:
    """One run with all findings, notes too, and what it could not check."""
    codes = sorted({finding.code for finding in checked.findings})
    names = fingerprints(checked.findings)
    driver = {
        "name": "convcalc",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": _HOME,
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(checked.failures)],
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(finding, codes.index(finding.code), name)
            for finding, name in zip(checked.findings, names, strict=True)
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return encoded_page(log) + "\n"


def _invocation(failures: Sequence[Failure]) -> dict[str, Any]:
    """Whether all could be checked, and what could not."""
    notifications = [
        {
            "level": "error",
            "message": {"text": unlinked(plain(failure.message))},
            "locations": [{"physicalLocation": _place(failure.path, None)}],
        }
        for failure in failures
    ]
    said = {"toolExecutionNotifications": notifications} if notifications else {}
    return {"executionSuccessful": not failures, **said}


def _rule(code: str) -> dict[str, Any]:
    text = page(code)
    what = " ".join(section(text, "What it does").split())
    return {
        "id": code,
        "name": CODES[code],
        "shortDescription": {"text": CODES[code].replace("-", " ")},
        "fullDescription": {"text": what},
        "help": {"text": text, "markdown": f"```text\n{text}```\n"},
    }


def _result(finding: Finding, index: int, fingerprint: str) -> dict[str, Any]:
    text = ". ".join((finding.message, *(f"help: {line}" for line in finding.help)))
    location: dict[str, Any] = {"physicalLocation": _place(finding.path, finding.span)}
    if finding.layer:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.layer, "kind": "member"}]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": unlinked(text)},
        "locations": [location],
        "partialFingerprints": {"convcalc/v1": fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _place(related.path, related.span),
                "message": {"text": unlinked(related.message)},
            }
            for number, related in enumerate(finding.related)
        ]
    return result


def unlinked(text: str) -> str:
    r"""A message in which a spec's brackets make no link (SARIF 3.11.6).

    >>> unlinked("[a](b)"), unlinked("[1, 2]")
    ('\\[a\\](b)', '[1, 2]')
    """
    return re.sub(r"[\[\]\\]", r"\\\g<0>", text) if "](" in text else text


def _place(path: str, span: Span | None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": uri(path)}}
    if span:
        place["region"] = {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        }
    return place

"""JUnit XML for Jenkins and its kin: a suite a spec, a case a finding, one passing case if clean.

Findings at or above --fail-on are failures; the others are passing cases with their text. A spec
that could not be checked is an error.
"""

import re
from collections import Counter
from html import escape
from typing import NamedTuple

from convcalc.findings import Finding, plain, reaches
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.findings.checked import Checked
from convcalc.report.findings.concise import line
from convcalc.study.failure import Failure

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render(checked: Checked, palette: Palette = PLAIN) -> str:
    """The whole document."""
    shown = checked.shown
    suites: dict[str, _Suite] = {path: _Suite([], []) for path in checked.paths}
    for finding in shown:
        suites.setdefault(finding.path, _Suite([], [])).findings.append(finding)
    for failure in checked.failures:
        suites.setdefault(failure.path, _Suite([], [])).failures.append(failure)
    failures = sum(reaches(finding, checked.fail_on) for finding in shown)
    tests = sum(suite.tests for suite in suites.values())
    counts = f'tests="{tests}" failures="{failures}" errors="{len(checked.failures)}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="convcalc" {counts}>',
    ]
    for path, suite in suites.items():
        lines += _lines(path, suite, checked.fail_on)
    return "\n".join([*lines, "</testsuites>\n"])


class _Suite(NamedTuple):
    """What is known of a spec."""

    findings: list[Finding]
    failures: list[Failure]
    """Why it, or some of its variants, could not be checked."""

    @property
    def tests(self) -> int:
        """How many cases it has: one where nothing is wrong."""
        return len(self.findings) + len(self.failures) or 1


def _lines(path: str, suite: _Suite, fail_on: str) -> list[str]:
    name = _quoted(path)
    failures = sum(reaches(finding, fail_on) for finding in suite.findings)
    counts = f'tests="{suite.tests}" failures="{failures}" errors="{len(suite.failures)}"'
    lines = [f'  <testsuite name="{name}" {counts} skipped="0">']
    met: Counter[str] = Counter()

    def unmet(title: str) -> str:
        met[title] += 1  # readers keep one of several cases of a name
        return f"{title} ({met[title]})" if met[title] > 1 else title

    for failure in suite.failures:
        lines += _error(failure, name, unmet("not checked"))
    for finding in suite.findings:
        at = f" line {finding.span.line}" if finding.span else ""
        title = unmet(f"{finding.code} {finding.name}{at}")
        lines += _case(finding, name, title, reaches(finding, fail_on))
    if not (suite.findings or suite.failures):
        lines.append(f'    <testcase name="no findings" classname="{name}"/>')
    return [*lines, "  </testsuite>"]


def _error(failure: Failure, name: str, title: str) -> list[str]:
    text = _quoted(failure.message)
    return [
        f'    <testcase name="{title}" classname="{name}">',
        f'      <error message="{text}" type="not-checked">{text}</error>',
        "    </testcase>",
    ]


def _case(finding: Finding, name: str, title: str, fails: bool) -> list[str]:
    case = f'    <testcase name="{_quoted(title)}"'
    case += f' classname="{name}">'
    text = "\n".join((line(finding), *(f"help: {help}" for help in finding.help)))
    if fails:
        message = _quoted(finding.message)
        kind = f"{finding.severity.value}[{finding.code}]"
        body = f'      <failure message="{message}" type="{kind}">{_quoted(text)}</failure>'
    else:
        body = f"      <system-out>{_quoted(text)}</system-out>"
    return [case, body, "    </testcase>"]


def _quoted(text: str) -> str:
    kept = "\n".join(map(plain, text.split("\n")))
    return escape(_ILLEGAL.sub("\ufffd", kept))

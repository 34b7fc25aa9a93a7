"""JUnit XML for Jenkins and its kin: a suite a spec, a case a finding, one passing case if clean.

Findings at or above --fail-on are failures; the others are passing cases with their text.
"""

import re
from collections import Counter
from html import escape

from convcalc.findings import Finding, plain, reaches
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.findings.checked import Checked
from convcalc.report.findings.concise import line

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render(checked: Checked, palette: Palette = PLAIN) -> str:
    """The whole document."""
    shown = checked.shown
    by_path: dict[str, list[Finding]] = {path: [] for path in checked.paths}
    for finding in shown:
        by_path.setdefault(finding.path, []).append(finding)
    failures = sum(reaches(finding, checked.fail_on) for finding in shown)
    tests = sum(max(len(findings), 1) for findings in by_path.values())
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="convcalc" tests="{tests}" failures="{failures}" errors="0">',
    ]
    for path, findings in by_path.items():
        lines += _suite(path, findings, checked.fail_on)
    return "\n".join([*lines, "</testsuites>\n"])


def _suite(path: str, findings: list[Finding], fail_on: str) -> list[str]:
    name = _quoted(path)
    failures = sum(reaches(finding, fail_on) for finding in findings)
    tests = max(len(findings), 1)
    lines = [
        f'  <testsuite name="{name}" tests="{tests}" failures="{failures}" errors="0" skipped="0">'
    ]
    met: Counter[str] = Counter()
    for finding in findings:
        at = f" line {finding.span.line}" if finding.span else ""
        title = f"{finding.code} {finding.name}{at}"
        met[title] += 1  # readers keep one of several cases of a name
        again = f" ({met[title]})" if met[title] > 1 else ""
        lines += _case(finding, name, f"{title}{again}", reaches(finding, fail_on))
    if not findings:
        lines.append(f'    <testcase name="no findings" classname="{name}"/>')
    return [*lines, "  </testsuite>"]


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

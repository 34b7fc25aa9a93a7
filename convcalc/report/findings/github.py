"""Workflow commands for GitHub Actions: annotations beside the lines of a pull request.

Everything is escaped as the Actions toolkit does (actions/toolkit, command.ts): a spec cannot add
a command of its own. The message repeats place and code, so that the log is complete, up to a
megabyte, without the annotations, of which GitHub shows ten of a severity a step.
"""

import re
from collections import Counter
from collections.abc import Hashable

from convcalc.escape import plain
from convcalc.findings import Finding, Severity
from convcalc.report.drawing.fitting import LOG, fitting
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.findings.checked import Checked, summary
from convcalc.report.findings.concise import line
from convcalc.report.findings.places import relative
from convcalc.study.failure import Failure

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_NUMBER = re.compile("[0-9]+")
_SHOWN = 10
_ALSO = 20  #: further messages of one annotation, of which GitHub shows 64 KB


def render(checked: Checked, palette: Palette = PLAIN) -> str:
    """A command a finding, errors first, and a line that counts them.

    Before them what could not be checked: GitHub shows the first ten errors.

    Where specs were checked in variants, what is wrong at one place of one layer is one command.
    """
    grouped = _grouped(checked)
    lines = [_not_checked(failure) for failure in checked.failures]
    lines += [_command(finding, also) for finding, *also in grouped]
    counts = Counter(finding.severity for finding, *_ in grouped)
    counts[Severity.ERROR] += len(checked.failures)
    most = max(counts.values())
    cut = f" (GitHub annotates {_SHOWN} of a kind; all are listed above)" if most > _SHOWN else ""
    left = len(lines) - fitting(lines, LOG)
    if left:
        del lines[-left:]
        cut = f" ({left:,} more are not listed: the log would be too long)"
    return "\n".join([*lines, f"{summary(checked)}{cut}\n"])


def _grouped(checked: Checked) -> list[list[Finding]]:
    """The findings that are shown, those together that variants alone may set apart.

    Messages with the sizes of a variant are another finding in each: ten of them would be all
    that GitHub annotates.
    """
    if checked.variants <= len(checked.paths):
        return [[finding] for finding in checked.shown]
    found: dict[Hashable, list[Finding]] = {}
    for one in checked.shown:
        what = _NUMBER.sub("", one.message.partition(":")[0])  # two limits have one code
        key = (one.path, one.span, one.code, one.severity, one.layer, what)
        found.setdefault(key, []).append(one)
    return list(found.values())


def _not_checked(failure: Failure) -> str:
    file = _property(relative(failure.path))
    return f"::error title=convcalc (not checked),file={file}::{_data(plain(failure.message))}"


def _command(finding: Finding, also: list[Finding]) -> str:
    span = finding.span
    properties = {"title": f"convcalc ({finding.code})", "file": relative(finding.path)}
    if span:
        properties |= {"line": str(span.line), "endLine": str(span.end_line)}
        if span.line == span.end_line:  # columns across lines are refused
            properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    help = "".join(f"\nhelp: {plain(text)}" for text in finding.help)
    others = "".join(f"\nalso: {plain(other.message)}" for other in also[:_ALSO])
    if len(also) > _ALSO:
        others += f"\nalso: {len(also) - _ALSO:,} more, which --format concise lists"
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(line(finding) + help + others)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

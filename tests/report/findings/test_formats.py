"""Every format of `check` over the same specs, held against a golden file."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from convcalc.findings import Finding, Severity, Span
from convcalc.report.drawing.palette import Palette
from convcalc.report.findings.checked import Checked
from convcalc.report.formats import formats, rendered
from convcalc.rules.advise import Selection
from convcalc.study.check import check as check_all
from convcalc.study.outcome import Case

HERE = Path(__file__).parent


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Checked:
    monkeypatch.chdir(HERE)
    return check("specs/clean.yaml", "specs/broken.yaml", "specs/warned.yaml")


def check(*paths: str, notes: bool | None = None) -> Checked:
    found = check_all([Case(path, selection=Selection()) for path in paths])
    return Checked(found.findings, found.paths, found.sources, notes)


@pytest.mark.parametrize("format_", formats("check"))
@pytest.mark.parametrize("notes", [None, True])
def test_golden(
    checked: Checked,
    format_: str,
    notes: bool | None,
    golden: Callable[[Path, str], None],
) -> None:
    got = rendered("check", format_, checked._replace(notes=notes))
    golden(HERE / "golden" / f"{format_}{'-notes' if notes else ''}.txt", got)


@pytest.mark.parametrize("format_", formats("check"))
def test_nothing_is_said_of_clean_specs(format_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    text = rendered("check", format_, check("specs/clean.yaml"))
    expected = {
        "text": "checked 1 spec: all clean\n",
        "concise": "",
        "github": "checked 1 spec: all clean\n",
        "gitlab": "[]\n",
        "markdown": "**convcalc** checked 1 spec: all clean\n",
    }
    if format_ in expected:
        assert text == expected[format_]
    elif format_ == "junit":
        suite = ElementTree.fromstring(text).find("testsuite")
        assert suite is not None and suite.get("failures") == "0" and len(suite) == 1
    else:
        assert format_ in {"json", "sarif"}, f"what {format_} says of clean specs: in `expected`"
        found = json.loads(text)
        assert (found["findings"] if format_ == "json" else found["runs"][0]["results"]) == []


@pytest.mark.parametrize("format_", formats("check"))
def test_no_line_of_any_format_is_a_command_of_the_specs(checked: Checked, format_: str) -> None:
    text = rendered("check", format_, checked._replace(notes=True))
    for line in text.splitlines():
        assert "##[" not in line
        if format_ == "github" and line.startswith("::"):
            assert line.startswith(
                ("::error title=convcalc", "::warning title=", "::notice title=")
            )
            assert line.count("::") >= 2
        else:
            assert not line.lstrip().startswith("::")
    assert "\x1b" not in text and "\r" not in text


def test_errors_come_first(checked: Checked) -> None:
    ranks = [list(Severity).index(finding.severity) for finding in checked.findings]
    assert ranks == sorted(ranks) and len(set(ranks)) == 3


def test_github_escapes_data_and_properties() -> None:
    path = "a,b:c%d.yaml"
    finding = Finding("CC010", Severity.ERROR, "50 %\r\nof it", path, Span(1, 2, 1, 3))
    command = rendered("check", "github", Checked((finding,), (path,), {})).splitlines()[0]
    assert command == (
        "::error title=convcalc (CC010),file=a%2Cb%3Ac%25d.yaml,line=1,endLine=1,col=2,endColumn=3"
        "::a,b:c%25d.yaml:1:2: error[CC010] 50 %25<U+000D><U+000A>of it"
    )


def test_github_leaves_columns_out_where_a_span_crosses_lines() -> None:
    finding = Finding("CC010", Severity.ERROR, "x", "a.yaml", Span(1, 2, 3, 4))
    command = rendered("check", "github", Checked((finding,), ("a.yaml",), {}))
    assert "line=1,endLine=3::" in command


def test_github_says_that_annotations_are_cut() -> None:
    findings = tuple(
        Finding("CC010", Severity.ERROR, "x", "a.yaml", Span(n, 1, n, 2)) for n in range(1, 12)
    )
    last = rendered("check", "github", Checked(findings, ("a.yaml",), {})).splitlines()[-1]
    assert last.startswith("checked 1 spec: 11 errors (GitHub annotates 10")


@pytest.mark.parametrize("format_", ["json", "gitlab", "sarif"])
def test_fingerprints_are_unique(checked: Checked, format_: str) -> None:
    twice = checked._replace(findings=(*checked.findings, *checked.findings), notes=True)
    found = json.loads(rendered("check", format_, twice))
    names = list(_fingerprints(found, format_))
    assert len(names) == len(set(names)) == 2 * len(checked.findings)


def _fingerprints(found: object, format_: str) -> Iterator[str]:
    if format_ == "sarif":
        assert isinstance(found, dict)
        for result in found["runs"][0]["results"]:
            yield result["partialFingerprints"]["convcalc/v1"]
        return
    for item in found["findings"] if isinstance(found, dict) else found:  # type: ignore[attr-defined]
        yield item["fingerprint"]


def test_a_fingerprint_survives_lines_added_above(tmp_path: Path) -> None:
    spec = tmp_path / "a.yaml"
    text = (HERE / "specs" / "warned.yaml").read_text(encoding="utf-8")
    names = []
    for head in ("", "# a comment\n\n"):
        spec.write_text(head + text, encoding="utf-8")
        found = json.loads(rendered("check", "json", check(str(spec))))
        names.append(list(_fingerprints(found, "json")))
    assert names[0] == names[1]


def test_junit_counts_what_fails(checked: Checked) -> None:
    for level, failures in (("error", 5), ("warning", 7), ("never", 0)):
        root = ElementTree.fromstring(rendered("check", "junit", checked._replace(fail_on=level)))
        assert root.get("failures") == str(failures)
        assert len(root.findall(".//failure")) == failures
        assert len(root.findall(".//testcase")) == int(root.get("tests") or 0)


def test_junit_has_a_case_of_its_own_for_each_finding(tmp_path: Path) -> None:
    """GitLab and others keep one case of a name; a line may have two findings of one code."""
    spec = tmp_path / "b.yaml"
    budget = "budget: {params: 1k, training_memory: 1KiB, activations: 1}"
    spec.write_text(f"input: 32x32x3\nlayers: [conv3-16, fc-10]\n{budget}\n")
    root = ElementTree.fromstring(rendered("check", "junit", check(str(spec))))
    names = [case.get("name") or "" for case in root.iter("testcase")]
    head = "CC131 budget-exceeded line 3"
    assert len(names) == len(set(names)) and {head, f"{head} (2)", f"{head} (3)"} <= {*names}


def test_markdown_shows_a_strangers_text_as_it_is() -> None:
    message = "<img src=x> [a](http://b) | `c` @d"
    finding = Finding("CC010", Severity.ERROR, message, "a|b.yaml", Span(1, 1, 1, 2))
    text = rendered("check", "markdown", Checked((finding,), ("a|b.yaml",), {}))
    row = text.splitlines()[-1].removeprefix("| **error** CC010 | ").removesuffix(" |")
    place, layer, told = re.split(r"(?<!\\)\|", row)
    assert (place, layer) == (r"a\|b.yaml:1 ", "  ")
    assert told.count("<!-- -->") == 1 and "\\@<!-- -->d" in told  # parts it, or it is a mention
    assert not re.search(r"(?<!\\)[<>\[\]()`|@]", told.replace("<!-- -->", ""))


def test_text_shows_one_line_a_kind_of_note_for_one_spec(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    checked = check("specs/warned.yaml")
    notes = [f for f in checked.findings if f.severity is Severity.NOTE]
    lines = rendered("check", "text", checked).splitlines()
    assert sum(line.startswith("note[") for line in lines) == len({f.code for f in notes}) > 1
    assert lines[-1].endswith("(--notes shows them)")


def test_text_is_coloured_only_by_the_palette(checked: Checked) -> None:
    painted = rendered("check", "text", checked, Palette(colour=True))
    assert "\x1b[1;31merror[CC" in painted
    assert "\x1b" not in rendered("check", "text", checked)

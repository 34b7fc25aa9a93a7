"""A job may keep a report alone, whatever `check` exits with: it names what was not checked."""

import json
import os
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from convcalc.cli import run
from convcalc.report.findings.checked import UNNAMED
from convcalc.report.formats import formats

GOOD = "input: 8x8x3\nlayers: [conv3-4]\n"
SCHEMA = Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json"
NAMING = [name for name in formats("check") if name not in UNNAMED]


def _link_out(path: Path) -> None:
    Path("secret.yaml").write_text(GOOD, encoding="utf-8")
    path.symlink_to("../secret.yaml")


def _unreadable(path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads all files")
    path.write_text(GOOD, encoding="utf-8")
    path.chmod(0)


#: ways in which a file of a folder cannot be checked
WAYS: dict[str, Callable[[Path], None]] = {
    "link out of the folder": _link_out,
    "link to nothing": lambda path: path.symlink_to("gone.yaml"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "FIFO": os.mkfifo,
    "unreadable": _unreadable,
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("nets").mkdir()


def _named(form: str, text: str) -> list[str]:
    """The sentences of a report on what was not checked; where it has paths, those are right."""
    if form == "json":
        return list(json.loads(text)["failures"])
    if form == "gitlab":
        issues = [issue for issue in json.loads(text) if issue["check_name"] == "not-checked"]
        assert all(issue["severity"] == "critical" for issue in issues)
        assert len({issue["fingerprint"] for issue in issues}) == len(issues)
        assert all(issue["location"]["path"] in issue["description"] for issue in issues)
        return [issue["description"] for issue in issues]
    if form == "sarif":
        log = json.loads(text)
        jsonschema.Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(log)
        (invocation,) = log["runs"][0]["invocations"]
        told = invocation.get("toolExecutionNotifications", [])
        assert invocation["executionSuccessful"] is not bool(told)
        for one in told:
            place = one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            assert one["level"] == "error" and place in one["message"]["text"]
        return [one["message"]["text"] for one in told]
    if form == "junit":
        root = ElementTree.fromstring(text)
        errors = root.findall(".//error")
        cases = root.findall(".//testcase")
        assert len(errors) == int(root.get("errors") or 0)
        assert len(cases) == int(root.get("tests") or 0)
        assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases)
        for suite in root:
            assert int(suite.get("errors") or 0) == len(suite.findall(".//error"))
            named = (one.get("message") or "" for one in suite.findall(".//error"))
            assert all((suite.get("name") or "?") in one for one in named)
        return [one.get("message") or "" for one in errors]
    beginning = {"markdown": "- **error** ", "github": "::error title=convcalc (not checked),file="}
    return [line for line in text.splitlines() if line.startswith(beginning[form])]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", NAMING)
@pytest.mark.parametrize("also", [True, False], ids=["with another", "alone"])
def test_what_a_folder_holds(form: str, way: str, also: bool, capsys) -> None:
    if also:
        Path("nets/good.yaml").write_text(GOOD, encoding="utf-8")
    WAYS[way](Path("nets/b.yaml"))
    assert run(["check", "nets", "--format", form]) == 2
    out, err = capsys.readouterr()
    (named,) = _named(form, out)
    assert "nets/b.yaml" in named
    assert err.startswith("Error: ")


@pytest.mark.parametrize("form", NAMING)
@pytest.mark.parametrize("name", ["gone.yaml", "empty", "vgg16.yaml", "model.json"])
def test_what_is_named(form: str, name: str, capsys) -> None:
    Path("empty").mkdir()
    model = '{"class_name": "Sequential", "config": {"layers": 3}}'
    Path("model.json").write_text(model, encoding="utf-8")
    assert run(["check", name, "--format", form]) == 2
    (named,) = _named(form, capsys.readouterr().out)
    assert name in named


@pytest.mark.parametrize("form", NAMING)
def test_a_clean_run_has_none(form: str, capsys) -> None:
    Path("nets/good.yaml").write_text(GOOD, encoding="utf-8")
    assert run(["check", "nets", "--format", form]) == 0
    assert _named(form, capsys.readouterr().out) == []


@pytest.mark.parametrize("form", NAMING)
def test_variants_that_are_not_checked(form: str, capsys) -> None:
    Path("nets/good.yaml").write_text(GOOD, encoding="utf-8")
    assert run(["check", "nets/good.yaml", "--set", "a=1,2", "--format", form]) == 2
    (named,) = _named(form, capsys.readouterr().out)
    assert "has no variable" in named


@pytest.mark.parametrize("form", NAMING)
def test_standard_input_that_is_closed(form: str, monkeypatch, capsys) -> None:
    monkeypatch.setattr("sys.stdin", None)
    words = ["check", "-", "--stdin-filename", "standard input", "--format", form]
    assert run(words) == 2
    if form == "sarif":
        assert "standard%20input" in capsys.readouterr().out
    else:
        assert len(_named(form, capsys.readouterr().out)) == 1


@pytest.mark.parametrize("form", NAMING)
def test_a_name_is_no_command_and_no_markup(form: str, capsys) -> None:
    name = '<b>&"]]>\n::error::x\x1b[31m##[error]\u202e|.yaml'
    os.mkfifo(f"nets/{name}")
    assert run(["check", "nets", "--format", form]) == 2
    out = capsys.readouterr().out
    assert "\x1b" not in out and "\u202e" not in out and "##[" not in out
    if form in {"json", "sarif", "gitlab"}:
        assert "not a regular file" in json.dumps(json.loads(out))
    elif form == "junit":
        (error,) = ElementTree.fromstring(out).findall(".//error")
        assert '<b>&"]]>' in (error.get("message") or "")
    else:
        assert sum(line.lstrip().startswith("::") for line in out.splitlines()) == (
            form == "github"
        )
        assert form == "github" or "<b>" not in out


def test_github_has_them_first(capsys) -> None:
    """It shows ten errors of a step: twelve wrong layers would hide them."""
    layers = "".join(f"  - wombat{number}\n" for number in range(12))
    Path("nets/a.yaml").write_text(f"input: 8x8x3\nlayers:\n{layers}", encoding="utf-8")
    os.mkfifo("nets/b.yaml")
    assert run(["check", "nets", "--format", "github"]) == 2
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first.startswith("::error title=convcalc (not checked),file=nets/b.yaml::")
    assert "GitHub annotates 10" in last


@pytest.mark.parametrize("form", sorted(UNNAMED))
def test_formats_for_terminals_leave_it_to_stderr(form: str, capsys) -> None:
    assert run(["check", "gone.yaml", "--format", form]) == 2
    out, err = capsys.readouterr()
    assert not out and "gone.yaml" in err

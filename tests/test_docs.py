"""Everything that the README and docs/ show is run: commands, outputs, Python, TOML, links.

A ```yaml block whose first line is a comment with a file name is written to that file (the README's
files are there for every page); a ```console block holds commands behind `$ ` with their output at
80 columns. `pytest tests/test_docs.py --update` rewrites the outputs. After a line
`<!-- times vary -->` only the rows' labels are compared.
"""

import ast
import re
import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from convcalc.cli import cli
from convcalc.config import load_config
from convcalc.layers import KINDS
from convcalc.report.catalogue.kinds import kinds_table
from convcalc.sweep.combinations import stated_axes

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"(<!-- times vary -->\n)?^```(yaml|console)\n(.*?)^```$", re.M | re.S)
_KINDS = re.compile(r"(<!-- kinds: [^\n]*-->\n).*?(<!-- end of kinds -->)", re.S)
_LINK = re.compile(r"\]\(([^)#:]*)(?:#([^)]*))?\)")

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def _fenced(language: str, text: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def _output(command: str) -> str:
    words = shlex.split(command)
    assert words[0] == "convcalc", command
    result = CliRunner().invoke(cli, words[1:], standalone_mode=False)
    assert result.exception is None, (command, result.exception)
    return result.stdout


def _labels(output: str) -> list[str]:
    """What stays the same in an output with times: the first word of every row.

    How wide the times are decides which columns are left out, so that is not compared.
    """
    rows = [line for line in output.splitlines() if line[:1].strip()]
    return [line.split()[0] for line in rows if not line.startswith("not shown in ")]


def _rewritten(text: str) -> str:
    """The text with every console block as the commands print it now."""

    def block(match: re.Match[str]) -> str:
        varies, language, body = match.groups()
        if language == "yaml":
            name = re.match(r"# (\S+\.yaml)\n", body)
            if name:
                Path(name[1]).write_text(body, encoding="utf-8")
            return match[0]
        commands = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
        shown = "".join(f"$ {command}\n{_output(command)}" for command in commands)
        if varies and _labels(shown) == _labels(body):
            return match[0]
        return f"{varies or ''}```console\n{shown}```"

    return _BLOCK.sub(block, text)


@every_page
def test_every_command_prints_what_the_page_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    for block in _fenced("yaml", README.read_text(encoding="utf-8")):
        if name := re.match(r"# (\S+\.yaml)\n", block):
            Path(name[1]).write_text(block, encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    rewritten = _rewritten(_KINDS.sub(lambda m: f"{m[1]}{kinds_table()}{m[2]}", text))
    if request.config.getoption("--update"):
        page.write_text(rewritten, encoding="utf-8")
        return
    assert rewritten == text, f"run pytest tests/test_docs.py --update and read {page.name}"


@every_page
def test_python_runs_and_gives_what_its_comments_say(page: Path) -> None:
    for block in _fenced("python", page.read_text(encoding="utf-8")):
        names: dict[str, object] = {}
        for line in block.splitlines():
            code, _, comment = line.partition("  # ")
            if "=" in code.split("(")[0] or code.startswith("import"):
                exec(code, names)
            elif code:
                assert eval(code, names) == ast.literal_eval(comment.split(":")[0]), code


@every_page
def test_toml_is_configuration(page: Path, tmp_path: Path) -> None:
    for block in _fenced("toml", page.read_text(encoding="utf-8")):
        if "[tool.convcalc" not in block:
            continue  # another program's
        (tmp_path / "pyproject.toml").write_text(block, encoding="utf-8")
        config = load_config(str(tmp_path))
        if "[[tool.convcalc.matrix]]" in block:
            assert [axis.name for axis in stated_axes(config.matrix[0].axes)]
            continue
        assert config.fail_on == "warning"
        assert config.tuning


def test_the_hook_of_the_pages_is_the_one_in_the_repository() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    for page in (README, ROOT / "docs" / "ci.md"):
        blocks = _fenced("yaml", page.read_text(encoding="utf-8"))
        (block,) = [yaml.safe_load(b) for b in blocks if b.startswith("# .pre-commit-config")]
        assert [hooks["id"] for hooks in block["repos"][0]["hooks"]] == [hook["id"]]


@every_page
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for target, heading in _LINK.findall(page.read_text(encoding="utf-8")):
        path = (page.parent / target).resolve() if target else page
        assert path.is_file(), target
        titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.M)
        assert not heading or heading in {t.lower().replace(" ", "-") for t in titles}, heading


def test_the_readme_is_short_and_leads_everywhere() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    for page in PAGES[1:]:
        assert f"](docs/{page.name})" in text, page.name
    commands = [line for line in text.splitlines() if line.startswith("python3 -m venv .venv")]
    assert len(commands) == 2
    assert "convcalc analyze" in commands[0]
    assert "pytest" in commands[1]


def test_the_table_of_kinds_is_complete() -> None:
    text = (ROOT / "docs" / "spec.md").read_text(encoding="utf-8")
    for name, _, _ in KINDS:
        assert f"| `{name}` |" in text


def test_the_table_of_packages_has_each_once() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("## The packages")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]*) \|", table, re.M)
    named = [name for row in rows for name in re.findall("`([^`]+)`", row)]
    there = [
        f"{path.name}/" if path.is_dir() else path.name
        for path in (ROOT / "convcalc").iterdir()
        if path.suffix in {"", ".py"} and not path.name.startswith("__")
    ]
    assert sorted(named) == sorted(there)

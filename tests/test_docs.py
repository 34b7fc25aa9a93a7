"""Everything that the documentation shows is run: commands, outputs, tables.

A ```yaml block whose first line is a comment with a file name is written to that file; a ```console
block holds commands behind `$ ` with their output at 80 columns. `pytest --update` rewrites them.
"""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from convcalc.cli import cli
from convcalc.layers import KINDS
from convcalc.report.catalogue.kinds import kinds_table

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
_BLOCK = re.compile(r"^```(yaml|console)\n(.*?)^```$", re.M | re.S)
_KINDS = re.compile(r"(<!-- kinds: [^\n]*-->\n).*?(<!-- end of kinds -->)", re.S)


def _output(command: str) -> str:
    words = shlex.split(command)
    assert words[0] == "convcalc", command
    result = CliRunner().invoke(cli, words[1:], standalone_mode=False)
    assert result.exception is None, (command, result.exception)
    return result.stdout


def _rewritten(text: str) -> str:
    """The text with every console block as the commands print it now."""

    def block(match: re.Match[str]) -> str:
        language, body = match.groups()
        if language == "yaml":
            name = re.match(r"# (\S+\.yaml)\n", body)
            if name:
                Path(name[1]).write_text(body, encoding="utf-8")
            return match[0]
        commands = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
        shown = "".join(f"$ {command}\n{_output(command)}" for command in commands)
        return f"```console\n{shown}```"

    return _BLOCK.sub(block, text)


def test_every_command_of_the_readme_prints_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    text = README.read_text(encoding="utf-8")
    rewritten = _rewritten(_KINDS.sub(lambda m: f"{m[1]}{kinds_table()}{m[2]}", text))
    if request.config.getoption("--update"):
        README.write_text(rewritten, encoding="utf-8")
    assert rewritten == text or request.config.getoption("--update")


def test_the_readme_lists_every_kind_and_the_two_set_up_commands() -> None:
    text = README.read_text(encoding="utf-8")
    for name, _, _ in KINDS:
        assert f"| `{name}` |" in text
    commands = [line for line in text.splitlines() if line.startswith("python3 -m venv .venv")]
    assert len(commands) == 2
    assert "convcalc analyze" in commands[0]
    assert "pytest" in commands[1]

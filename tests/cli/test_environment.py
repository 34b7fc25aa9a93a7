"""Options that environment variables give, and names there that give nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from convcalc.cli import COMMANDS, LazyGroup, cli
from convcalc.cli.environment import named


def test_a_limit_holds_under_the_name_of_its_option(convcalc_) -> None:
    for name in ("CONVCALC_CHECK_MAX_PARAMS", "CONVCALC_CHECK_PARAMS"):
        done = convcalc_("check", "small.yaml", **{name: "1"})
        assert done.exit_code == 1 and "CC131" in done.stdout, name
        assert done.stderr.count("Note") == 0
    done = convcalc_("check", "small.yaml", "--max-params", "1K", CONVCALC_CHECK_MAX_PARAMS="1")
    assert done.exit_code == 0


def test_other_options_too(convcalc_) -> None:
    done = convcalc_("analyze", "small.yaml", CONVCALC_ANALYZE_OUTPUT="a.txt")
    assert done.stdout == "" and Path("a.txt").exists()
    env = {"CONVCALC_ANALYZE_SET": "width=8", "CONVCALC_ANALYZE_FORMAT": "json"}
    assert (
        json.loads(convcalc_("analyze", "small.yaml", **env).stdout)["totals"]["params"] == 28 * 8
    )


def test_every_option_has_its_name() -> None:
    for command in COMMANDS:
        found = cli.get_command(click.Context(cli), command)
        assert isinstance(cli, LazyGroup) and found is not None
        before = [param.envvar for param in found.params]
        named(command, found, click.Context(cli))
        for option, old in zip(found.params, before, strict=True):
            for word in option.opts if isinstance(option, click.Option) else ():
                if word.startswith("--"):
                    name = f"CONVCALC_{command}_{word[2:]}".replace("-", "_").upper()
                    assert name in (option.envvar or ()), word
            option.envvar = old


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("CONVCALC_MAX_PARAMS", "did you mean CONVCALC_CHECK_MAX_PARAMS?"),
        ("CONVCALC_CHECK_MAX_PARMS", "did you mean CONVCALC_CHECK_MAX_PARAMS?"),
        ("CONVCALC_CHEKC_MAX_PARAMS", "did you mean CONVCALC_CHECK_MAX_PARAMS?"),
        ("CONVCALC_VERSION", "CONVCALC_CHECK_MAX_PARAMS is `check --max-params`, for instance"),
    ],
)
def test_a_name_that_gives_nothing_is_said(convcalc_, name, hint) -> None:
    done = convcalc_("check", "small.yaml", **{name: "1"})
    assert done.exit_code == 0
    assert f"Note: {name} in the environment gives nothing: {hint}\n" in done.stderr
    assert "Note" not in convcalc_("check", "small.yaml", "-q", **{name: "1"}).stderr


@pytest.mark.parametrize("name", ["CONVCALC_VERSION", "CONVCALC_HELP", "CONVCALC_CHECK_HELP"])
def test_no_name_ends_a_command_before_its_work(convcalc_, name) -> None:
    assert convcalc_("check", "broken.yaml", **{name: "1"}).exit_code == 1
    assert convcalc_("check", "broken.yaml", **{name: "0.1.0"}).exit_code == 1


def test_those_of_other_commands_are_left_to_them(convcalc_) -> None:
    given = {"CONVCALC_CHECK_MAX_PARAMS": "1", "CONVCALC_FORMAT": "text", "CONVCALC_DEBUG": "1"}
    assert convcalc_("analyze", "small.yaml", **given).stderr == ""
    many = {f"CONVCALC_{letter}\x1b": "1" for letter in "ABCDEFG"}
    told = convcalc_("analyze", "small.yaml", **many).stderr
    assert "Note: 2 more CONVCALC_ names there give nothing\n" in told and "\x1b" not in told


def test_a_wrong_value_names_the_variable_that_gives_it(convcalc_) -> None:
    for name, value in (("CONVCALC_FORMAT", "yaml"), ("CONVCALC_ANALYZE_BATCH", "x")):
        result = convcalc_("analyze", "small.yaml", **{name: value})
        assert result.exit_code == 2
        assert f"Invalid value for {name} in the environment" in " ".join(result.stderr.split())
    result = convcalc_("analyze", "small.yaml", "--format", "xml", CONVCALC_FORMAT="yaml")
    assert "for '--format'" in result.stderr


def test_an_interpreter_without_docstrings_is_refused(tmp_path: Path) -> None:
    told = "Error: PYTHONOPTIMIZE=2 and `python -OO` take convcalc's pages away: 1, or -O, works\n"
    for level, code in (("1", 0), ("2", 2)):
        done = subprocess.run(
            [sys.executable, "-m", "convcalc", "schema"],
            env={**os.environ, "PYTHONOPTIMIZE": level, "PYTHONPYCACHEPREFIX": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code and done.stderr == (told if code else "")

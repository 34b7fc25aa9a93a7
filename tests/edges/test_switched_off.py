"""What git is told before it looks at a stranger's repository: each word of it has its effect.

Most attacks are stopped by several of them, so that no attack shows that one is missing.
"""

import os
import shutil
from pathlib import Path

import pytest

from convcalc.study.git import Git
from tests.edges.conftest import git

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or os.name == "nt", reason="no git, or no shell of Unix"
)


def said(*words: str) -> str:
    """What git prints, as it is started for a repository that may be a stranger's."""
    with Git(".", *words) as started:
        return started.read(-1).decode().strip()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("safe.bareRepository", "explicit"),
        ("protocol.allow", "never"),
        ("core.fsmonitor", "false"),
        ("core.hooksPath", os.devnull),
        ("core.sshCommand", "false"),
        ("core.gitProxy", ""),
        ("core.askPass", ""),
        ("core.alternateRefsCommand", ""),
        ("credential.helper", ""),
    ],
)
def test_the_repository_s_own_setting_is_none(repository: Path, key: str, value: str) -> None:
    git("config", key, f"touch {os.getcwd()}/owned")
    assert said("config", "--get", key) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GIT_NO_LAZY_FETCH", "1"),
        ("GIT_ALLOW_PROTOCOL", ""),
        ("GIT_PROTOCOL_FROM_USER", "0"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_ATTR_NOSYSTEM", "1"),
        ("GIT_NO_REPLACE_OBJECTS", "1"),
        ("GIT_OPTIONAL_LOCKS", "0"),
    ],
)
def test_the_environment_says_so_too(repository: Path, name: str, value: str, monkeypatch) -> None:
    """A program that git starts, here an alias of the command line, has git's own environment."""
    monkeypatch.setenv(name, "of the caller's")
    alias = f'alias.shown=!printf %s "${{{name}-is not there}}"'
    assert said("-c", alias, "shown") == value


def test_no_pager_is_started_where_git_prints_to_a_terminal(repository: Path) -> None:
    alias = 'alias.shown=!printf %s "$GIT_PAGER"'
    assert said("-c", alias, "shown") == "cat"  # what --no-pager makes of it

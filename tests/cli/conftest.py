"""Running the command line: in this process for speed, as a process where that matters."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import convcalc
from convcalc.cli import run
from tests.edges.conftest import git
from tests.in_process import MAIN

ROOT = Path(convcalc.__file__).resolve().parent.parent
SPEC = (
    "name: Small\ninput: 8x8x3\nvars: {width: 4}\nlayers:\n  - conv: {filters: =width, kernel: 3}\n"
)
BROKEN = "input: 8x8x3\nlayers: [conv3-4, {max_pool: {kernel: 3}}, fc-10]\n"
QUIET = {"NO_COLOR": None, "FORCE_COLOR": None, "COLUMNS": None, "CONVCALC_FORMAT": None}


Run = Callable[..., Result]
Process = Callable[..., "subprocess.CompletedProcess[str]"]
Fit = Callable[..., tuple[int, str, str]]


@pytest.fixture
def convcalc_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a folder that holds small.yaml and broken.yaml."""
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(SPEC, encoding="utf-8")
    Path("broken.yaml").write_text(BROKEN, encoding="utf-8")

    def running(*args: str, input: str | bytes | None = None, **env: str | None) -> Result:
        given = {**QUIET, **env}
        return CliRunner().invoke(MAIN, args, input=input, env=given)

    return running


@pytest.fixture
def process(tmp_path: Path) -> Process:
    """Runs `python -m convcalc` or other Python code as a process of its own."""

    def running(
        *args: str, code: str = "", **options: object
    ) -> "subprocess.CompletedProcess[str]":
        environment = {k: v for k, v in os.environ.items() if k not in QUIET}
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, *(("-c", code) if code else ("-m", "convcalc")), *args]
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", env=environment,
            cwd=tmp_path, timeout=300, **options,
        )  # type: ignore[call-overload, no-any-return]  # fmt: skip

    return running


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with links, beside a folder that is not of it."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "kept").write_text("kept")
    place = tmp_path / "checkout"
    (place / "sub").mkdir(parents=True)
    monkeypatch.chdir(place)
    git("init", "-q", ".")
    return place


@pytest.fixture
def fit(capsys: pytest.CaptureFixture[str]) -> Fit:
    """Runs `fit` in this process: its exit code, what it prints, what it says on stderr."""

    def called(*arguments: str) -> tuple[int, str, str]:
        code = run(["fit", *arguments])
        return (code, *capsys.readouterr())

    return called

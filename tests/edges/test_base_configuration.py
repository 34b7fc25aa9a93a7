"""`diff --base`: a branch cannot leave out in its own pyproject.toml what it changes."""

import json
import os
import shutil
from pathlib import Path

import pytest

from convcalc.cli import run
from tests.edges.conftest import git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")

TABLE = "[tool.convcalc]\n"


def spec(filters: int) -> str:
    return f"input: 8x8x3\nlayers: [conv3-{filters}]\n"


@pytest.fixture
def nets(repository: Path) -> Path:
    """Two specs, of which one has grown since they were committed."""
    Path("net.yaml").unlink()
    for name in ("a", "b"):
        Path(f"{name}.yaml").write_text(spec(4), encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "nets")
    Path("a.yaml").write_text(spec(9), encoding="utf-8")
    return repository


def configure(text: str, folder: str = ".") -> None:
    Path(folder, "pyproject.toml").write_text(text, encoding="utf-8")


def committed(text: str) -> None:
    configure(text)
    git("add", "pyproject.toml")
    git("commit", "-q", "-m", "configured", "--", "pyproject.toml")


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run(["diff", "--base", "HEAD", ".", "--fail-on-increase", "params=0", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize("before", ["", TABLE, TABLE + 'include = ["a*.yaml"]\n'])
def test_a_spec_that_a_branch_leaves_out_is_looked_at(nets: Path, before: str, capsys) -> None:
    committed(before)
    assert answer(capsys)[0] == 1
    configure(TABLE + 'include = ["b.yaml"]\n')
    code, out, err = answer(capsys)
    assert code == 1 and "a.yaml: params grew by" in out and not err
    was = "a*.yaml" if "include" in before else "all .yaml files"
    assert f"note: `include` in pyproject.toml is b.yaml, and was {was} at HEAD: specs that " in out
    _, out, _ = answer(capsys, "--format", "markdown")
    assert "note: \\`include\\` in pyproject.toml is b.yaml" in out
    (note,) = json.loads(answer(capsys, "--format", "json")[1])["notes"]
    assert note.startswith("`include` in pyproject.toml is b.yaml, and was ")


def test_the_same_patterns_hold_then_and_now_without_a_word(nets: Path, capsys) -> None:
    committed(TABLE + 'include = ["b.yaml", "c.yaml"]\n')
    configure(TABLE + 'include = ["c.yaml", "b.yaml"]\nfail-on = "never"\n')
    assert answer(capsys) == (0, "since HEAD: nothing changed, 1 the same\n", "")
    assert json.loads(answer(capsys, "--format", "json")[1])["notes"] == []


def test_what_a_branch_adds_is_looked_at(nets: Path, capsys) -> None:
    committed(TABLE + 'include = ["b.yaml"]\n')
    configure(TABLE + 'include = ["?.yaml"]\n')
    assert answer(capsys)[0] == 1


def test_a_nearer_file_of_the_branch_is_no_way_round(nets: Path, monkeypatch, capsys) -> None:
    Path("sub").mkdir()
    Path("sub/c.yaml").write_text(spec(4), encoding="utf-8")
    git("add", "sub")
    git("commit", "-q", "-m", "sub", "--", "sub")
    Path("sub/c.yaml").write_text(spec(9), encoding="utf-8")
    committed(TABLE)
    monkeypatch.chdir("sub")
    configure(TABLE + 'include = ["nothing.yaml"]\n')
    code, out, _ = answer(capsys)
    assert code == 1 and "c.yaml: params grew by" in out
    Path("pyproject.toml").unlink()
    os.symlink("../other.toml", "pyproject.toml")
    Path("../other.toml").write_text(TABLE + 'include = ["nothing.yaml"]\n', encoding="utf-8")
    assert answer(capsys)[0] == 1


@pytest.mark.parametrize("text", ["[tool.convcalc", TABLE + "nosuch = 1\n", "#" * 300_000])
def test_what_cannot_be_read_at_the_revision_leaves_nothing_out(
    nets: Path, text: str, capsys
) -> None:
    committed(text)
    configure(TABLE + 'include = ["b.yaml"]\n')
    code, out, _ = answer(capsys)
    assert code == 1 and "a.yaml: params grew by" in out
    assert "note: the configuration at HEAD cannot be used, all specs are looked at: " in out


def test_specs_of_another_repository_are_compared_by_the_configuration_here(
    nets: Path, tmp_path: Path, monkeypatch, capsys
) -> None:
    (tmp_path / "plain").mkdir()
    monkeypatch.chdir(tmp_path / "plain")
    configure(TABLE + 'include = ["b.yaml"]\n')
    assert run(["diff", "--base", "HEAD", str(nets)]) == 0
    assert "nothing changed, 1 the same" in capsys.readouterr().out
    git("init", "-q", ".")
    assert run(["diff", "--base", "HEAD", str(nets)]) == 0
    assert capsys.readouterr().out == "since HEAD: nothing changed, 1 the same\n"


@pytest.mark.parametrize(("folder", "named"), [(".", "nets"), ("nets", "."), (".", ".")])
def test_patterns_begin_at_the_folder_of_the_file(
    nets: Path, folder: str, named: str, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    Path("nets").mkdir()
    git("checkout", "-q", "a.yaml")
    git("mv", "a.yaml", "nets/a.yaml")
    committed(TABLE + 'include = ["nets/*.yaml"]\n')
    git("commit", "-q", "-a", "-m", "moved")
    Path("nets/a.yaml").write_text(spec(9), encoding="utf-8")
    monkeypatch.chdir(nets / folder)
    assert run(["diff", "--base", "HEAD", named, "--fail-on-increase", "params=0"]) == 1
    assert "a.yaml: params grew by" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="no links of Unix")
def test_a_link_counts_whose_target_include_leaves_out(nets: Path, capsys) -> None:
    committed(f'{TABLE}include = ["*.net.yaml"]\n')
    Path("c.yaml").write_text(spec(4), encoding="utf-8")
    os.symlink("c.yaml", "old.net.yaml")
    git("add", ".")
    git("commit", "-q", "-m", "links")
    base = ["diff", "--base", "HEAD", "--fail-on-difference", "."]
    assert run(base) == 0, capsys.readouterr()
    Path("big.yaml").write_text(spec(4000), encoding="utf-8")
    os.symlink("big.yaml", "big.net.yaml")
    os.symlink("old.net.yaml", "way.net.yaml")
    capsys.readouterr()
    assert run(base) == 1
    out = capsys.readouterr().out
    assert "+  big.net.yaml" in out and "+  way.net.yaml" in out and "old.net" not in out
    for name in ("big", "way"):
        Path(f"{name}.net.yaml").unlink()
    Path("c.yaml").write_text(spec(400), encoding="utf-8")
    assert run(base) == 1
    assert "~  old.net.yaml" in capsys.readouterr().out

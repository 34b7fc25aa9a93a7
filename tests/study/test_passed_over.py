"""What a walk passes over: capital endings, links to folders, hidden folders with specs."""

import shutil
from pathlib import Path

import pytest

import convcalc
from convcalc import LoadError
from convcalc.cli import run
from convcalc.study.passed_over import PassedOver, passed_over
from tests.edges.conftest import git

SPEC = "input: 8x8x3\nlayers: [conv3-4]\n"
NOTE = (
    "passed over nets/Bad.YAML and 1 more (not called .yaml or .yml), nets/l (a link to a folder), "
    "nets/.old (a hidden folder of .yaml or .yml files): name what is to be looked at"
)


@pytest.fixture
def nets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one spec that is found, and with some of each sort that are not."""
    monkeypatch.chdir(tmp_path)
    for name in ("nets/a.yaml", "nets/Bad.YAML", "nets/v1/b.Yml", "nets/.old/c.yml", "x/d.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SPEC, encoding="utf-8")
    (tmp_path / "nets" / ".cache" / "deep").mkdir(parents=True)
    (tmp_path / "nets" / ".cache" / "deep" / "e.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "nets" / "readme.md").write_text("", encoding="utf-8")
    (tmp_path / "nets" / "l").symlink_to("../x")
    (tmp_path / "nets" / "inside").symlink_to("v1")
    return tmp_path / "nets"


@pytest.mark.parametrize("format", ["text", "concise", "json", "github"])
def test_check_says_it_once(nets: Path, capsys: pytest.CaptureFixture[str], format: str) -> None:
    assert run(["check", "--format", format, "nets"]) == 0
    assert capsys.readouterr().err == f"Note: {NOTE}\n"


def test_quiet_says_nothing(nets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "-q", "nets"]) == 0
    assert capsys.readouterr() == ("", "")


def test_what_is_named_itself_is_not_passed_over(
    nets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["nets/Bad.YAML", "./nets/v1/b.Yml", "nets/l", "nets/.old/"]
    assert run(["check", "nets", *words]) == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("checked 5 specs: all clean\n", "")


def test_a_folder_of_nothing_else_is_no_clean_one(
    nets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "nets/v1"]) == 2
    why = "no .yaml files in nets/v1: passed over nets/v1/b.Yml (not called .yaml or .yml)"
    assert capsys.readouterr().err == f"Error: {why}: name what is to be looked at\n"
    with pytest.raises(LoadError, match=r"passed over nets/v1/b\.Yml"):
        convcalc.check("nets/v1")


def test_what_include_does_not_name_is_not_meant(
    nets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("pyproject.toml").write_text('[tool.convcalc]\ninclude = ["a.yaml", "bad.yaml"]\n')
    assert run(["check", "nets"]) == 0
    assert capsys.readouterr().err == (
        "Note: passed over nets/l (a link to a folder): name what is to be looked at\n"
    )


def test_a_folder_of_models_says_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("nets/deep").mkdir(parents=True)
    Path("nets/b net.pt2").touch()
    one = "no .yaml files in nets: its model file is named (`convcalc check 'nets/b net.pt2'`)"
    assert run(["check", "nets"]) == 2
    assert capsys.readouterr().err == f"Error: {one}\n"
    for name in ("a.onnx", "deep/c.keras", "deep/d.ONNX", "setup.cfg", "a.json"):
        Path("nets", name).touch()
    assert run(["check", "nets"]) == 2
    many = "its 4 model files are named one by one (`convcalc check nets/a.onnx`)"
    assert capsys.readouterr().err == f"Error: no .yaml files in nets: {many}\n"
    assert run(["analyze", "nets"]) == 2
    say = "Error: nets is a directory: name a file, such as nets/a.onnx\n"
    assert capsys.readouterr().err == say
    Path("nets/net.yaml").write_text("input: 8x8x3\nlayers: [conv3-4]\n")
    assert run(["check", "nets"]) == 0
    assert run(["analyze", "nets"]) == 2
    assert "or `convcalc check nets`" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
def test_diff_says_it_too_and_python(nets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git("init", "-q", ".")
    git("add", "-f", ".")
    git("commit", "-q", "-m", "one")
    assert run(["diff", "--base", "HEAD", "nets"]) == 0
    assert NOTE in capsys.readouterr().out
    assert convcalc.diff("nets", base="HEAD").notes == (NOTE,)


def test_names_are_printed_safely_and_counted(tmp_path: Path) -> None:
    walk = PassedOver(str(tmp_path), lambda file: True)
    walk.files += ["a\x1b[2J.YAML", *(f"{number}.YML" for number in range(1, 1001))]
    assert passed_over([walk]) == (
        "passed over a<U+001B>[2J.YAML and 1,000 more (not called .yaml or .yml): "
        "name what is to be looked at"
    )
    assert passed_over([]) == passed_over([PassedOver(".", lambda file: True)]) == ""

"""A name that is no file and no bundled net: the file of the folder comes first."""

from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.study.nearby import hint

NET = "input: 8x8x3\nlayers: [conv3-4]\n"
COMMANDS = {
    "analyze": (),
    "check": (),
    "verify": (),
    "fit": ("--memory", "1GiB"),
    "sizes": (),
    "convert": ("--fc-to-conv",),
    "export": ("--to", "pytorch"),
    "diff": ("vgg16",),
    "demo": (),
    "report": (),
    "sweep": (),
    "explain": ("conv1",),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("mynet.yaml", "other.yml", ".hidden.yaml"):
        (tmp_path / name).write_text(NET)
    (tmp_path / "traced.onnx").write_bytes(b"")
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "vgg61.yaml").write_text(NET)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_named_without_its_ending_is_named_by_every_command(
    command: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, "mynet", *COMMANDS[command]]) == 2
    assert "did you mean mynet.yaml?" in capsys.readouterr().err


def test_watch_names_the_file_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("watchfiles")
    assert run(["watch", "mynet"]) == 2
    assert "did you mean mynet.yaml?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("mynet.yml", "mynet.yaml"),
        ("other.yaml", "other.yml"),
        ("traced", "traced.onnx"),
        ("mynett", "mynet.yaml"),
        ("mynett.yaml", "mynet.yaml"),
        ("nets/vgg61", "nets/vgg61.yaml"),
        ("nets/vgg62.yaml", "nets/vgg61.yaml"),
        ("alexnte", "alexnet"),
        ("alexnte.yaml", "alexnet"),
        ("unett", "unet"),
    ],
)
def test_the_nearest_is_a_file_of_the_same_folder_or_a_bundled_net(
    word: str, meant: str, folder: Path
) -> None:
    assert hint(word) == f"did you mean {meant}?"


@pytest.mark.parametrize("word", ["nets/unett", "hidden", "qqq", "", "nets/", "a\0b"])
def test_what_is_near_nothing_leads_to_the_list(word: str, folder: Path) -> None:
    assert hint(word) == "`convcalc list` names the bundled nets"

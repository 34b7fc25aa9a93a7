"""The configuration of a stranger's folder: bounded, regular, one line where it is wrong."""

import os
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.config import LARGEST_CONFIG, Config, ConfigError, load_config


@pytest.mark.parametrize(
    "make",
    [
        os.mkfifo,
        lambda name: (os.mkfifo("fifo"), os.symlink("fifo", name)),
        lambda name: os.symlink("/proc/self/environ", name),
        lambda name: (Path("secret").write_text("[tool.convcalc]\n"), os.symlink("secret", name)),
        lambda name: Path(name).mkdir(),
        lambda name: Path(name).write_bytes(b"x" * (LARGEST_CONFIG + 1)),
        lambda name: Path(name).write_text("[tool.convcalc]\nmax-params = " + "9" * 5000),
        lambda name: Path(name).write_text("[tool.convcalc]\nignore = " + "[" * 9000),
        lambda name: Path(name).write_text("[tool.convcalc]\nignore = " + "{a=" * 900),
        lambda name: Path(name).write_text("[tool.convcalc]\nmax-params = 1e999999"),
        lambda name: Path(name).write_text("[tool.convcalc]\nmax-params = 0x" + "f" * 20000),
        lambda name: Path(name).write_text("[tool.convcalc]\nignore = [0x" + "f" * 20000 + "]"),
        lambda name: Path(name).write_text("[tool.convcalc]\n" + "a." * 100_000 + "x = 1"),
        lambda name: Path(name).write_text("[tool.convcalc]\n" + "'a' . " * 35_000 + "x = 1"),
        lambda name: Path(name).write_text("[tool.convcalc]\nselect = ['\\u2028::error::']"),
    ],
)
def test_a_hostile_configuration_is_one_line_and_exit_2(folder: Path, make, capsys) -> None:
    make("pyproject.toml")
    with pytest.raises(ConfigError, match=r"pyproject\.toml"):
        load_config(".")
    assert run(["check", "vgg16"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("Error: ") and error.count("\n") == 1 and len(error) < 600


def test_a_configuration_may_be_a_link_to_another(folder: Path) -> None:
    Path("../pyproject.base.toml").write_text('[tool.convcalc]\nfail-on = "never"\n')
    os.symlink("../pyproject.base.toml", "pyproject.toml")
    assert load_config(".") == Config(fail_on="never")
    Path("pyproject.toml").unlink()
    os.symlink("nowhere", "pyproject.toml")
    assert load_config(".") == Config()


def test_a_configuration_of_the_largest_size_is_read(folder: Path) -> None:
    text = b'[tool.convcalc]\nfail-on = "never"\n#'
    Path("pyproject.toml").write_bytes(text + b"x" * (LARGEST_CONFIG - len(text)))
    assert load_config(".") == Config(fail_on="never")

"""The configuration of a stranger's folder: bounded, regular, one line where it is wrong."""

import os
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convcalc.cli import run
from convcalc.config import LARGEST_CONFIG, Config, load_config
from convcalc.pyproject import _LONG_KEY, ConfigError

#: names of which each 151st holds a quote, escaped
QUOTED = "a." * 150 + r'"\"".'


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
        lambda name: Path(name).write_text("[tool.convcalc]\n" + QUOTED * 80 + "x = 1"),
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


#: one part of a key as TOML may write it, each a way to hide the end of the part from a search
PARTS = ("a", "-", "''", '""', "'a.b'", '"a.b"', r'"\""', r'"\\"', r'"\\\""', r"'\'", "'\"'", '"é"')
#: what may stand before a key, and could be taken for the beginning of a text that holds it
BEFORE = ("", "w='''\n\\\"'''\n", 'w="""\n\\\\\'"""\n', "#'\n", '#"\\\n', 'w="\\\\"\n')


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(PARTS), min_size=33, max_size=40),
    st.sampled_from((".", " .", ". ", "\t.\t")),
    st.sampled_from(("%s=1", "[%s]", "[[%s]]", "x={%s=1}", "x={y=1,%s=1}", "x=[{ %s = 1}]")),
    st.sampled_from(BEFORE),
)
def test_a_long_key_is_found_however_it_is_written(parts, dot, statement, before) -> None:
    text = before + statement % dot.join(parts)
    assert tomllib.loads(text)
    assert re.search(_LONG_KEY, text)


def test_what_is_no_long_key_is_read(folder: Path) -> None:
    escaped = r"\." * 100
    sentence = "Sizes, arithmetic. Memory. " * 40
    versions = ", ".join(f'"package_{n}.part==1.{n}.0"' for n in range(100))
    text = (
        f"[project]\ndescription = '{sentence}'\ndependencies = [{versions}]\n"
        f"text = '''\n{sentence}... ... ...\n{escaped}\n'''\nlong = '{'.' * 100}'\n"
        f"{'.'.join('a' * 32)} = 1\n[tool.convcalc]\nfail-on = 'never'\n"
    )
    Path("pyproject.toml").write_text(text)
    assert load_config(".") == Config(fail_on="never")


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

"""What others wrote is shown and never obeyed: in every command, on both streams."""

import io
import json
import os
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.escape import plain, plain_json, plain_line, plain_report

SPEC = "input: 8x8x3\nlayers: [conv3-4, fc-2]\n"
EVIL = "n\n::error file=x::pwn\x1b[2J\u202e##[error]##vso[task.y]\u2028::notice::z"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a b", "a b"),
        ("a\n::b", "a<U+000A>::b"),
        ("\x1b[31m", "<U+001B>[31m"),
        ("\x9b2J", "<U+009B>2J"),
        ("\u2028\u2029\u202e\ufeff\r\t", "<U+2028><U+2029><U+202E><U+FEFF><U+000D><U+0009>"),
        ("##[error]x", "##<U+005B>error]x"),
        ("##vso[task.setvariable]x", "##vso<U+005B>task.setvariable]x"),
        ("## a heading", "## a heading"),
        ("héé ×", "héé ×"),
        ("a\u200b\xad\u2060b\U000e0041", "a<U+200B><U+00AD><U+2060>b<U+E0041>"),
        ("\U0001f469\u200d\U0001f4bb \u0645\u06cc\u200c\u062e",) * 2,
    ],
)
def test_plain(text: str, shown: str) -> None:
    assert plain(text) == shown == plain(shown)
    assert plain_report(f"{text}\n") == f"{shown}\n" or "\n" in text or "\x1b[" in text


@pytest.mark.parametrize("text", ["::a::b", "  ::a::b", "\u00a0::a::b", "\x1b[1m::a::b\x1b[0m"])
def test_no_line_is_a_command(text: str) -> None:
    assert "<U+003A>:a::b" in plain_report(f"x\n{text}\ny\n")
    assert "<U+003A>:a::b" in plain_report(text)
    assert "::a::b" in plain_report(text, commands=True).replace("<U+003A>", "")
    assert not plain_line(text).lstrip().startswith("::")


def test_colours_and_lines_of_a_report_pass() -> None:
    text = "\x1b[1;31merror\x1b[0m: a\n\n  b :: c\n"
    assert plain_report(text) == text
    assert (
        plain_report("a\x1b[2Jb\x1b]0;c\x07\x1b[0m") == "a<U+001B>[2Jb<U+001B>]0;c<U+0007>\x1b[0m"
    )


def test_hidden_characters_in_json_mean_the_same() -> None:
    value = {"a\u2028": "\x7f\x9b\u202e\ufeff é"}
    text = json.dumps(value, ensure_ascii=False)
    assert plain_json(text).isprintable() and "é" in plain_json(text)
    assert json.loads(plain_json(text)) == value


def harmless(text: str, commands: bool = False) -> None:
    """Hold an output against what terminals and logs obey."""
    assert not {"\x1b", "\x9b", "\u202e", "\u2028", "\r"} & set(text), text
    assert "##[" not in text and "##vso[" not in text, text
    for line in text.splitlines():
        meant = commands and line.startswith(("::error title=", "::warning title=", "::notice t"))
        assert meant or not line.lstrip().startswith("::"), line


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for place in ("", EVIL.replace("/", ""), "::error::x"):
        Path(place or ".").mkdir(exist_ok=True)
        Path(place, "good.yaml").write_text(SPEC, encoding="utf-8")
        Path(place, "bad.yaml").write_text("input: 8x8x3\nlayers: [conv3-4, conv9-4p0]\n")
        Path(place, "::warning::y.yaml").write_text("input: 8x8x3\nlayers: [conv0]\n")
    return tmp_path


FORMATS = ("text", "concise", "github", "markdown", "json", "junit", "sarif", "gitlab")


@pytest.mark.parametrize("format_", FORMATS)
def test_names_of_checked_files(folder: Path, format_: str, capsys) -> None:
    assert run(["check", ".", "--notes", "--format", format_]) == 1
    told = capsys.readouterr()
    harmless(told.out, commands=format_ == "github")
    harmless(told.err)
    os.mkfifo(f"{EVIL}/fifo.yaml")
    os.symlink("nowhere", f"{EVIL}/link.yaml")
    assert run(["check", EVIL, "missing\n::error::", "--format", format_]) == 2
    harmless(capsys.readouterr().err)


HOSTILE = [
    ["analyze", EVIL], ["analyze", f"{EVIL}/none.yaml"], ["check", f"{EVIL}/none"], ["show", EVIL],
    ["analyze", "good.yaml", "-o", f"{EVIL}/no/x"], ["check", "--fix", f"{EVIL}/bad.yaml"],
    ["check", "--fix", "--write", f"{EVIL}/bad.yaml"], ["check", "--fix", "::warning::y.yaml"],
    ["verify", "good.yaml", "--weights", EVIL], ["verify", "good.yaml", "--array", f"{EVIL}.npy"],
    ["verify", "good.yaml", "--save", f"{EVIL}/no/x.npz"],
    ["verify", "good.yaml", "--layers", EVIL],
    ["verify", "good.yaml", "--save", "x", "--keep", EVIL], ["fit", EVIL, "--memory", "1GiB"],
    ["fit", "good.yaml", "--device", EVIL], ["diff", EVIL, "good.yaml"],
    ["diff", "--base", EVIL, "good.yaml"], ["diff", f"{EVIL}/good.yaml", f"{EVIL}/bad.yaml"],
    ["explain", EVIL], ["explain", "good.yaml", EVIL], ["sizes", f"{EVIL}/good.yaml"],
    ["sizes", EVIL], ["convert", "--fc-to-conv", f"{EVIL}/none"], ["demo", f"{EVIL}/good.yaml"],
    ["demo", EVIL], [EVIL], ["analyze", f"--{EVIL}"], ["analyze", "--input", EVIL],
    ["analyze", "--net", EVIL], ["analyze", "--set", EVIL],
    ["analyze", "good.yaml", "--set", f"a=0{EVIL}"], ["check", "--select", EVIL, "good.yaml"],
    ["check", "--max-params", EVIL, "good.yaml"], ["analyze", "--format", EVIL], ["list", EVIL],
    ["analyze", f"{EVIL}/good.yaml"], ["analyze", "good.yaml", "--format", "csv", EVIL],
    ["analyze", "::warning::y.yaml", "--format", "csv"], ["analyze", "::warning::y.yaml"],
    ["analyze", "::error::x/good.yaml", "::error::x/bad.yaml"], ["diff", "good.yaml"],
]  # fmt: skip


@pytest.mark.parametrize("arguments", HOSTILE, ids=lambda words: " ".join(words)[:40])
def test_names_in_every_command(folder: Path, arguments: list[str], capsys) -> None:
    assert run(arguments) in {0, 1, 2}
    told = capsys.readouterr()
    harmless(told.out)
    harmless(told.err)


def test_the_folder_of_a_configuration(folder: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(EVIL)
    for text in (
        "[tool.convcalc",
        "[tool.convcalc]\n'\\u2028::error::' = 3",
        "[tool.convcalc]\n'a\x1b' = 1",
    ):
        Path("pyproject.toml").write_text(text, encoding="utf-8")
        assert run(["check", "good.yaml"]) == 2
        told = capsys.readouterr()
        harmless(told.out + told.err)
        assert told.err.count("\n") == 1


def test_standard_input_under_a_hostile_name(folder: Path, capsys, monkeypatch) -> None:
    for format_ in FORMATS:
        spec = io.TextIOWrapper(io.BytesIO(b"input: 8x8x3\nlayers: [conv0]\n"))
        monkeypatch.setattr("sys.stdin", spec)
        assert run(["check", "-", "--stdin-filename", EVIL, "--format", format_]) == 1
        harmless(capsys.readouterr().out, commands=format_ == "github")


def test_texts_of_a_spec(folder: Path, capsys) -> None:
    Path("t.yaml").write_text(
        'name: "::error::n ##[a]"\nsource: "::error::s"\nnotes: "::error::n"\n'
        'input: 8x8x3\nlayers: [{conv3-4: , name: "::error::x"}, {relu: , from: "##vso[y]"}]\n'
        'outputs: ["::error::o"]\n',
        encoding="utf-8",
    )
    for command in ("analyze", "check", "sizes", "explain"):
        run([command, "t.yaml"])
        told = capsys.readouterr()
        harmless(told.out)
        harmless(told.err)
    for format_ in ("text", "csv", "markdown", "json"):
        run(["analyze", "t.yaml", "--format", format_, "--color", "never"])
        harmless(capsys.readouterr().out)


@pytest.mark.parametrize("around", ["", "\u00e9"])
@pytest.mark.parametrize("code", [*range(256), 0x2028, 0x202E, 0xFEFF])
def test_a_report_keeps_every_character_that_prints_and_no_other(code: int, around: str) -> None:
    character = chr(code)
    if character in "\n\x1b":  # its own line ends pass, colours have tests of their own
        return
    assert plain_report(f"a{around}\nb{character}c\n") == f"a{around}\nb{plain(character)}c\n"

"""Names of variables that a matrix of pyproject.toml sets, and no file can have."""

from pathlib import Path

import pytest

from convcalc.cli import run


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "'', an empty name, which a"), ("a b", "'a b', which a"), ("not", "'not', which a")],
)
def test_a_name_that_no_variable_can_have_is_said_to_be_none(
    name: str, said: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text(
        f'[[tool.convcalc.matrix]]\nset = {{"{name}" = 1}}\n', encoding="utf-8"
    )
    Path("a.yaml").write_text("input: 8x8x3\nlayers: [conv3-4]\n", encoding="utf-8")
    assert run(["check", "."]) == 2
    text = "".join(capsys.readouterr())
    assert f"a.yaml has no variable {said} matrix of pyproject.toml sets" in text
    assert "names are letters, digits and _; not in_channels" in text and "vars:" not in text


@pytest.mark.parametrize(("written", "longest"), [('"%s"', 1_000), ('["nearest", "%s"]', 1_000)])
def test_a_value_is_as_long_as_findings_can_say(
    written: str, longest: int, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    layer = "{upsample: {scale: 2, mode: =w}}"
    Path("a.yaml").write_text(f"input: 8x8x3\nvars: {{w: nearest}}\nlayers: [{layer}]\n")
    for length in (longest, longest + 1):
        value = written % ("x" * length)
        Path("pyproject.toml").write_text(f"[[tool.convcalc.matrix]]\nset = {{w = {value}}}\n")
        code = run(["check", "."])
        text = "".join(capsys.readouterr())
        refused = "set.w: a value of 1,001 characters: up to 1,000 are read" in text
        assert (code, refused) == ((1, False) if length == longest else (2, True))

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

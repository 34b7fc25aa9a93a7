"""Python and pyproject.toml: a library reads no settings from the working folder."""

from pathlib import Path

import convcalc

SPEC = "input: 8x8x3\nlayers: [conv3-8]\n"


def test_the_file_is_not_read_and_arguments_say_the_same(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(SPEC, encoding="utf-8")
    Path("pyproject.toml").write_text('[tool.convcalc]\nmax-params = "1"\n', encoding="utf-8")
    assert convcalc.check("a.yaml").ok and convcalc.check(".").ok
    assert not convcalc.check("a.yaml", limits={"params": 1}).ok
    page = Path(__file__).parent.parent / "docs/python.md"
    assert "Python reads no pyproject.toml" in page.read_text(encoding="utf-8")

"""A run of `check` that could not read some of its specs never says that all is clean."""

from pathlib import Path

import pytest

from convcalc.cli import run


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.yaml").write_text("input: 8x8x3\nlayers: [conv3-4]\n", encoding="utf-8")


@pytest.mark.parametrize("form", ["text", "markdown", "github"])
def test_what_could_not_be_read_is_counted(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "good.yaml", "gone.yaml", "--format", form]) == 2
    out = capsys.readouterr().out
    assert "checked 1 spec: " in out and "all clean" not in out
    assert "not all could be checked: 1 error" in out


def test_markdown_which_a_job_s_summary_keeps_alone_says_why(
    capsys: pytest.CaptureFixture[str],
) -> None:
    evil = "x|y<b>::error::\n# z.yaml"
    assert run(["check", "gone.yaml", evil, "--format", "markdown"]) == 2
    out = capsys.readouterr().out
    first, *lines = out.splitlines()
    assert first == "**convcalc** checked 0 specs: no findings; not all could be checked: 2 errors"
    assert "- **error** no file gone.yaml and no bundled net of that name: " in out
    assert "<b>" not in out and not any(line.startswith(("#", "::")) for line in lines)

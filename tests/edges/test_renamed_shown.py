"""A spec that was renamed, where a terminal is narrow."""

import os
import shutil
from pathlib import Path

import pytest

from tests.edges.conftest import SPEC, git
from tests.edges.test_changes import answer

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")


@pytest.mark.parametrize("columns", [60, 80])
def test_both_names_are_readable_where_columns_are_few(
    repository: Path, capsys, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    nets = repository / "nets"
    nets.mkdir()
    (nets / "a.yaml").write_text(SPEC, encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "nets")
    os.rename(nets / "a.yaml", nets / "a_longer_name.yaml")
    _, out, _ = answer(capsys, "HEAD", "nets")
    assert "~  nets/a_longer_name.yaml" in out
    assert "   (renamed from nets/a.yaml)\n" in out
    assert max(map(len, out.splitlines())) <= columns

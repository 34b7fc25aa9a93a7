"""Reports of `diff --base` that a job may keep alone name the specs that could not be compared."""

import json
import shutil
from pathlib import Path

import pytest

from convcalc.cli import run

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")


@pytest.mark.parametrize("form", ["markdown", "json"])
@pytest.mark.parametrize("other", [".gitattributes", "gone.yaml"])
def test_what_could_not_be_compared(repository: Path, form: str, other: str, capsys) -> None:
    net = repository / "net.yaml"
    net.unlink()
    net.symlink_to("/etc/hostname")
    assert run(["diff", "--base", "HEAD", "net.yaml", other, "--format", form]) == 2
    out, err = capsys.readouterr()
    assert err.startswith("Error: ")
    if form == "json":
        assert any("net.yaml" in sentence for sentence in json.loads(out)["failures"])
        return
    heading, *lines = out.splitlines()
    assert "not all could be compared: " in heading
    assert any(line.startswith("- **error** ") and "net.yaml" in line for line in lines)

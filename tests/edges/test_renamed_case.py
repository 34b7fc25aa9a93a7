"""`diff --base FOLDER`: a spec whose name differs in case alone is the same, however rewritten."""

import json
import shutil
from pathlib import Path

import pytest

from tests.edges.conftest import git
from tests.edges.test_changes import answer

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")


@pytest.mark.parametrize(
    ("old", "new"),
    [("a.yaml", "A.yaml"), ("sub/é.yaml", "sub/e\u0301.yaml"), ("É.yaml", "e\u0301.yaml")],
)
def test_a_spec_whose_name_differs_in_case_alone_is_the_same_however_rewritten(
    repository: Path, old: str, new: str, capsys
) -> None:
    """Nothing of it is as it was, and another file is what it was."""
    nets, text = repository / "nets", "input: 8x8x3\nlayers:\n- conv3-4\n- conv1-5\n"
    (nets / "sub").mkdir(parents=True)
    (nets / old).write_text(text, encoding="utf-8")
    git("add", "-f", ".")
    git("commit", "-q", "-m", "nets")
    (nets / "other.yaml").write_text(text, encoding="utf-8")
    (nets / old).unlink()
    (nets / new).write_text("input: 9x9x1\nlayers: [fc-7]\n", encoding="utf-8")
    code, out, err = answer(capsys, "HEAD", "nets", "--format", "json")
    assert (code, err) == (0, "")
    found = {one["path"]: one for one in json.loads(out)["specs"]}
    assert found[f"nets/{new}"]["renamed_from"] == f"nets/{old}"
    assert found["nets/other.yaml"]["status"] == "added"

"""`diff --base FOLDER`: a spec that was renamed is compared with what it was."""

import json
import shutil
from pathlib import Path

import pytest

import convcalc
from convcalc.study import renamed
from tests.edges.conftest import git
from tests.edges.renames import answer, spec

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")


def move(nets: Path, old: str, new: str, text: str | None = None) -> None:
    (nets / old).rename(nets / new)
    if text is not None:
        (nets / new).write_text(text, encoding="utf-8")


def test_a_rename_alone_is_no_new_spec(nets: Path, capsys) -> None:
    move(nets, "a.yaml", "sub/z.yaml")
    for given in (("nets",), ("nets", "--fail-on-difference"), ("nets/a.yaml", "nets/sub/z.yaml")):
        code, out, err = answer(capsys, *given, "--fail-on-increase", "params=0")
        assert (code, err) == (0, "")
        assert out.startswith("since HEAD: 1 changed (1 renamed), ")
        row = " ".join(out.splitlines()[-1].split())
        assert row == "~ nets/sub/z.yaml (renamed from nets/a.yaml) same same same same"
    _, out, _ = answer(capsys, "nets", "--format", "markdown")
    assert "nets/sub/z.yaml \\(renamed from nets/a.yaml\\)" in out
    (one,) = json.loads(answer(capsys, "nets", "--format", "json")[1])["specs"]
    assert (one["path"], one["status"], one["renamed_from"]) == (
        "nets/sub/z.yaml", "changed", "nets/a.yaml",
    )  # fmt: skip
    report = convcalc.diff("nets", base="HEAD", fail_on_difference=True)
    assert report.renamed == {"nets/sub/z.yaml": "nets/a.yaml"} and report.ok
    assert not report.added and not report.removed and set(report.changed) == {"nets/sub/z.yaml"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("z.yaml", spec(6)),  # most lines are as they were
        ("sub/a.yaml", spec(6, 3)),
        ("z.yaml", spec(6).replace("\n", "\r\n")),
    ],
)
def test_an_increase_does_not_hide_behind_a_new_name(
    nets: Path, name: str, text: str, capsys
) -> None:
    move(nets, "a.yaml", name, text)
    code, out, _ = answer(capsys, "nets", "--fail-on-increase", "params=0")
    assert code == 1 and f"nets/{name} (renamed from nets/a.yaml)" in out
    assert f"nets/{name}: params grew by" in out


def test_the_same_net_in_other_words_is_renamed(nets: Path, capsys) -> None:
    layers = "conv1-3, conv1-4, conv1-5, conv1-6, conv3-4"
    move(nets, "a.yaml", "z.yaml", f"# otherwise\ninput: 8x8x3\nlayers: [{layers}]\n")
    code, out, _ = answer(capsys, "nets", "--fail-on-difference")
    assert code == 0 and "nets/z.yaml (renamed from nets/a.yaml)" in out


def test_another_net_is_new(nets: Path, capsys) -> None:
    move(nets, "a.yaml", "z.yaml", "input: 30\nlayers:\n- fc-7\n- relu\n")
    code, out, _ = answer(capsys, "nets", "--fail-on-difference")
    assert code == 1 and "1 added, 1 removed" in out and "renamed" not in out


def test_each_has_its_own_former_name(nets: Path, capsys) -> None:
    """Equal files are paired first, then the most alike, then those of one name."""
    for name in ("p", "q", "r"):
        (nets / f"{name}.yaml").write_text(spec(7, 6), encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "twins")
    move(nets, "q.yaml", "sub/q.yaml")
    move(nets, "p.yaml", "sub/y.yaml")
    move(nets, "b.yaml", "sub/b.yaml", spec(9, 9))
    move(nets, "a.yaml", "sub/x.yaml", spec(5))
    _, out, _ = answer(capsys, "nets", "--format", "json")
    found = {one["path"]: one["renamed_from"] for one in json.loads(out)["specs"]}
    assert found == {
        "nets/sub/q.yaml": "nets/q.yaml", "nets/sub/y.yaml": "nets/p.yaml",
        "nets/sub/b.yaml": "nets/b.yaml", "nets/sub/x.yaml": "nets/a.yaml",
    }  # fmt: skip


def test_of_very_many_those_of_one_name_are_compared(nets: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(renamed, "_MOST_PAIRS", 1)
    move(nets, "a.yaml", "sub/a.yaml", spec(6))
    move(nets, "b.yaml", "sub/z.yaml", spec(9, 9))
    _, out, _ = answer(capsys, "nets")
    assert "(renamed from nets/a.yaml)" in out and "1 added, 1 removed" in out
    assert NOTE in " ".join(out.split())
    monkeypatch.setattr(renamed, "_MOST_BYTES", 0)
    _, out, _ = answer(capsys, "nets")
    assert "2 added, 2 removed" in out and "4 of 4 pairs" in out


NOTE = "note: 3 of 4 pairs of a new spec and one that is gone were not compared"


def test_lines_that_are_compared_are_counted(nets: Path, monkeypatch, capsys) -> None:
    """Few specs of many lines each took minutes: pairs alone are no measure."""
    move(nets, "a.yaml", "sub/x.yaml", spec(6))
    move(nets, "b.yaml", "sub/b.yaml", spec(9, 9))
    code, out, _ = answer(capsys, "nets")
    assert code == 0 and out.count("(renamed from ") == 2 and "pairs of" not in out
    monkeypatch.setattr(renamed, "_MOST_LINES", 1)  # those of one name come first
    _, out, _ = answer(capsys, "nets")
    assert "(renamed from nets/b.yaml)" in out and "1 added, 1 removed" in out
    assert NOTE in " ".join(out.split())


def test_a_file_list_of_a_hook_or_of_git(nets: Path, capsys) -> None:
    """`git diff --name-only` names what is new and what is gone."""
    move(nets, "a.yaml", "z.yaml", spec(6))
    (nets / "new.yaml").write_text("input: 30\nlayers:\n- fc-7\n- relu\n", encoding="utf-8")
    (nets / "small.yaml").unlink()
    names = ("nets/a.yaml", "nets/new.yaml", "nets/small.yaml", "nets/z.yaml")
    code, out, err = answer(capsys, *names, "net.yaml")
    assert (code, err) == (0, "")
    assert out.startswith("since HEAD: 1 changed (1 renamed), 1 added, 1 removed, 1 the same")
    shutil.rmtree(nets)
    for words in (("nets", "net.yaml"), ("nets/a.yaml", "nets/b.yaml", "nets/small.yaml")):
        assert "3 removed" in answer(capsys, *words)[1]
    code, out, err = answer(capsys, "nets/nosuch.yaml", "net.yaml")
    assert code == 2 and err.startswith("Error: no nets/nosuch.yaml at HEAD, nor in the working")


def test_one_spec_that_is_new_or_gone(nets: Path, capsys) -> None:
    move(nets, "a.yaml", "z.yaml")
    code, _, err = answer(capsys, "nets/z.yaml")
    asked = "`convcalc diff --base HEAD nets` finds out which"
    assert (code, err) == (
        2, f"Error: no nets/z.yaml at HEAD: it is new, or was renamed: {asked}\n"
    )  # fmt: skip
    assert answer(capsys, "nets/a.yaml")[:2][0] == 0
    shutil.rmtree(nets)
    code, out, _ = answer(capsys, "nets")
    assert code == 0 and out.startswith("since HEAD: 3 removed, 0 the same")
    code, out, err = answer(capsys, "nets/nosuch.yaml")
    assert (code, out) == (2, "") and "nor in the working tree" in err

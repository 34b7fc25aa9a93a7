"""`diff --base` where a branch makes links of folders and specs: what was there is compared."""

import os
import shutil
from pathlib import Path

import pytest

import convcalc
from convcalc import LoadError
from tests.edges.conftest import git
from tests.edges.test_changes import answer, spec

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")

GATE = ("--fail-on-increase", "params=0")


@pytest.fixture
def top(repository: Path) -> Path:
    """Small nets in a folder, large ones of the same names in another, each below a parent too."""
    for folder, filters in (("nets", 4), ("examples", 400), ("p/nets", 4), ("q/nets", 400)):
        (repository / folder).mkdir(parents=True)
        for name in ("a", "b"):
            (repository / folder / f"{name}.yaml").write_text(spec(filters), encoding="utf-8")
    commit()
    return repository


def commit() -> None:
    git("add", "-A")
    git("commit", "-q", "-m", "nets")


@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [
        ("nets", "examples", "nets"),
        ("nets", "examples", "nets/"),
        ("nets", "examples", "nets/a.yaml"),
        ("p", "q", "p/nets"),
        ("p", "q", "p/nets/b.yaml"),
    ],
)
@pytest.mark.parametrize("more", [(), GATE])
def test_a_link_in_the_place_of_a_folder_is_not_compared_with_where_it_leads(
    top: Path, capsys, old: str, new: str, asked: str, more: tuple[str, ...]
) -> None:
    shutil.rmtree(top / old)
    os.symlink(new, top / old)
    said = f"{old} is a link, and was another or none at HEAD: name {new} itself"
    for words in ((asked,), (asked, "examples/a.yaml")):
        assert answer(capsys, "HEAD", *words, *more)[::2] == (2, f"Error: {said}\n")
    with pytest.raises(LoadError, match=said):
        convcalc.diff(asked, base="HEAD")


def test_a_link_that_was_there_is_followed(top: Path, capsys) -> None:
    os.symlink("nets", top / "link")
    assert answer(capsys, "HEAD", "link")[0] == 0  # the one who asks has made it
    commit()
    (top / "nets" / "a.yaml").write_text(spec(5), encoding="utf-8")
    code, out, _ = answer(capsys, "HEAD", "link", *GATE)
    assert code == 1 and "link/a.yaml" in out


def test_a_submodule_behind_a_link_chooses_no_base(top: Path, capsys) -> None:
    shutil.rmtree(top / "nets")
    (top / "sub").mkdir()
    git("init", "-q", ".", folder="sub")
    (top / "sub" / "a.yaml").write_text(spec(400), encoding="utf-8")
    for words in (("add", "."), ("commit", "-q", "-m", "sub")):
        git(*words, folder="sub")
    os.symlink("sub", top / "nets")
    code, out, err = answer(capsys, "HEAD", "nets", *GATE)
    assert (code, out) == (2, "") and "nets is a link" in err


@pytest.mark.parametrize("asked", ["nets/a.yaml", "nets/a.yaml/x.yaml"])
def test_a_folder_in_the_place_of_a_spec_is_not_all_that_is_told(
    top: Path, capsys, asked: str
) -> None:
    (top / "nets" / "a.yaml").unlink()
    (top / "nets" / "a.yaml").mkdir()
    (top / "nets" / "a.yaml" / "x.yaml").write_text(spec(400), encoding="utf-8")
    code, out, err = answer(capsys, "HEAD", asked, "nets/b.yaml", *GATE)
    assert (code, out) == (2, "")
    assert "nets/a.yaml is a folder, and was a file at HEAD" in err
    assert answer(capsys, "HEAD", asked, *GATE)[0] == 2


@pytest.fixture
def linked(top: Path) -> Path:
    """A small spec that was a link to another, beside a large one."""
    (top / "nets" / "b.yaml").unlink()
    os.symlink("a.yaml", top / "nets" / "b.yaml")
    (top / "nets" / "large.yaml").write_text(spec(400), encoding="utf-8")
    commit()
    (top / "nets" / "b.yaml").unlink()
    return top / "nets" / "b.yaml"


@pytest.mark.parametrize("link", [True, False])
def test_a_link_led_elsewhere_is_compared_with_what_it_led_to(
    linked: Path, capsys, link: bool
) -> None:
    if link:
        os.symlink("large.yaml", linked)
    else:
        linked.write_text(spec(400), encoding="utf-8")
    code, out, err = answer(capsys, "HEAD", "nets", *GATE)
    assert (code, err) == (1, "") and "~  nets/b.yaml" in out
    for words in (("nets/b.yaml",), ("nets/b.yaml", "nets/a.yaml")):
        code, out, err = answer(capsys, "HEAD", *words, *GATE)
        assert code == 2 and "b.yaml at HEAD: it was " in err


def test_a_link_replaced_by_what_it_led_to_is_no_change(linked: Path, capsys) -> None:
    linked.write_text(spec(4), encoding="utf-8")
    assert answer(capsys, "HEAD", "nets") == (0, "since HEAD: nothing changed, 3 the same\n", "")


def test_a_link_that_led_out_of_the_folder_is_said(top: Path, capsys) -> None:
    link = top / "nets" / "b.yaml"
    link.unlink()
    os.symlink("../examples/b.yaml", link)
    commit()
    link.unlink()
    link.write_text(spec(4), encoding="utf-8")
    code, _, err = answer(capsys, "HEAD", "nets", *GATE)
    assert code == 2
    assert "nets/b.yaml: at HEAD it was a link to ../examples/b.yaml, which is no file below" in err


def test_what_a_sparse_checkout_leaves_out_is_not_gone(top: Path, capsys) -> None:
    assert not git("sparse-checkout", "set", "--no-cone", "/examples/").returncode
    for asked in (".", "nets", "nets/a.yaml"):
        code, out, err = answer(capsys, "HEAD", asked, "examples", "--fail-on-difference")
        assert code == 0 and "removed" not in out and "sparse checkout leaves out" in out + err

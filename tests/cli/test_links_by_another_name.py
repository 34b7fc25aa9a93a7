"""A committed link is one by whatever name it is found: disks may tell no capitals apart.

Where a disk does tell them apart, a second name of the same link stands for that.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.study.links import leading_out
from tests.cli.test_links import link
from tests.edges.conftest import git

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or os.name == "nt", reason="no git, or no links of Unix"
)


def also(name: str, link: str) -> None:
    """Make a link found by another name too, if it is not."""
    with suppress(FileExistsError):
        os.link(link, name, follow_symlinks=False)
    assert os.path.samestat(os.lstat(name), os.lstat(link))


@pytest.mark.parametrize(
    ("committed", "name"),
    [("Report.HTML", "report.html"), ("\u00e9.html", "e\u0301.html"), ("sub/A", "sub/a")],
    ids=["capitals", "accents", "folder"],
)
def test_a_committed_link_is_refused_by_another_name(
    checkout: Path, committed: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    link(committed, "../outside/kept" if "/" not in committed else "../../outside/kept")
    also(name, committed)
    asked = ["analyze", "--net", "conv3-4", "--input", "8x8x3", "-o", name]
    assert run(asked) == 2
    assert "a link that the repository brings along" in capsys.readouterr().err
    assert (checkout.parent / "outside" / "kept").read_text() == "kept"


def test_a_folder_that_is_a_committed_link_is_one_by_another_name(checkout: Path) -> None:
    link("Out", "../outside")
    also("out", "Out")
    assert leading_out("out/new.html") == str(checkout / "out")


def test_links_of_one_s_own_beside_committed_ones_are_followed(checkout: Path) -> None:
    for number in range(3):
        link(f"link{number}", "../outside/kept")
    os.remove("link0")  # in the index, and not there
    link("own.html", "../outside/kept", tracked=False)
    assert leading_out("own.html") == ""
    assert leading_out("link1") == str(checkout / "link1")


def test_an_index_that_comes_in_parts_is_read_whole(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("convcalc.study.links._AT_ONCE", 7)
    for name in ("A b\tc", "Z"):
        link(name, "../outside/kept")
        also(f"other{name}", name)
        assert leading_out(f"other{name}")
    git("rm", "--cached", "-q", "Z")
    assert not leading_out("otherZ")

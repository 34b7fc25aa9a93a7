"""Patterns on files: as fnmatch has them, and never more of them than a run may try."""

from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convcalc.cli import run
from convcalc.config import Matrix, load_config
from convcalc.files import Glob
from convcalc.study import matching, unmatched
from convcalc.study.matching import MOST_COMPARED, Matching, PatternsError
from convcalc.study.wildcards import Wildcards

SPEC = "input: 8x8x3\nlayers: [conv3-4]\n"
LETTERS = st.text("ab*?[]!-/", max_size=8)


def globs(*texts: str) -> tuple[Glob, ...]:
    return tuple(Glob(text, "/nets") for text in texts)


@given(LETTERS, st.text("ab[]!-/*", max_size=8))
def test_it_matches_as_fnmatch(pattern: str, path: str) -> None:
    assume("**/" not in pattern)
    wanted = fnmatchcase(path, pattern) or fnmatchcase(path.rpartition("/")[2], pattern)
    assert Matching().path(path, globs(pattern)) == wanted


SIGNS = st.sampled_from(["*", "?", "a", "b", "ab", "[ab]", "[!a]", "[a-b]"])
SETS = st.text("abcdz!-^[]&|~\\\u0140", min_size=1, max_size=8).map("[{}]".format)
PIECES = st.lists(SIGNS | SETS, max_size=8).map("".join)


@pytest.mark.filterwarnings("ignore:Possible (set|nested):FutureWarning")
@given(PIECES, st.text("abcz!-^[]|\u0140\n/", max_size=8))
def test_sets_are_read_as_fnmatch_reads_them(pattern: str, text: str) -> None:
    assert Wildcards(pattern).fits(text) == fnmatchcase(text, pattern)


def test_every_comparison_is_counted() -> None:
    def compared(pattern: str, text: str) -> int:
        one = Wildcards(pattern)
        one.fits(text)
        return one.compared

    assert compared("a*a*b", "a" * 100) == 0  # found by the letters alone
    few, many = (compared(f"*{'?' * 50}b*", "a" * n) for n in (100, 200))
    assert (few, many) == (50 * 53, 150 * 53)
    wide = "[\u0100-\uffff]"
    assert compared(f"*{wide * 50}*", "a" * 100) == 51 * 3  # and none for what is in a set


@pytest.mark.parametrize(
    ("pattern", "matched", "not_matched"),
    [
        ("nets/**/*.yaml", ["nets/a.yaml", "nets/b/a.yaml", "nets/b/c/a.yaml"], ["x/a.yaml"]),
        ("nets/**/a.yaml", ["nets/a.yaml", "nets/b/a.yaml"], ["nets/ba.yaml", "netsa.yaml"]),
        ("**/a.yaml", ["a.yaml", "b/a.yaml"], ["ba.yaml", "b/ba.yaml"]),
        ("a/**/b/**/c.yaml", ["a/b/c.yaml", "a/x/b/c.yaml", "a/b/x/y/c.yaml"], ["a/c.yaml"]),
        ("a/**/**/c.yaml", ["a/c.yaml", "a/x/c.yaml"], ["ac.yaml"]),
        ("a**/c.yaml", ["ab/c.yaml", "a/c.yaml"], ["a.yaml"]),
        ("**/" * 90 + "a.yaml", ["a.yaml", "b/a.yaml"], ["ba.yaml"]),
    ],
)
def test_two_stars_are_any_folders_or_none(
    pattern: str, matched: list[str], not_matched: list[str]
) -> None:
    """As in gitignore, GitHub's `paths:` and pathlib."""
    paths = [*matched, *not_matched]
    assert [path for path in paths if Matching().path(path, globs(pattern))] == matched


def test_a_wrong_file_beside_the_folders_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    section = '[tool.convcalc]\ninclude = ["nets/**/*.yaml"]\n'
    (tmp_path / "pyproject.toml").write_text(section, encoding="utf-8")
    (tmp_path / "nets" / "sub").mkdir(parents=True)
    (tmp_path / "nets" / "sub" / "ok.yaml").write_text(SPEC, encoding="utf-8")
    assert run(["check", "nets", "--no-advice"]) == 0
    wrong = "input: 9x9x1\nlayers: [pool2]\n"
    (tmp_path / "nets" / "bad.yaml").write_text(wrong, encoding="utf-8")
    assert run(["check", "nets", "--no-advice"]) == 1


def test_what_begins_or_ends_otherwise_costs_nothing() -> None:
    one = Matching(most=0)
    patterns = globs("nets/*.yaml", "exact.yaml", "*.convcalc.yaml")
    assert not one.path("other/a.yaml", patterns) and one.path("x/exact.yaml", patterns)
    with pytest.raises(PatternsError, match=r"such as nets/\*\.yaml, .* 0 is the most"):
        one.path("nets/a.yaml", patterns)


def test_hundreds_of_patterns_on_thousands_of_files_are_within_the_bound() -> None:
    patterns = globs(*(f"*family{number}*.yaml" for number in range(500)))
    files = [f"nets/group/deep/net_{number}.convcalc.yaml" for number in range(20)]
    one = Matching(most=MOST_COMPARED // (5_000 // len(files)))
    assert not any(one.path(file, patterns) for file in files)


def hostile(folder: Path, monkeypatch: pytest.MonkeyPatch, section: str) -> None:
    """Some 30 files in a deep folder and 800 patterns that are compared with all of each path."""
    monkeypatch.chdir(folder)
    texts = ", ".join(f'"*{"a" * 280}{number}*"' for number in range(800))
    (folder / "pyproject.toml").write_text(section.replace("PATTERNS", f"[{texts}]"))
    deep = folder / "nets" / ("a" * 200) / ("a" * 200)
    deep.mkdir(parents=True)
    for number in range(30):
        (deep / f"{number}.yaml").write_text(SPEC, encoding="utf-8")
    monkeypatch.setattr(matching.Matching.__init__, "__defaults__", (500_000_000,))


@pytest.mark.parametrize(
    "section",
    ["[tool.convcalc]\ninclude = PATTERNS\n", "[[tool.convcalc.matrix]]\nfiles = PATTERNS\n"],
    ids=["include", "matrix"],
)
def test_a_strangers_patterns_end_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys, section: str
) -> None:
    hostile(tmp_path, monkeypatch, section)
    assert run(["check", "nets"]) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("Error: the patterns in pyproject.toml, such as *aaa")
    assert "500,000,000 is the most for their characters times those of all paths" in shown.err
    assert shown.out == ""


def test_the_bound_is_of_all_folders_of_a_run_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.convcalc]\ninclude = ["*a*"]\n')
    monkeypatch.chdir(tmp_path)
    cost = 3 * len("one/a.yaml")
    monkeypatch.setattr(matching.Matching.__init__, "__defaults__", (cost,))
    assert run(["check", "one"]) == 0
    assert run(["check", "one", "two"]) == 2
    assert "too much work" in capsys.readouterr().err


def test_of_matrices_that_take_long_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_text(SPEC, encoding="utf-8")
    matrix = Matrix((Glob("*b*", str(tmp_path)),), {})
    assert len(unmatched.unmatched((matrix,), ())) == 1
    monkeypatch.setattr(unmatched, "_MOST_COMPARED", 0)
    assert unmatched.unmatched((matrix,), ()) == ()


@pytest.mark.parametrize(
    ("pattern", "taken"),
    [
        ("nets", "nets/a.yaml nets/b/c.yml"),
        ("nets/", "nets/a.yaml nets/b/c.yml"),
        ("./nets", "nets/a.yaml nets/b/c.yml"),
        ("./nets/*.yaml", "nets/a.yaml"),
        ("nets/b", "nets/b/c.yml"),
        ("././/nets/b//", "nets/b/c.yml"),
        (".", "nets/a.yaml nets/b/c.yml x/nets.yaml"),
        ("./", "nets/a.yaml nets/b/c.yml x/nets.yaml"),
        ("nets/a.yaml", "nets/a.yaml"),
        ("nets.yaml", "x/nets.yaml"),
        ("net", ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize("key", ["include", "matrix"])
def test_a_folder_stands_for_the_specs_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, taken: str, key: str
) -> None:
    config = {
        "include": f'[tool.convcalc]\ninclude = ["{pattern}"]\n',
        "matrix": f'[[tool.convcalc.matrix]]\nfiles = ["{pattern}"]\nbatch = 2\n',
    }
    (tmp_path / "pyproject.toml").write_text(config[key], encoding="utf-8")
    read = load_config(str(tmp_path))
    patterns = read.include if key == "include" else read.matrix[0].files
    files = ("nets/a.yaml", "nets/b/c.yml", "x/nets.yaml")
    assert [f for f in files if Matching()(str(tmp_path / f), patterns)] == taken.split()

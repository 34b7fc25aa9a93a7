"""`diff --base` on folders: every spec that has changed, its exit codes, a hostile repository."""

import gc
import json
import os
import shutil
from pathlib import Path

import pytest

import convcalc
from convcalc import LoadError, RequestError
from convcalc.cli import run
from convcalc.study import revision
from convcalc.study.hashes import is_blob
from tests.edges.conftest import SPEC, git, hashes_below

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")


def spec(filters: int, more: str = "") -> str:
    """A net with 27 weights and a bias a filter."""
    return f"input: 8x8x3\nlayers: [conv3-{filters}{more}]\n"


@pytest.fixture
def nets(repository: Path) -> Path:
    """A folder of six specs as they were committed."""
    folder = repository / "nets"
    (folder / "sub").mkdir(parents=True)
    (folder / ".hidden" / "deep").mkdir(parents=True)
    for name in ("same", "grown", "gone", "sub/deep", ".hidden/deep/x"):
        (folder / f"{name}.yaml").write_text(spec(4), encoding="utf-8")
    (folder / "broken.yaml").write_text(spec(4, ", florp"), encoding="utf-8")
    (folder / "other.txt").write_text("x", encoding="utf-8")
    git("add", "-f", ".")
    git("commit", "-q", "-m", "nets")
    return folder


def change(nets: Path) -> None:
    """One spec of every sort."""
    (nets / "grown.yaml").write_text(spec(5), encoding="utf-8")
    (nets / "sub" / "deep.yaml").write_text(spec(4, ", relu"), encoding="utf-8")
    (nets / "gone.yaml").unlink()
    (nets / "new.yml").write_text(spec(2), encoding="utf-8")
    (nets / "other.txt").write_text("y", encoding="utf-8")


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run(["diff", "--base", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize("width, left", [(80, "params, training memory"), (140, "")])
def test_a_narrow_table_keeps_what_changed_and_says_what_it_leaves_out(
    nets: Path, capsys, monkeypatch: pytest.MonkeyPatch, width: int, left: str
) -> None:
    long = nets / f"{'a_rather_long_name_' * 3}.yaml"
    long.write_text(spec(4), encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "long")
    long.write_text(spec(4).replace("8x8x3", "64x64x3"), encoding="utf-8")
    monkeypatch.setenv("COLUMNS", str(width))
    lines = answer(capsys, "HEAD", "nets")[1].splitlines()
    assert "MACs" in lines[2] and "+6,300 %" in lines[3]
    assert all(len(line) <= width for line in lines)
    assert lines[4:] == (["", f"not shown in {width} columns: {left}"] if left else [])


def test_all_that_changed_is_in_one_table(nets: Path, capsys) -> None:
    assert answer(capsys, "HEAD", "nets") == (0, "since HEAD: nothing changed, 5 the same\n", "")
    change(nets)
    code, out, err = answer(capsys, "HEAD", "nets")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "since HEAD: 2 changed, 1 added, 1 removed, 2 the same"
    rows = [line.split()[:5] for line in out.splitlines()[3:]]
    # a filter: 27 + 1 params, 64 * 27 MACs
    assert rows == [
        ["-", "nets/gone.yaml", "-1", "-112", "-6,912"],
        ["~", "nets/grown.yaml", "~1", "+28", "(+25.0"],
        ["+", "nets/new.yml", "+1", "+56", "+3,456"],
        ["~", "nets/sub/deep.yaml", "+1", "same", "same"],
    ]


def test_the_json_is_exact_and_python_says_the_same(nets: Path, capsys) -> None:
    change(nets)
    code, out, _ = answer(capsys, "HEAD", "nets", "--format", "json", "--as", "fvcore")
    found = json.loads(out)
    assert code == 0 and (found["schema"], found["base"], found["same"], found["ok"]) == (
        "convcalc/changes/1", "HEAD", 2, True,
    )  # fmt: skip
    named = {one["path"]: one for one in found["specs"]}
    assert [one["status"] for one in found["specs"]] == ["removed", "changed", "added", "changed"]
    assert named["nets/grown.yaml"]["totals"]["params"] == [112, 140]
    assert named["nets/new.yml"]["totals"]["params"] == [0, 56]
    assert named["nets/gone.yaml"]["totals"]["macs"] == [6912, 0]
    assert named["nets/gone.yaml"]["totals"]["fvcore"] == [6912, 0]
    assert named["nets/gone.yaml"]["diff"] is None
    assert named["nets/grown.yaml"]["diff"]["changed"][0]["name"] == "conv1"
    report = convcalc.diff("nets", base="HEAD", counted_as="fvcore")
    assert report.to_json() == out and report.to_dict() == found
    assert report.ok and report.added == ("nets/new.yml",) and report.removed == ("nets/gone.yaml",)
    assert report.changed["nets/grown.yaml"].totals["params"] == (112, 140)
    assert (report.base, report.same, report.failures) == ("HEAD", 2, ())
    code, out, _ = answer(capsys, "HEAD", "nets", "--as", "fvcore")
    assert str(report) == out and "fvcore" in out


def test_markdown_and_expand_have_the_layers(nets: Path, capsys) -> None:
    change(nets)
    _, out, _ = answer(capsys, "HEAD", "nets", "--format", "markdown")
    assert "| \\~ | nets/grown.yaml | \\~1 | \\+28 \\(\\+25.0 %\\) |" in out
    assert "### nets/grown.yaml\\@HEAD -\\> nets/grown.yaml" in out
    _, out, _ = answer(capsys, "HEAD", "nets", "--expand")
    assert "nets/sub/deep.yaml@HEAD -> nets/sub/deep.yaml\n\nadded: 1 layer\n+  relu1" in out


@pytest.mark.parametrize(
    ("act", "words", "code", "told"),
    [
        (change, ("nets", "--fail-on-increase", "params=28,macs=25%"), 0, ""),
        (change, ("nets", "--fail-on-increase", "params=27"), 1, "grown.yaml: params grew by 28"),
        (change, ("nets", "--fail-on-increase", "thop=24%"), 1, "grown.yaml: thop grew by "),
        (
            lambda nets: (nets / "same.yaml").write_text(spec(0), encoding="utf-8"),
            ("nets",), 1, "error: nets/same.yaml:2:10: unknown layer kind 'conv3-0': "
            "`convcalc check nets/same.yaml` shows it\n",
        ),
        (
            lambda nets: (nets / "new.yaml").write_text(spec(0), encoding="utf-8"),
            ("nets",), 1, "error: nets/new.yaml:2:10: unknown layer kind",
        ),
        (lambda nets: (nets / "same.yaml").write_text("input: 8\nlayers: [a,\n b, a]\n"),
            ("nets",), 1, "error: nets/same.yaml:2:10: unknown layer kind 'a', and 2 more errors: "
            "`convcalc check nets/same.yaml` shows them\n"),
        (lambda nets: (nets / "broken.yaml").write_text(spec(4), encoding="utf-8"),
            ("nets",), 0, "nets/broken.yaml"),
        (lambda nets: (nets / "broken.yaml").unlink(), ("nets",), 0, "-  nets/broken.yaml"),
        (change, ("nets/grown.yaml", "nets/same.yaml", "nets/sub"), 0, "2 changed, 1 the same"),
        (lambda nets: shutil.rmtree(nets / "sub"), ("nets",), 0, "1 removed"),
        (lambda nets: (nets / "sub" / "deep.yaml").unlink(), ("nets/sub",), 0, "1 removed"),
        (change, ("nets", "nets/nosuch.yaml"), 2, "no nets/nosuch.yaml at HEAD"),
        (change, ("nets", "-"), 2, "--base takes files and folders"),
        (change, ("nets", "--net", "conv3-8"), 2, "--base takes files and folders"),
        (change, ("nets", "--set", "a=1"), 2, "--set is for one SPEC"),
        (lambda nets: (nets / "empty").mkdir(), ("nets/empty",), 2, "no .yaml files in nets/empty"),
        (lambda nets: (nets / "fifo.yaml").unlink(missing_ok=True) or os.mkfifo("nets/fifo.yaml"),
            ("nets",), 2, "not a regular file"),
    ],
)  # fmt: skip
def test_exit_codes_are_those_of_one_spec(
    nets: Path, act, words: tuple[str, ...], code: int, told: str, capsys
) -> None:
    act(nets)
    found, out, err = answer(capsys, "HEAD", *words)
    assert found == code and told in out + err, out + err
    assert err.count("\n") <= 5


def test_a_revision_or_repository_that_is_not_there(nets: Path, tmp_path, monkeypatch, capsys):
    for base in ("nosuch", "--help", "", "x\n::error::y"):
        code, out, err = answer(capsys, base, "nets")
        assert (code, out) == (2, "") and not any(x.startswith("::") for x in err.splitlines())
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "a.yaml").write_text(SPEC, encoding="utf-8")
    code, _, err = answer(capsys, "HEAD", str(tmp_path / "plain"))
    assert code == 2 and "not a git repository" in err
    with pytest.raises(LoadError, match="no nets at nosuch"):
        convcalc.diff("nets", base="nosuch")
    for wrong in ((), (convcalc.load("lenet5"),)):
        with pytest.raises(RequestError, match="name specs and folders"):
            convcalc.diff(*wrong, base="HEAD")
    with pytest.raises(RequestError, match="variables"):
        convcalc.diff("nets", base="HEAD", variables={"a": 1})
    with pytest.raises(RequestError, match="got 1 net"):
        convcalc.diff("lenet5")  # type: ignore[call-overload]


def test_links_are_compared_under_the_name_of_their_target(nets: Path, capsys) -> None:
    os.symlink("same.yaml", nets / "link.yaml")
    os.symlink("/etc/passwd", nets / "out.yaml")
    code, out, err = answer(capsys, "HEAD", "nets")
    assert code == 2 and err.startswith("Error: cannot read nets/out.yaml: ") and "link" not in out
    git("add", ".")
    git("commit", "-q", "-m", "links")
    (nets / "out.yaml").unlink()
    assert answer(capsys, "HEAD", "nets")[:2] == (0, "since HEAD: nothing changed, 5 the same\n")
    (nets / "grown.yaml").unlink()
    os.symlink("sub/deep.yaml", nets / "grown.yaml")  # a file has become a link
    (nets / "sub" / "deep.yaml").write_text(spec(5), encoding="utf-8")
    _, out, _ = answer(capsys, "HEAD", "nets")
    assert "~  nets/grown.yaml" in out and "~  nets/sub/deep.yaml" in out


@pytest.mark.parametrize("where", ["nets/module", "nets/sub/deep/module"])
def test_a_submodule_is_left_out_and_named(nets: Path, where: str, capsys) -> None:
    place = nets.parent / where
    (place / "below").mkdir(parents=True)
    (place / "below" / "m.yaml").write_text(spec(4), encoding="utf-8")
    git("init", "-q", ".", folder=where)
    for words in (("add", "."), ("commit", "-q", "-m", "module")):
        git(*words, folder=where)
    for tracked in (False, True):
        if tracked:
            git("add", where)
            assert "160000" in git("ls-files", "-s", where).stdout
            git("commit", "-q", "-m", "module")
        for folder in (".", "nets"):
            _, out, err = answer(capsys, "HEAD", folder)
            assert "m.yaml" not in out and "Error: no " not in err
            assert f"note: left out {where}, a repository of its own: `convcalc diff" in out
        assert answer(capsys, "HEAD", where)[:2] == (0, "since HEAD: nothing changed, 1 the same\n")
    (place / "below" / "m.yaml").write_text(spec(5), encoding="utf-8")
    assert "~  nets" in answer(capsys, "HEAD", f"{where}/below")[1]


def test_line_ends_are_no_change(nets: Path, capsys) -> None:
    (nets / "same.yaml").write_bytes(spec(4).replace("\n", "\r\n").encode())
    assert answer(capsys, "HEAD", "nets")[1] == "since HEAD: nothing changed, 5 the same\n"
    named = ("nets/same.yaml", "nets/gone.yaml")
    assert answer(capsys, "HEAD", *named)[1] == "since HEAD: nothing changed, 2 the same\n"


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_the_hash_is_git_s(kind: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    if git("init", "-q", f"--object-format={kind}", ".").returncode:
        pytest.skip("this git knows one kind of hash")
    Path("a.yaml").write_text(SPEC, encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "one")
    number = hashes_below("HEAD", ".")["a.yaml"]
    assert len(number) == {"sha1": 40, "sha256": 64}[kind]
    assert is_blob(SPEC.encode(), number) and not is_blob(SPEC.encode() + b" ", number)


@pytest.mark.parametrize("key", ["filter.evil.clean", "filter.evil.smudge", "diff.evil.textconv",
                                 "core.fsmonitor", "alias.ls-tree", "core.pager"])  # fmt: skip
def test_no_program_of_the_configuration_is_started(nets: Path, key: str, capsys) -> None:
    change(nets)
    git("config", key, f"{'!' if key.startswith('alias') else ''}touch {os.getcwd()}/owned; false")
    assert answer(capsys, "HEAD", ".")[0] == 0
    assert not Path("owned").exists()


def test_hostile_names_are_shown_and_not_obeyed(nets: Path, capsys) -> None:
    name = "n\n::error file=x::pwn\x1b[2J##[error]\u2028.yaml"
    (nets / name).write_text(spec(3), encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "evil")
    (nets / name).write_text(spec(0), encoding="utf-8")
    for form in ("text", "markdown", "json"):
        code, out, err = answer(capsys, "HEAD", "nets", "--format", form, "--expand")
        assert code == 1 and not {"\x1b", "\u2028"} & set(out + err) and "##[" not in out + err
        assert not any(line.lstrip().startswith("::") for line in (out + err).splitlines())
    assert not convcalc.diff("nets", base="HEAD").ok
    assert not convcalc.check("nets").ok  # a name with a line break is no text of a spec


def test_a_listing_that_is_too_long_is_refused(nets: Path, monkeypatch, capsys) -> None:
    size = len(git("ls-tree", "-r", "-z", "HEAD", folder="nets").stdout.encode())
    monkeypatch.setattr(revision, "MOST_LISTED", size)
    assert len(hashes_below("HEAD", "nets")) == 5
    monkeypatch.setattr(revision, "MOST_LISTED", size - 1)
    code, _, err = answer(capsys, "HEAD", "nets")
    assert code == 2 and "holds too many files to list" in err


def test_colours(nets: Path, capsys, monkeypatch) -> None:
    change(nets)
    _, out, _ = answer(capsys, "HEAD", "nets", "--color", "always")
    assert "\x1b[32m+  nets/new.yml" in out and "\x1b[31m-  nets/gone.yaml" in out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in answer(capsys, "HEAD", "nets")[1]


def test_what_many_specs_leave_behind_is_collected(nets: Path, capsys) -> None:
    """The command line begins without a collector: most runs are short."""
    threshold = gc.get_threshold()
    gc.disable()
    try:
        assert answer(capsys, "HEAD", "net.yaml")[0] == 0 and not gc.isenabled()
        assert answer(capsys, "HEAD", "nets")[0] == 0 and gc.isenabled()
    finally:
        gc.enable()
        gc.set_threshold(*threshold)

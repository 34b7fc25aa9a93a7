"""`convcalc diff` at the command line: two nets, a file and its git revision, exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc import zoo
from convcalc.cli import run

ROOT = Path(zoo.__file__).parents[1]


def diff(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["diff", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


PAIR = ("--input", "56x56x64", "--net", "conv7-64", "--net", "conv3-64 relu conv3-64 relu conv3-64")


@pytest.mark.parametrize("format_", ["text", "markdown", "json"])
def test_golden(
    format_: str, capsys: pytest.CaptureFixture[str], golden: Callable[[Path, str], None]
) -> None:
    code, out, _ = diff(capsys, *PAIR, "--format", format_, "--fail-on-increase", "activations=5%")
    assert code == 1
    golden(Path(__file__).parents[1] / "report" / "diff" / "golden" / f"{format_}.txt", out)


def test_json_has_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    found: dict[str, Any] = json.loads(diff(capsys, "vgg16", "vgg19", "--format", "json")[1])
    assert found["schema"] == "convcalc/diff/1"
    assert found["totals"]["params"] == [138_357_544, 143_667_240]
    assert {layer["name"] for layer in found["added"]} >= {"conv3_4", "conv4_4", "conv5_4"}
    assert found["removed"] == [] and found["exceeded"] == []


def test_variables_are_of_the_new_net(capsys: pytest.CaptureFixture[str]) -> None:
    pair = ("densenet121", "densenet121", "--set", "growth=48", "--format", "json")
    found = json.loads(diff(capsys, *pair)[1])
    assert found["totals"]["params"] == [7_978_856, 17_113_384]


@pytest.mark.parametrize(
    "arguments",
    [
        ("vgg16",),
        ("vgg16", "vgg19", "nin"),
        ("-", "-"),
        ("vgg16", "vgg19", "--fail-on-increase", "parms=0"),
        ("vgg16", "vgg19", "--fail-on-increase", "params"),
        ("vgg16", "vgg19", "--fail-on-increase", "params=x%"),
        ("--base", "main"),
        ("--base", "main", "--net", "conv3-8"),
        ("--base=--upload-pack=x", "a.yaml"),
    ],
)
def test_bad_usage_exits_2(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = diff(capsys, *arguments)
    assert code == 2 and out == "" and "Error: " in err


def test_a_broken_net_says_so_and_exits_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "b.yaml"
    broken.write_text("input: 4x4x3\nlayers: [conv3-8, conv7-8p0]", encoding="utf-8")
    code, out, _ = diff(capsys, "lenet5", str(broken))
    assert code == 1 and "b.yaml is broken: `convcalc check` says where" in out


def test_a_total_that_became_unknown_keeps_no_limit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """fvcore counts no locally_connected that is known: a net of any size would pass with it."""
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text("input: 8x8x3\nlayers: [conv3-8, max_pool: {kernel: 2}]", encoding="utf-8")
    unknown = "locally_connected: {filters: 8, kernel: 2}"
    new.write_text(f"input: 8x8x3\nlayers: [conv7-99, {unknown}]", encoding="utf-8")
    code, out, _ = diff(capsys, str(old), str(new), "--fail-on-increase", "fvcore=5%")
    assert code == 1 and "fvcore is unknown afterwards, so it may have grown by over 5 %" in out
    code, out, _ = diff(capsys, str(new), str(old), "--fail-on-increase", "fvcore=0")
    assert code == 1 and "fvcore is unknown before, so it may have grown by over 0: compare" in out
    memory = ("--dtype", "int8", "--fail-on-increase", "training_memory=0")
    assert diff(capsys, str(old), str(old), *memory)[0] == 1


def test_a_revision_is_no_option(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = diff(capsys, "--base=--textconv", "a.yaml")
    assert code == 2 and "'--textconv' is not a revision" in err


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b", *arguments],
            check=True,
            capture_output=True,
        )

    (tmp_path / "nets").mkdir()
    spec = tmp_path / "nets" / "a.yaml"
    spec.write_text("input: 8x8x8\nlayers: [conv3-8]", encoding="utf-8")
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "one")
    spec.write_text("input: 8x8x8\nlayers: [conv3-8, conv3-8]", encoding="utf-8")
    return tmp_path


def test_base_is_the_file_at_a_revision(repository: Path) -> None:
    def diff_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "convcalc", "diff", *arguments],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    for folder, path in ((repository, "nets/a.yaml"), (repository / "nets", "a.yaml")):
        gate = ("--fail-on-increase", "params=583")
        outcome = diff_in(folder, "--base", "HEAD", path, *gate)
        assert outcome.returncode == 1 and "+  conv2" in outcome.stdout
        assert f"{path}@HEAD -> {path}" in outcome.stdout
        assert "params grew by 584 (+100 %), allowed are 583" in outcome.stdout
    outcome = diff_in(repository, "--base", "nowhere", "nets/a.yaml")
    assert outcome.returncode == 2 and "no nets/a.yaml at nowhere" in outcome.stderr
    (repository / "new.yaml").write_text("input: 8x8x8\nlayers: [conv3-8]", encoding="utf-8")
    outcome = diff_in(repository, "--base", "HEAD", "new.yaml")
    assert outcome.returncode == 2 and outcome.stderr.count("\n") == 1


def test_a_commit_that_repairs_a_broken_spec_passes(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    subprocess.run(["git", "checkout", "-q", "."], check=True)
    spec = repository / "nets" / "a.yaml"
    sound = spec.read_text(encoding="utf-8")
    spec.write_text("input: 8x8x8\nlayers: [conv3-8, florp]", encoding="utf-8")
    commit = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-a", "-m", "x"]
    subprocess.run(commit, check=True)
    assert run(["diff", "--base", "HEAD", "nets/a.yaml"]) == 1  # it is broken still
    spec.write_text(sound, encoding="utf-8")
    capsys.readouterr()
    assert run(["diff", "--base", "HEAD", "nets/a.yaml"]) == 0
    shown = capsys.readouterr()
    assert shown.err == "nets/a.yaml@HEAD has errors: what can be compared is shown\n"
    assert run(["diff", "--base", "HEAD~1", "nets/a.yaml"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "broken",
    [
        "layers: [conv3-8, florp]",
        "layers: [conv3-8",
        "\0",
        "layers: [conv3-8]\nlayers: [conv3-9]",  # all is known, in one reading of two
    ],
)
@pytest.mark.parametrize("path", ["nets/a.yaml", "nets"])
def test_what_was_unknown_at_the_base_keeps_no_limit(
    repository: Path, capsys, monkeypatch: pytest.MonkeyPatch, broken: str, path: str
) -> None:
    """Two commits would pass any limit: the first one breaks the spec."""
    monkeypatch.chdir(repository)
    spec = repository / "nets" / "a.yaml"
    spec.write_text(f"input: 8x8x8\n{broken}", encoding="utf-8")
    commit = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-a", "-m", "x"]
    subprocess.run(commit, check=True)
    spec.write_text("input: 8x8x8\nlayers: [conv3-800]", encoding="utf-8")
    (repository / "nets" / "new.yaml").write_text("input: 8x8x8\nlayers: [conv3-8]", "utf-8")
    assert run(["diff", "--base", "HEAD", path]) == 0
    for total in ("params", "layers", "training_memory", "fvcore"):
        gate = ("diff", "--base", "HEAD", path, "--fail-on-increase", f"{total}=9G")
        capsys.readouterr()
        assert run([*gate]) == 1
        said = f"{total} is unknown before (nets/a.yaml@HEAD has errors), so it may have grown by "
        assert capsys.readouterr().out.count(said) == 1  # what is new is held to no growth
        assert run([*gate, "--format", "json"]) == 1
        answer = json.loads(capsys.readouterr().out)
        if path == "nets":
            spec_, new = answer["specs"]
            assert (answer["ok"], spec_["ok"], new["ok"], new["faults"]) == (False, False, True, [])
            assert [said in fault for fault in spec_["faults"]] == [True]
            answer = spec_["diff"]
        assert [said in one["message"] for one in answer["exceeded"]] == [True]


def test_a_net_that_is_one_reading_of_its_file_is_said_to_be(tmp_path: Path, capsys) -> None:
    twice, once = tmp_path / "twice.yaml", tmp_path / "once.yaml"
    twice.write_text("input: 8x8x3\nlayers: [conv3-8]\nlayers: [conv3-9]", encoding="utf-8")
    once.write_text("input: 8x8x3\nlayers: [conv3-8]\nexpect: {params: 1}", encoding="utf-8")
    code, out, _ = diff(capsys, str(twice), str(once))
    assert code == 1
    said = f"{twice} has errors: these are the numbers of one way to read it"
    assert out.count("has errors") == 1 and said in " ".join(out.split())


def test_totals_of_one_reading_at_the_base_are_unknown_in_the_table(
    repository: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    spec = repository / "nets" / "a.yaml"
    spec.write_text("input: 8x8x8\nlayers: [conv3-8]\nlayers: [conv3-9]", encoding="utf-8")
    commit = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-a", "-m", "x"]
    subprocess.run(commit, check=True)
    spec.write_text("input: 8x8x8\nlayers: [conv3-800]", encoding="utf-8")
    assert run(["diff", "--base", "HEAD", "nets"]) == 0
    row = capsys.readouterr().out.splitlines()[-1].split()
    assert row[:3] == ["~", "nets/a.yaml", "~1"] and set(row[3:]) == {"?"}


_EQUAL = ("input: 9x9x3\nlayers: [{conv: {filters: 4, kernel: 3, pad: %s}}]\n", "same", "1")


def test_any_difference_can_fail(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text, *pads = _EQUAL
    files = [str(tmp_path / f"{pad}.yaml") for pad in pads]
    for file, pad in zip(files, pads, strict=True):
        Path(file).write_text(text % pad)
    code, out, err = diff(capsys, *files, "--fail-on-difference")
    assert (code, err) == (0, "") and "no layer differs" in out
    Path(files[1]).write_text(text % "[0, 2, 0, 2]")  # the same shape and counts, another layer
    code, out, err = diff(capsys, *files, "--fail-on-difference")
    assert (code, err) == (1, "Error: the nets differ\n") and "changed: 1 layer" in out
    assert diff(capsys, *files)[0] == 0
    assert convcalc.diff(*files, fail_on_difference=True).ok is False
    assert convcalc.diff(*files).ok and not convcalc.diff(*files).same


def test_a_crop_is_the_same_however_it_is_written(tmp_path: Path) -> None:
    text = "input: 9x9x3\nlayers: [relu, {crop: {%s}}]\n"
    files = [str(tmp_path / f"{number}.yaml") for number in range(3)]
    for file, crop in zip(files, ("size: 5", "sides: 2", "sides: [1, 3, 2, 2]"), strict=True):
        Path(file).write_text(text % crop)
    assert convcalc.diff(files[0], files[1]).same
    assert not convcalc.diff(files[0], files[2]).same


def test_a_new_spec_is_a_difference_too(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b.example")
    for words in (("init", "-q", "."), ("commit", "-q", "--allow-empty", "-m", "empty")):
        subprocess.run((*git, *words), check=True)
    Path("nets").mkdir()
    Path("nets/a.yaml").write_text(_EQUAL[0] % "1")
    assert diff(capsys, "--base", "HEAD", "nets")[0] == 0
    code, _, err = diff(capsys, "--base", "HEAD", "nets", "--fail-on-difference")
    assert (code, err) == (1, "Error: specs differ\n")
    assert not convcalc.diff("nets", base="HEAD", fail_on_difference=True).ok

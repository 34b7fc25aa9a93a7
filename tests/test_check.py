"""`convcalc check` on real files: which are checked, what it prints where, how it ends."""

import json
import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner

from convcalc import zoo
from convcalc.report.formats import formats
from convcalc.study import many
from tests.in_process import MAIN

CLEAN = 'input: 32x32x3\nlayers: "conv3-16 relu pool2 conv3-32 relu global_avg_pool fc-10"\n'
BROKEN = "input: 10x10x3\nlayers:\n  - conv: {filters: 16, kernel: 3, stride: 2}\n"


def check(folder: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """What a run in a folder ends with: in this process, which takes a tenth of the time."""
    with chdir(folder):
        run = CliRunner().invoke(MAIN, ["check", *arguments], input=stdin)
    return subprocess.CompletedProcess(arguments, run.exit_code, run.stdout, run.stderr)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "b.yml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no spec", encoding="utf-8")
    inner = tmp_path / "nets"
    inner.mkdir()
    (inner / "c.convcalc.yaml").write_text(CLEAN, encoding="utf-8")
    return tmp_path


def test_clean_is_quiet_but_for_one_line(folder: Path) -> None:
    run = check(folder, "a.yaml")
    assert (run.returncode, run.stdout, run.stderr) == (0, "checked 1 spec: all clean\n", "")


def test_a_folder_is_walked_and_findings_exit_1(folder: Path) -> None:
    run = check(folder, ".", "--format", "concise")
    assert run.returncode == 1 and run.stderr == ""
    assert run.stdout.splitlines() == [
        "b.yml:3:44: error[CC101] output size is not an integer: (10 - 3 + 2*0)/2 + 1 = 4.5 "
        "(height and width; input lost: 1 row and 1 column never read)"
    ]
    assert "checked 3 specs" in check(folder, ".").stdout


def test_errors_cannot_be_ignored_and_that_is_said(folder: Path) -> None:
    run = check(folder, "b.yml", "--ignore", "CC101,CC202", "--format", "concise")
    assert run.returncode == 1 and "error[CC101]" in run.stdout
    assert run.stderr == "errors cannot be ignored: CC101\n"
    assert check(folder, "b.yml", "--ignore", "CC202", "--format", "concise").stderr == ""


def test_a_spec_named_twice_is_checked_once(folder: Path) -> None:
    assert "checked 3 specs: 1 error" in check(folder, ".", "b.yml", "./b.yml").stdout


@pytest.mark.parametrize(
    ("level", "code"), [("error", 1), ("warning", 1), ("note", 1), ("never", 0)]
)
def test_fail_on_an_error(folder: Path, level: str, code: int) -> None:
    assert check(folder, "b.yml", "--fail-on", level, "-q").returncode == code


def test_fail_on_a_note_shows_it(folder: Path) -> None:
    (folder / "a.yaml").write_text("input: 32x32x3\nlayers: [conv3-16, lrn]", encoding="utf-8")
    assert check(folder, "a.yaml").returncode == 0
    run = check(folder, "a.yaml", "--fail-on", "note", "--format", "concise")
    assert run.returncode == 1 and "note[CC210]" in run.stdout


@pytest.mark.parametrize(
    ("format_", "holds"),
    [("concise", 0), ("github", 0), ("junit", 0), ("gitlab", 0), ("markdown", 0), ("text", 1),
     ("json", 2), ("sarif", 2)],
)  # fmt: skip
def test_who_writes_notes_out(folder: Path, format_: str, holds: int) -> None:
    spec = "input: 32x32x3\nlayers: [conv3-16, lrn, lrn, conv7-16, fc-10]\n"
    (folder / "a.yaml").write_text(spec, encoding="utf-8")
    for options, told in (((), holds), (("--notes",), 2), (("--no-notes",), holds // 2 * 2)):
        run = check(folder, "a.yaml", "--format", format_, *options)
        found = {code for code in ("CC202", "CC210") if code in run.stdout}
        assert len(found) == (2 if told else 0), (options, run.stdout)
        left = format_ == "concise" and not options
        assert run.stderr == ("4 notes left out: --notes shows them\n" if left else "")
    if format_ == "text":
        assert "4 notes (--notes shows them)" in check(folder, "a.yaml").stdout
    assert check(folder, "a.yaml", "--format", format_, "-q").stderr == ""


def test_configuration_and_command_line(folder: Path) -> None:
    (folder / "pyproject.toml").write_text(
        '[tool.convcalc]\nmax-params = "5K"\ninclude = ["*.convcalc.yaml"]\n', encoding="utf-8"
    )
    run = check(folder, ".")
    assert run.returncode == 1 and "checked 1 spec: 1 error" in run.stdout
    assert "the largest part is conv2 with 4,640 (86 %)" in run.stdout
    assert check(folder, ".", "--max-params", "6K").returncode == 0
    assert (
        "`convcalc check .` checks what `include` in pyproject.toml names" in check(folder).stderr
    )
    (folder / "pyproject.toml").write_text("[tool.convcalc]\nmax-parms = 1\n", encoding="utf-8")
    assert "convcalc check ." not in check(folder, "a.yaml", "--net", "relu").stderr
    run = check(folder, ".")
    assert run.returncode == 2 and run.stdout == ""
    assert run.stderr.count("\n") == 1 and "did you mean max-params?" in run.stderr


@pytest.mark.parametrize("form", formats("check"))
def test_what_the_configuration_leaves_out_is_counted(folder: Path, form: str) -> None:
    """A branch that adds a faulty spec may bring a configuration that leaves it out."""
    (folder / "deep").mkdir()
    for name in ("p.convcalc.yaml", "deep/q.yaml"):
        (folder / name).write_text("input: 9\nlayers: [fc-3]\n", encoding="utf-8")
    words = "`include` in pyproject.toml leaves out"
    run = check(folder, ".", "--format", form)
    assert words not in run.stdout + run.stderr
    (folder / "pyproject.toml").write_text(
        '[tool.convcalc]\ninclude = ["*.convcalc.yaml", "a.yaml"]\n', encoding="utf-8"
    )
    left = len([*folder.rglob("*.y*ml")]) - 3  # one is there already
    for paths in ((".",), (".", "deep/.."), ("b.yml", ".")):
        run = check(folder, *paths, "--format", form)
        number = left - ("b.yml" in paths)
        said = (run.stdout + run.stderr).replace("\\", "")
        assert said.count(f"{words} {number} file") == 1
    assert words not in check(folder, ".", "--format", form, "-q").stderr


def test_standard_input_has_the_name_it_is_given(folder: Path) -> None:
    run = check(folder, "-", "--stdin-filename", "x/y.yaml", "--format", "concise", stdin=BROKEN)
    assert run.returncode == 1 and run.stdout.startswith("x/y.yaml:3:44: ")
    assert check(folder, "-", "--format", "concise", stdin=BROKEN).stdout.startswith("<stdin>:")


def test_the_shared_options_reach_every_spec(folder: Path) -> None:
    run = check(folder, "b.yml", "--input", "11x11x3", "--no-advice")
    assert run.returncode == 0
    run = check(folder, "b.yml", "--rounding", "floor", "--format", "concise")
    assert run.returncode == 0 and "warning[CC103]" in run.stdout
    (folder / "v.yaml").write_text(
        "input: 8x8x3\nvars: {width: 8}\nlayers: [{conv: {filters: =width, kernel: 3}}]",
        encoding="utf-8",
    )
    limit = ("--max-params", "300")  # 27*8+8 = 224, 27*16+16 = 448
    assert check(folder, "v.yaml", *limit).returncode == 0
    assert check(folder, "v.yaml", *limit, "--set", "width=16").returncode == 1
    run = check(folder, "v.yaml", "--set", "widht=16")
    assert run.returncode == 2 and "did you mean width?" in run.stderr
    assert check(folder, "v.yaml", "a.yaml", "--set", "width=16").returncode == 2


def test_a_net_in_one_line(folder: Path) -> None:
    run = check(folder, "--input", "10x10x3", "--net", "conv3-8s2p0", "--format", "concise")
    assert run.returncode == 1 and run.stdout.startswith("<net>:1:1: error[CC101]")
    assert check(folder, "--net", "conv3-8", "a.yaml").returncode == 2
    assert check(folder).returncode == 2


def test_what_cannot_be_read_exits_2_and_the_others_are_still_checked(folder: Path) -> None:
    os.mkfifo(folder / "fifo.yaml")
    (folder / "loop").symlink_to(folder)
    (folder / "self.yaml").symlink_to("self.yaml")
    (folder / "zero.yaml").symlink_to("fifo")
    os.mkfifo(folder / "fifo")
    (folder / "gone.yaml").symlink_to("nowhere.yaml")
    run = check(folder, ".", "fifo", "missing.yaml", "--format", "concise")
    assert run.returncode == 2
    assert run.stdout.startswith("b.yml:3:44: error[CC101]")
    errors = run.stderr.splitlines()
    assert len(errors) == 6 and all(line.startswith("Error: ") for line in errors)
    for name in ("fifo.yaml", "self.yaml", "zero.yaml", "gone.yaml", "fifo is", "missing.yaml"):
        assert sum(name in line for line in errors) >= 1, name


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_told(folder: Path) -> None:
    (folder / "nets" / "below").mkdir()
    for mode in (0o000, 0o444):  # of the second the names are known, and nothing else
        (folder / "nets").chmod(mode)
        try:
            run = check(folder, ".")
        finally:
            (folder / "nets").chmod(0o755)
        assert run.returncode == 2 and "cannot list" in run.stderr and "CC101" in run.stdout


def test_hidden_folders_are_left_out(folder: Path) -> None:
    (folder / ".github").mkdir()
    (folder / ".github" / "ci.yaml").write_text("on: push", encoding="utf-8")
    assert "checked 3 specs" in check(folder, ".").stdout


def test_a_folder_without_specs_is_a_mistake(tmp_path: Path) -> None:
    run = check(tmp_path, ".")
    assert run.returncode == 2 and run.stderr == "Error: no .yaml files in .\n"


def test_a_huge_file_is_refused_unread(folder: Path) -> None:
    with (folder / "huge.yaml").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    run = check(folder, "huge.yaml", "--format", "concise")
    assert run.returncode == 1 and "error[CC002] file too large" in run.stdout


def test_names_of_files_are_not_obeyed(folder: Path) -> None:
    for name in ("::error::x.yaml", "a\x1b[2J.yaml", "[red]x[blue].yaml", "a\nb.yaml"):
        (folder / name).write_text(BROKEN, encoding="utf-8")
    for format_ in ("text", "concise", "github", "markdown", "json", "junit", "sarif", "gitlab"):
        run = check(folder, ".", "--format", format_)
        assert run.returncode == 1 and run.stderr == "", format_
        assert "\x1b" not in run.stdout
        lines = [line for line in run.stdout.splitlines() if line.lstrip().startswith("::")]
        assert all(line.startswith("::error title=convcalc (CC101),file=") for line in lines)


@pytest.mark.skipif(os.name == "nt", reason="such names are none there")
def test_two_names_that_are_shown_as_one_are_two_nets(folder: Path) -> None:
    own, other = folder / "own", folder / "own" / "pyproject.toml"
    own.mkdir()
    for name, kernel in (("x\nb.yaml", 99), ("x<U+000A>b.yaml", 98)):
        text = f"input: 8x8x3\nlayers:\n  - conv: {{filters: 3, kernel: {kernel}}}\n"
        (own / name).write_text(text, encoding="utf-8")
    axes = 'files = ["x<*"]\ninput = ["7x7x3", "8x8x3"]\nbatch = [1, 2]\n'
    other.write_text(f"[[tool.convcalc.matrix]]\n{axes}", encoding="utf-8")
    run = check(own, ".", "--format", "json")
    assert run.returncode == 1, run.stderr
    messages = [finding["message"] for finding in json.loads(run.stdout)["findings"]]
    assert any("99" in text for text in messages) and any("98" in text for text in messages)


def test_a_name_that_is_no_text_is_shown_harmlessly(folder: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(str(folder)) + b"/\xff.yaml")).write_text(BROKEN)
    except OSError:
        pytest.skip("this file system has names of text only")
    for format_ in ("json", "sarif", "junit"):
        run = check(folder, ".", "--format", format_, "-o", "out")
        assert run.returncode == 1 and run.stderr == ""
        assert "U+DCFF" in (folder / "out").read_text(encoding="utf-8").replace("%2B", "+")


@pytest.mark.parametrize("format_", ["json", "github", "sarif", "junit", "gitlab", "concise"])
def test_machine_formats_load_neither_rich_nor_numpy(folder: Path, format_: str) -> None:
    code = (
        "import sys; from convcalc.cli import run; "
        f"run(['check', '.', '--format', {format_!r}]); "
        "print('LOADED', sorted({'rich', 'numpy', 'tempfile', 'subprocess'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(Path(many.__file__).parents[2])},
    )
    assert run.stdout.splitlines()[-1] == "LOADED []"


def test_the_bundled_nets_have_no_errors() -> None:
    run = check(Path(zoo.folder()).parent, "architectures", "--format", "json")
    found = json.loads(run.stdout)
    assert run.returncode == 0 and found["checked"] == len(zoo.names())
    assert {finding["severity"] for finding in found["findings"]} == {"warning", "note"}

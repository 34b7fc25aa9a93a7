"""Streams, files, colour and width: decided once, the same everywhere."""

import json
import os
from pathlib import Path

import pytest

ESCAPE = "\x1b["


def test_stdin_is_read_for_a_dash(convcalc_) -> None:
    result = convcalc_("analyze", "-", input="input: 8x8x3\nlayers: [relu]\n")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("<stdin>  input 8x8x3")
    broken = convcalc_("analyze", "-", "--format", "json", input=b"\xff")
    assert (broken.exit_code, json.loads(broken.stdout)["path"]) == (1, "<stdin>")


@pytest.mark.parametrize(
    "words",
    [
        ("analyze", "small.yaml", "-o"), ("check", "small.yaml", "-o"), ("show", "lenet5", "-o"),
        ("export", "small.yaml", "--to", "pytorch", "-o"), ("schema", "-o"),
        ("report", "small.yaml", "--svg"), ("verify", "small.yaml", "--save"),
    ],
)  # fmt: skip
def test_a_dash_is_no_file_to_write_to(convcalc_, words: tuple[str, ...]) -> None:
    result = convcalc_(*words, "-")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "`-` is no file: " in result.stderr
    assert ("leave it out for standard output" in result.stderr) is (words[-1] == "-o")
    assert not os.path.lexists("-")


def test_o_writes_whole_and_prints_nothing(convcalc_) -> None:
    result = convcalc_("analyze", "small.yaml", "-o", "out.txt", "--color", "auto")
    assert (result.exit_code, result.stdout) == (0, "")
    assert Path("out.txt").read_text(encoding="utf-8") == convcalc_("analyze", "small.yaml").stdout


def test_o_leaves_an_old_file_alone_when_the_job_fails(convcalc_, monkeypatch) -> None:
    Path("out.txt").write_text("old", encoding="utf-8")
    assert convcalc_("analyze", "missing.yaml", "-o", "out.txt").exit_code == 2
    assert Path("out.txt").read_text(encoding="utf-8") == "old"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(os.listdir())
    monkeypatch.setattr(Path, "replace", full)
    result = convcalc_("analyze", "small.yaml", "-o", "out.txt")
    assert result.exit_code == 2
    assert "cannot write out.txt: No space left on device" in result.stderr
    assert (Path("out.txt").read_text(encoding="utf-8"), sorted(os.listdir())) == ("old", before)


def test_o_keeps_the_mode_of_an_old_file(convcalc_) -> None:
    Path("out.txt").write_text("old", encoding="utf-8")
    Path("out.txt").chmod(0o640)
    assert convcalc_("analyze", "small.yaml", "-o", "out.txt").exit_code == 0
    assert Path("out.txt").stat().st_mode & 0o777 == 0o640


def test_quiet_prints_nothing_and_keeps_the_code(convcalc_) -> None:
    for path, code in (("small.yaml", 0), ("broken.yaml", 1)):
        result = convcalc_("analyze", path, "-q")
        assert (result.exit_code, result.output) == (code, "")


PATTERN = "[CONV RELU]*N -> FC"  #: whose meaning is remarked on


@pytest.mark.parametrize(
    "command",
    [
        ("analyze",), ("check",), ("verify",), ("sizes",), ("explain", "fc1"),
        ("fit", "--memory", "1GiB"), ("report", "-o", "page.html"),
    ],
)  # fmt: skip
def test_quiet_leaves_out_remarks(convcalc_, command: tuple[str, ...]) -> None:
    words = (*command, "--net", PATTERN, "--input", "8x8x3", "--set", "N=1")
    loud = convcalc_(*words)
    assert loud.exit_code == 0 and "CONV is conv3-12" in loud.stderr
    assert convcalc_(*words, "-q").output == ""


def test_quiet_writes_into_specs_and_does_not_say_so(convcalc_) -> None:
    words = ("--advise", "--write", "--batch", "8", "--optimizer", "sgd", "--memory")
    deep = "input: 64x64x3\nlayers: " + '"[conv3-64 relu]*16 fc-10"\n'
    for quiet in ([], ["-q"]):
        Path("deep.yaml").write_text(deep, encoding="utf-8")
        result = convcalc_("fit", "deep.yaml", *words, "590MiB", *quiet)
        assert (result.exit_code, result.output == "") == (0, bool(quiet))
        assert "checkpoint" in Path("deep.yaml").read_text(encoding="utf-8")
        Path("odd.yaml").write_text("input: 8x8x3\nlayers: [{max_pool: {kernel: 3}}]\n")
        result = convcalc_("check", "odd.yaml", "--fix", "--write", *quiet)
        assert ("wrote" in result.output, result.output == "") == (not quiet, bool(quiet))
        assert "pad: 1" in Path("odd.yaml").read_text(encoding="utf-8")


def test_quiet_writes_the_files_that_are_asked_for(convcalc_) -> None:
    for command in (
        ["analyze", "small.yaml"],
        ["check", "small.yaml"],
        ["diff", "lenet5", "vgg11"],
    ):
        assert convcalc_(*command, "-o", "loud.txt").exit_code == 0
        result = convcalc_(*command, "-q", "-o", "out.txt")
        assert (result.exit_code, result.output) == (0, "")
        assert Path("out.txt").read_bytes() == Path("loud.txt").read_bytes()


@pytest.mark.parametrize(
    ("option", "environment", "coloured"),
    [
        ("auto", {}, False),
        ("always", {}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "0"}, False),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
    ],
)
def test_colour_is_the_option_over_no_color_over_force_color(
    convcalc_, option, environment, coloured
) -> None:
    result = convcalc_("analyze", "small.yaml", "--color", option, **environment)
    assert (ESCAPE in result.stdout) == coloured


@pytest.mark.parametrize(("term", "coloured"), [("xterm", True), ("dumb", False)])
def test_a_terminal_has_colour_and_a_width(process, term, coloured) -> None:
    code = (
        "import os, pty, sys\n"
        f"os.environ['TERM'] = {term!r}\n"
        "sys.exit(os.waitstatus_to_exitcode(pty.spawn([sys.executable, '-m', 'convcalc', "
        "'analyze', 'alexnet'])))"
    )
    result = process(code=code, stdin=-3)
    assert result.returncode == 0
    assert (ESCAPE in result.stdout) == coloured


def test_no_line_is_wider_than_columns_and_piped_output_is_not_squeezed(convcalc_) -> None:
    narrow = convcalc_("analyze", "vgg16", COLUMNS="80").stdout
    table = narrow[: narrow.index("layers  ")].splitlines()
    assert max(map(len, table)) <= 80
    piped = convcalc_("analyze", "vgg16").stdout
    assert "3,211,264" in piped
    assert "share of activations" in piped
    assert max(map(len, piped.splitlines())) > 100


def test_several_specs_end_with_one_comparison(convcalc_) -> None:
    result = convcalc_("analyze", "small.yaml", "alexnet", "broken.yaml")
    assert result.exit_code == 1
    last = result.stdout.rstrip("\n").splitlines()[-4:]
    assert last[0].split()[:2] == ["net", "output"]
    assert [line.split()[0] for line in last[1:]] == ["Small", "AlexNet", "broken.yaml"]
    reports = json.loads(convcalc_("analyze", "small.yaml", "alexnet", "--format", "json").stdout)
    assert [report["name"] for report in reports[:2]] == ["Small", "AlexNet"]


def test_the_format_comes_from_the_environment_too(convcalc_) -> None:
    result = convcalc_("analyze", "small.yaml", CONVCALC_FORMAT="csv")
    assert result.stdout.startswith("name,kind,")


def test_expand_unfolds(convcalc_) -> None:
    folded = convcalc_("analyze", "resnet18").stdout
    expanded = convcalc_("analyze", "resnet18", "--expand").stdout
    assert len(expanded.splitlines()) > len(folded.splitlines()) + 20


def test_a_path_wins_over_a_bundled_name(convcalc_) -> None:
    assert convcalc_("analyze", "vgg16").stdout.startswith("VGG-16")
    Path("vgg16").write_text("input: 8x8x3\nlayers: [relu]\n", encoding="utf-8")
    assert convcalc_("analyze", "vgg16").stdout.startswith("vgg16  input 8x8x3")


def test_set_and_input_and_rounding_go_over_the_file(convcalc_) -> None:
    report = json.loads(
        convcalc_(
            "analyze", "small.yaml", "--set", "width=9", "--input", "12x12x3", "--format", "json"
        ).stdout
    )
    assert report["layers"][-1]["output"] == [10, 10, 9]
    assert convcalc_("analyze", "broken.yaml", "--rounding", "floor").exit_code == 0


def test_net_takes_a_pattern(convcalc_) -> None:
    net = "[conv3-32 relu pool2]*2 fc-10"
    result = convcalc_("analyze", "--input", "32x32x3", "--net", net)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "fc1" in result.stdout
    assert convcalc_("analyze", "--net", "relu").exit_code == 1, "no input is a finding"


def test_list_and_show(convcalc_) -> None:
    assert "vgg16" in convcalc_("list").stdout
    assert "vgg16" in convcalc_("list", "--plain").stdout.splitlines()
    shown = convcalc_("show", "vgg16")
    assert "# yaml-language-server" in shown.stdout or "name: VGG-16" in shown.stdout
    assert convcalc_("show", "vgg16", "-o", "mine.yaml").stdout == ""
    assert Path("mine.yaml").read_text(encoding="utf-8") == shown.stdout


def test_a_spec_that_was_edited_is_not_replaced_in_silence(convcalc_) -> None:
    mine = Path("mine.yaml")
    for _ in range(2):  # the same again changes nothing
        result = convcalc_("show", "vgg16", "-o", "mine.yaml")
        assert (result.exit_code, result.stderr) == (0, "")
    text = mine.read_bytes()
    mine.write_bytes(text + b"# my own\n")
    result = convcalc_("show", "vgg16", "-o", "mine.yaml")
    said = "Note: mine.yaml had other content, which was replaced\n"
    assert (result.exit_code, result.stderr) == (0, said)
    assert mine.read_bytes() == text
    mine.write_bytes(b"")  # as mktemp makes it
    result = convcalc_("show", "vgg16", "-o", "mine.yaml")
    assert (result.exit_code, result.stderr) == (0, "")


def test_help_and_version(convcalc_, process) -> None:
    assert convcalc_("list", "--plain").exit_code == 0, "its module is called like a builtin"
    assert "Examples:" in convcalc_("--help").stdout
    assert "Examples:" in convcalc_("analyze", "-h").stdout
    assert process("--version").stdout == convcalc_("--version").stdout

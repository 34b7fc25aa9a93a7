"""What shells complete: commands, options, nets, kinds, layers, devices, codes and files."""

from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from convcalc import zoo
from convcalc.cli import COMMANDS, cli, run
from convcalc.cli.completion import Bash
from convcalc.explain import lookup
from convcalc.findings import CODES
from convcalc.layers import BY_NAME
from convcalc.memory.devices import DEVICES


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What is offered for the last word, in a folder with a spec and a folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("_CONVCALC_COMPLETE", "bash_complete")
    spec = "input: 8x8x3\nlayers:\n  - conv3-4:\n    name: stem\n  - relu\n"
    Path("vnet.yaml").write_text(spec, encoding="utf-8")
    Path("vnets").mkdir()
    Path("notes.txt").touch()

    def asked(*words: str) -> list[tuple[str, str]]:
        found = ShellComplete(cli, {}, "convcalc", "_CONVCALC_COMPLETE")
        return [(i.type, i.value) for i in found.get_completions([*words[:-1]], words[-1])]

    return asked


def words(found: list[tuple[str, str]]) -> list[str]:
    assert {kind for kind, _ in found} <= {"plain"}
    return [word for _, word in found]


def test_commands_and_options(ask) -> None:
    assert words(ask("an")) == ["analyze"]
    assert "--format" in words(ask("analyze", "--fo"))
    assert words(ask("analyze", "--format", "js")) == ["json"]
    assert words(ask("analyze", "--optimizer", "ad"))


def test_nets_and_files_of_the_folder(ask) -> None:
    nets = [name for name in zoo.names() if name.startswith("v")]
    assert words(ask("analyze", "v")) == [*nets, "vnet.yaml", "vnets"]
    assert words(ask("check", "v")) == [*nets, "vnet.yaml", "vnets"]
    assert words(ask("show", "vgg")) == [name for name in nets if name.startswith("vgg")]
    assert ask("analyze", "./v") == [("file", "./v")]
    assert ask("analyze", "nosuch") == [("file", "nosuch")]
    assert ask("analyze", "vgg16", "-o", "out") == [("file", "out")]


@pytest.mark.parametrize(
    "name",
    [
        "vx;touch owned #.yaml", "vx$(touch owned).yaml", "vx`a`.yaml", "vx a.yaml", "vx&.yaml",
        "vx|a.yaml", "vx'.yaml", 'vx".yaml', "vx\\.yaml", "vx\n.yaml", "vx>a.yaml", "vx*.yaml",
        "vx!a.yaml", "vx(.yaml", "vx{a,b}.yaml", "vx\x1b.yaml", "vx\u202e.yaml",
    ],
)  # fmt: skip
def test_a_name_that_a_shell_would_run_is_left_to_it(ask, name: str) -> None:
    """Bash writes completions onto the command line as they are, and Enter runs them."""
    Path(name).write_text("input: 8x8x3\nlayers: [relu]\n", encoding="utf-8")
    assert not any(word.startswith("vx") for word in words(ask("analyze", "v")))
    assert ask("analyze", "vx") == [("file", "vx")]


def test_layers_of_the_net_that_was_named(ask) -> None:
    assert words(ask("explain", "vnet.yaml", "")) == ["stem", "relu1"]
    assert words(ask("explain", "vgg16", "conv1")) == ["conv1_1", "conv1_2"]
    assert words(ask("demo", "vnet.yaml", "s")) == ["stem"]
    assert ask("explain", "notes.txt", "s") == []
    assert ask("explain", "nosuch.yaml", "s") == []
    assert ask("explain", "vgg16", "conv1_1", "c") == []


def test_kinds_terms_and_codes(ask) -> None:
    found = words(ask("explain", "max"))
    assert [word for word in BY_NAME if word.startswith("max")] == found[:2]
    assert words(ask("explain", "CC10")) == [code for code in CODES if code.startswith("CC10")]
    assert words(ask("check", "--ignore", "CC105,cc20")) == [
        f"CC105,{code}" for code in CODES if code.startswith("CC20")
    ]


def test_terms_by_all_their_names_in_any_case(ask) -> None:
    for begun, term in (
        ("rec", "receptive-field"), ("Recep", "Receptive-field"), ("check", "checkpointing"),
        ("opt", "optimizers"), ("fi", "field"), ("fi", "filters"), ("fl", "flops"),
        ("cc10", "cc101"), ("code", "codes"),
    ):  # fmt: skip
        assert term in words(ask("explain", begun))
        assert lookup.term(term) or lookup.code(term) or term == "codes"
    found = words(ask("explain", ""))
    assert len(set(found)) == len(found) and not any(" " in word for word in found)


@pytest.mark.parametrize(
    "given",
    [
        {"_CONVCALC_COMPLETE": "bash_complete", "COMP_WORDS": "", "COMP_CWORD": "x"},
        {"_CONVCALC_COMPLETE": "zsh_complete", "COMP_WORDS": "", "COMP_CWORD": "9" * 5000},
        {"_CONVCALC_COMPLETE": "fish_complete"},
    ],
)
def test_variables_that_no_shell_sets_are_refused(
    given: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("COMP_WORDS", "COMP_CWORD"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert run(["list", "--plain"]) == 2
    assert "a shell that completes sets COMP_WORDS" in " ".join(capsys.readouterr().err.split())


def test_devices(ask) -> None:
    known = [device.name for device in DEVICES if device.name.startswith("rtx")]
    assert words(ask("fit", "vgg16", "--device", "rtx")) == known != []


def test_names_of_files_are_printed_as_one_line(ask) -> None:
    Path("vgg\nplain,pwn.yaml").touch()
    assert all("\n" not in word for word in words(ask("analyze", "v")))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (["analyze", "vgg16", "--format", "=", "js"], ["json"]),
        (["analyze", "--format", "="], ["text", "json", "csv", "markdown", "notes"]),
        (
            ["analyze", "--format", "=", "json", "vgg1"],
            ["vgg11", "vgg11-lrn", "vgg13", "vgg16", "vgg16-c", "vgg16_bn", "vgg19"],
        ),
        (["analyze", "--format=js"], ["json"]),
        (["fit", "vgg16", "--device", "=", "jetson-orin-nan"], None),
    ],
)
def test_bash_takes_an_option_with_its_equals_sign_for_three_words(
    monkeypatch: pytest.MonkeyPatch, line: list[str], found: list[str] | None
) -> None:
    monkeypatch.setenv("_CONVCALC_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "\n".join(["convcalc", *line]))
    monkeypatch.setenv("COMP_CWORD", str(len(line)))
    asked = Bash(cli, {}, "convcalc", "_CONVCALC_COMPLETE")
    answers = [item.value for item in asked.get_completions(*asked.get_completion_args())]
    known = [device.name for device in DEVICES if device.name.startswith(line[-1])]
    assert answers == (found or known)


@pytest.mark.parametrize(
    ("line", "some"),
    [
        (("analyze", "vgg16", "--columns", "ma"), ["macs"]),
        (("analyze", "vgg16", "--columns", "layer,ma"), ["layer,macs"]),
        (("analyze", "vgg16", "--sort", "para"), ["params"]),
        (("analyze", "vgg16", "--format", "csv", "--columns", "eff"), ["effective_stride"]),
        (("analyze", "vgg16", "--as", "fvc"), ["fvcore"]),
        (("analyze", "vgg16", "--checkpoint", "ev"), ["every-block"]),
        (("sweep", "vgg16", "--columns", "params,mac"), ["params,macs"]),
        (("sweep", "vgg16", "--pareto", "params,-mac"), ["params,-macs"]),
        (("fit", "vars.yaml", "--set", "wi"), ["width="]),
        (("sweep", "vars.yaml", "--set", "wi"), ["width="]),
        (("check", "vars.yaml", "--set", "wi"), ["width="]),
        (("fit", "nosuch.yaml", "--set", "wi"), []),
    ],
)
def test_values_of_options(ask, line: tuple[str, ...], some: list[str]) -> None:
    text = "input: 8x8x3\nvars: {width: 4}\nlayers: [{conv: {filters: =width, kernel: 3}}]\n"
    Path("vars.yaml").write_text(text, encoding="utf-8")
    found = words(ask(*line))
    assert found[: len(some)] == some and bool(found) == bool(some)


_HALF = """\
input: 8x8x3
vars: {width: 8}
layers:
  - conv: {filters: =width, kernel: 3}
    name: stem
  - conv: {filters: 4, kernel: 3
  - relu
"""


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (("explain", "half.yaml", "st"), ["stem"]),
        (("demo", "half.yaml", "st"), ["stem"]),
        (("analyze", "half.yaml", "--set", "wi"), ["width="]),
        (("analyze", "half.yaml", "--checkpoint", "stem..re"), ["stem..relu1"]),
        (("explain", "halff.yaml", "st"), ["stem"]),
        (("explain", "vgg61", "conv1"), ["conv1_1", "conv1_2"]),
        (("sweep", "densenet112", "--set", "gr"), ["growth="]),
        (("explain", "--batch", "x", "vgg16", "conv1"), ["conv1_1", "conv1_2"]),
        (("analyze", "vgg16", "--checkpoint", "conv1_1..pool1,conv2"),
         ["conv1_1..pool1,conv2_1", "conv1_1..pool1,conv2_2"]),
        (("fit", "vgg16", "--checkpoint", "seq"), ["seq:"]),
    ],
)  # fmt: skip
def test_an_earlier_part_with_an_error_hides_nothing(ask, line, found: list[str]) -> None:
    """A spec that is being written, a name that is misspelt, a value that is none."""
    Path("half.yaml").write_text(_HALF, encoding="utf-8")
    assert words(ask(*line)) == found


@pytest.mark.parametrize("command", COMMANDS)
def test_options_are_completed_behind_any_mistake(ask, command: str) -> None:
    """Twice what is taken once, values that are none: what is wrong is said when it is run."""
    known = cli.get_command(click.Context(cli), command)
    assert known is not None
    for option in known.params:
        if isinstance(option, click.Option) and option.name != "help":
            own = [option.opts[0], *([] if option.is_flag else ["\0x"])]
            for given in (own, own * 2, [*own, *option.secondary_opts]):
                assert words(ask(command, *given, "--hel")) == ["--help"], given

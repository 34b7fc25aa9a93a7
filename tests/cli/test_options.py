"""Options reach a command as records; no value that somebody typed is dropped without a word."""

import json
from typing import get_args, get_type_hints

import pytest

import convcalc
from convcalc.analysis.settings import Dtype, Implementation, Optimizer, Settings
from convcalc.api.settings import SettingsKeywords
from convcalc.api.sweeps import SettingAxes
from convcalc.memory.optimizers import IMPLEMENTATIONS, NAMES
from convcalc.memory.settings import SETTINGS, SettingError, settings_from


def test_a_setting_is_declared_the_same_everywhere() -> None:
    assert tuple(setting.name for setting in SETTINGS) == Settings._fields
    keywords = get_type_hints(SettingsKeywords)
    assert keywords.pop("foreach") is bool
    for name in ("checkpoint", "clip_grad"):  # None is off, as in reports
        assert type(None) in get_args(keywords.pop(name))
    assert keywords.items() <= get_type_hints(Settings).items()
    assert keywords.keys() | {"checkpoint", "clip_grad"} == get_type_hints(Settings).keys()
    assert get_type_hints(SettingAxes).keys() == set(Settings._fields), "api/sweeps.py"
    for literal, names in ((Optimizer, NAMES), (Implementation, IMPLEMENTATIONS)):
        assert get_args(literal) == names, "the names of analysis/settings.py, in the same order"
    choices = {setting.name: setting.choices for setting in SETTINGS}
    assert choices["dtype"] == get_args(Dtype)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"batch": True}, "batch: expected a positive integer, got True"),
        ({"dtype": "float8"}, "dtype: expected one of float32, float64"),
        ({"optimizer": "adm"}, "optimizer: expected one of none, sgd"),
        ({"weight_decay": float("nan")}, "weight_decay: expected a finite number"),
        ({"optimizer_impl": "loop", "foreach": True}, "optimizer_impl 'loop' is not foreach=True"),
        ({"dtype": "int8", "optimizer": "adam"}, "int8 is for inference"),
        ({"optimizer": "nadam", "optimizer_impl": "fused"}, "nadam has no fused implementation"),
    ],
)
def test_a_setting_that_cannot_be(given: dict[str, object], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        settings_from(given)


def test_what_reports_state_as_null_is_given_so_too() -> None:
    plain = convcalc.analyze("lenet5")
    for off in (None, "none"):
        assert convcalc.analyze("lenet5", clip_grad=off).settings == plain.settings
    stated = plain.to_dict()["settings"]
    again = convcalc.analyze("lenet5", checkpoint=None, clip_grad=stated["clip_grad"])
    assert stated["checkpoint"] is None
    assert again.to_dict() == plain.to_dict()
    assert convcalc.analyze("lenet5", checkpoint="none").memory == plain.memory
    marked = "input: 32x32x3\nlayers:\n  - {conv3-8: , checkpoint: true}\n  - fc-10\n"
    bare = convcalc.analyze(marked.replace(", checkpoint: true", "")).memory
    assert convcalc.analyze(marked, checkpoint="none").memory == bare
    rows = list(convcalc.sweep("lenet5", clip_grad=[None, "norm"], columns="training_memory"))
    assert [row.settings["clip_grad"] for row in rows] == ["none", "norm"]


def test_an_unknown_setting_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="no setting 'batches'"):
        settings_from({"batches": 2})


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("analyze", "--net", "relu", "--net", "fc-2", "--input", "8x8x3"), "--net is given 2"),
        (("fit", "small.yaml", "--input", "8x8x3", "--input", "9x9x3"), "--input is given 2"),
        (("check", "small.yaml", "--batch", "2", "--batch", "3"), "--batch is given 2 times"),
        (("fit", "small.yaml", "--set", "width=2", "--set", "width=3"), "--set width is given 2"),
        (("analyze", "--input", "8x8x3", "--net", "relu", "--set", "a=1"), "no variable 'a'"),
        (("diff", "--net", "relu", "--net", "elu", "--input", "8x8x3", "--set", "a=1"), "has none"),
        (("analyze", "small.yaml", "-o", "a.txt", "-o", "b.txt"), "--output is given 2 times"),
        (("analyze", "-", "-"), "standard input can be read once"),
    ],
)
def test_a_value_is_never_dropped(convcalc_, command, said) -> None:
    result = convcalc_(*command, input="input: 8x8x3\nlayers: [relu]\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr.splitlines()[-1]


def test_the_bundled_net_that_a_file_name_means_is_run_and_that_is_said(convcalc_) -> None:
    result = convcalc_("analyze", "lenet5.yaml")
    assert result.exit_code == 0
    assert result.stderr == "no file lenet5.yaml: this is the bundled lenet5\n"
    assert result.stdout == convcalc_("analyze", "lenet5").stdout
    assert "did you mean lenet5?" in convcalc_("analyze", "lenet.yaml").stderr


@pytest.mark.parametrize(
    "command",
    [
        ("sweep", "lenet5.yml", "--batch", "1,2"),
        ("report", "lenet5.yml"),
        ("explain", "lenet5.yml", "C1"),
        ("diff", "lenet5.yml", "lenet5"),
        ("fit", "lenet5.yml", "--memory", "1GiB"),
        ("sizes", "lenet5.yml"),
        ("analyze", "vgg16", "lenet5.yml", "--batch", "1,2"),
    ],
)
def test_every_command_says_that_it_runs_a_bundled_net_or_does_not(convcalc_, command) -> None:
    """`-q -o x.json` wrote the numbers of another net without a word."""
    told = convcalc_(*command)
    assert "no file lenet5.yml: this is the bundled lenet5\n" in told.stderr
    quiet = convcalc_(*command, "-q")
    said = "Error: no file lenet5.yml: the bundled net is named lenet5\n"
    assert (quiet.exit_code, quiet.stdout, quiet.stderr) == (2, "", said)


def test_a_demo_of_a_file_that_is_gone_is_of_no_other_net(convcalc_) -> None:
    """Its screen has no place to say which net it is."""
    result = convcalc_("demo", "lenet5.yml", "C1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no file lenet5.yml: the bundled net is named lenet5" in result.stderr


def test_a_gate_checks_no_bundled_net_in_place_of_a_file_that_is_gone(
    convcalc_, tmp_path, monkeypatch
) -> None:
    """A change that deletes or renames vgg16.yaml would leave its check green for ever."""
    monkeypatch.chdir(tmp_path)
    result = convcalc_("check", "vgg16.yaml")
    said = "no file vgg16.yaml: the bundled net is checked by its name, vgg16"
    assert (result.exit_code, result.stderr) == (2, f"Error: {said}\n")
    with pytest.raises(convcalc.LoadError, match=said):
        convcalc.check("vgg16.yaml")
    assert convcalc_("check", "vgg16").exit_code == 0
    (tmp_path / "vgg16.yaml").symlink_to("nowhere.yaml")
    for command in ("check", "analyze"):
        result = convcalc_(command, "vgg16.yaml")
        assert result.exit_code == 2
        assert "vgg16.yaml is a link to a file that is not there" in result.stderr


@pytest.mark.parametrize(
    ("size", "understood", "meant"),
    [
        ("1x3x64x48", "depth 1, height 3, width 64, 48 channels", "did you mean 64x48x3?"),
        ("1x64x48x3", "depth 1, height 64, width 48, 3 channels", "did you mean 64x48x3?"),
        ("3x64x48", "height 3, width 64, 48 channels", "did you mean 64x48x3?"),
        ("64x48", "length 64, 48 channels", "did you mean 64x48x3?"),
        ("64x48x1", "height 64, width 48, 1 channel", "change `input:` in the file"),
        ("7", "input 7 means 7 channels", "height x width x channels"),
    ],
)
def test_an_input_of_another_kind_says_what_was_understood(
    convcalc_, size, understood, meant
) -> None:
    for command in ("analyze", "check", "sizes"):
        result = convcalc_(command, "small.yaml", "--input", size)
        said = result.stdout + result.stderr
        assert result.exit_code == 1 and said.count("error[") == 1, command
        assert understood in said and "the file's input is 8x8x3" in said and meant in said
    assert convcalc_("analyze", "small.yaml", "--input", "64x48x3").exit_code == 0


@pytest.mark.parametrize("command", [
    "analyze small.yaml", "analyze small.yaml --format csv",
    "analyze vgg16 vgg11", "sizes small.yaml", "diff small.yaml vgg16", "verify small.yaml",
    "fit small.yaml --memory 8GiB", "explain small.yaml input", "report small.yaml",
])  # fmt: skip
def test_nothing_is_printed_of_another_input_than_the_one_asked_for(convcalc_, command) -> None:
    result = convcalc_(*command.split(), "--input", "3x64x48")
    assert result.exit_code == 1 and not result.stdout
    assert result.stderr.startswith("error[CC014]: input 3x64x48 means height 3, width 64")


def test_json_of_another_input_has_the_finding_and_no_size(convcalc_) -> None:
    result = convcalc_("analyze", "small.yaml", "--format", "json", "--input", "3x64x48")
    found = json.loads(result.stdout)
    assert result.exit_code == 1 and [one["code"] for one in found["findings"]] == ["CC014"]
    assert {layer["output"] for layer in found["layers"]} == {None} and found["memory"] is None
    assert {n: x for n, x in found["totals"].items() if x is not None}.keys() == {"layers"}
    report = convcalc.analyze("small.yaml", input="3x64x48")
    assert json.loads(report.to_json()) == found and not report.ok


def test_an_input_in_sides_is_held_against_too(convcalc_) -> None:
    spec = "input: {height: 8, width: 9, channels: 3}\nlayers: [relu]\n"
    result = convcalc_("analyze", "-", "--input", "3x8x9", input=spec)
    assert result.exit_code == 1 and "the file's input is 8x9x3" in result.stderr
    named = convcalc_("analyze", "-", "--input", "8x9", input="inputs: {a: 8x9x3}\nlayers: [relu]")
    assert named.exit_code == 1 and "did you mean 8x9x3?" in named.stderr
    assert convcalc_("analyze", "--net", "relu", "--input", "1x3x8x8").exit_code == 0


@pytest.mark.parametrize("command", ["analyze", "fit --memory 8GiB", "report", "sweep"])
@pytest.mark.parametrize(
    "option", ["--batch", "--accumulate", "--gpus", "--augmented", "--prefetch"]
)
def test_integers_have_as_many_digits_as_in_a_spec(convcalc_, command, option) -> None:
    """More are beyond what a float holds, and were a bug where a share was worked out."""
    result = convcalc_(*command.split(), "small.yaml", option, "1" + "0" * 400)
    assert result.exit_code == 2 and "digits" in result.stderr.splitlines()[-1]


def test_a_run_has_no_more_images_either(convcalc_) -> None:
    result = convcalc_("verify", "small.yaml", "--batch", "1" + "0" * 400)
    assert result.stderr.splitlines()[-1].endswith("--batch': a number of more than 18 digits")

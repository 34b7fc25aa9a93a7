"""Words of the command line that do not exist: what was meant, or where it is."""

import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest

import convcalc
from convcalc.cli import COMMANDS, cli, mistyped, run
from convcalc.cli.gather import OneOf, Whole


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["anlyze", "vgg16"], "no command 'anlyze': did you mean `analyze`?"),
        (["vgg16"], "no command 'vgg16': did you mean `convcalc analyze vgg16`?"),
        (["help", "CC101"], "no command 'CC101': `convcalc explain CC101` says what it is"),
        (["help", "conv"], "no command 'conv': `convcalc explain conv` says what it is"),
        (["identify", "resnet50", "4.1G"], "a net: `convcalc explain resnet50 4.1G` says who"),
        (["identify", "4Gx"], "98MB or 25,557,032, got '4Gx'"),
        (["qqqq"], "no command 'qqqq': `convcalc --help` lists them"),
        (["analyze", "vgg16", "--flops"], "no option --flops: analyze prints activations, params"),
        (["check", "vgg16", "--macs"], "no option --macs: analyze prints activations, params"),
        (["analyze", "vgg16", "--json"], "no option --json: write --format json"),
        (["list", "--json"], "list has no --format, which analyze, check, verify and"),
        (["check", "--csv"], "check has no --format csv, which analyze and sweep take"),
        (["verify", "--bf16"], "verify has no --dtype bfloat16, which analyze, check, fit and"),
        (["analyze", "wrn", "--depth", "16"], "a variable of the spec: --set depth=N"),
        (["analyze", "vgg16", "--momentum", "0.9"], "write --optimizer sgd-momentum"),
        (["fit", "vgg16", "--zero", "2"], "write --gpus 2 --shard zero1 (or zero2, zero3)"),
        (["sweep", "vgg16", "--vram", "8GiB"], "no option --vram: write --memory 8GiB"),
        (["diff", "a", "b", "--no-color"], "no option --no-color: write --color never"),
        (["analyze", "vgg16", "--batchsize", "2"], "no option --batchsize: write --batch 8"),
        (["fit", "vgg16", "--amp"], "no option --amp: write --precision amp-fp16"),
        (["sweep", "vgg16", "--mixed"], "no option --mixed: write --precision amp-fp16"),
        (["fit", "vgg16", "--fp16"], "no option --fp16: write --precision amp-fp16"),
        (["verify", "vgg16", "--fp16"], "no option --fp16: write --dtype float16"),
        (["analyze", "vgg16", "--bs", "8"], "no option --bs: write --batch 8"),
        (["analyze", "vgg16", "--img-size", "8"], "no option --img-size: write --input 224x224x3"),
        (["analyze", "vgg16", "--input_size", "8"], "--input_size: write --input 224x224x3"),
        (["analyze", "vgg16", "--depth", "3"], "no option --depth: write --expand"),
        (["analyze", "vgg16", "--verbose"], "no option --verbose: write --expand"),
        (["analyze", "vgg16", "-v"], "no option -v: write --expand"),
        (["analyze", "vgg16", "--col-names", "x"], "write --columns layer,output,params"),
        (["analyze", "vgg16", "--train"], "analyze, fit and diff print training and inference"),
        (["analyze", "vgg16", "--device", "x"], "fit and sweep take it, analyze does not"),
        (["list", "--bs", "8"], "list has no --batch, which analyze, check, verify and"),
        (["fit", "vgg16", "--col-names"], "fit has no --columns, which analyze and sweep take"),
        (["analyze", "lenet5", "--columns", "fvcore"], "`--as fvcore` adds it"),
        (["analyze", "lenet5", "--as", "ptflops0.6"], "did you mean ptflops@0.6?"),
        (["analyze", "vgg16", "--rouding"], "no option --rouding: did you mean --rounding?"),
        (["analyze", "vgg16", "--winograd"], "`convcalc analyze --help` lists the options"),
        (["--flops", "vgg16"], "no option --flops: analyze prints activations"),
        (["explain", "vgg16", "conv1"], "no layer 'conv1': did you mean conv1_1 or conv1_2?"),
        (["explain", "vgg16", "con"], "did you mean one of conv1_1, conv1_2, conv2_1,"),
        (
            ["analyze", "vgg16", "--input", "32\u00d732\u00d73"],
            "'32\u00d732\u00d73' is not a size: did you mean 32x32x3?",
        ),
        (
            ["analyze", "vgg16", "--input", "(1,3,224,224)"],
            "'(1,3,224,224)' is not a size: did you mean 224x224x3? channels come last, "
            "and the batch is no part of it",
        ),
        (
            ["fit", "vgg16", "--input", "1,3,224,224"],
            "'1,3,224,224' is not a size: did you mean 224x224x3? channels come last, "
            "and the batch is no part of it",
        ),
        (
            ["analyze", "vgg16", "--input", "3,224,224"],
            "'3,224,224' is 3 sizes: did you mean 224x224x3? channels come last",
        ),
        (
            ["analyze", "vgg16", "--input", "(1, 224, 224, 3)"],
            "'(1, 224, 224, 3)' is not a size: did you mean 224x224x3? the batch is no part of it",
        ),
        (
            ["analyze", "lenet5", "--set", "width=8"],
            "has no variable 'width': it has none; `vars: {width: 8}` in the file makes one",
        ),
        (["export", "lenet5", "--to", "torch"], "got 'torch': did you mean 'pytorch'?"),
        (["analyze", "lenet5", "--optimizer", "Adamm"], "got 'Adamm': did you mean 'adam'?"),
        (["analyze", "lenet5", "--precision", "amp16"], "did you mean 'amp-fp16'?"),
        (["analyze", "lenet5", "--dtype", "bfloat"], "did you mean 'bfloat16'?"),
        (["analyze", "lenet5", "--shard", "zero"], "did you mean 'zero1' or 'zero2' or 'zero3'?"),
        (["analyze", "lenet5", "--format", "jsn"], "got 'jsn': did you mean 'json'?"),
        (["check", "lenet5", "--format", "serif"], "did you mean 'sarif'?"),
        (["check", "lenet5", "--fail-on", "warn"], "did you mean 'warning'?"),
        (["analyze", "lenet5", "--color", "allways"], "did you mean 'always'?"),
        (["analyze", "lenet5", "--rounding", "flor"], "did you mean 'floor'?"),
        (["import", "--from", "onxx", "x"], "did you mean 'onnx'?"),
        (["sweep", "lenet5", "--sample", "2", "--sampling", "rand"], "did you mean 'random'?"),
        (["analyze", "lenet5", "--optimizer", "zzz"], "adagrad, got 'zzz'\n"),
        (["fit", "lenet5", "--device", "rtx4090"], "did you mean rtx-4090?"),
        (["analyze", "lenet5", "--batch", "big"], "expected a positive integer, got 'big'"),
        (["verify", "--average", "lenet5"], "--average N: of how many passes"),
        (
            ["export", "lenet5", "--to", "onnx", "--random-weights", "-o", "x"],
            "'--random-weights': expected an integer from 0, got '-o'",
        ),
        (
            ["verify", "lenet5", "--average", "10001"],
            "expected an integer from 0 to 10,000, got 10001",
        ),
        (["explain", "resnet18", "add1"], "one of basic1.add1, basic2.add1, conv3_x.basic1.add1"),
        (["explain", "vgg16", "conv"], "conv is a kind: name one of its layers, conv1_1, conv1_2"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_was_meant(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) in {1, 2}
    assert said in capsys.readouterr().err


def test_an_option_that_is_named_is_one() -> None:
    options = {
        option
        for name in COMMANDS
        for one in cli.get_command(click.Context(cli), name).params
        for option in one.opts
    }
    for word, meant in mistyped._CALLED.items():
        for text in meant:
            assert options.issuperset(part for part in text.split() if part[0] == "-"), word


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_named_to_write_is_not_refused(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)  # where `--output FILE` writes
    for word in mistyped._CALLED:
        assert run([command, f"--{word}"]) == 2
        told = re.search(r"write (--\S+)(?: ([^\s(]\S*))?", capsys.readouterr().err)
        if told is not None:
            run([command, *filter(None, told.groups())])
            refused = capsys.readouterr().err
            assert "no option" not in refused and "expected one of" not in refused, told[0]


def test_every_choice_says_what_was_meant() -> None:
    for command in COMMANDS:
        for option in cli.get_command(click.Context(cli), command).params:
            if isinstance(option.type, click.Choice):
                assert isinstance(option.type, OneOf), (command, option.name)
            if isinstance(option.type, click.IntRange):
                assert isinstance(option.type, Whole), (command, option.name)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: convcalc.analyze("lenet5", optimizer="Adam"), "optimizer: .* mean 'adam'"),
        (lambda: convcalc.analyze("lenet5", precision="amp16"), "precision: .* mean 'amp-fp16'"),
        (lambda: convcalc.analyze("lenet5", rounding="flor"), "rounding: .* mean 'floor'"),
        (lambda: convcalc.export("lenet5", to="torch"), "to: .* mean 'pytorch'"),
        (lambda: convcalc.check("lenet5", fail_on="eror"), "fail_on: .* mean 'error'"),
        (lambda: convcalc.check("lenet5").rendered("jsn"), "format: .* mean 'json'"),
        (lambda: convcalc.fit("lenet5", memory="8GiB").rendered("jsn"), "format: .* mean 'json'"),
        (lambda: convcalc.import_("x", from_="onxx"), "from_: .* mean 'onnx'"),
        (lambda: list(convcalc.sweep("lenet5", sampling="rand")), "sampling: .* mean 'random'"),
        (lambda: list(convcalc.sweep("lenet5", optimizer="Adam")), "optimizer: .* mean 'adam'"),
    ],
)
def test_python_says_what_was_meant(asked: Callable[[], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        asked()


def test_python_names_the_setting_that_was_meant() -> None:
    with pytest.raises(TypeError, match=r"no setting 'optimiser': did you mean optimizer\?"):
        convcalc.analyze("lenet5", optimiser="adam")


def test_a_variable_that_is_not_there_is_named_in_one_short_line(convcalc_) -> None:
    many = ", ".join(f"width{number}: 1" for number in range(2000))
    Path("many.yaml").write_text(f"input: 8x8x3\nvars: {{{many}}}\nlayers: [relu]\n")
    Path("pyproject.toml").write_text(f"[[tool.convcalc.matrix]]\nset = {{{'z' * 99_999} = [1]}}\n")
    for net, text in (("small.yaml", "it has width"), ("many.yaml", "width19 and 1,980 more")):
        done = convcalc_("check", net)
        assert done.exit_code == 2 and text in done.stderr
        assert max(map(len, done.stderr.splitlines())) < 600

"""`convcalc explain` as a command."""

import json
import subprocess
import sys

import pytest

import convcalc
from convcalc.cli import run
from convcalc.explain.lookup import terms


def out(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(["explain", *words]) == 0
    return capsys.readouterr().out


def test_a_layer_of_a_bundled_net(capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, "alexnet", "conv1")
    assert "X_col    363 x 3025" in text
    assert "nn.Conv2d(3, 96, kernel_size=11, stride=4)" in text


def test_a_net_in_one_line_at_another_input(capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, "--input", "5x5x3", "--net", "conv3-2s2p1", "conv1")
    assert "(5 - 3 + 2*1)/2 + 1 = 3" in text


def test_json_holds_the_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(out(capsys, "alexnet", "conv1", "--format", "json"))
    assert found["schema"] == "convcalc/explain/1"
    numbers = {k: v for s in found["sections"] for k, v in s["numbers"].items()}
    assert numbers["x_col"] == [363, 3025]
    assert numbers["neurons"] == 290400


def test_the_bytes_are_for_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("lenet5", "C3", "--batch", "32", "--dtype", "float64", "--optimizer", "adam", "--loop")
    assert "training with adam, batch 32" in out(capsys, *words)
    found = json.loads(out(capsys, *words, "--format", "json"))
    report = convcalc.analyze("lenet5", batch=32, dtype="float64", optimizer="adam", foreach=False)
    assert found["settings"] == report.to_dict()["settings"]
    assert found["convcalc"] == convcalc.__version__
    sections = {section["title"]: section["numbers"] for section in found["sections"]}
    assert report.memory is not None
    peak = sections["when the net's memory is at its peak"]["peak"]
    assert peak == report.memory.training.peak
    assert sections["in memory"]["bytes"] == 10 * 10 * 16 * 8


def test_terms_and_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Receptive field" in out(capsys, "receptive", "field")
    assert "CC103: input lost\n\nWhat it does" in out(capsys, "cc103")
    assert json.loads(out(capsys, "mac", "--format", "json"))["schema"] == "convcalc/page/1"
    assert "convcalc explain SPEC LAYER" in out(capsys)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["vgg16", "conv31"], "did you mean conv3_1?"),
        (["vgg16"], "name a layer of it: conv1_1"),
        (["dilaton"], "did you mean dilation?"),
        (["convv"], "did you mean conv?"),
        (["batchnrm"], "did you mean batch_norm?"),
        (["gru"], "'gru' is not a term, code, kind, file or bundled net: `convcalc explain` lists"),
        (["foo"], "bundled net: `convcalc explain` lists the terms"),
        (["attention"], "bundled net: `convcalc explain` lists the terms"),
        (["CC999"], "bundled net: `convcalc explain codes` lists the codes"),
        (["cc"], "bundled net: `convcalc explain codes` lists the codes"),
        (["--net", "conv3-8", "--input", "8x8x3"], "name a layer of it: conv1"),
        (["nofile.yaml", "conv1"], "no file nofile.yaml"),
    ],
)
def test_what_cannot_be_explained_is_one_line_and_exit_2(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", *words]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1


def test_narrow_terminals_are_not_overrun(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = out(capsys, "resnet50", "conv4_x.bottleneck3.add1")
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize(
    "words",
    [
        ["mobilenet_v2", "stage6.residual2.bottleneck1.depthwise_conv1"],
        ["resnet50", "conv3_x.bottleneck2.batch_norm3"],
        *([page.title] for page in terms()),
    ],
    ids=" ".join,
)
def test_no_line_is_wider_than_the_terminal_but_commands(
    words: list[str],
    width: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = out(capsys, *words).splitlines()
    wide = [line for line in lines if len(line) > width and not line.startswith("    convcalc ")]
    assert wide == []


@pytest.mark.parametrize(
    "words",
    [
        ["explain", "vgg16", "pool5"],
        ["explain", "dilation"],
        ["sizes", "vgg16", "--format", "json"],
        ["convert", "vgg16", "--fc-to-conv"],
        ["demo"],
    ],
    ids=lambda words: words[0],
)
def test_the_designing_commands_load_neither_rich_nor_numpy(words: list[str]) -> None:
    code = (
        f"import sys; from convcalc.cli import run; assert run({words!r}) == 0; "
        "print({'rich', 'numpy'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.strip() == "set()"

"""Errors of Python's functions name arguments, those of the command line options."""

import doctest
from collections.abc import Callable
from pathlib import Path

import pytest

import convcalc
from convcalc.api import words
from convcalc.cli import run

ONE = "input: 32x32x3\nlayers: [conv3-4, fc-2]\n"
TWO = (
    "inputs: {a: 8x8x3, b: 8x8x3}\n"
    "layers: [{add: , from: [a, b]}, fc-2]\n"
)  # fmt: skip


def test_the_examples_hold() -> None:
    assert not doctest.testmod(words).failed


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: convcalc.fit("vgg16", sram="320KiB"), "give both `sram` and `flash`"),
        (lambda: convcalc.fit("vgg16", memory="1GiB", device="rtx-4090"), "`memory` or `device`"),
        (lambda: convcalc.fit("vgg16", memory=0), "`memory` must be positive"),
        (
            lambda: convcalc.import_(torch="m:net"),
            "`torch` needs `input`, such as",
        ),
        (lambda: convcalc.import_("a.onnx", kwargs={"a": 1}), "`kwargs` are for `torch`"),
        (lambda: convcalc.verify("two.yaml", against="m.onnx"), "against"),
        (lambda: convcalc.verify("one.yaml", layer=("conv1",)), "`layer` is for `receptive_field`"),
        (lambda: convcalc.verify("one.yaml", keep=("conv1",)), "`keep` is for `save` FILE"),
        (lambda: convcalc.analyze("two.yaml", input="8x8x3"), "`input` is for one"),
        (lambda: convcalc.export("one.yaml", to="keras", random_weights=1), "random_weights"),
        (lambda: convcalc.sweep("one.yaml", sort="nothing"), "sort"),
        (lambda: convcalc.sweep("one.yaml", where="x > 1"), "where"),
    ],
)
def test_an_error_names_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: Callable[[], object], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("one.yaml").write_text(ONE, encoding="utf-8")
    Path("two.yaml").write_text(TWO, encoding="utf-8")
    with pytest.raises(convcalc.RequestError) as caught:
        asked()
    assert said in str(caught.value)
    assert "--" not in str(caught.value).replace("`convcalc fit --devices`", "")


def test_the_command_line_keeps_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("one.yaml").write_text(ONE, encoding="utf-8")
    assert run(["fit", "one.yaml", "--sram", "320KiB"]) == 2
    assert "give both --sram and --flash" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: convcalc.export("lenet5", to="keras", batch=4), "batch changes nothing in export"),
        (lambda: convcalc.sizes("lenet5", dtype="int8"), "dtype changes nothing in sizes"),
        (
            lambda: convcalc.verify("lenet5", optimizer="adam"),
            "optimizer changes nothing in verify",
        ),
        (lambda: convcalc.sweep("lenet5", input="32x32x1"), "a sweep takes `inputs`"),
        (lambda: convcalc.sweep("lenet5", rounding="floor"), "it is that of the net"),
    ],
)
def test_what_does_nothing_is_refused(call, said: str) -> None:
    with pytest.raises((convcalc.RequestError, TypeError), match=said):
        call()


def test_a_sweep_rounds_as_the_net_it_is_given(tmp_path) -> None:
    """The rounding of `load` was dropped, and every row was of a net with errors."""
    spec = "input: 9x9x3\nlayers: [conv3-8, {max_pool: {kernel: 2}}]\n"
    (row,) = convcalc.sweep(convcalc.load(spec, rounding="floor"), batch=1)
    assert row.findings != ("CC101",)
    assert row.numbers["params"] == convcalc.analyze(spec, rounding="floor").totals.params


def test_bytes_that_a_report_says_are_bytes() -> None:
    peak = convcalc.analyze("lenet5").memory.training.peak
    assert convcalc.fit("lenet5", memory=peak).training.batch_logical == 1
    with pytest.raises(convcalc.RequestError, match="24576B if bytes are meant"):
        convcalc.fit("lenet5", memory=24576)


def test_a_difference_that_could_not_be_worked_out_says_so() -> None:
    broken = convcalc.load("input: 8x8x3\nlayers: [conv9-8p0]\n")
    assert repr(convcalc.diff("lenet5", broken)).endswith(": unfinished>")
    assert "unfinished" not in repr(convcalc.diff("lenet5", "alexnet"))


@pytest.mark.parametrize(
    "ask",
    [
        convcalc.load,
        convcalc.analyze,
        convcalc.sizes,
        lambda net: convcalc.fit(net, memory="1GiB"),
        lambda net: convcalc.export(net, to="pytorch"),
        lambda net: convcalc.diff("lenet5", net),
        lambda net: convcalc.sweep(net, batch=[1, 2]),
    ],
)
def test_a_file_name_that_is_no_file_is_no_bundled_net(ask, tmp_path, monkeypatch) -> None:
    """The command line runs that one and says so; a program would have another net's numbers."""
    monkeypatch.chdir(tmp_path)
    for name in ("lenet5.yml", Path("lenet5.yaml")):
        with pytest.raises(convcalc.LoadError, match=f"no file {name}: .* is named lenet5"):
            ask(name)

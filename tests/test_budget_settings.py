"""A budget that states settings is checked with them; that others were given is said."""

from pathlib import Path

import pytest

from convcalc.cli import run

SPEC = """\
input: 64x64x3
layers: [conv3-64, relu, pool2, conv3-64, relu, pool2, fc-10]
budget: {training_memory: 100MiB, batch: 32%s}
"""
SAID = "`budget` is checked with its own settings: "


@pytest.fixture
def said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> object:
    monkeypatch.chdir(tmp_path)

    def told(spec: str, *options: str) -> str:
        Path("b.yaml").write_text(spec)
        run(["check", "b.yaml", *options])
        return capsys.readouterr().err

    return told


@pytest.mark.parametrize(
    ("more", "options", "words"),
    [
        ("", "--batch 4000", "batch 32, not 4,000"),
        (", optimizer: sgd", "--optimizer adam", "optimizer sgd, not adam"),
        (", precision: amp-bf16", "--dtype float16", "precision amp-bf16, not float16"),
        (", precision: amp-bf16", "--precision bf16", "precision amp-bf16, not bf16"),
        (", dtype: float16", "--precision amp-fp16", "precision fp16, not amp-fp16"),
        ("", "--batch 64 --optimizer adam", "batch 32, not 64"),  # adam is taken
        (", ema: false", "--ema", "no ema"),
        ("", "--batch 1", "batch 32, not 1"),  # which is what it is without it
        ("", "--batch 1,2", "batch 32, not 1"),
        (", optimizer: adam", "--optimizer sgd-momentum", "optimizer adam, not sgd-momentum"),
        (", precision: amp-bf16", "--dtype float32", "precision amp-bf16, not float32"),
        (", optimizer_impl: fused", "--foreach", "optimizer_impl fused, not foreach"),
        (", accumulate: 4", "--accumulate 2", "accumulate 4, not 2"),  # the batch is stated
    ],
)
def test_what_was_given_and_not_taken_is_said(said, more: str, options: str, words: str) -> None:
    assert said(SPEC % more, *options.split()) == f"Note: b.yaml: {SAID}{words}\n"


@pytest.mark.parametrize(
    ("spec", "options"),
    [
        (SPEC % "", ""),
        (SPEC % "", "--batch 32"),
        (SPEC % "", "--optimizer adam"),
        (SPEC % ", dtype: float16", "--precision fp16"),
        (SPEC % ", checkpoint: none, weight_decay: 0", "--batch 32"),
        (SPEC.replace("training_memory: 100MiB, ", "params: 5M, ") % "", "--batch 64"),
        (SPEC.replace(", batch: 32%s", ""), "--batch 64"),
    ],
)
def test_nothing_is_said_where_all_is_taken(said, spec: str, options: str) -> None:
    assert SAID not in said(spec, *options.split())


def test_numbers_without_a_precision_are_a_dtype(said) -> None:
    spec = (SPEC % ", dtype: int8").replace("training", "inference")
    assert said(spec, "--precision", "fp16") == f"Note: b.yaml: {SAID}dtype int8, not fp16\n"


def test_several_files_are_one_line(said) -> None:
    Path("a.yaml").write_text(SPEC % "")
    assert said(SPEC % "", "a.yaml", "--batch", "64,128").count(SAID) == 1


def test_a_batch_that_follows_from_micro_batches_is_nobodys_wish(said) -> None:
    """It follows from those of the budget then: no contradiction, and no other batch to tell."""
    spec = (SPEC % ", accumulate: 4").replace("batch: 32, ", "")
    assert said(spec, "--accumulate", "2") == f"Note: b.yaml: {SAID}accumulate 4, not 2\n"


@pytest.mark.parametrize(
    ("more", "options", "words"),
    [
        (", ema: false, weight_decay: 0, checkpoint: none", "", "--batch 32"),
        (", ema: false", "--batch 32 --ema", "without --ema"),
        (", clip_grad: none", "--batch 32 --clip-grad norm", "--clip-grad none"),
        (", weight_decay: 0", "--batch 32 --weight-decay 0.1", "--weight-decay 0.0"),
        (", dtype: float16", "--batch 32 --precision fp16", ""),
        (", dtype: float16", "--batch 32 --precision amp-fp16", "--precision fp16"),
        (", dtype: float16", "--batch 32", "--dtype float16"),
    ],
)
def test_fit_names_the_options_that_are_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: str, options: str, words: str
) -> None:
    spec = tmp_path / "b.yaml"
    spec.write_text(SPEC.replace("100MiB", "8GiB") % more)
    assert run(["fit", str(spec), "--memory", "8GiB", *options.split()]) == 0
    said = capsys.readouterr().err
    assert said.endswith(f"here they are {words}\n") if words else not said

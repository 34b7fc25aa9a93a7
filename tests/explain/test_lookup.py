"""Pages of terms and codes, and the commands they show."""

import re
import shlex
import textwrap
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.explain import lookup
from convcalc.findings import CODES
from convcalc.report.drawing.palette import Palette
from convcalc.report.explain.text import page_text
from convcalc.spec.load import load

TERMS = lookup.terms()


@pytest.mark.parametrize("page", TERMS, ids=lambda page: page.title)
def test_every_term_is_found_by_all_its_names(page: lookup.Page) -> None:
    assert page.also, f"{page.title}: line 2 of its page is `Also: ` and its other names"
    assert page.body.strip(), f"{page.title}: its text begins in line 4"
    for name in (page.title, *page.also):
        found = lookup.term(name)
        assert found is not None and found.title == page.title, name


def test_no_name_leads_to_two_pages() -> None:
    names = [name.lower() for page in TERMS for name in {page.title.lower(), *page.also}]
    twice = {name for name in names if names.count(name) > 1}
    assert not twice


@pytest.mark.parametrize("page", TERMS, ids=lambda page: page.title)
def test_the_commands_of_a_page_run(
    page: lookup.Page,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = "input: 10x10x3\nlayers: [{conv: {filters: 5, kernel: 3, stride: 2}}]\n"
    Path("mynet.yaml").write_text(spec, encoding="utf-8")
    own = "convention: mine\nextends: papers\n"
    Path("mine.yaml").write_text(own, encoding="utf-8")
    for line in page.body.splitlines():
        if line.startswith("    convcalc "):
            words = shlex.split(re.split(r"\s{3,}", line.strip())[0])[1:]
            assert run(words) in {0, 1}, line
            assert capsys.readouterr().out or "-o" in words, line


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page(code: str) -> None:
    page = lookup.code(code)
    assert page is not None and page.title.startswith(code)
    assert lookup.code(CODES[code]) == page


def test_the_slip_of_the_notes_is_explained_with_the_engine_s_number() -> None:
    page = lookup.term("24M")
    assert page is not None
    assert "15,237,608" in page.body and "93MB" in page.body and "58.1 MiB" in page.body
    assert round(15_237_608 * 4 / 2**20, 1) == 58.1


def test_dilation_is_told_apart_from_the_notes_dilation_of_0() -> None:
    page = lookup.term("dilation")
    assert page is not None
    assert '"dilation of 0" is\n`dilation: 1` here' in page.body


def test_unknown_words_lead_to_no_page() -> None:
    assert lookup.term("../terms/mac") is None
    assert lookup.term("nonsense") is None
    assert lookup.code("CC999") is None


#: page -> a command, and numbers that both the page and the command's output must have
WORKED = {
    "Convolution": ("explain --input 28x28x1 --net conv5-6p0 conv1", ["24x24x6"]),
    "Filter and kernel": ("explain --input 28x28x3 --net conv5-10p2 conv1", ["760"]),
    "Activation map": ("explain alexnet conv1", ["290,400", "55x55"]),
    "Depth column": ("explain alexnet conv1", ["55x55x96"]),
    "Hyperparameters": ("explain --input 227x227x3 --net conv11-96s4p0 conv1", ["55x55x96"]),
    "Pooling": ("explain --input 224x224x64 --net pool2 max_pool1", ["112x112x64", "75 %"]),
    "Average pooling": ("explain vgg16 fc1", ["25,088"]),
    "Switches": ("explain --input 224x224x64 --net pool2 max_pool1", ["6,422,528"]),
    "Fractional pooling": ("explain fractional_max_pool", ["17x17"]),
    "Normalization": ("explain --input 56x56x64 --net batch_norm batch_norm1", ["128"]),
    "1x1 convolution": ("explain --input 32x32x3 --net conv1-8 conv1", ["24"]),
    "Backward pass": ("analyze vgg16 --format json", ["15,470,264,320", "86,704,128"]),
    "Augmented copies": ("analyze alexnet --batch 10 --augmented 2 --prefetch 1", ["35.4 MiB"]),
    "CONV as FC": ("explain alexnet conv1", ["290,400", "105,415,200", "34,848", "3,025"]),
    "Transfer learning": ("analyze resnet50", ["25,557,032", "97.5 MiB"]),
    "Activations": ("analyze vgg16", ["15,237,608", "58.1"]),
    "counting": ("analyze resnet50 --as all", ["4.09", "4.12", "8.18"]),
    "im2col": ("explain alexnet conv1", ["3025", "363"]),
    "MAC": ("explain alexnet conv1", ["105,415,200", "34,848"]),
    "Parameters": ("explain alexnet conv1", ["34,944", "105,705,600"]),
    "Peak": ("analyze lenet5", ["282 KiB", "36.8 KiB", "4.00 KiB", "241 KiB"]),
    "Largest batch": ("fit resnet50 --device rtx-3060", ["107", "141", "146"]),
    "Columns": ("analyze lenet5", ["11"]),
    "Difference": ("diff vgg16 vgg19", ["+5,309,696", "3.8 %"]),
    "Arena": ("analyze unet --arena", ["167,362,560", "233 MiB"]),
    "Legal sizes": ("sizes alexnet", ["67, 99, 131", "343", "(226 - 11 + 2*0)/4 + 1 = 54.75"]),
    "Verification": ("verify lenet5", ["282 KiB", "62.2 KiB", "344 KiB"]),
    "Receptive field": ("analyze vgg16", ["212"]),
    "Branches": ("analyze --input 56x56x256 --net 'conv1-64 conv3-64 conv1-256'", ["69,632"]),
    "Repeat": ("analyze --input 8x8x32 --net '[conv3-32 relu]*3'", ["27,744"]),
}
#: pages whose tables tests/memory/test_pages.py computes, and pages of arithmetic in words
HELD_ELSEWHERE = {"Checkpointing", "Data parallel", "Optimizers", "Precision"}
IN_WORDS = {
    "Batch", "Dilation", "FC to CONV", "Groups", "In place", "Memory", "Padding", "Rounding",
    "Stride",
}  # fmt: skip


def test_every_page_has_a_number_that_is_checked() -> None:
    held = WORKED.keys() | HELD_ELSEWHERE | IN_WORDS
    assert {page.title for page in TERMS} == held, "give a new page its number in WORKED"


@pytest.mark.parametrize("title", WORKED)
def test_the_worked_number_of_a_page_is_what_the_command_prints(
    title: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = lookup.term(title)
    assert page is not None
    command, numbers = WORKED[title]
    assert run(shlex.split(command)) == 0
    out = capsys.readouterr().out
    assert numbers
    for number in numbers:
        assert number in page.body, number
        assert number in out or number.replace(",", "") in out, number


def test_a_conv_as_a_matrix_has_the_size_that_its_page_says() -> None:
    inputs, outputs, window = 227 * 227 * 3, 55 * 55 * 96, 11 * 11 * 3
    page = lookup.term("conv as fc")
    assert page is not None
    assert f"{outputs:,} outputs x {inputs:,} inputs = {outputs * inputs:,} entries" in page.body
    assert f"{outputs * window:,}, or {100 * window / inputs:.2f} %" in page.body
    assert f"{outputs * inputs * 4 / 2**30:.0f} GiB" in page.body
    assert f"{96 * window * 4 / 2**10:.0f} KiB" in page.body


def test_the_backward_macs_of_the_page_are_those_of_the_net() -> None:
    page = lookup.term("backprop")
    assert page is not None
    assert f"2 * 15,470,264,320 - 86,704,128 = {2 * 15_470_264_320 - 86_704_128:,}" in page.body
    assert 224 * 224 * 64 * 27 == 86_704_128


_BLOCKS = re.compile(r"\n\n((?:    [ a-z-].*\n)+)")


@pytest.mark.parametrize("word", ["residual", "skip connection", "bottleneck", "repeat", "blocks"])
def test_the_specs_that_a_page_shows_are_specs(word: str) -> None:
    page = lookup.term(word) or lookup.term("repeat")
    assert page is not None
    shown = [textwrap.dedent(part) for part in _BLOCKS.findall(page.body)]
    shown = [part for part in shown if not part.startswith("convcalc ")]
    assert len(shown) == 2
    for part in shown:
        head, layers = "input: 16x16x64\n", textwrap.indent(part, "  ")
        spec = part if "layers:\n" in part.partition("- ")[0] else f"layers:\n{layers}"
        assert load("net.yaml", f"{head}{spec}".encode()).findings == (), spec


def test_the_key_of_a_spec_comes_before_a_term_of_its_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["explain", "outputs"]) == 0
    said = "At the top of a spec, `outputs:` is: layers whose output leaves the net"
    assert capsys.readouterr().out.splitlines()[2].startswith(said)


def test_what_goes_on_below_a_remark_is_set_with_it() -> None:
    row = (
        "    sure      what the allocator reserves fits, beside the context and cuBLAS. It hands\n"
    )
    page = lookup.Page(
        "P", (), f"{row}              out blocks, and whole segments\n    b         c\n"
    )
    assert page_text(page, Palette(width=60)).splitlines()[2:] == [
        "    sure      what the allocator reserves fits, beside the",
        "              context and cuBLAS. It hands out blocks, and",
        "              whole segments",
        "    b         c",
    ]
    assert page_text(page, Palette(width=100)).splitlines()[2:] == page.body.splitlines()


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("Dense", "fc\n\nDense is `fc` here"),
        ("nn.Linear", "fc\n\nnn.Linear is `fc` here"),
        ("dense", "FC to CONV\n"),
        ("outputs", "outputs\n\nAt the top of a spec"),
        ("Padding", "Padding\n"),
    ],
)
def test_a_word_of_several_meanings(
    words: str, begins: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A class of another tool is its kind; a key is a key, with the term it is a name of below."""
    assert run(["explain", *words.split()]) == 0
    assert capsys.readouterr().out.startswith(begins)

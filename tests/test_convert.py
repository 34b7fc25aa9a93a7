"""FC to CONV: the same weights and numbers, in the file's own layout."""

from pathlib import Path

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.cli import run
from convcalc.convert import CannotConvertError, fc_to_conv
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern


def converted(spec: str) -> str:
    return fc_to_conv(load("net.yaml", spec.encode()))


def analyzed(spec: str, shape: tuple[int, ...] | None = None) -> Analysis:
    return analyze(load("net.yaml", spec.encode(), Overrides(shape)))


def bundled(name: str) -> str:
    return zoo.read(name).decode()


def test_vgg16_as_the_notes_convert_it() -> None:
    spec = converted(bundled("vgg16"))
    small, large = analyzed(spec), analyzed(spec, (384, 384, 3))
    assert small.totals.params == 138_357_544
    assert small.totals.macs == 15_470_264_320
    assert small.output == (1, 1, 1000)
    outputs = {row.step.name: row.step.output for row in large.rows}
    assert outputs["pool5"] == (12, 12, 512)
    assert outputs["fc1"] == (6, 6, 4096)
    assert large.output == (6, 6, 1000)
    assert large.totals.params == 138_357_544
    assert not [f for f in small.findings if f.severity == "error"]


def test_everything_else_of_the_file_stays_as_it_is() -> None:
    before, after = bundled("vgg16").splitlines(), converted(bundled("vgg16")).splitlines()
    kept = [line for line in before if "fc:" not in line and not line.startswith("expect")]
    assert [line for line in after if line in kept] == kept
    assert "  - conv: {filters: 4096, kernel: 7}" in after
    assert "    name: fc1" in after


@pytest.mark.parametrize(
    "name", [n for n in zoo.names() if "fc" in bundled(n).split("layers:")[-1]]
)
def test_every_bundled_net_with_fc_keeps_its_weights_and_names(name: str) -> None:
    if not any(row.step.kind == "fc" for row in analyzed(bundled(name)).rows):
        return
    old, new = analyzed(bundled(name)), analyzed(converted(bundled(name)))
    assert not any(row.step.kind == "fc" for row in new.rows)
    for before, after in zip(old.rows, new.rows, strict=True):
        assert before.step.name == after.step.name or before.step.kind == "flatten"
        assert (before.parameters, before.macs) == (after.parameters, after.macs)


LAYOUT = """\
# a net of mine
input: 8x6x4   # not square
layers:
  - conv: {filters: 4, kernel: 3, pad: 1}
  - flatten
  - fc:                  # the first
      units: 10          # ten of them
      bias: false
    expect: 10
  - relu
  - fc-7                 # the second
  - fc-6:                # with a name
    name: third
  - {fc-5: , expect: 5}
  - {fc: {units: 3}, name: scores, expect: 3}   # the last
expect: {output: 3}
"""

CONVERTED = """\
# a net of mine
input: 8x6x4   # not square
layers:
  - conv: {filters: 4, kernel: 3, pad: 1}
  - identity
  - conv:                  # the first
      filters: 10          # ten of them
      bias: false
      kernel: [8, 6]
    expect: 1x1x10
    name: fc1
  - relu
  - {conv: {filters: 7, kernel: 1}, name: fc2}                 # the second
  - conv: {filters: 6, kernel: 1}                # with a name
    name: third
  - {conv: {filters: 5, kernel: 1} , expect: 1x1x5, name: fc3}
  - {conv: {filters: 3, kernel: 1}, name: scores, expect: 1x1x3}   # the last
expect: {output: 1x1x3}
"""


def test_comments_and_layout_stay() -> None:
    assert converted(LAYOUT) == CONVERTED


def test_line_breaks_of_windows_stay() -> None:
    crlf = LAYOUT.replace("\n", "\r\n")
    assert converted(crlf) == CONVERTED.replace("\n", "\r\n")


def test_an_fc_repeated_with_different_inputs_is_written_out() -> None:
    spec = fc_to_conv(
        load_pattern("[conv3-8 pool2]*2 [fc-16 relu]*2 fc-10", Overrides((16, 16, 3)))
    )
    net = analyzed(spec, (32, 32, 3))
    assert net.output == (5, 5, 10)
    kernels = [row.step.layer.kernel for row in net.rows if row.step.name.startswith("fc")]
    assert kernels == [(4,), (1,), (1,)]


def test_what_is_written_out_is_the_same_net() -> None:
    spec = (
        "input: 16x16x3\nrounding: floor\n"
        "blocks: {b: {args: {n: }, layers: [{add: {branches: [[{conv: {filters: =n, kernel: 3, "
        "pad: 1}}, relu], identity]}}]}}\n"
        "layers:\n  - conv3-8s2\n  - b: {n: 8}\n  - upsample: {like: input}\n"
        "  - max_pool: {kernel: 3, stride: 2, rounding: ceil}\n"
        "  - repeat: {times: 2, layers: [{fc: {units: 12, bias: false}}, relu]}\n"
        "budget: {params: 100K}\n"
    )
    old, new = analyzed(spec), analyzed(converted(spec))
    assert [r.step.name for r in old.rows] == [r.step.name for r in new.rows]
    assert [r.receptive_field for r in old.rows] == [r.receptive_field for r in new.rows]
    assert [(r.parameters, r.macs) for r in old.rows] == [(r.parameters, r.macs) for r in new.rows]
    assert new.network.budget[0].value == 100_000


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("input: 8x8x3\nlayers: [conv3-4]", "there is no fc to convert"),
        ("input: 784\nlayers: [fc-10]", "fc1 does not read one volume: the net's input"),
        (
            "input: 8x8x3\nlayers: [{concat: {branches: [[pool2, flatten], [flatten]]}}, fc-10]",
            "fc1 does not read one volume: concat1 joins several volumes to a vector of 240",
        ),
        (
            "input: 8x8x3\nlayers: [flatten, {slice: {stop: 7}}, fc-10]",
            "fc1 does not read one volume: slice1 makes a vector of 7",
        ),
        (
            "input: 8x8x3\nlayers: [{concat: {branches: [[fc-4], [flatten]]}}, fc-10]",
            "fc2 does not read one volume: concat1 joins several volumes",
        ),
        (
            "input: 10x10x3\nlayers: [conv3-4s2p0, fc-10]",
            "the spec has errors: output size is not an integer",
        ),
        (
            "input: 8x8x3\nlayers: [flatten, batch_norm, fc-10]",
            "fc1 does not read one volume: batch_norm1",
        ),
    ],
)
def test_what_cannot_be_converted(spec: str, message: str) -> None:
    with pytest.raises(CannotConvertError, match=message.replace("(", "\\(")):
        converted(spec)


def test_the_command_writes_a_spec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "conv.yaml"
    assert run(["convert", "vgg16", "--fc-to-conv", "-o", str(target)]) == 0
    assert run(["analyze", str(target), "--input", "384x384x3"]) == 0
    assert "6x6x1000" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["vgg16"], "say what to convert: --fc-to-conv"),
        (["squeezenet1_1", "--fc-to-conv"], "there is no fc to convert"),
        (
            ["vgg16", "--fc-to-conv", "--input", "384x384x3"],
            "the file's own input makes the filters: convert without --input, then "
            "`convcalc analyze CONV.yaml --input 384x384x3`",
        ),
        (
            ["vgg16", "--fc-to-conv", "--rounding", "floor"],
            "the file's own numbers are converted: change `rounding:` in the file",
        ),
    ],
)
def test_clear_errors(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["convert", *words]) == 2
    assert message in capsys.readouterr().err


def test_what_a_net_that_is_written_out_loses_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, other = tmp_path / "net.yaml", tmp_path / "conv.yaml"
    head = "input: 16x16x3  # mine\nblocks: {head: {args: {n: 10}, layers: [{fc: {units: =n}}]}}\n"
    path.write_text(f"{head}layers: [conv3-8, head: 32, fc-10]\n", encoding="utf-8")
    assert run(["convert", str(path), "--fc-to-conv", "-o", str(other)]) == 0
    assert "comments, blocks and what layers `expect` are left out" in capsys.readouterr().err
    path.write_text("input: 16x16x3  # mine\nlayers: [conv3-8, fc-10]\n", encoding="utf-8")
    assert run(["convert", str(path), "--fc-to-conv", "-o", str(other)]) == 0
    assert capsys.readouterr().err == "" and "# mine" in other.read_text(encoding="utf-8")

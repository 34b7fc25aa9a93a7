"""What a person would say about a net: two to four sentences, each true to the last number."""

import re
from collections.abc import Iterator
from fractions import Fraction

import pytest

from convcalc import zoo
from convcalc.analysis import walk
from convcalc.analysis.record import Analysis, Row
from convcalc.analysis.rows import Rows
from convcalc.analysis.walk import analyze
from convcalc.report.analysis.sentences import sentences
from convcalc.spec.load import load, load_pattern
from tests.lines_run import lines_run


def _analysis(name: str) -> Analysis:
    return analyze(load(zoo.label(name), zoo.read(name)))


def _held(analysis: Analysis, what: str, where: str) -> tuple[int, int]:
    """What a layer or a stage holds of something, and the whole."""
    first, dots, last = where.partition("..")
    names = [row.step.name for row in analysis.rows]
    if dots:  # from one layer to another
        named = analysis.rows[names.index(first) : names.index(last) + 1]
    else:
        named = tuple(
            row
            for row in analysis.rows
            if row.step.name == where or row.step.name.startswith(f"{where}.")
        )
    key = {"parameters": "params", "MACs": "macs", "activations": "activations"}[what]
    counted = [row for row in named if key != "activations" or row.new_volume]
    return sum(getattr(row, key) for row in counted), getattr(analysis.totals, key)


SHARE = re.compile(r"(all|over 99 %|[\d.]+ %) of the ([\w ]+) are in (\S+)")
REACH = re.compile(r"the receptive field reaches the input's (\S+) positions at (\S+)")


@pytest.mark.parametrize("name", zoo.names())
def test_every_net_gets_two_to_four_true_ones(name: str) -> None:
    analysis = _analysis(name)
    told = sentences(analysis)
    assert 2 <= len(told) <= 4
    for sentence in told:
        share, reach = SHARE.fullmatch(sentence), REACH.fullmatch(sentence)
        assert share or reach, sentence
        if share:
            for what in share[2].split(" and "):
                part, whole = _held(analysis, what, share[3])
                assert (2 if ".." in share[3] else 4) * part >= whole
                if share[1] == "all":
                    assert part == whole
                else:
                    told_share = Fraction(share[1].removesuffix(" %"))
                    assert abs(Fraction(100 * part, whole) - told_share) <= Fraction(1, 2)
        if reach:
            rows = {row.step.name: row for row in analysis.rows}
            assert rows["input"].step.output is not None
            side = rows["input"].step.output[0]
            assert reach[1] == str(side) and rows[reach[2]].receptive_field[0].size >= side


def test_a_single_layer_and_the_largest_of_many() -> None:
    assert sentences(_analysis("convolution-demo")) == [
        "81 % of the activations are in input",
        "all of the parameters and MACs are in conv1",
    ]
    assert sentences(_analysis("resnet50"))[1:] == [
        "59 % of the parameters are in conv5_x",
        "36 % of the MACs are in conv4_x",
        "the receptive field reaches the input's 224 positions at conv4_x.bottleneck5.conv2",
    ]
    many = analyze(load_pattern("input-8x8x3 conv1-1 fc-4096 fc-1"))
    assert "over 99 % of the parameters and MACs are in fc1" not in sentences(many)
    assert "98 % of the parameters and MACs are in fc1" in sentences(many)


def test_vgg_computes_early_though_no_layer_stands_out() -> None:
    """CS231n notes, VGGNet in detail: most memory "and also compute time" is in the early convs."""
    analysis = _analysis("vgg16")
    macs = [row.macs for row in analysis.rows if row.macs]
    assert max(macs) / sum(macs) < 0.13
    # 7 of its 16 layers with weights: (3*64 + 64*64) * 9 * 224^2 and so on
    early = 9 * (
        224**2 * (3 * 64 + 64 * 64)
        + 112**2 * (64 * 128 + 128 * 128)
        + 56**2 * (128 * 256 + 2 * 256 * 256)
    )
    assert macs[:7] and sum(macs[:7]) == early and round(100 * early / sum(macs)) == 60
    assert "60 % of the MACs are in conv1_1..conv3_3" in sentences(analysis)


def test_a_stage_that_is_everything_says_nothing() -> None:
    layers = "".join(f"{{conv3-{8 + i}: , name: all.c{i}}}, " for i in range(9))
    spec = f"input: 200x200x3\nlayers: [{layers}]\n"
    told = sentences(analyze(load("n", spec.encode())))
    assert not any(sentence.endswith(" in all") for sentence in told)


def test_a_gate_is_not_what_sees_the_whole_input() -> None:
    (told,) = [s for s in sentences(_analysis("mobilenet_v3_large")) if "field" in s]
    assert told == "the receptive field reaches the input's 224 positions at bneck4.depthwise_conv1"
    not_square = analyze(load_pattern("input-9x5x3 conv3-4 conv3-4 conv3-4 conv3-4"))
    assert sentences(not_square)[-1] == (
        "the receptive field reaches the input's 9x5 positions at conv4"
    )


def test_a_net_without_a_size_has_nothing_to_say() -> None:
    assert sentences(analyze(load("n", b"input: 8x8x3\nlayers: [{conv: {kernel: 9}}]\n"))) == []


def _work(times: int) -> int:
    """How many lines run for a net of so many layers, twice."""
    spec = f"input: 64x64x8\nlayers: [{{repeat: {{times: {times}, layers: [conv3-8, relu]}}}}]\n"
    analysis = analyze(load("n", spec.encode()))
    return lines_run(lambda: sentences(analysis))


def test_work_grows_with_the_layers_not_with_their_square() -> None:
    assert _work(100) > 500  # layers are looked at
    assert _work(400) < 2.2 * _work(200)


def test_rows_of_a_long_net_are_gone_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are made each time; what they see is asked of their columns."""
    monkeypatch.setattr(walk, "_MANY", 10)
    spec = b"input: 16x16x8\nlayers: [{repeat: {times: 20, layers: [conv3-8, relu]}}]\n"
    analysis = analyze(load("n", spec))
    gone_through = list[Rows]()
    through = Rows.__iter__

    def counted(rows: Rows) -> Iterator[Row]:
        gone_through.append(rows)
        return through(rows)

    monkeypatch.setattr(Rows, "__iter__", counted)
    assert sentences(analysis)
    assert gone_through == [analysis.rows]

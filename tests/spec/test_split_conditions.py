"""One `when` of two neighbours that comes out differently is warned of, and only that."""

import pytest

from convcalc import zoo
from convcalc.spec.load import load

HEAD = """\
blocks:
  basic:
    args: {filters: , stride: 1, inc: =in_channels}
    layers:
      - add:
          branches:
            main: [conv: {filters: =filters, kernel: 3, pad: 1, stride: =stride}]
            skip:
"""
CONV = "{conv: {filters: =filters, kernel: 1, stride: =stride}, when: =%s}"
NORM = "{batch_norm: , when: =%s}"
NEEDED = "stride > 1 or in_channels != filters"


def body(*entries: str) -> str:
    """A block of which the shortcut has these entries."""
    return HEAD + "".join(f"              - {entry}\n" for entry in entries)


CALLS = "- conv3-16\n- basic: [16]\n- basic: [32]\n- basic: [32, 2]"


def split(layers, *entries: str, calls: str = CALLS) -> list:
    found = layers(calls, shape="9x9x3", head=body(*entries)).analysis.findings
    return [finding for finding in found if finding.code == "CC128"]


def test_the_norm_behind_a_projection_is_left_out_alone(layers) -> None:
    (finding,) = split(layers, CONV % NEEDED, NORM % NEEDED)
    assert (finding.severity, finding.line, finding.column) == ("warning", 11, 38)
    assert finding.message == (
        "batch_norm is left out and conv before it is not: in one `when` in_channels is 16 "
        "there and 32 here"
    )
    assert finding.label == "not met"
    assert [(other.message, other.line) for other in finding.related] == [
        ("met", 10),
        ("in the block called here", 15),
    ]
    assert finding.help == (
        "put both into one `repeat: {times: 1, layers: [...]}` with this `when`, or take "
        "in_channels as an argument of the block: `args: {inc: =in_channels}`",
        "`ignore: [CC128]` beside it, where that is meant",
    )


@pytest.mark.parametrize(
    "entries",
    [
        ("{repeat: {times: 1, layers: [conv: {filters: =filters, kernel: 1, stride: =stride}, "
         "batch_norm]}, when: =stride > 1 or in_channels != filters}",),
        (CONV % "stride > 1 or inc != filters", NORM % "stride > 1 or inc != filters"),
    ],
)  # fmt: skip
def test_what_the_help_says_makes_it_whole(layers, entries) -> None:
    assert not split(layers, *entries)


@pytest.mark.parametrize(
    ("entries", "times"),
    [
        ((CONV % NEEDED, "{batch_norm: , when: '= stride>1 or in_channels != filters'}"), 1),
        (
            (CONV % NEEDED, NORM % NEEDED, NORM.replace("batch_norm", "relu") % NEEDED),
            1,
        ),  # one for the run
        ((CONV % NEEDED, NORM % "stride > 1"), 0),  # another condition
        ((CONV % NEEDED, "relu", NORM % NEEDED), 0),  # not next to each other
        (
            (CONV % NEEDED, NORM.replace("batch_norm: ", "batch_norm: , ignore: [CC128]") % NEEDED),
            0,
        ),
        ((CONV % "in_channels < 32", CONV % "in_channels < 32"), 0),  # the same entry: step by step
        (("{conv1-16: , when: =in_channels > 8}", "{relu: , when: =in_channels > 8}"), 0),
    ],
)
def test_where_it_fires(layers, entries, times) -> None:
    assert len(split(layers, *entries)) == times


def test_an_entry_that_says_itself_what_it_reads_is_meant_so(layers) -> None:
    entries = (
        "- conv3-16:\n  name: a\n- conv3-32:\n  name: b\n"
        "- conv1-16:\n  from: b\n  name: c\n  when: =in_channels != 16\n"
        "- relu:\n  from: a\n  when: =in_channels != 16\n"
    )
    assert "CC128" not in layers(entries, shape="9x9x3").codes


def test_a_norm_stays_alone_behind_a_conv_that_reads_something_else(layers) -> None:
    entries = (
        "- conv3-16:\n  name: a\n- conv3-32:\n  name: b\n"
        "- conv1-16:\n  from: a\n  when: =in_channels != 16\n"
        "- batch_norm:\n  when: =in_channels != 16\n"
    )
    (finding,) = [f for f in layers(entries, shape="9x9x3").analysis.findings if f.code == "CC128"]
    assert finding.message == (
        "conv1-16 is left out and batch_norm behind it is not: in one `when` in_channels is 16 "
        "there and 32 here"
    )


def test_it_can_be_ignored_around_it(layers) -> None:
    calls = CALLS.replace("- basic: [32]", "- basic: [32]\n  ignore: [CC128]")
    assert not split(layers, CONV % NEEDED, NORM % NEEDED, calls=calls)


def test_no_bundled_net_has_one() -> None:
    for name in zoo.names():
        found = load(name, zoo.read(name)).findings
        assert all(f.code != "CC128" for f in found)

"""A program's word for the channels that leave a block is the argument that gives its filters."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import first, offered

SHORTCUT = """\
input: 32x32x16
blocks:
  res:
    args: {filters: , stride: 1}
    layers:
      - add:
          branches:
            body:
              - conv: {filters: =filters, kernel: 3, stride: =stride, pad: 1}
              - relu
              - conv: {filters: =filters, kernel: 3, pad: 1}
            skip:
              - conv: {filters: =filters, kernel: 1, stride: =stride}
                when: =WHEN
layers:
  - res: {filters: 16}
  - res: {filters: 32}
  - fc-10
"""
BLOCK = """\
input: 16x16x8
blocks:
  b:
    args: {ARGS}
    layers:
      - conv: {filters: =USED, kernel: 3}
      - conv: {filters: =LAST, kernel: 3}
layers:
  - b: [8, 8]
"""


def block(args: str, used: str, last: str) -> str:
    return BLOCK.replace("ARGS", args).replace("USED", used).replace("LAST", last)


@pytest.mark.parametrize(
    "when", ["in_channels != out_channels", "stride != 1 or in_channels != out_channels"]
)
def test_a_shortcut_keeps_its_condition(when: str) -> None:
    spec = SHORTCUT.replace("WHEN", when)
    assert first(spec) == SHORTCUT.replace("WHEN", when.replace("out_channels", "filters"))
    assert len(offered(spec)) == 1


@pytest.mark.parametrize(
    ("args", "used", "word", "meant"),
    [
        ("filters: , e: 6", "e*in_channels", "out_channels", "filters"),
        ("cin: , cout: ", "cin", "out_channels", "cout"),
        ("planes: , s: 1", "planes", "out_planes", "planes"),
        ("out: , s: 1", "out", "num_channels", "out"),
        ("width: , s: 1", "2*width", "out_channels", ""),  # a bottleneck
        ("a: , b: ", "a", "mid_channels", ""),
        ("filters: , s: 1", "filters", "hidden_channels", ""),
        ("filters: , s: 1", "filters", "in_filters", ""),
    ],
)
def test_the_argument_of_the_filters_is_meant(args: str, used: str, word: str, meant: str) -> None:
    spec = block(args, used, word)
    found = load("net.yaml", spec.encode()).findings[0]
    if meant:
        assert found.help[0] == f"did you mean `={meant}`?"
    else:
        assert found.help[0].startswith("known here: ")
        assert not offered(spec)


def test_more_channels_leave_a_concat() -> None:
    spec = block("grow: , s: 1", "grow", "out_channels").replace(
        "      - conv: {filters: =out_",
        "      - concat: {branches: [identity, relu]}\n      - conv: {filters: =out_",
    )
    assert not offered(spec)


def test_no_name_is_read_as_one_that_it_is_compared_with() -> None:
    spec = block("cin: , s: 1", "cin", "cin").replace(
        "=cin, kernel: 3}\nlayers", "=cin, kernel: 3}\n        when: =cin != cinn\nlayers"
    )
    found = load("net.yaml", spec.encode()).findings[0]
    assert found.message == "unknown variable 'cinn'"
    assert found.help == ("known here: cin, s, in_channels",) and not offered(spec)

"""A misspelt argument is one that nothing uses yet, before one that is in use."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import faults, offered

NET = """\
input: 32x32x8
blocks:
  b:
    args: {ARGS}
    layers:
      - conv: {filters: =NAME, kernel: 1}
      - conv: {filters: =b, kernel: 1}
      - conv: {filters: =a, kernel: =s}
layers:
  - b: [8, 4, 16, 1]
"""


@pytest.mark.parametrize(
    ("args", "name", "meant"),
    [
        ("a: , bx: , b: , s: 1", "br", "bx"),  # `b` is as near
        ("bx: , a: , b: , s: 1", "br", "bx"),
        ("a: , b2: , b: , s: 1", "bb", "b"),  # another number is another thing
        ("a: , a2: , b: , s: 1", "a1", "in use"),
        ("a: , width: , b: , s: 1", "widht", "width"),
        ("a: , w: , b: , s: 1", "width", "w"),
        ("a: , width: , b: , s: 1", "w", "width"),
        ("a: , n1: , b: , s: 1", "n", "n1"),
        ("a: , c: , b: , s: 1", "cin", "in use"),  # a word of its own
        ("a: , skip: , b: , s: 1", "S", "s"),
    ],
)
def test_a_name_in_a_formula(args: str, name: str, meant: str) -> None:
    net = NET.replace("ARGS", args).replace("NAME", name)
    (finding,) = load("net.yaml", net.encode()).findings
    if meant == "in use":
        assert finding.help[0].startswith("known here: ")
        return
    assert finding.help == (f"did you mean `={meant}`?",)
    (offer,) = offered(net)
    assert offer.text == net.replace(f"={name}", f"={meant}") and not faults(offer.text)


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        ("{a: 8, br: 4, b: 8}", "did you mean `bx`?"),  # `b` is given
        ("{a: 8, bx: 4, b: 8, stride: 1}", "did you mean `s`?"),
        ("{a: 8, bx: 4, bias: 8}", "did you mean `b`?"),
        ("{a: 8, bx: 4, b: 8, bb: 8}", "leave out `bb`: `b: 8` says the same"),
        (
            "{a: 8, bx: 4, b: 8, bb: 7}",
            "it is either `b: 8` or `bb: 7`: leave the other out",
        ),
        ("{a: 8, bx: 4, b: 8, s: 1, depth: 2}", ""),
    ],
)
def test_a_name_in_a_call(call: str, meant: str) -> None:
    net = NET.replace("ARGS", "a: , bx: , b: , s: 1").replace("NAME", "bx")
    net = net.replace("[8, 4, 16, 1]", call)
    (finding,) = load("net.yaml", net.encode()).findings
    told = (meant,) if meant else ()
    assert finding.code == "CC012" and finding.help == (*told, "b takes a, bx, b, s")


def test_what_is_used_in_a_default_or_as_layers_is_in_use() -> None:
    net = NET.replace("ARGS", "a: , bx: , b: =2*bx, act: relu, s: 1").replace("NAME", "br")
    net = net.replace("      - conv: {filters: =b,", "      - =act\n      - conv: {filters: =b,")
    (finding,) = load("net.yaml", net.replace("[8, 4, 16, 1]", "[8, 4]").encode()).findings
    assert finding.help == ("did you mean `=b`?",)

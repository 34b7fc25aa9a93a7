"""A block call in any form of a program: each is repaired to the call that it stands for."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.fix.search import offers
from convcalc.spec.load import load

HEAD = """input: 17x17x3
blocks:
  unit: {args: {c: 64, s: 1}, layers: [conv: {filters: =c, kernel: 3, pad: 1, stride: =s}]}
  merge:
    args: {c: , skip: }
    layers:
      - {conv: {filters: =c, kernel: 3, pad: 1}, name: t}
      - {concat: , from: [=skip, t]}
layers:
  - {conv3-8: , name: d1}
"""

LISTS = [
    *("{n}({a}, {b})", "{n} ({a}, {b})", "{n}: ({a}, {b})", "{n}: {a}, {b}", "{n}: {a} {b}"),
    *("{n}:[{a}, {b}]", "{n}[{a}, {b}]", "{n}=[{a}, {b}]", "{n} {a} {b}"),
]
NAMED = [
    *("{n}({x}={a}, {y}={b})", "{n}: {x}={a}, {y}={b}", "{n}: ({x}={a}, {y}={b})"),
    *("{n}: [{x}: {a}, {y}: {b}]", "{n}: [{x}={a}, {y}={b}]", "{n}: {{{x}={a}, {y}={b}}}"),
    *("{n}: {{{x}:{a}, {y}:{b}}}", "{n}:{{{x}: {a}, {y}: {b}}}", "{n}: {x}: {a}, {y}: {b}"),
    "{n}({x}: {a}, {y}: {b})",
    *("{n}({a}, {y}={b})", "{n}: {a}, {y}={b}", "{n}: [{a}, {y}={b}]", "{n}: [{a}, {y}: {b}]"),
]
ONE = [
    *("{n}({a})", "{n} ({a})", "{n}:{a}", "{n}:[{a}]", "{n}: ({a})", "{n} {a}", "{n}-{a}"),
    *("{n}={a}", "{n}({x}={a})", "{n}: {x}={a}", "{n}: {{{x}={a}}}", "{n}: {{{x}:{a}}}"),
    *("{n}: [{x}: {a}]", "{n} {x}={a}", "{n}: {x}: {a}", "{n} {x}: {a}"),
    *("{n}({x}: {a})", "{n} ({x}: {a})", "{n}:{{{x}: {a}}}", "{n}: ({x}: {a})"),
]
CALLS = [
    *((form, ("unit", "16", "2", "c", "s"), "unit: [16, 2]") for form in LISTS + NAMED),
    *((form, ("merge", "16", "d1", "c", "skip"), "merge: [16, d1]") for form in LISTS + NAMED),
    *((form, ("unit", "16", "", "c", ""), "unit: 16") for form in ONE),
]


def net(text: str) -> list[tuple[object, ...]]:
    network = load("net.yaml", text.encode())
    errors = [f for f in analyze(network).findings if f.severity is Severity.ERROR]
    assert errors == [], text
    return [(s.kind, str(s.layer), s.name, s.output, s.inputs) for s in network.steps]


def repaired(entry: str) -> str:
    (offer, *_) = offers(load("net.yaml", f"{HEAD}  - {entry}\n".encode()))
    return offer.text


@pytest.mark.parametrize("below", ["", "\n    name: u", "\n    times: 2\n    ignore: [CC124]"])
@pytest.mark.parametrize(("form", "words", "clean"), CALLS)
def test_every_form_of_a_call_is_repaired_to_it(form, words, clean, below) -> None:
    n, a, b, x, y = words
    entry = form.format(n=n, a=a, b=b, x=x, y=y)
    assert net(repaired(f"{entry}{below}")) == net(f"{HEAD}  - {clean}{below}\n")


@pytest.mark.parametrize("below", ["", "\n    name: u"])
@pytest.mark.parametrize("times", ["*2", " *2", " x2", " * 2"])
@pytest.mark.parametrize(("form", "words", "clean"), CALLS)
def test_with_how_often_it_is_repeated_too(form, words, clean, times, below) -> None:
    n, a, b, x, y = words
    if form[-1] == "}" and form[-2] != "}" and times != " x2":
        pytest.skip("it may be a product")
    entry = form.format(n=n, a=a, b=b, x=x, y=y)
    wanted = f"{HEAD}  - {clean}\n    times: 2{below}\n"
    assert net(repaired(f"{entry}{times}{below}")) == net(wanted)


@pytest.mark.parametrize(
    ("entry", "several", "product"),
    [
        ("unit: 16 *2", "unit: 16", "unit: =16*2"),
        ("unit: 16*2", "unit: 16", "unit: =16*2"),
        ("unit: 16, 2 *2", "unit: [16, 2]", "unit: [16, =2*2]"),
        ("unit: c: 16 *2", "unit: {c: 16}", "unit: {c: =16*2}"),
        ("unit: c: 16*2", "unit: {c: 16}", "unit: {c: =16*2}"),
        ("unit: c: 16, s: 2 *2", "unit: {c: 16, s: 2}", "unit: {c: 16, s: =2*2}"),
        ("unit: c=16 *2", "unit: {c: 16}", "unit: {c: =16*2}"),
        ("unit c: 16 * 2", "unit: {c: 16}", "unit: {c: =16*2}"),
        ("conv: filters: 16 *2", "conv: {filters: 16}", "conv: {filters: =16*2}"),
    ],
)
@pytest.mark.parametrize("below", ["", "\n    name: u"])
def test_where_it_may_be_a_product_both_are_named_and_none_is_made(
    entry, several, product, below
) -> None:
    network = load("net.yaml", f"{HEAD}  - {entry}{below}\n".encode())
    (finding,) = [f for f in analyze(network).findings if f.severity is Severity.ERROR]
    again = f"`{several}` with `times: 2` below it is 2 of the "
    assert finding.help[0].startswith(again)
    assert finding.help[0].endswith(f", `{product}` one with a product")
    assert offers(network) == []


def test_words_that_are_layers_stay_a_pattern() -> None:
    net(f"{HEAD}  - unit relu unit\n")
    net(f"{HEAD}  - unit [relu conv3-8]*2\n")


def test_a_block_without_arguments_is_repeated_by_its_key() -> None:
    text = HEAD.replace("args: {c: 64, s: 1}", "args: {c: 8, s: 1}")
    (offer, *_) = offers(load("net.yaml", f"{text}  - unit*2\n".encode()))
    assert offer.text == f"{text}  - {{unit: , times: 2}}\n"


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ("conv: filters: 16, kernel: 3 x3", "conv: {filters: 16, kernel: 3x3}"),
        ("conv: filters: 16, kernel: 3 x 1", "conv: {filters: 16, kernel: 3x1}"),
        ("conv: filters: 8, kernel: 3, pad: 1 x2", "conv: {filters: 8, kernel: 3, pad: 1x2}"),
        ("conv: kernel: 3, filters: 8 x2", "{conv: {kernel: 3, filters: 8}, times: 2}"),
        ("conv(filters: 8, kernel: 3) x2", "{conv: {filters: 8, kernel: 3}, times: 2}"),
    ],
)
def test_a_factor_behind_a_window_is_its_other_side(entry: str, meant: str) -> None:
    network = load("net.yaml", f"{HEAD}  - {entry}\n".encode())
    (finding,) = [f for f in analyze(network).findings if f.severity is Severity.ERROR]
    assert finding.help[0] == f"did you mean `{meant}`?"

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
    *("{n}({a}, {y}={b})", "{n}: {a}, {y}={b}", "{n}: [{a}, {y}={b}]", "{n}: [{a}, {y}: {b}]"),
]
ONE = [
    *("{n}({a})", "{n} ({a})", "{n}:{a}", "{n}:[{a}]", "{n}: ({a})", "{n} {a}", "{n}-{a}"),
    *("{n}={a}", "{n}({x}={a})", "{n}: {x}={a}", "{n}: {{{x}={a}}}", "{n}: {{{x}:{a}}}"),
    *("{n}: [{x}: {a}]", "{n} {x}={a}", "{n}: {x}: {a}"),
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


@pytest.mark.parametrize(("form", "words", "clean"), CALLS)
def test_every_form_of_a_call_is_repaired_to_it(form, words, clean) -> None:
    n, a, b, x, y = words
    entry = form.format(n=n, a=a, b=b, x=x, y=y)
    (offer, *_) = offers(load("net.yaml", f"{HEAD}  - {entry}\n".encode()))
    assert net(offer.text) == net(f"{HEAD}  - {clean}\n")

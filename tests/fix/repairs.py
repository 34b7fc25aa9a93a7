"""What tests of `check --fix` ask of the repairs that it offers."""

from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.fix.record import Offer
from convcalc.fix.search import offers
from convcalc.spec.load import load

#: a block of U-Nets that doubles the size and joins the skip that its call names
DECODER = """\
  up:
    args: {c: , skip: }
    layers:
      - {conv_transpose: {filters: =c, kernel: 2, stride: 2}, name: t}
      - {concat: , from: [=skip, t]}
"""


def offered(spec: str) -> list[Offer]:
    return offers(load("net.yaml", spec.encode()))


def first(spec: str) -> str:
    return offered(spec)[0].text


def told(offer: Offer) -> list[tuple[str, str, str]]:
    return [(change.layer, change.option, change.after) for change in offer.changes]


def faults(text: str) -> list[str]:
    analysis = analyze(load("net.yaml", text.encode()))
    return [f.code for f in analysis.findings if f.severity is not Severity.NOTE]

"""`check --fix` offers no repair with a part that it does not need."""

from difflib import SequenceMatcher

from convcalc.analysis.walk import analyze
from convcalc.fix.record import Offer, errors_left
from convcalc.fix.replaced import wrong
from convcalc.spec.load import load
from tests.fix.broken_nets import broken
from tests.fix.repairs import faults, offered, told

UNET = """\
input: 256x256x3
blocks:
  double:
    args: {c: }
    layers: [conv: {filters: =c, kernel: 3}, relu, conv: {filters: =c, kernel: 3}, relu]
  up:
    args: {c: , skip: }
    layers:
      - {conv_transpose: {filters: =c, kernel: 2, stride: 2}, name: t}
      - {concat: , from: [=skip, t]}
      - double: =c
layers:
  - {double: 32, name: d1}
  - pool2
  - {double: 64, name: d2}
  - pool2
  - {double: 128, name: d3}
  - pool2
  - double: 256
  - up: [128, d3]
  - up: [64, d2]
  - up: [32, d1]
  - conv1-1
"""


def test_padding_in_the_block_of_a_unet_is_all_that_its_nets_need() -> None:
    best = offered(UNET)[0]
    assert best.text == UNET.replace("kernel: 3}", "kernel: 3, pad: 1}")
    assert faults(best.text) == [] and len(best.changes) == 1
    assert told(best) == [("double1.conv1, double1.conv2, 12 more", "pad", "1")]
    assert load("n", best.text.encode()).steps[-1].output == (256, 256, 1)


def test_rounding_is_no_part_of_what_padding_repairs() -> None:
    spec = (
        "input: 28x28x1\nlayers:\n  - conv3-16s2p1\n  - relu\n  - conv3-32s2p1\n  - fc-10\n"
        "budget: {params: 10k}\n"
    )
    for offer in offered(spec):
        assert len(offer.changes) == 1 or "" not in {change.layer for change in offer.changes}


def test_no_part_of_a_repair_is_needless() -> None:
    tried = 0
    for spec in broken(60):
        for offer in offered(spec):
            for place in range(len(offer.changes) if len(offer.changes) > 1 else 0):
                if (fewer := _without(spec, offer, place)) is not None:
                    tried += 1
                    codes, losses, _ = wrong(analyze(load("net.yaml", fewer.encode())))
                    left = (*errors_left(codes), losses)
                    assert left > offer.left, f"{told(offer)[place]} of {told(offer)} in\n{spec}"
    assert tried > 30


#: two faults: the height is 1, and the skip of each `up` is the one that is read last
TWO_FAULTS = """\
input: 1x576x572
blocks:
  double:
    args: {c: }
    layers: [conv: {filters: =c, kernel: 3}, relu, conv: {filters: =c, kernel: 3}, relu]
  up:
    args: {c: , skip: }
    layers:
      - {conv_transpose: {filters: =c, kernel: 2, stride: 2}, name: t}
      - {crop: {like: t}, from: =skip}
      - {concat: , from: [up1, t]}
      - double: =c
layers:
  - {double: 64, name: d1}
  - pool2
  - {double: 128, name: d2}
  - pool2
  - {double: 256, name: d3}
  - {up: [128, d2], name: up1}
  - {up: [64, d1], name: up2}
"""


def test_no_repair_puts_another_error_of_sizes_in_place_of_the_first() -> None:
    """Its padding leaves a crop that keeps nothing, and is no part less needed for that."""
    for offer in offered(TWO_FAULTS):
        assert {"CC102", "CC110"}.isdisjoint(offer.errors), told(offer)


def _without(spec: str, offer: Offer, place: int) -> str | None:
    """The repaired text with the line of one change as it was, where it has that for itself."""
    lines = [change.line for change in offer.changes]
    change = offer.changes[place]
    if lines.count(change.line) > 1 or ", " in change.layer or change.inserts:
        return None
    old, new = spec.splitlines(True), offer.text.splitlines(True)
    made: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "replace" and b - a == d - c:
            made += [o if a + n + 1 == change.line else w
                     for n, (o, w) in enumerate(zip(old[a:b], new[c:d], strict=True))]  # fmt: skip
        elif not (kind == "insert" and change.option == "rounding" and not change.layer):
            made += new[c:d]
    text = "".join(made)
    return text if text not in (spec, offer.text) else None

"""Skips of a U-Net that two calls of its block have in the wrong order."""

import pytest

from convcalc.fix.search import offers
from convcalc.spec.load import load
from tests.fix.repairs import DECODER

NET = (
    """input: 64x64x3
blocks:
"""
    + DECODER
    + """\
layers:
  - {conv3-8: , name: d1}
  - pool2
  - {conv3-8: , name: d2}
  - pool2
  - {conv3-8: , name: d3}
  - pool2
  - conv3-8
"""
)
FORMS = [
    "  - up: [{c}, {d}]\n",
    "  - up: {{c: {c}, skip: {d}}}\n",
    "  - up: {{skip: {d}, c: {c}}}\n",
]


def calls(form: str, *names: str) -> str:
    channels = (32, 16, 8)
    return NET + "".join(form.format(c=c, d=d) for c, d in zip(channels, names, strict=True))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("names", [("d2", "d3", "d1"), ("d1", "d2", "d3"), ("d3", "d1", "d2")])
def test_the_layers_that_two_calls_are_given_are_exchanged(form: str, names: tuple[str]) -> None:
    (offer, *_) = offers(load("net.yaml", calls(form, *names).encode()))
    assert offer.text == calls(form, "d3", "d2", "d1")
    assert offer.errors == ()
    (change,) = offer.changes
    assert change.effect.startswith("exchanged with line ")


def test_the_layers_alone_are_exchanged() -> None:
    """The filters of each call stay with it, and a call of another block is left as it is."""
    wrong = calls(FORMS[0], "d2", "d3", "d1")
    other = wrong.replace("blocks:\n", "blocks:\n  down: {args: {c: }, layers: [conv3-8]}\n")
    (offer, *_) = offers(load("net.yaml", other.replace("  - up: [8, d1]", "  - relu").encode()))
    assert "- up: [32, d3]\n  - up: [16, d2]\n  - relu" in offer.text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("names", [("d3", "d3", "d1"), ("d1", "d1", "d1"), ("d2", "d2", "d1")])
def test_a_skip_that_is_given_twice_is_the_one_that_nothing_reads(
    form: str, names: tuple[str]
) -> None:
    offer = offers(load("net.yaml", calls(form, *names).encode()))[0]
    assert offer.text == calls(form, "d3", "d2", "d1") and offer.errors == ()
    assert all(change.effect.startswith("no merge reads d") for change in offer.changes)


def test_of_two_unread_layers_of_a_size_none_is_taken() -> None:
    wrong = calls(FORMS[0], "d3", "d3", "d1").replace(
        "name: d2}", "name: d2}\n  - {relu: , name: e}"
    )
    assert offers(load("net.yaml", wrong.encode())) == []


LEVELS = 4


def unet(names: list[str]) -> str:
    """An encoder of block calls, whose ends the decoder's calls read."""
    double = "  double: {args: {c: }, layers: [conv: {filters: =c, kernel: 3, pad: 1}, relu]}\n"
    widths = [8 * 2**level for level in range(1, LEVELS + 1)]
    down = [f"  - {{double: {c}, name: e{n}}}\n  - pool2\n" for n, c in enumerate(widths, 1)]
    up = [f"  - up: [{c}, {name}]\n" for c, name in zip(reversed(widths), names, strict=True)]
    head = f"input: 64x64x3\nblocks:\n{double}{DECODER}layers:\n"
    return f"{head}{''.join(down)}  - conv3-256\n{''.join(up)}"


@pytest.mark.parametrize(
    "names", [["e3", "e2", "e1", "e1"], ["e4", "e4", "e3", "e2"], ["e3", "e4", "e2", "e1"]]
)
def test_skips_that_are_one_level_off_name_the_calls_of_their_level(names: list[str]) -> None:
    (offer, *_) = offers(load("net.yaml", unet(names).encode()))
    assert offer.text == unet(["e4", "e3", "e2", "e1"]) and offer.errors == ()

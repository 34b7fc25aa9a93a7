"""A net that is read while one of nearly the same text is kept has few steps of its own."""

from itertools import pairwise
from pathlib import Path

import pytest

from convcalc.analysis.walk import analyze
from convcalc.network.record import Network
from convcalc.spec.load import load

HEAD = "input: 32x32x3\nblocks:\n  b: {args: {n: 8}, layers: [{conv: {filters: =n, kernel: 3}}]}\n"
TEXT = f"""{HEAD}layers:
- {{conv: {{filters: 4, kernel: 3, pad: 1}}, times: 2}}
- relu
- {{b: , times: 2}}
- b: 4
- conv3-8 relu
"""


def read(text: str, before: Network | None = None) -> Network:
    return load("a.yaml", text.encode(), before=before)


def said(network: Network) -> list[object]:
    """All that there is to say, with places as they are written."""
    found: list[object] = [*analyze(network).findings, network.outputs]
    for step in network.steps:
        place = step.place
        options = sorted(getattr(place.options, "entries", {}))
        spans = [place.span, *(place.option(name) for name in options)]
        found += [step._replace(place=type(place)()), spans, [call.span for call in place.calls]]
    return found


def test_steps_of_an_equal_text_are_held_once() -> None:
    before = read(TEXT)
    again = read(TEXT, before)
    both = zip(before.steps[1:], again.steps[1:], strict=True)
    assert all(one is other for one, other in both)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("pad: 1", "pad: 2", 0),  # all layers behind it make another size
        ("- b: 4", "- b: 5", 7),
        ("conv3-8 relu", "conv3-8 tanh", 7),
        ("- relu\n", "- tanh\n", 6),  # its size; relu2 is relu1
        ("- relu\n", "- relu\n\n", 3),  # other places
        ("- relu\n", "- relu\n- relu\n", 3),  # a layer more
        ("- relu\n", "", 2),
        ("input: 32x32x3\n", "input: 32x32x3\nrounding: floor\n", 0),
        ("kernel: 3}}]", "kernel: 3, pad: 0}}]", 5),
    ],
)
def test_what_differs_is_of_its_own(old: str, new: str, same: int) -> None:
    before = read(TEXT)
    text = TEXT.replace(old, new)
    assert text != TEXT
    shared = read(text, before)
    assert said(shared) == said(read(text))
    assert sum(any(step is one for one in before.steps) for step in shared.steps) == same


def test_no_bundled_net_is_another_beside_the_one_before() -> None:
    folder = Path(__file__).parents[2] / "architectures"
    nets = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))]
    for one, other in pairwise(nets):
        assert said(read(other, read(one))) == said(read(other))
        wider = other.replace("kernel: 3", "kernel: 5", 1)
        assert said(read(wider, read(other))) == said(read(wider))

"""A merge that reads a branch one layer too early: the layer that it passes over is unread."""

import pytest

import convcalc
from convcalc.fix.search import offers
from convcalc.spec.load import load

FPN = """input: 63x63x3
layers:
  - {conv: {filters: 64, kernel: 3, stride: 2}, name: c3}
  - {conv: {filters: 64, kernel: 3, stride: 2}, name: c4}
  - {conv: {filters: 64, kernel: 2, stride: 1}, name: c4b}
  - {conv: {filters: 64, kernel: 2, stride: 2}, name: c5}
  - {conv1-256: , name: p5}
  - upsample: {scale: 2}
  - {conv1-256: , name: l4, from: c4b}
  - {JOIN: , from: [p5, l4]}
"""


@pytest.mark.parametrize("join", ["add", "concat", "maximum"])
def test_the_layer_behind_is_named_and_read(join: str) -> None:
    spec = FPN.replace("JOIN", join)
    (error,) = (f for f in convcalc.check(spec).findings if f.severity == "error")
    assert error.code == "CC107"
    assert error.help[0] == (
        "`from: [upsample1, l4]`: upsample1 makes 14x14x256, and nothing reads it"
    )
    first = offers(load("a.yaml", spec.encode()))[0]
    assert first.text == spec.replace("[p5, l4]", "[upsample1, l4]") and not first.errors
    assert [change.option for change in first.changes] == ["from"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("scale: 2", "scale: 3"),  # another size
        ("  - {conv1-256: , name: l4", "  - conv1-3\n  - {conv1-256: , name: l4"),  # read
        (
            "  - {conv1-256: , name: l4",
            "  - {upsample: {scale: 2}, from: p5}\n  - {conv1-256: , name: l4",
        ),
    ],
)
def test_nothing_is_guessed_of_other_layers(old: str, new: str) -> None:
    spec = FPN.replace("JOIN", "add").replace(old, new)
    (error,) = (f for f in convcalc.check(spec).findings if f.severity == "error")
    assert error.code == "CC107" and not any("nothing reads it" in text for text in error.help)
    first = offers(load("a.yaml", spec.encode()))[0]
    assert "upsample1" not in first.changes[0].after

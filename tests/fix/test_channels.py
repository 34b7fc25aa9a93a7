"""`check --fix`: an input in the order of another tool is turned before anything else is edited."""

import pytest

from convcalc.fix.search import offers
from convcalc.spec.load import load

LAYERS = "layers: [conv3-64, relu, pool2, fc-10]\n"


@pytest.mark.parametrize(
    ("shape", "meant"), [("3x224x224", "224x224x3"), ("1x3x224x224", "224x224x3")]
)
def test_the_input_is_turned_first(shape: str, meant: str) -> None:
    first, *others = offers(load("net.yaml", f"input: {shape}  # mine\n{LAYERS}".encode()))
    assert first.text == f"input: {meant}  # mine\n{LAYERS}"
    assert [(c.layer, c.after, c.line) for c in first.changes] == [("input", meant, 1)]
    assert others and all(shape in offer.text for offer in others if "pad" in offer.text)


def test_what_else_is_wrong_is_repaired_with_it() -> None:
    spec = "input: 3x31x31\nlayers: [conv3-64, pool2, fc-10]\n"
    first = offers(load("net.yaml", spec.encode()))[0]
    assert first.text.startswith("input: 31x31x3\n") and len(first.changes) == 2
    assert first.errors == ()


def test_an_input_with_keys_and_a_net_without_errors_are_left_alone() -> None:
    keys = f"input: {{height: 3, width: 224, channels: 224}}\n{LAYERS}"
    assert all(o.changes[0].after != "224x224x3" for o in offers(load("net.yaml", keys.encode())))
    assert offers(load("net.yaml", b"input: 3x224x224\nlayers: [conv3-8, fc-10]\n")) == []

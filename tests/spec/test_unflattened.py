"""PyTorch's words for a vector that becomes a volume: its order, without the batch, is turned."""

import pytest

import convcalc


@pytest.mark.parametrize("word", ["view", "x.view", "torch.reshape", "unflatten", "Unflatten"])
def test_sizes_of_pytorch_are_turned_where_a_vector_arrives(word: str) -> None:
    net = convcalc.load(f"input: 3136\nlayers:\n  - relu\n  - {word}: [64, 7, 7]\n  - conv3-1\n")
    (finding,) = net.findings
    entry = "`reshape: {shape: 7x7x64}`"
    assert finding.help == (f"write {entry} in place of `{word}`", "channels come last")
    first = net.repairs[0]
    assert "- reshape: {shape: 7x7x64}\n" in first.text and not convcalc.load(first.text).findings


@pytest.mark.parametrize("given", ["[8, 28, 15]", "[64, 49]", "[56, 7, 8, 1]", "[0, 7, 7]"])
def test_other_sizes_are_not(given: str) -> None:
    found = convcalc.load(f"input: 3136\nlayers:\n  - view: {given}\n").findings
    assert found and not any("channels come last" in line for f in found for line in f.help)


def test_of_a_volume_nothing_is_turned() -> None:
    """Its numbers lie in an order of their own."""
    found = convcalc.load("input: 7x7x64\nlayers:\n  - view: [64, 7, 7]\n").findings
    assert found and not any("in place of" in line for f in found for line in f.help)

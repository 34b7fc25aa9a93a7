"""Layers that are read by number, lists of sizes and calls of `view`, as other tools have them."""

import pytest

from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

HEAD = "input: 8x8x3\nlayers:\n  - conv3-4\n  - conv3-4\n  - "
RULE = "layers are read by name, not by number"


def repaired(text: str) -> str:
    found = words_replaced(load("net.yaml", text.encode()))
    return found.text if found else ""


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("add: [-1, -2]", "write `from: [conv2, conv1]` on its own line below `add:`"),
        ("add: -2", "write `from: [conv2, conv1]` on its own line below `add:`"),
        ("add: [-1, conv1]", "write `from: [conv2, conv1]` on its own line below `add:`"),
        ("add: [-1, -9]", "layers are read by name: write a `name:` beside each of them, and "
                          "here `from: [one, other]` below `add:`"),
        ("relu: -1", "write `relu` in place of `relu: -1`: it reads the layer above"),
        ("relu: -2", f"{RULE}: write `from: conv1` on its own line below `relu:`"),
        ("relu: -9", f"{RULE}: write `from:` with its name on its own line below `relu:`"),
        ("shortcut: -2", "write `add:` and on its own line below it `from: [conv2, conv1]`"),
        ("shortcut: {from: -3}",
         "write `add:` and on its own line below it `from: [conv2, input]`"),
        ("route: -2", "write `from: conv1` beside the layer that reads it, and no `route`"),
        ("route: {layers: [-1, -3]}",
         "write `concat:` and on its own line below it `from: [conv2, input]`"),
        ("route: {layers: '-1,-3'}",
         "write `concat:` and on its own line below it `from: [conv2, input]`"),
        ("conv: [4, 64, 3]", "write `conv: {filters: 64, kernel: 3}`"),
        ("conv: [64, 3, 1, 1]", "write `conv: {filters: 64, kernel: 3, stride: 1, pad: 1}`"),
        ("conv: [64, 3]", "write `conv: {filters: 64, kernel: 3}`"),
        ("conv: [3, 64]", "write `conv: {filters: 64, kernel: 3}`"),
        ("conv: [4, 64]", "write `conv: {filters: 64, kernel: 3}` with its own kernel: what "
                          "arrives is known"),
        ("conv: 3x3x64", "write `conv: {filters: 64, kernel: 3}`"),
        ("conv: 3x5x64", "write `conv: {filters: 64, kernel: [3, 5]}`"),
        ("conv: 64 3", "write `conv: {filters: 64, kernel: 3}`"),
        ("conv: filters=64 kernel_size=3", "did you mean `{filters: 64, kernel: 3}`?"),
        ("conv: width=64", "options are written `conv: {filters: value}`"),
        ("fc: [256, 10]", "write `fc: {units: 10}`: what arrives is known"),
        ("view: [-1, 100]",
         "8x8x4 = 256 numbers arrive, not 100: if the net is right, it is `flatten`"),
        ("view: [-1, 4, 8, 8]",
         "`reshape: {shape: 8x8x4}`: channels come last, and the batch is left out"),
        ("reshape: [-1, 100]",
         "8x8x4 = 256 numbers arrive, not 100: if the net is right, it is `flatten`"),
        ("x.view(-1, n)",
         "`flatten`, if it makes one vector of all; `reshape: {shape: 8x8x64}` otherwise"),
        ("x.view(-1, 4, 8, 8)",
         "`reshape: {shape: 8x8x4}`: channels come last, and the batch is left out"),
    ],
)  # fmt: skip
def test_numbers_of_other_tools_are_answered(read, entry: str, help: str) -> None:
    assert read(f"{HEAD}{entry}\n").help == help


@pytest.mark.parametrize(
    ("entry", "ours"),
    [
        ("relu: -1", "relu"),
        ("dropout: p=0.5", "dropout: {rate: 0.5}"),
        ("view: [-1, 256]", "flatten"),
        ("x.view(-1, 256)", "flatten"),
        ("x = x.view(x.size(0), -1)", "flatten"),
        ("torch.reshape(x, (-1, 256))", "flatten"),
        ("x.reshape(x.shape[0], -1)", "flatten"),
        ("concat:\n    from: '-1, conv1'", "concat:\n    from: [conv2, conv1]"),
        ("add: [-1, -2]", "add:\n    from: [conv2, conv1]"),
        ("concat:\n    from: -1, conv1  # both", "concat:\n    from: [conv2, conv1]  # both"),
    ],
)
def test_what_means_one_thing_only_is_an_edit(entry: str, ours: str) -> None:
    assert repaired(f"{HEAD}{entry}\n") == f"{HEAD}{ours}\n"


@pytest.mark.parametrize("entry", ["relu: -2", "conv: [4, 64]", "x.view(-1, n)"])
def test_what_may_mean_another_net_is_no_edit(entry: str) -> None:
    assert repaired(f"{HEAD}{entry}\n") == ""


def test_a_number_from_the_front_is_no_name(read) -> None:
    assert RULE in read(f"{HEAD}concat:\n    from: [0, 1]\n").help

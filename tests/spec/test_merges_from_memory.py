"""Merges and options as users of other tools write them from memory."""

import pytest

from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

HEAD = "input: 32x32x8\nlayers:\n- conv3-8\n"

WRITTEN = {
    "- concat: [[conv3-8], [conv1-8]]": "- concat: {branches: [[conv3-8], [conv1-8]]}",
    "- add: [conv3-8, identity]": "- add: {branches: [conv3-8, identity]}",
    "- add:\n  inputs: [conv1, input]": "- add:\n  from: [conv1, input]",
    "- prelu: {num_parameters: 8, init: 0.25}": "- prelu: {parameters: channel}",
    "- prelu: {num_parameters: 1}": "- prelu: {parameters: one}",
    "- conv: {out: 8, kernel: 3, s: 1, p: 1}": "- conv: {filters: 8, kernel: 3, stride: 1, pad: 1}",
    "- fc: {out: 10}": "- fc: {units: 10}",
}


@pytest.mark.parametrize(("entry", "ours"), WRITTEN.items())
def test_what_certainly_means_one_entry_is_an_edit(entry: str, ours: str) -> None:
    found = words_replaced(load("net.yaml", f"{HEAD}{entry}\n".encode()))
    assert found is not None
    assert found.text == f"{HEAD}{ours}\n"
    assert found.errors == ()


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("- concat: {inputs: [conv1, input]}", "write `from: [conv1, input]` on its own line"),
        ("- add: {a: [conv3-8], b: identity}", "branches stand below `branches:`: `{branches: {a:"),
        ("- add: [conv1, [conv3-8, relu]]", "`add: {branches: [...]}`"),
        ("- 1. conv3-8", "layers are not numbered: leave out `1.`"),
        ("- conv3-8 + relu", "layers are separated by spaces"),
        ("- dropout 0.5", "a number alone is not a layer: in a list of layers a dropout is"),
    ],
)
def test_what_may_mean_something_else_is_said(entry: str, help: str) -> None:
    found = load("net.yaml", f"{HEAD}{entry}\n".encode()).findings[0]
    assert found.help[0].startswith(help)

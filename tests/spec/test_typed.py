"""Layers that are named in another place than ours: by a type, in a list, by a name or a number."""

import pytest

from convcalc import dialects
from convcalc.fix.words import words_replaced
from convcalc.layers import BY_NAME
from convcalc.spec.load import load
from tests.fix.repairs import first

HEAD = "input: 32x32x16\nlayers:\n"

#: entries as they are written from memory, and as `--fix` writes them
WRITTEN = {
    "- type: conv\n  filters: 16\n  kernel: 3": "- conv: {filters: 16, kernel: 3}",
    "- type: relu": "- relu",
    "- name: c\n  type: conv\n  filters: 16\n  kernel: 3": (
        "- name: c\n  conv: {filters: 16, kernel: 3}"
    ),
    "- type: ReLU\n  name: r": "- relu:\n  name: r",
    "- {layer: conv, filters: 16, kernel: 3}": "- {conv: {filters: 16, kernel: 3}}",
    "- {name: a, op: Conv2d, in_channels: 16, out_channels: 8, kernel_size: 3}": (
        "- {conv: {filters: 8, kernel: 3}, name: a}"
    ),
    "- class_name: Conv2D\n  config: {filters: 64, kernel_size: 3}": (
        "- conv: {filters: 64, kernel: 3}"
    ),
    "- kind: MaxPooling2D\n  params:\n    pool_size: 2": "- max_pool: {kernel: 2}",
    "- fc1: {units: 10}": "- fc: {units: 10}\n  name: fc1",
    "- conv1: {kernel: 3, filters: 16}": "- conv: {filters: 16, kernel: 3}\n  name: conv1",
    "- conv1_1: {kernel: 3, filters: 16}": "- conv: {filters: 16, kernel: 3}\n  name: conv1_1",
    "- pool1: {kernel: 2}": "- max_pool: {kernel: 2}\n  name: pool1",
    "- stem: {type: conv, filters: 16, kernel: 3}": (
        "- conv: {filters: 16, kernel: 3}\n  name: stem"
    ),
    "- conv3-16: {name: c}": "- conv3-16:\n  name: c",
    "- first: conv3-8": "- conv3-8:\n  name: first",
    "- 1: conv3-8\n- 2: relu": "- conv3-8\n- relu",
    "- [relu]": "- relu",
    "- nn.Conv2d(16, 8, 3),\n- nn.ReLU(inplace=True),": "- conv3-8p0\n- relu: {in_place: true}",
}


@pytest.mark.parametrize(("entry", "ours"), WRITTEN.items())
def test_what_certainly_means_one_layer_is_an_edit(entry: str, ours: str) -> None:
    network = load("net.yaml", f"{HEAD}{entry}\n".encode())
    assert len(network.findings) == len(entry.split("\n-"))
    found = words_replaced(network)
    assert found is not None
    assert found.text == f"{HEAD}{ours}\n"
    assert found.errors == ()


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        (
            "- type: conv",
            "the kind is the key: write `conv: {filters: 64, kernel: 3, pad: 1}`, or ",
        ),
        ("- {type: conv, filters: 16}", "the kind is the key, with its options in braces: "),
        ("- type: nonesuch", "the kind is the key, as in `- conv: {filters: 64, kernel: 3}`"),
        ("- [conv, 16, 3]", "write `conv: {filters: 16, kernel: 3}`"),
        ("- [-1, 1, Conv, [64, 6, 2, 2]]", "Ultralytics' rows stand below `backbone:`"),
        ("- [conv3-64, relu]", "layers in a row are entries of their own"),
        ("- max_pool2d: {kernel: 2}", "did you mean `max_pool`?"),
    ],
)
def test_what_may_mean_something_else_is_said(entry: str, help: str) -> None:
    found = load("net.yaml", f"{HEAD}{entry}\n".encode()).findings[0]
    assert found.help[0].startswith(help)


def advice(word: str) -> list[str]:
    """What is named first for a word alone, as an entry to type."""
    found = load("net.yaml", f"input: 32x32x64\nlayers:\n  - {word}\n".encode()).findings
    help = found[0].help[0] if found else ""
    bare = help[:1] == "`"  # an option of the kind, or a sentence about it
    if "`" not in help or help.startswith("the kind is `") or (bare and word not in BY_NAME):
        return []
    text = help.split("`")[1]
    return [f"{word}: {{{text}}}" if bare and "{" not in text else text]


@pytest.mark.parametrize("word", sorted({*dialects.kinds.KINDS, *BY_NAME}))
def test_the_advice_for_every_word_of_another_tool_is_an_entry(word: str) -> None:
    for entry in advice(word):
        found = load("n.yaml", f"input: 32x32x64\nlayers:\n  - {entry}\n".encode()).findings
        assert [f.message for f in found if f.code < "CC1"] == [], entry


@pytest.mark.parametrize("activation", ["relu", "softmax"])
def test_the_activation_of_a_class_is_the_layer_below_it(layers, activation: str) -> None:
    keys = (
        "type: Conv2D",
        "filters: 3",
        "kernel_size: 3",
        "padding: same",
        f"activation: {activation}",
    )
    listed = "\n    ".join(keys)
    kind = "conv: {filters: 3, kernel: 3, pad: same}"
    help = layers(f"- {listed}".replace("\n    ", "\n  ")).help.splitlines()[0]
    assert help == f"the kind is the key: `- {kind}`, and on the next line `- {activation}`"
    head = "input: 8x8x3\nlayers:\n"
    made = f"{head}  - {kind}\n  - {activation}\n  - flatten\n"
    assert first(f"{head}  - {listed}\n  - flatten\n") == made
    assert first(f"{head}  - {{{', '.join(keys)}}}\n  - flatten\n") == made.replace(
        kind, f"{{{kind}}}"
    )


def test_an_activation_that_is_none_is_no_layer(layers) -> None:
    given = "type: Conv2D, filters: 3, kernel_size: 3, padding: same, activation: linear"
    help = layers(f"- {{{given}}}").help
    assert "next line" not in help and "fc" not in help

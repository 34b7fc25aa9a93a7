"""Small slips of people who know another tool, each answered with what to write."""

import pytest

from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

NAMED = "input: 8x8x3\nlayers:\n  - {conv3-8: , name: a}\n  - {conv3-8: , name: b}\n"
BLOCK = "input: 8x8x3\nblocks:\n  b:\n    args: {f=32}\n    layers: [{fc: {units: =f}}]\n"
BLOCK += "layers: [b]\n"


@pytest.mark.parametrize(
    ("text", "help"),
    [
        (f"{NAMED}  - {{relu: , when: bn}}\nvars: {{bn: true}}\n", "did you mean `=bn`?"),
        (f"{NAMED}  - {{relu: , when: not bn}}\nvars: {{bn: true}}\n", "did you mean `=not bn`?"),
        (f"{NAMED}  - {{relu: , when: bn}}\n", "`when: =stride != 1`"),
        (f"{NAMED}  - layer_norm: {{axis: [1, 2, 3]}}\n",
         "write `axes: all` in place of `axis: [1, 2, 3]`"),
        (f"{NAMED}  - layer_norm: {{axis: [1, 2]}}\n",
         "it is over the channels, which `axis: [1, 2]` is not"),
        (f"{NAMED}budget: {{training_memory: 8GiB, checkpoint: a,b}}\n",
         'a value with a comma is quoted: `checkpoint: "a,b"`'),
        (f"{NAMED}budget: {{training_memory: 8GiB, checkpoint: [a, b]}}\n",
         'did you mean `"a,b"`?'),
        (f"{NAMED}outputs: [a b]\n", "commas are missing: did you mean `a, b`?"),
        (f"{NAMED}  - {{add: , from: [a b]}}\n", "commas are missing: did you mean `a, b`?"),
        (f"{NAMED}  - {{add: , from: [a c]}}\n", "known here: input, a, b"),
        ("input: 8x8x3\nlayers:\n  - {pool2: , name: p5}\n  - {pool2: , name: p5}\n"
         "  - {upsample: {scale: 2}, name: up4}\n  - {relu: , from: p4}\n",
         "two layers are called 'p5': one may be p4"),
        (BLOCK, "did you mean `f: 32`?"),
        (f"{NAMED}layers: [relu]\n", "put both lists under one, or remove one of the two"),
        ("input: 8x8x3\nblocks: {b: [conv3-8, relu]}\nlayers: [b]\n",
         "the list needs its key: `b: {layers: [...]}`"),
        ("input: 8x8x3\nblocks:\n  b:\n    - relu\nlayers: [b]\n",
         "write `layers:` on its own line below `b:`, and the list under it"),
        ("inputs: {left: 8x8x3, right: 8x8x3}\nblocks: {b: {layers: [relu]}}\nlayers: [b: left]\n",
         "where it reads that layer: `b:` and below it `from: left`"),
    ],
)  # fmt: skip
def test_what_to_write(read, text, help) -> None:
    assert help in read(text).help.splitlines()


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (f"{NAMED}outputs: [a b]\n", "[a b]", "[a, b]"),
        (f"{NAMED}  - {{add: , from: a b}}\n", "from: a b", "from: [a, b]"),
        (BLOCK, "f=32", "f: 32"),
    ],
)
def test_what_is_certain_is_repaired(text, old, new) -> None:
    offer = words_replaced(load("net.yaml", text.encode()))
    assert offer is not None
    assert offer.text == text.replace(old, new)


@pytest.mark.parametrize(
    ("entry", "help", "ours"),
    [
        ("pool2:\n    padding: 1", "write `pool2p1`", "pool2p1:"),
        (
            "fc-10:\n    use_bias: false",
            "`fc-10` is written out: `fc: {units: 10, bias: false}`",
            "fc: {units: 10, bias: false}",
        ),
    ],
)
def test_an_option_below_a_short_form(read, entry, help, ours) -> None:
    text = f"input: 8x8x3\nlayers:\n  - {entry}\n"
    assert help in read(text).help
    found = words_replaced(load("net.yaml", text.encode()))
    assert found is not None and found.text == f"input: 8x8x3\nlayers:\n  - {ours}\n"


@pytest.mark.parametrize(
    ("section", "help"),
    [
        ("expect", "`expect: {params: 138357544, output: 1000}`"),
        ("budget", "`budget: {params: 138M, macs: 16G}`"),
    ],
)
def test_a_section_without_words_has_a_sample_that_can_hold(read, section, help) -> None:
    found = read(f"input: 8x8x3\nlayers: [fc-10]\n{section}: 10\n").analysis.findings
    assert [f.help for f in found] == [(help,)]

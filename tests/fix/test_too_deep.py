"""`check --fix`: keys that go beside a layer, written inside its braces."""

import pytest

from convcalc.findings import Severity
from convcalc.spec.load import load
from convcalc.tree.nodes import BESIDE
from tests.fix.repairs import faults, offered

HEAD = """\
input: 8x8x8
blocks:
  b: {args: {n: 8}, layers: [conv3-8]}
  my-block: {layers: [conv3-8, relu]}
layers:
  - relu:
    name: r
  - PROPER
    name: w
  - relu:
    from: r
"""
VALUES = {
    "name": "x",
    "from": "r",
    "times": "2",
    "when": "=in_channels == 8",
    "weights": "w",
    "expect": "1x1x1",
    "ignore": "[CC120]",
    "checkpoint": "true",
}
#: the word, its own options in braces, and how both are rightly written
ENTRIES = [
    *(
        (word, "", f"{word}:")
        for word in ("conv3-8", "conv1-8s1", "fc-10", "pool3s1p1", "avgpool2")
    ),
    *((word, "", f"{word}:") for word in ("relu", "batch_norm", "b", "my-block")),
    ("conv", "filters: 8, kernel: 1", "conv: {filters: 8, kernel: 1}"),
    ("b", "n: 4", "b: {n: 4}"),
    ("repeat", "times: 2, layers: [relu]", "repeat: {times: 2, layers: [relu]}"),
    ("conv3-8", "stride: 1", "conv3-8s1:"),
    ("conv3-8", "padding: 0, bias: false", "conv: {filters: 8, kernel: 3, bias: false}"),
    ("Conv2d", "out_channels: 8, kernel_size: 3", "conv: {filters: 8, kernel: 3}"),
    ("Linear", "out_features: 8", "fc: {units: 8}"),
    ("ReLU", "", "relu:"),
    ("BatchNorm2d", "", "batch_norm:"),
    ("MaxPooling2D", "pool_size: 2", "max_pool: {kernel: 2}"),
    ("UpSampling2D", "", "upsample: {scale: 2}"),
]


def net(text: str) -> list[object]:
    """What a spec makes: its layers, what they read and share, and what is wrong with it."""
    network = load("net.yaml", text.encode())
    steps = [
        (s.name, s.layer, s.inputs, s.output, s.shares, s.ignore, s.checkpoint)
        for s in network.steps
    ]
    return [*steps, *(f.code for f in network.findings if f.severity is Severity.ERROR)]


@pytest.mark.parametrize("layout", ["flow", "block"])
@pytest.mark.parametrize("key", BESIDE)
@pytest.mark.parametrize("entry", ENTRIES)
def test_a_key_in_the_braces_is_put_beside_and_never_lost(entry, key, layout) -> None:
    word, own, proper = entry
    if word == "repeat" and key == "times":
        pytest.skip("its own option")
    pair = f"{key}: {VALUES[key]}"
    inside = [*filter(None, own.split(", ") if "[" not in own else [own[:8], own[10:]]), pair]
    written = f"{{{', '.join(inside)}}}"
    if layout == "block":
        written = "".join(f"\n      {one}" for one in inside)
    head = HEAD.replace("PROPER", proper)
    wrong = f"{head}  - {word}: {written}\n"
    assert faults(wrong)
    meant = net(f"{head}  - {proper}\n    {pair}\n")
    nets = [net(offer.text) for offer in offered(wrong)]
    assert meant in nets or (
        word[0].isupper() and all(key_is_there(o.text, key) for o in offered(wrong))
    )


def key_is_there(text: str, key: str) -> bool:
    return f"{key}: {VALUES[key]}" in text


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ("- class_name: UpSampling2D\n    config: {size: 2, name: x}", "- upsample: {scale: 2}"),
        (
            "- type: Conv2d\n    args: {filters: 8, kernel_size: 3, name: x}",
            "- conv: {filters: 8, kernel: 3}",
        ),
    ],
)
def test_a_name_among_nested_options_is_put_beside_too(entry: str, meant: str) -> None:
    head = "input: 8x8x8\nlayers:\n  "
    assert offered(f"{head}{entry}\n")[0].text == f"{head}{meant}\n    name: x\n"


def test_what_a_help_says_of_the_rest_names_what_stays_below() -> None:
    spec = "input: 8x8x8\nlayers:\n  - relu:\n    name: r\n  - conv3-8: {from: r, stride: 2}\n"
    assert [line for f in load("net.yaml", spec.encode()).findings for line in f.help] == [
        "write `from:` on its own line below `conv3-8:`",
        "`conv3-8s2` in place of `conv3-8: ...`, with from below it",
    ]


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ("- conv3-8: {}  # mine", "- conv3-8  # mine"),
        ("- conv3-8: []", "- conv3-8"),
        ("- {conv3-8: {}, name: a}", "- {conv3-8: , name: a}"),
        ("- conv3-8: {}\n    name: a", "- conv3-8:\n    name: a"),
    ],
)
def test_empty_braces_of_a_short_form_are_taken_away(entry: str, meant: str) -> None:
    head = "input: 8x8x8\nlayers:\n  "
    (offer,) = offered(f"{head}{entry}\n")
    assert offer.text == f"{head}{meant}\n" and not faults(offer.text)

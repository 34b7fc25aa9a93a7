"""Skips of a U-Net without blocks that come from other levels of the encoder than their own."""

import re

import pytest

from convcalc.fix.search import offers
from convcalc.spec.load import load
from tests.fix.repairs import faults, first, offered

RIGHT = ("e4", "e3", "e2", "e1")
UP = "  - {{conv_transpose: {{filters: {c}, kernel: 2, stride: 2}}, name: u{n}}}\n"


def unet(names: tuple[str, ...], join: str = "concat", up: str = UP, behind: str = "") -> str:
    """Four levels; `behind` each of the encoder's names a layer follows before the pool."""
    widths = (8, 16, 32, 64)
    down = (
        f"  - conv3-{c}\n  - {{conv3-{c}: , name: e{n}}}\n{behind}  - pool2\n"
        for n, c in enumerate(widths, 1)
    )
    rise = (
        f"{up.format(c=c, n=n)}  - {{{join}: , from: [u{n}, {name}]}}\n  - conv3-{c}\n"
        for n, (c, name) in enumerate(zip(reversed(widths), names, strict=True), 1)
    )
    mid = "  - {conv3-128: , name: mid}\n"
    return f"input: 64x64x3\nlayers:\n{''.join(down)}{mid}{''.join(rise)}  - conv1-2\n"


OFF = [
    ("e3", "e2", "e1", "e1"),
    ("mid", "e4", "e3", "e2"),
    ("e4", "e4", "e3", "e2"),
    ("e1", "e2", "e3", "e4"),
    ("e4", "e2", "e2", "e1"),
]


@pytest.mark.parametrize("behind", ["", "  - relu\n"])
@pytest.mark.parametrize("names", OFF)
def test_the_skips_of_all_levels_are_put_right_in_one_repair(
    names: tuple[str, ...], behind: str
) -> None:
    spec = unet(names, behind=behind)
    assert faults(spec) == ["CC107"]
    best = offered(spec)[0]
    assert best.text == unet(RIGHT, behind=behind) and best.errors == ()
    (change,) = best.changes
    assert change.effect.endswith("reads the level of the encoder that has its size")


@pytest.mark.parametrize("join", ["concat", "add"])
def test_an_upsampling_without_weights_leads_up_as_well(join: str) -> None:
    up = "  - {{upsample: {{scale: 2}}}}\n  - {{conv3-{c}: , name: u{n}}}\n"
    assert first(unet(OFF[0], join, up)) == unet(RIGHT, join, up)


FORMULAS = [
    "  - {{conv_transpose: {{filters: =in_channels/2, kernel: 2, stride: 2}}, name: u{n}}}\n",
    "  - {{upsample: {{scale: 2}}}}\n"
    "  - {{conv: {{filters: =in_channels//2, kernel: 3, pad: 1}}, name: u{n}}}\n",
    "  - {{conv: {{filters: =2*in_channels, kernel: 1}}}}\n"
    "  - {{pixel_shuffle: {{factor: 2}}, name: u{n}}}\n",
]


@pytest.mark.parametrize("up", FORMULAS)
def test_an_enlarging_layer_behind_the_fault_need_not_be_built(up: str) -> None:
    """With `in_channels` in its formula nothing is known of it but what is written."""
    assert first(unet(OFF[0], up=up)) == unet(RIGHT, up=up)


def test_a_call_of_a_block_is_read_by_its_own_name() -> None:
    layers = "[conv: {filters: =c, kernel: 3, pad: 1}, relu]"
    block = f"blocks:\n  two: {{args: {{c: }}, layers: {layers}}}\n"

    def called(spec: str) -> str:
        return block + re.sub(r"\{conv3-(\d+): , name: e", r"{two: \1, name: e", spec)

    assert first(called(unet(OFF[0], up=FORMULAS[0]))) == called(unet(RIGHT, up=FORMULAS[0]))


def test_a_layer_without_a_name_is_read_by_its_number() -> None:
    """The others say which layer of a level is meant: the last before the pool."""
    names = {"name: e4}": "name: x}", "name: e3}": "name: y}"}
    spec = unet(("relu2", "relu1", "relu1", "relu1"), behind="  - relu\n")
    assert first(spec) == unet(("relu4", "relu3", "relu2", "relu1"), behind="  - relu\n")
    for old, new in names.items():
        assert old in spec and new not in first(spec)


AGAIN = "  - {conv_transpose: {filters: 16"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[u2, e2]", "[u2, e2_relu]"),  # one is read further up in its level than the others
        ("  - conv1-2\n", "  - {add: , from: [u4, conv5]}\n"),  # not only of the decoder
        (AGAIN, f"  - pool2\n{AGAIN}"),  # down before it goes up
    ],
)
def test_what_is_no_plain_decoder_is_left_to_others(old: str, new: str) -> None:
    spec = unet(OFF[0], behind="").replace(old, new)
    if "e2_relu" in new:
        spec = spec.replace("name: e2}\n", "name: e2}\n  - {relu: , name: e2_relu}\n  - relu\n")
    found = offers(load("net.yaml", spec.encode()))
    assert all("level of the encoder" not in c.effect for o in found for c in o.changes)

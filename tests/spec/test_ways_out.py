"""What is refused says what to write: formulas without their sign, pairs of sides, gates."""

import pytest

from convcalc.findings import Severity
from convcalc.fix.words import words_replaced
from convcalc.fix.work import Work
from convcalc.spec.load import load


def errors(layers: str, shape: str = "8x8x16") -> list[tuple[str, ...]]:
    network = load("net.yaml", f"input: {shape}\nlayers:\n{layers}\n".encode())
    return [found.help for found in network.findings if found.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("fc: 74*55", "write `fc: {units: =74*55}`"),
        ("conv: 3*64", "write `conv: {filters: =3*64, kernel: 3}`"),
        ("reshape: [4, 4, 8*ngf]", "write `reshape: {shape: [4, 4, =8*ngf]}`"),
        ("reshape: {shape: [4, 4, 8*ngf]}", "did you mean `[4, 4, =8*ngf]`?"),
        ("conv: {filters: 8, kernel: [3, n + 1]}", "did you mean `[3, =n + 1]`?"),
        ("pad: [[1, 2], [3, 4]]", "write `pad: {sides: [1, 2, 3, 4]}`"),
        ("ZeroPadding2D: [[1, 2], [3, 4]]",
         "write `pad: {sides: [1, 2, 3, 4]}` in place of `ZeroPadding2D`"),
        ("Cropping2D: [[1, 2], [1, 0]]",
         "write `crop: {sides: [1, 2, 1, 0]}` in place of `Cropping2D`"),
        ("MaxPool2d: [[2, 2], [2, 2]]", "write `pool2` in place of `MaxPool2d`"),
        ("conv {filters: 8}", "write `conv: {filters: 8}` in place of `conv {filters: 8}`"),
    ],
)  # fmt: skip
def test_the_help_is_what_to_write(entry: str, help: str) -> None:
    assert errors(f"  - {entry}")[0][0] == help


@pytest.mark.parametrize("entry", ["adaptive_avg_pool: [[1]]", "fc: a-b", "fc: conv+bn", "fc: n*m"])
def test_what_computes_with_no_number_may_be_a_name(entry: str) -> None:
    assert "=" not in "".join(errors(f"  - {entry}")[0])


@pytest.mark.parametrize(
    ("entry", "made"),
    [
        ("Dense: 74*55", "fc: {units: =74*55}"),
        ("reshape: {shape: [4, 4, 2*32]}", "reshape: {shape: [4, 4, =2*32]}"),
        ("dropout {rate: 0.5}", "dropout: {rate: 0.5}"),
    ],
)
def test_it_is_repaired(entry: str, made: str) -> None:
    text = f"input: 8x8x16\nlayers:\n  - flatten\n  - {entry}\n".replace(
        "  - flatten\n" * (entry[0] != "D"), ""
    )
    offer = words_replaced(load("net.yaml", text.encode()))
    assert offer is not None
    assert offer.text.splitlines()[-1] == f"  - {made}"


def test_a_block_within_itself_is_several_blocks() -> None:
    (help,) = errors("  - hg\nblocks:\n  hg: {layers: [conv3-8, hg]}")
    assert help[1] == "blocks within each other are one for each depth: `hg1` calls `hg2`"


def _gate(last: str) -> tuple[str, ...]:
    text = (
        "input: 8x8x64\nlayers:\n  - multiply:\n      branches:\n        - identity\n"
        f"        - [global_avg_pool, conv1-16, relu, {last}, sigmoid]\n"
    )
    network = load("net.yaml", text.encode())
    return Work().heard(network).findings[0].help


def test_a_gate_of_in_channels_says_what_reaches_its_layer() -> None:
    why = (
        "`in_channels` at conv2 is 16, what reaches that layer; in a block "
        "`args: {inc: =in_channels}` keeps what reaches the block"
    )
    assert _gate("{conv: {filters: =in_channels, kernel: 1}}")[1] == why
    assert why not in _gate("conv1-16")
    assert not any("in_channels" in line for line in _gate("{conv: {filters: 32, kernel: 1}}"))

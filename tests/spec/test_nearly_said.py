"""Values and layouts that nearly say what is meant: what to type is said, and fits."""

import pytest

from convcalc.spec.load import load

HEAD = "input: 32x32x16\nvars: {width: '32'}\nlayers:\n"
HELP = {
    "conv: {filters: =width, kernel: 3}": "remove the quotes",
    "conv: {filters: 64.0, kernel: 3}": "did you mean `64`?",
    'conv: {filters: 4, kernel: "[3, 3]"}': "remove the quotes",
    'leaky_relu: {negative_slope: "0.2"}': "remove the quotes",
    'conv: "filters: 64, kernel: 3"': "`conv: {filters: 64, kernel: 3}`",
    "conv:\n      kernel: 3\n      filters: >-\n        16": "write `16` on the line of its key",
    "conv:\n      kernel: 3\n      filters: |\n        16": "write `16` on the line of its key",
    "conv: >-\n      filters: 64": "write braces: `conv: {filters: 64}`",
    "conv: 64": "write `conv: {filters: 64, kernel: 3}`",
    "conv: {filters: 64, kernel: 3}, relu": "a line of its own",
    "conv: {filters: 4, kernel: 3, rate: 2}": "write `dilation: 2`",
    "batch_norm: 16": "write `batch_norm` in place of",
    "batch_norm: 64": "write `- batch_norm`: the channels that arrive are 16",
    "max_pool: {kernel: 2, rounding: up}": "did you mean `ceil`?",
    "upsample: {scale: 2, mode: bicubic}": "`bilinear` makes the same size",
    "upsample: {times: 2}": "a factor is `scale`",
    "slice: [0, 8]": "write `slice: {start: 0, stop: 8}`",
    "crop: 1": "`crop: {sides: 1}`",
    "SeparableConv2D(64, 3)": "it is two layers",
    "type: conv\n    filters: 64\n    kernel: 3": "`- conv: {filters: 64, kernel: 3}`",
    "repeat:\n    times: 3\n    layers:\n      - conv3-8": "indent what is below `repeat:`",
}


@pytest.mark.parametrize(("entry", "help"), HELP.items())
def test_the_help_can_be_typed(entry: str, help: str) -> None:
    found = load("net.yaml", f"{HEAD}  - {entry}\n".encode()).findings
    (only,) = [finding for finding in found if finding.code != "CC124"]
    assert help in only.help[0]
    assert "quotes" not in only.help[0] or "=width" in entry or '"' in entry


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("input: {h: 32, w: 32, c: 3}\nlayers: [relu]\n", "did you mean `height`?"),
        ("input: 8x8x5\nexpect: {output: [8, 8, 5]}\nlayers: [relu]\n", "did you mean `8x8x5`?"),
        ("input: 8x8x5\nexpect: {flops: 3G}\nlayers: [relu]\n", "a MAC is two FLOPs"),
        (
            "input: 8x8x5\noutputs: [relu1, relu9]\nlayers: [relu, tanh]\n",
            "of kind relu here: relu1",
        ),
    ],
)
def test_the_file_itself(text: str, help: str) -> None:
    assert load("net.yaml", text.encode()).findings[0].help[0].startswith(help)

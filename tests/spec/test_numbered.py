"""Words with a number as keys, and numbers behind them: ``fc8: 10``, ``conv3: 64``."""

import pytest

from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

HEAD = "input: 32x32x16\nvars: {k: 4}\nlayers:\n"

#: entries, and what `--fix` writes in their place: the name stays where the word is one
WRITTEN = {
    "- fc8: 10": "- fc: {units: 10}\n  name: fc8",
    "- fc8: =2*k": "- fc: {units: =2*k}\n  name: fc8",
    "- dense_1: 10": "- fc: {units: 10}\n  name: dense_1",
    "- Linear1: 10": "- fc: {units: 10}\n  name: Linear1",
    "- {fc8: 10}": "- {fc: {units: 10}, name: fc8}",
    "- fc8: 10\n  from: input": "- fc: {units: 10}\n  name: fc8\n  from: input",
    "- {fc8: 10, from: input}": "- {fc: {units: 10}, name: fc8, from: input}",
    "- fc8: 10\n  name: out": "- fc: {units: 10}\n  name: out",
    "- fc8:10": "- fc: {units: 10}\n  name: fc8",
    "- fc1: [10]": "- fc: {units: 10}\n  name: fc1",
    "- pool1: 2": "- max_pool: {kernel: 2}\n  name: pool1",
    "- pool1:2": "- max_pool: {kernel: 2}\n  name: pool1",
    "- max_pool1: 2": "- max_pool: {kernel: 2}\n  name: max_pool1",
    "- avgpool1: =k": "- avg_pool: {kernel: =k}\n  name: avgpool1",
    "- pool2: 2": "- pool2",
    "- pool3x3: 2": "- pool3x3s2",
    "- max_pool2x2: 2": "- maxpool2x2",
    "- dropout6: 0.5": "- dropout: {rate: 0.5}\n  name: dropout6",
    "- gn1: 4": "- group_norm: {groups: 4}\n  name: gn1",
    "- upsample1: 2": "- upsample: {scale: 2}\n  name: upsample1",
    "- bn1: 16": "- batch_norm:\n  name: bn1",
    "- conv3x3: 128": "- conv3x3-128",
    "- conv1x1: =4*k": "- conv: {filters: =4*k, kernel: 1}",
    "- conv3x3: =4*k": "- conv: {filters: =4*k, kernel: 3, pad: 1}",
    "- conv3x3: =min(8, k)": '- conv: {filters: "=min(8, k)", kernel: 3, pad: 1}',
    "- conv_3x5: 8": "- conv3x5-8",
    "- conv3x3: {filters: 128, stride: 2}": "- conv3x3-128s2",
    "- conv3x3: {out_channels: 128, bias: false}": (
        "- conv: {filters: 128, kernel: 3, pad: 1, bias: false}"
    ),
    "- conv3: 64": "- conv3-64",
    "- conv3: =k": "- conv: {filters: =k, kernel: 3, pad: 1}",
    "- conv3: {filters: 64}": "- conv3-64",
    "- conv3: 8\n- conv3: 8\n- conv3: 16": "- conv3-8\n- conv3-8\n- conv3-16",
    "- conv3-8\n- conv3-8\n- conv3-8\n- conv3: 64": "- conv3-8\n- conv3-8\n- conv3-8\n- conv3-64",
    "- conv64: 3": "- conv3-64",
    "- fc-10: 10": "- fc-10",
    "- conv3-64: 64": "- conv3-64",
}


@pytest.mark.parametrize(("entry", "ours"), WRITTEN.items())
def test_a_number_behind_a_numbered_word_is_kept(entry: str, ours: str) -> None:
    found = words_replaced(load("net.yaml", f"{HEAD}{entry}\n".encode()))
    assert found is not None
    assert found.text == f"{HEAD}{ours}\n"
    assert not [code for code in found.errors if code < "CC1"]


_CONV1 = (
    "as a name it stands below its layer: `- conv3-64:` with its own kernel, and `name: conv1`",
    "`conv1-64` is 1x1 with 64 filters",
)
TOLD = {
    "- conv1: 64": _CONV1,
    "- conv1: {filters: 64}": _CONV1,
    "- conv3-8\n- conv3-8\n- conv3: 64": (_CONV1[0].replace("conv1", "conv3"),
                                          "`conv3-64` is 3x3 with 64 filters"),
    "- conv1: 8\n- conv3: 64": (_CONV1[0].replace("64", "8"), "`conv1-8` is 1x1 with 8 filters"),
    "- conv0: 64": (_CONV1[0].replace("conv1", "conv0"),),
    "- conv1_1: 64": (_CONV1[0].replace("conv1", "conv1_1"),),
    "- conv64: 128": (_CONV1[0].replace("conv1", "conv64").replace("-64", "-128"),),
    "- conv2d_1: =k": (
        "as a name it stands below its layer: `- conv: {filters: =k, kernel: 3}` with its own "
        "kernel, and `name: conv2d_1`",
    ),
    "- pool3: 2": (
        "as a name it stands below its layer: `- max_pool: {kernel: 2}`, and `name: pool3`",
        "`pool3s2` is 3x3 with stride 2",
    ),
    "- pool1: [3, 2]": (
        "as a name it stands below its layer: `name: pool1`",
        "write `max_pool: {kernel: 3, stride: 2}`, or of a window of 3x2: `kernel: 3x2`",
    ),
    "- conv3: [64, 2]": (
        "as a name it stands below its layer: `name: conv3`, and there its own numbers",
        "write `conv3-64s2`, with 2 as the stride",
    ),
    "- conv3x3: [64, 2]": ("write `conv3x3-64s2`, with 2 as the stride",),
    "- conv0: [64, 2]": (
        "as a name it stands below its layer: `name: conv0`",
        "write `conv: {filters: 64, kernel: 2}`",
    ),
    "- deconv4: 32": (
        "as a name it stands below its layer: `name: deconv4`, and there its own numbers",
        "write `conv_transpose: {filters: 32, kernel: 4}`",
    ),
    "- deconv4x4: [32, 2]": (
        "write `conv_transpose: {filters: 32, kernel: 4, stride: 2}`, with 2 as the stride",
    ),
    "- conv1: [96, 11, 4]": (
        "as a name it stands below its layer: `name: conv1`",
        "write `conv: {filters: 96, kernel: 11, stride: 4}`",
    ),
    "- lrn1: 5": (
        "as a name it stands below its layer: `name: lrn1`",
        "write `lrn: {size: 5}`",
    ),
    "- deconv1: 32": (
        "as a name it stands below its layer: `name: deconv1`",
        "write `conv_transpose: {filters: 32, kernel: 3}`",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("entry", "told"), TOLD.items())
def test_of_two_readings_neither_is_an_edit(entry: str, told: tuple[str, ...]) -> None:
    network = load("net.yaml", f"{HEAD}{entry}\n".encode())
    assert network.findings[0].help == told
    assert words_replaced(network) is None


def test_a_merge_still_reads_layers_by_name() -> None:
    text = f"{HEAD}- conv3-8\n- conv3-8\n- conv1\n"
    (found,) = load("net.yaml", text.encode()).findings
    assert found.help[0].startswith("conv1 is a layer's name: a merge reads layers by name")

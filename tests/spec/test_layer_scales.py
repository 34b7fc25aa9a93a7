"""ConvNeXt's and CaiT's layer scale: learned factors, of which the number is where they start."""

import pytest

import convcalc

NET = "input: 7x7x96\nlayers:\n  - conv1-96\n  - "


@pytest.mark.parametrize(
    "entry",
    [
        "layer_scale",
        "layer_scale: 1e-6",
        "LayerScale: 1e-6",
        "LayerScale: 0.1",
        "layer_scale: 1",
        "layer_scale: 96",
        "LayerScale: [96, 1e-6]",
        "layer_scale: {init: 1e-6}",
        "layer_scale: {dim: 96, init_values: 1e-6}",
        "LayerScale(96, 1e-6)",
        "LayerScale(96, init_values=1e-6)",
    ],
)
def test_it_is_learned_whatever_its_factors_start_with(entry: str) -> None:
    first = convcalc.load(f"{NET}{entry}\n").repairs[0]
    assert first.text == f"{NET}scale\n"
    assert convcalc.analyze(convcalc.load(first.text)).totals.params == 97 * 96 + 96


def test_other_channels_than_arrive_are_no_edit() -> None:
    net = convcalc.load(f"{NET}LayerScale: [64, 1e-6]\n")
    assert net.findings[0].help == ("7x7x96 arrives, not 64 channels",) and net.repairs == ()


def test_a_scale_of_the_file_with_a_number_is_a_constant() -> None:
    first = convcalc.load(f"{NET}scale: 0.1\n").repairs[0]
    assert first.text == f"{NET}scale: {{by: 0.1}}\n"


@pytest.mark.parametrize("entry", ["ReLU: true", "Softmax: 1", "Flatten: 1", "MaxPool2d: 2"])
def test_other_classes_with_a_value_are_read_as_before(entry: str) -> None:
    assert convcalc.load(f"{NET}{entry}\n").findings[0].help

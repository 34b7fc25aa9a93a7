"""Beside a kind: how often its layer is made and whether, and what it reads then."""

import pytest


def test_a_layer_of_no_times_is_left_out(layers) -> None:
    spec = layers("- {relu: , name: x, times: 0}\n- tanh\n- {relu: , from: x}")
    (finding,) = spec.analysis.findings
    assert finding.message == "'x' is left out: its `times` in line 3 is 0"
    assert finding.help == ("read another layer",)


def test_times_and_when(layers) -> None:
    assert layers("- {relu: , times: 0}\n- tanh").names == ["tanh1"]
    assert layers("- {relu: , times: 2}").names == ["relu1", "relu2"]
    assert layers("- {relu: , times: =1+1, name: r}").names == ["r.1", "r.2"]
    head = "vars: {stride: 2}\n"
    assert layers("- {relu: , when: =stride != 1}", head=head).names == ["relu1"]
    assert layers("- {relu: , when: =stride == 1}\n- tanh", head=head).names == ["tanh1"]
    words = '- {relu: , when: "=not (stride > 2) and stride >= 2 or stride < 0"}'
    assert layers(words, head=head).names == ["relu1"]


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ("times: -1", "3:19: error[CC014] times: expected an integer from 0, got -1"),
        ("times: true", "3:19: error[CC014] times: expected an integer from 0, got true"),
        ("times: 1.5", "3:19: error[CC014] times: expected an integer from 0, got 1.5"),
        ("when: hello", "3:18: error[CC014] when needs a condition"),
        ("when: =1 +", "3:18: error[CC015] =1 +: the formula ends too early"),
        ("weights: nope", None),
    ],
)
def test_times_and_when_that_are_none(layers, beside, told) -> None:
    spec = layers(f"- {{relu: , {beside}}}")
    assert spec.told == [told or "3:21: error[CC123] relu has no parameters to share"]


@pytest.mark.parametrize(
    ("beside", "made"),
    [
        ("from: input, when: =in_channels == 3", ["conv1", "conv2"]),
        ("from: input, when: =in_channels == 5", ["conv1"]),
        ("when: =in_channels == 5", ["conv1", "conv2"]),
        ("from: [input], times: =in_channels - 1", ["conv1", "conv2", "conv3"]),
    ],
)
def test_in_channels_of_when_and_times_are_those_of_from(layers, beside, made) -> None:
    entry = f"- conv1-5\n- {{conv: {{filters: =in_channels, kernel: 1}}, {beside}}}"
    assert layers(entry).names == made


@pytest.mark.parametrize(
    ("entry", "reads"),
    [
        ("{conv3-4: , from: conv1, times: 3}", ["conv1", "conv2", "conv3"]),
        ("{unit: , from: conv1, times: 3}", ["conv1", "unit1.conv1", "unit2.conv1"]),
        ("{add: {branches: {a: [], b: [conv3-4]}}, from: conv1, times: 2}", ["conv1", "add1"]),
        ("{repeat: {times: 3, layers: [conv3-4]}, from: conv1}", ["conv1", "conv2", "conv3"]),
    ],
)
def test_the_first_of_several_in_a_row_reads_what_from_names(layers, entry, reads) -> None:
    head = "blocks: {unit: {layers: [conv3-4]}}\n"
    spec = layers(f"- conv3-4\n- tanh\n- {entry}", head=head)
    assert [code for code in spec.codes if code != "CC124"] == ["CC120"]  # of the tanh alone
    steps = spec.network.steps
    convs = [step for step in steps if step.kind == "conv" and step.name != "conv1"]
    assert [steps[step.inputs[0]].name for step in convs] == reads


def test_a_from_that_is_wrong_is_one_error_with_a_when(layers) -> None:
    spec = layers("- conv1-5\n- {relu: , from: conv9, when: =in_channels == 5}")
    assert len(spec.codes) == 1

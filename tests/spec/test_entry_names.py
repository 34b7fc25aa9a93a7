"""The name of a layer: given or automatic, once, and numbered where the layer is repeated."""

import pytest


def test_automatic_names_number_a_kind_and_step_aside(layers) -> None:
    spec = layers("- relu\n- {relu: , name: relu1}\n- relu\n- conv3-4\n- pool2\n- fc-3")
    assert spec.names == ["relu2", "relu1", "relu3", "conv1", "max_pool1", "fc1"]


@pytest.mark.parametrize("name", ["layer1.0.conv1", "a_b-c/d", "3", "X"])
def test_names_that_torch_users_paste(layers, name) -> None:
    assert layers(f"- {{relu: , name: {name}}}").layers == [(name, (8, 8, 3))]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("input", "'input' is the name of the network's input"),
        ("a b", "'a b' is not a valid name"),
        ("=x", "'=x' is not a valid name"),
        ("''", "'' is not a valid name"),
        ("ä", "'ä' is not a valid name"),
        ("x" * 121, "is not a valid name"),
        ("[x]", "a name must be text"),
        ("{x: 1}", "a name must be text"),
    ],
)
def test_names_that_are_none(layers, name, told) -> None:
    spec = layers(f"- {{relu: , name: {name}}}")
    assert spec.codes == ["CC018"]
    assert told in spec.told[0]


def test_a_name_is_given_once(layers) -> None:
    spec = layers("- {relu: , name: x}\n- {tanh: , name: x}")
    assert spec.told == ["4:18: error[CC018] two layers are called 'x'"]
    assert spec.analysis.findings[0].related[0].span.line == 3


@pytest.mark.parametrize("names", [("x.2", "x"), ("x", "x.2")])
def test_a_name_that_times_makes_is_told(layers, names) -> None:
    spec = layers("\n".join(f"- {{tanh: , name: {n}{', times: 3' * (n == 'x')}}}" for n in names))
    assert spec.told == ["4:18: error[CC018] two layers are called 'x.2'"]
    assert spec.analysis.findings[0].help == (
        "`times` makes x.1, x.2 ... of the name 'x': give another one"
        if names[1] == "x" else "`times` makes x.2 of the name 'x': give another one",
    )  # fmt: skip


def test_repeated_names_are_numbered_and_the_bare_name_is_the_latest(layers) -> None:
    spec = layers(
        "- {conv3-8: , times: 3, name: c}\n"
        "- {conv1-4: , from: c.2}\n- {conv1-4: , from: c}\n- {add: , from: [conv1, conv2]}"
    )
    assert spec.names == ["c.1", "c.2", "c.3", "conv1", "conv2", "add1"]
    assert [step.inputs for step in spec.network.steps][4:] == [(2,), (3,), (4, 5)]
    assert spec.told == []


def test_automatic_names_step_aside_for_every_given_name(layers) -> None:
    given = "- {relu: , name: conv1}\n- {relu: , name: conv2}\n"
    assert layers(f"{given}- conv3-4").names == ["conv1", "conv2", "conv3"]


def test_a_kind_that_ends_in_a_digit_is_numbered_apart(layers) -> None:
    assert layers("- relu6\n- relu6").names == ["relu6_1", "relu6_2"]

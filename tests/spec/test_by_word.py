"""Layers that are read by the word that made them, where a name belongs."""

import pytest

RULE = "layers are read by name, not by kind or short form"


@pytest.mark.parametrize(
    ("reference", "help"),
    [
        ("conv3-8", f"made by `conv3-8` here: stem, conv1\n{RULE}"),
        ("pool2", f"did you mean `max_pool1`?\n{RULE}"),
        ("conv3-16", f"of kind conv here: conv1, conv2, conv3 and others above them\n{RULE}"),
        ("conv5-8", f"did you mean `conv2`?\n{RULE}"),
        ("Conv2d", f"of kind conv here: conv1, conv2, conv3 and others above them\n{RULE}"),
        ("pool", f"of kind max_pool here: max_pool1\n{RULE}"),
        ("conv9", "of kind conv here: conv1, conv2, conv3 and others above them"),
        ("fc-10", f"known here: conv1, conv2, conv3 and 3 above them\n{RULE}"),
        ("fc1", "known here: conv1, conv2, conv3 and 3 above them"),
    ],
)
def test_the_word_of_an_entry_leads_to_its_name(layers, reference: str, help: str) -> None:
    above = (
        "- {conv3-8: , name: stem}\n- pool2\n- conv3-8\n- conv5-8\n- conv: {filters: 4, kernel: 1}"
    )
    assert layers(f"{above}\n- {{relu: , from: {reference}}}").help == help
    assert layers(f"{above}\noutputs: [{reference}]").help == help


def test_a_layer_of_a_repeat_is_not_named_by_its_turn(layers) -> None:
    turn = "- repeat: {times: 2, layers: [conv3-3, {relu: , from: conv3-3}]}"
    told = layers(turn).help
    assert set(told.splitlines()) == {
        f"{RULE}: write a `name:` beside that layer, and the name here"
    }


def test_a_broken_short_form_keeps_its_number(layers) -> None:
    """The next one of its kind is called as it will be when the fault is mended."""
    spec = layers("- {conv3-4: , from: nix}\n- conv3-4\n- {relu: , from: conv2}")
    assert spec.names == ["conv1", "conv2", "relu1"]
    assert spec.codes == ["CC017"]


def test_an_output_is_listed_once(layers) -> None:
    entries = "- {conv3-4: , name: a}\n- relu\noutputs: [a, relu1, %s]"
    spec = layers(entries % "a")
    assert spec.told == ["5:21: error[CC014] outputs lists the layer 'a' twice"]
    assert spec.help == "leave one out"
    assert layers(entries.replace(", %s", "")).told == []

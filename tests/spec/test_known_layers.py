"""A name that is no layer's: which layers are known at that place, and how they are read."""

import pytest


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ("- {relu: , from: fc1}\n- fc-10", "'fc1' is defined later (line 5)"),
        ("- {add: , from: [input, b1.conv1]}\n- b", "'b1.conv1' is defined later"),
        ("- {relu: , from: relu1}", "'relu1' is this layer itself"),
        ("- relu\n- {tanh: , from: fc1}", "no layer 'fc1'"),
    ],
)
def test_a_layer_further_down_is_known_by_its_automatic_name(layers, entries, told) -> None:
    spec = layers(entries, head="blocks: {b: {layers: [conv3-3]}}\n")
    assert spec.codes == ["CC017"]
    assert spec.told[0].endswith(f"error[CC017] {told}")
    below = told.startswith("'")
    assert spec.help == ("a layer can only read layers above it" if below else _KNOWN)


_KNOWN = "known here: input, relu1"


def test_a_reference_that_counts_backwards_names_the_layer(layers) -> None:
    head = "blocks: {b: {layers: [conv3-3, tanh, {relu: , from: -2}]}}\n"
    for back, name in {"-1": "relu1", "-2": "conv1", "-3": "input"}.items():
        told = f"did you mean `{name}`?\nlayers are read by name, not by number"
        assert layers(f"- conv3-3\n- relu\n- {{tanh: , from: {back}}}").help == told
    assert layers("- b", head=head).help.startswith("did you mean `conv1`?")
    assert layers("- relu\n- {tanh: , from: -3}").help == _KNOWN
    for odd in ("-0", "-99999999", "-\u0661"):
        assert "number" not in layers(f"- relu\n- {{tanh: , from: '{odd}'}}").help


def test_a_layer_that_has_another_name_on_every_turn_is_not_named(layers) -> None:
    rule = "layers are read by name, not by number"
    named = f"{rule}: write a `name:` beside that layer, and the name here"
    turn = "- repeat: {{times: 2, layers: [conv3-3, {}, {{add: , from: [{}]}}]}}"
    assert layers(turn.format("relu", "-1, -2")).help == f"{named}\n{named}"
    given = layers(turn.format("{relu: , name: r}", "-1, input")).help
    assert given == f"did you mean `r`?\n{rule}"
    broken = layers("- {conv3-3: , from: -9}\n- {tanh: , from: -1}").help
    assert broken.splitlines()[-1] == named


def test_layers_that_are_not_listed_are_counted(layers) -> None:
    spec = layers("- conv3-3\n- relu\n- pool2\n- {tanh: , from: stem}")
    assert spec.help == "known here: conv1, relu1, max_pool1 and 1 above them"


def test_layers_of_a_call_are_listed_by_its_name(layers) -> None:
    """Nobody writes `e2.relu1` where the whole call is meant; a file may have very many of them."""
    head = "blocks: {b: {layers: [conv3-3, relu, {tanh: , from: nix}]}}\n"
    good = head.replace(", {tanh: , from: nix}", "")
    calls = "- {b: , name: e1}\n- pool2\n- {b: , name: mid}\n- {tanh: , from: e11}"
    assert layers(calls, head=good).help == "known here: e1, max_pool1, mid and 1 above them"
    assert layers("- b", head=head).help == "known here: input, conv1, relu1"

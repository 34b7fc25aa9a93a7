"""Layers that are read by the word that made them, where a name belongs."""

import pytest

from convcalc.fix.search import offers
from convcalc.spec.load import load

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
        ("fc-10", f"known here: stem, conv2, conv3 and 3 others\n{RULE}"),
        ("fc1", "known here: stem, conv2, conv3 and 3 others"),
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


BLOCK = """\
input: 32x32x3
blocks:
  res:
    layers:
      - conv3-16
      - relu
      - add:
        from: [NAME, relu1]
layers:
  - conv3-16
  - res
  - res
"""


@pytest.mark.parametrize("name", ["identity", "x", "in", "inp", "skip", "residual", "shortcut"])
def test_what_may_be_a_layer_s_name_is_not_given_to_what_arrives(name: str) -> None:
    """It may be a projection without its name: that one was read by nobody then."""
    text = BLOCK.replace("NAME", name)
    (found,) = load("net.yaml", text.encode()).findings
    assert f"a layer that is meant needs `name: {name}`; what arrives" in found.help[0]
    assert not offers(load("net.yaml", text.encode()))


@pytest.mark.parametrize("name", ["x", "skip"])
def test_a_block_with_a_layer_as_its_argument_may_mean_that(name: str) -> None:
    """A U-Net was repaired to one that reads none of its encoder."""
    text = BLOCK.replace("NAME", name).replace("  res:\n", "  res:\n    args: {enc: conv1}\n")
    (found, *_) = load("net.yaml", text.encode()).findings
    assert found.help[0] == "did you mean `=enc`?"
    assert not any("identity" in offer.text for offer in offers(load("net.yaml", text.encode())))


UP = """\
input: 32x32x3
blocks:
  up:
    args: {c: , enc: }
    layers:
      - {conv_transpose: {filters: =c, kernel: 2, stride: 2}, name: t}
      - {concat: , from: [NAME, t]}
layers:
  - {conv3-8: , name: d1}
  - pool2
  - conv3-16
  - up: [8, d1]
"""


@pytest.mark.parametrize("name", ["x", "skip"])
def test_the_one_argument_that_nothing_reads_is_meant(name: str) -> None:
    (offer, *_) = offers(load("net.yaml", UP.replace("NAME", name).encode()))
    assert offer.text == UP.replace("NAME", "=enc")


def test_an_argument_that_is_read_is_not_meant() -> None:
    text = UP.replace("[NAME, t]", "[skip, =enc, t]")
    assert not offers(load("net.yaml", text.encode()))


def test_of_two_arguments_that_nothing_reads_none_is_taken() -> None:
    text = UP.replace("NAME", "skip").replace("enc: }", "enc: , low: }").replace("d1]", "d1, d1]")
    (found, *_) = load("net.yaml", text.encode()).findings
    assert found.help[0] == "an argument is read as `=enc` or `=low`"


def test_a_layer_of_nearly_that_name_is_meant() -> None:
    text = BLOCK.replace("NAME", "inp").replace("- relu\n", "- {relu: , name: inpt}\n")
    (found, *_) = load("net.yaml", text.replace("relu1", "conv1").encode()).findings
    assert found.help[0] == "did you mean `inpt`?"


def test_a_name_that_a_call_gives_is_not_named_in_the_block() -> None:
    text = BLOCK.replace("NAME", "=a").replace("  res:\n", "  res:\n    args: {a: conv1}\n")
    text = text.replace("  - res\n  - res\n", "  - res\n  - res: x\n")
    found = offers(load("net.yaml", text.encode()))
    assert not any("identity" in offer.text for offer in found)


def test_the_input_of_the_net_is_not_what_arrives_at_a_block() -> None:
    (found,) = load("net.yaml", BLOCK.replace("NAME", "input").encode()).findings
    assert found.code == "CC107"
    assert found.help[0].startswith("`input` is the net's input: give what arrives at the block")
    assert "read `from: [start, relu1]`" in found.help[0]


def test_at_the_first_layer_of_a_net_they_are_the_same() -> None:
    text = BLOCK.replace("NAME", "input").replace("  - conv3-16\n  - res\n  - res\n", "  - res\n")
    (found,) = load("net.yaml", text.encode()).findings
    assert found.code == "CC107"
    assert "`conv1-16`" in found.help[0]


@pytest.mark.parametrize(
    ("name", "reference"),
    [("conv4_3", "conv4-3"), ("conv4_3", "conv4.3"), ("pool.a", "pool_a"), ("abs1", "abs-1")],
)
def test_a_name_with_other_signs_between_its_parts_is_meant(
    layers, name: str, reference: str
) -> None:
    """A short form, `conv4-3`, is one of `conv4_3`, too."""
    entries = f"- {{conv3-4: , name: {name}}}\n- conv3-4\n- {{relu: , from: {reference}}}"
    assert layers(entries).help == f"did you mean `{name}`?"


def test_of_two_names_that_differ_in_signs_none_is_taken(layers) -> None:
    entries = "- {conv3-4: , name: conv4_3}\n- {conv3-4: , name: conv4.3}"
    assert "did you mean" not in layers(f"{entries}\n- {{relu: , from: conv4-3}}").help


def test_the_word_of_an_entry_is_not_another_name(layers) -> None:
    """Who writes what an entry is called by may mean that one as well."""
    told = layers("- {conv3-4: , name: conv3_4}\n- conv3-4\n- {relu: , from: conv3-4}").help
    assert "made by `conv3-4` here" in told or told.startswith("did you mean `conv1`?")


CALLS = """\
input: 32x32x3
blocks:
  dbl:
    args: {f: 8}
    layers: [conv3-8, relu, conv1-8, abs]
layers:
  - {dbl: , name: enc1}
  - {dbl: , name: enc2}
  - relu
  - {add: , from: [relu1, NAME]}
"""


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("enc1.relu", f"did you mean `enc1.relu1`?\n{RULE}"),
        ("enc1.abs", f"did you mean `enc1.abs1`?\n{RULE}"),
        ("enc1.conv", f"of kind conv in enc1: enc1.conv1, enc1.conv2\n{RULE}"),
        ("enc1.conv1-8", f"did you mean `enc1.conv2`?\n{RULE}"),
    ],
)
def test_a_kind_behind_the_name_of_a_call_is_looked_for_in_that_call(name: str, help: str) -> None:
    text = CALLS.replace("NAME", name)
    (found,) = [one for one in load("net.yaml", text.encode()).findings if one.code == "CC017"]
    assert "\n".join(found.help) == help
    meant = help.removeprefix("did you mean `").partition("`")[0]
    offered = [offer.text for offer in offers(load("net.yaml", text.encode()))]
    assert offered[:1] == ([CALLS.replace("NAME", meant)] if "did you" in help else [])

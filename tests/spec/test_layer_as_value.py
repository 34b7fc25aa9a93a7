"""Entries whose value is a layer of its own: the key is that layer's name."""

import pytest

from tests.fix.repairs import first

NAMED = "a name stands beside its layer: `- {}`, and `name: {}` below it"


@pytest.mark.parametrize(
    ("entry", "layer", "name"),
    [
        ("pool1: maxpool2", "maxpool2:", "pool1"),
        ("pool1: [maxpool2]", "maxpool2:", "pool1"),
        ("maxpool: maxpool2", "maxpool2:", "maxpool"),
        ("avgpool: global_avg_pool", "global_avg_pool:", "avgpool"),
        ("gap: GlobalAveragePooling2D", "global_avg_pool:", "gap"),
        ("relu1: ReLU", "relu:", "relu1"),
        ("pool1: MaxPool2d(2, 2)", "pool2:", "pool1"),
        ("pool2: {type: max_pool, kernel: 2}", "max_pool: {kernel: 2}", "pool2"),
        ("pool2: {max_pool: {kernel: 2}}", "max_pool: {kernel: 2}", "pool2"),
        ("conv3: {conv3-8: }", "conv3-8:", "conv3"),
        ("fc1: {fc: 10}", "fc: {units: 10}", "fc1"),
        ("up1: {upsample: 2}", "upsample: {scale: 2}", "up1"),
    ],
)
def test_the_key_of_a_layer_is_its_name(layers, entry, layer, name) -> None:
    assert layers(f"- {entry}").help == NAMED.format(layer, name)
    text = "input: 8x8x3\nlayers:\n  - {}\n"
    assert first(text.format(entry)) == text.format(f"{layer}\n    name: {name}")


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("up1: {scale: 2}", "unknown layer kind 'up1'"),
        ("skip: relu", "identity"),
        ("conv3-8: relu", "leave out `relu`"),
        ("pool1: MaxPool2D", "`name: pool1`: write `max_pool: {kernel: 2, stride: 2}`"),
        ("d1: {relu: true}", "d1"),
    ],
)
def test_other_values_are_no_layers_of_their_own(layers, entry, told) -> None:
    found = layers(f"- {entry}")
    assert "a name stands" not in found.help
    assert told in found.help + "".join(found.told)


def test_a_layer_that_has_a_name_already_takes_the_place_of_its_key(layers) -> None:
    said = layers("- pool1: maxpool2\n  name: p").help
    assert said == "write `maxpool2` in place of `pool1: maxpool2`"


@pytest.mark.parametrize("kind", ["dropout", "relu", "flatten"])
def test_a_kind_as_its_own_value_is_that_kind(layers, kind) -> None:
    said = f"write `{kind}` in place of `{kind}: {kind}`"
    assert layers(f"- {kind}: {kind}").help == said

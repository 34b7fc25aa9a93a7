"""Names among the words of a pattern: the layer with its name is offered, and no other layer."""

import pytest

from tests.fix.repairs import first

UNET = (
    "input: 8x8x3\nlayers:\n  - conv3-8\n  - {}\n  - conv3-8\n  - add:\n    from: [skip1, conv2]\n"
)


@pytest.mark.parametrize("entry", ["relu as skip1", "relu name=skip1", "relu AS skip1"])
def test_a_name_behind_its_layer_is_put_beside_it(layers, entry) -> None:
    found = layers(f"- {entry}")
    assert found.codes == ["CC021"]
    assert found.help == "did you mean `{relu: , name: skip1}`?"
    assert first(UNET.format(entry)) == UNET.format("{relu: , name: skip1}")


def test_a_name_among_more_words_is_said_where_it_belongs(layers) -> None:
    found = layers("- conv3-8 relu as skip1 pool2")
    assert found.help == "a layer's name is below it: `- relu:`, and `name: skip1` on the next line"


def test_a_merge_with_names_reads_them_by_from(layers) -> None:
    help = layers("- relu\n- concat with skip1 and skip2").help
    assert help.startswith("write `from: [..., skip1, skip2]` below `- concat:`")


@pytest.mark.parametrize("entry", ["relu -> skip1", "relu -> skip", "skip1"])
def test_a_name_of_ones_own_is_no_identity(layers, entry) -> None:
    found = layers(f"- conv3-8\n- {entry}")
    assert "did you mean" not in found.help
    assert f"`name: {entry.rpartition(' ')[2]}`" in found.help


def test_a_skip_is_an_identity_where_a_branch_is_expected(layers) -> None:
    assert layers("- add: {branches: [conv3-3, skip]}").help == "did you mean `identity`?"


def test_a_block_may_be_called_as(layers) -> None:
    assert layers("- relu as", head="blocks: {as: {layers: [tanh]}}\n").told == []


def test_a_name_behind_a_kind_is_said_where_it_belongs(layers) -> None:
    assert layers("- relu: skip1").help.endswith("a name stands below its layer: `name: skip1`")

"""The arithmetic of a layer, held against the notes' numbers and against itself."""

import pytest

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.explain.layer import NoLayerError, explain_layer, find
from convcalc.explain.peak import Peak
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern
from tests.explain.explained import bundled, explained, section, text


def test_alexnet_conv1_is_told_as_the_notes_tell_it() -> None:
    conv1 = explained("alexnet", "conv1")
    assert "(227 - 11 + 2*0)/4 + 1 = 55" in text(section(conv1, "size"))
    neurons = section(conv1, "neurons and connections").numbers
    assert neurons == {
        "neurons": 290_400,
        "connections_per_neuron": 363,
        "connections": 105_415_200,
    }
    sharing = section(conv1, "parameters").numbers
    assert (sharing["shared"], sharing["unshared"]) == (34_944, 105_705_600)
    assert (sharing["weights"], sharing["biases"]) == (34_848, 96)
    matrices = section(conv1, "as a matrix product (im2col)").numbers
    assert matrices["x_col"] == [363, 3025]
    assert matrices["w_row"] == [96, 363]
    assert matrices["product"] == [96, 3025]
    assert "96 x 3025 -> 55x55x96" in text(section(conv1, "as a matrix product (im2col)"))


def test_what_is_not_shared_agrees_with_the_kind_that_does_not_share() -> None:
    net = "input: 227x227x3\nlayers: [{{{}: {{filters: 96, kernel: 11, stride: 4}}}}]\n"
    shared, unshared = (
        analyze(load("net", net.format(kind).encode())) for kind in ("conv", "locally_connected")
    )
    numbers = section(explain_layer(shared, 1), "parameters").numbers
    assert numbers["unshared"] == unshared.totals.params
    back = section(explain_layer(unshared, 1), "parameters").numbers
    assert back["shared"] == shared.totals.params


def test_groups_read_a_part_of_the_channels() -> None:
    conv2 = explained("alexnet", "conv2")
    assert section(conv2, "neurons and connections").numbers["connections_per_neuron"] == 1200
    matrices = section(conv2, "as a matrix product (im2col)").numbers
    assert (matrices["groups"], matrices["x_col"], matrices["w_row"]) == (
        2,
        [1200, 729],
        [128, 1200],
    )


def test_a_pool_says_what_it_discards() -> None:
    assert "75 % are discarded" in text(section(explained("vgg16", "pool1"), "size"))


def test_the_first_fc_is_a_conv_of_the_volume() -> None:
    parameters = text(section(explained("vgg16", "fc1"), "parameters"))
    assert "25,088 * 4,096 = 102,760,448 weights" in parameters
    assert "4,096 filters of 7x7" in parameters


@pytest.mark.parametrize("name", zoo.names())
def test_every_layer_of_every_net_is_explained_without_contradiction(name: str) -> None:
    analysis = bundled(name)
    peak = Peak(analysis)
    for index, row in enumerate(analysis.rows):
        explanation = explain_layer(analysis, index, peak)
        numbers = {key: n for s in explanation.sections for key, n in s.numbers.items()}
        assert numbers["output"] == list(row.step.output or ()), explanation.layer
        if "macs" in numbers:
            assert numbers["macs"] == row.macs
        if "w_row" in numbers:
            groups, (rows, positions) = numbers["groups"], numbers["x_col"]
            assert groups * numbers["w_row"][0] * rows * positions == row.macs
        if "shared" in numbers and row.step.kind != "locally_connected":
            assert numbers["shared"] == row.params
        if "connections" in numbers and row.step.kind != "fc":
            assert numbers["connections"] == row.macs


def test_a_layer_that_does_not_exist_gets_a_did_you_mean() -> None:
    network = bundled("vgg16").network
    with pytest.raises(NoLayerError, match=r"did you mean conv3_1\?"):
        find(network, "conv31")
    with pytest.raises(NoLayerError, match="conv1_1, relu1"):
        find(network, "zzz")


def test_a_block_is_no_layer_but_leads_to_its_layers() -> None:
    with pytest.raises(NoLayerError, match=r"block of 42 layers.*conv3_x\.bottleneck1\.conv1"):
        find(bundled("resnet50").network, "conv3_x")


def test_a_name_with_times_leads_to_its_layers() -> None:
    layers = "[{conv: {filters: 4, kernel: 1}, name: c, times: 3}, {relu: , name: d.0.e}]"
    network = load("net", f"input: 8x8x3\nlayers: {layers}\n".encode())
    with pytest.raises(NoLayerError, match=r"c stands for 3 layers: .*, such as c\.1"):
        find(network, "c")
    with pytest.raises(NoLayerError, match=r"d\.0 stands for 1 layer: .*, such as d\.0\.e"):
        find(network, "d.0")


def test_a_layer_that_is_not_exact_shows_the_equation_and_the_fault() -> None:
    analysis = analyze(load_pattern("conv3-5s2p0 relu fc-10", Overrides((10, 10, 3))))
    size = section(explain_layer(analysis, 1), "size")
    assert "(10 - 3 + 2*0)/2 + 1 = 4.5 -> 4  (input lost: 1 row never read)" in text(size)
    assert any(line.label == "error" for line in size.lines)
    behind = section(explain_layer(analysis, 2), "size")
    assert "not sized: conv1 before it could not be" in text(behind)
    far = analyze(load_pattern("conv3-5s2p0 relu pool2 relu", Overrides((10, 10, 3))))
    assert "conv1 before it" in text(section(explain_layer(far, 4), "size"))
    nothing = analyze(load_pattern("conv3-5 relu"))
    assert "--input 224x224x3 gives it one" in text(section(explain_layer(nothing, 2), "size"))


def test_a_layer_without_a_size_has_the_windows_of_the_nets_axes() -> None:
    sound = analyze(load_pattern("pool2 pool2", Overrides((9, 1))))
    assert explain_layer(sound, 2).what == "max pool 2/2"
    image = analyze(load_pattern("pool2 pool2", Overrides((9, 9, 1))))
    assert explain_layer(image, 2).what == "max pool 2x2/2"


def test_one_channel_and_one_bias_are_singular() -> None:
    net = analyze(load("net", b"input: 8x8x1\nlayers: [conv3-1]\n"))
    said = "".join(text(part) for part in explain_layer(net, 1).sections)
    assert "one channel deep" in said and "9 weights + 1 bias = 10" in said

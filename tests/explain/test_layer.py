"""The arithmetic of a layer, held against the notes' numbers and against itself."""

import re

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.explain.field import field
from convcalc.explain.holding import holding
from convcalc.explain.layer import NoLayerError, explain_layer, find
from convcalc.explain.peak import Peak
from convcalc.explain.record import Explanation, Section
from convcalc.memory.precisions import with_precision
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern


def bundled(name: str) -> Analysis:
    return analyze(load(name, zoo.read(name)))


def explained(name: str, layer: str) -> Explanation:
    analysis = bundled(name)
    return explain_layer(analysis, find(analysis.network, layer))


def section(explanation: Explanation, title: str) -> Section:
    return next(s for s in explanation.sections if s.title == title)


def text(section: Section) -> str:
    return "\n".join(line.text for line in section.lines)


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


def test_the_receptive_field_of_vgg16_grows_to_212() -> None:
    field = section(explained("vgg16", "pool5"), "receptive field")
    assert field.numbers == {
        "size": [212, 212],
        "stride": [32, 32],
        "padding": [90, 90],
        "positions_read": [212, 212],
    }
    assert ("pool5", "196 + (2 - 1)*16 = 212, stride 16*2 = 32") in field.lines


def test_a_merge_tells_every_branch_of_the_field() -> None:
    field = section(explained("resnet50", "conv2_x.bottleneck1.add1"), "receptive field")
    assert any("19, the largest of batch_norm3 19, batch_norm4 11" in x.text for x in field.lines)


_SUM = re.compile(r"(\d+) \+ \((\d+) - 1\)\*(\d+) = (\d+)")


@pytest.mark.parametrize("name", ["vgg16", "resnet50", "googlenet", "unet", "mobilenet_v2"])
def test_each_step_of_a_field_adds_up_and_leads_to_the_next(name: str) -> None:
    analysis = bundled(name)
    for index in range(1, len(analysis.rows)):
        sections = explain_layer(analysis, index).sections
        field = next((s for s in sections if s.title == "receptive field"), None)
        if field is None:
            continue
        reached = 1
        for label, told in field.lines[:-1]:
            sums = _SUM.match(told)
            if sums:
                before, extent, distance, after = map(int, sums.groups())
                assert before + (extent - 1) * distance == after, told
                assert before == reached or label == "...", (index, told)
            if label == "...":
                break
            number = re.match(r"\d+", told)
            assert number is not None, told
            if "the largest of" in told:
                assert int(number[0]) == reached, (index, told)
            reached = int(sums[4] if sums else number[0])
        else:
            assert reached == field.numbers["size"][0]


def test_behind_an_upsampling_a_field_is_counted_not_added() -> None:
    """Of three neighbours two always see the same position: 2, where a sum has no whole number."""
    spec = b"input: 8x8x3\nlayers: [{upsample: {scale: 2}}, conv3-4, conv2-4p0, conv3-4]\n"
    analysis = analyze(load("net", spec))
    told = text(section(explain_layer(analysis, 4), "receptive field"))
    assert "1, stride 1*(1/2) = (1/2)" in told
    assert "1 + (3 - 1)*(1/2) = 2" in told
    assert "3, the most that 2 positions (1/2) apart see" in told
    assert "3 + (3 - 1)*(1/2) = 4" in told


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


def test_what_backward_keeps_is_what_the_memory_model_keeps() -> None:
    from convcalc.memory.account import Account
    from convcalc.memory.training import training

    for name in ("vgg16", "googlenet", "mobilenet_v1", "mobilenet_v2"):
        analysis = bundled(name)
        peak = Peak(analysis)
        account = Account(training(analysis, 1), 1)
        trace, kept = account.trace, dict[int, int]()
        sizes = trace.sizes(1)
        for tensor, step, _ in trace.kept:
            kept[step] = kept.get(step, 0) + sizes[trace.of[tensor]]
        for index, row in enumerate(analysis.rows):
            if row.step.kind == "input" or not kept:
                continue
            told = section(explain_layer(analysis, index, peak), "in memory").numbers
            if row.step.inputs != (0,):
                assert told["kept_for_backward"] == kept.get(index, 0), row.step.name


@pytest.mark.parametrize("precision", ["fp32", "amp-fp16"])
def test_uneven_padding_is_a_copy_that_is_kept(precision: str) -> None:
    settings = with_precision(Settings(), precision)
    text_of = b"""input: 8x8x3
layers:
- conv3-4
- conv: {filters: 4, kernel: 3, stride: 2, pad: same}
- conv_transpose: {filters: 4, kernel: 3, stride: 2, pad: same}
- max_pool: {kernel: 3, stride: 1, pad: [0, 1, 0, 1]}
"""
    analysis, width = analyze(load("net.yaml", text_of), settings), 4 if precision == "fp32" else 2
    conv, transposed, pool = (section(explain_layer(analysis, i), "in memory") for i in (2, 3, 4))
    padded = 9 * 9 * 4 * width
    assert f"keeps a padded copy of its input conv1 9x9x4, {padded:,} bytes" in text(conv)
    assert conv.numbers["kept_for_backward"] == padded and conv.numbers["keeps"] == ["own"]
    assert f"its output takes {9 * 9 * 4 * width:,} bytes before that" in text(transposed)
    assert transposed.numbers["keeps"] == ["input 1"]
    assert f"keeps a padded copy of its input conv_transpose1 9x9x4, {padded:,}" in text(pool)


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


def test_a_checkpointed_layer_says_where_it_is_run_again() -> None:
    network = load("alexnet.yaml", zoo.read("alexnet"))
    for precision, casts in (("", 0), ("amp-fp16", 1)):
        settings = Settings(checkpoint="conv2..pool2", precision=precision)
        analysis = analyze(network, settings)
        names = [row.step.name for row in analysis.rows]
        inside = holding(analysis, names.index("conv2"))
        outside = holding(analysis, names.index("conv3"))
        assert inside is not None
        assert outside is not None
        told = [line.text for line in inside.lines]
        assert sum("in segment conv2..pool2" in line for line in told) == 1
        assert sum("its weight is cast again" in line for line in told) == casts
        assert not any("segment" in line.text for line in outside.lines)
        pool = holding(analysis, names.index("pool2"))
        assert pool is not None
        assert not any("cast again" in line.text for line in pool.lines), "it has no weight"


def test_one_position_has_no_neighbours() -> None:
    """A global pool and an fc make one; a row has some along one axis."""

    def last_line(layers: str, index: int) -> str:
        analysis = analyze(load("a.yaml", f"input: 8x8x3\nlayers: {layers}".encode()))
        found = field(analysis, index)
        assert found is not None
        return found.lines[-1].text

    assert last_line("[conv3-4, global_avg_pool]", 2) == (
        "an output sees 10 input positions on every axis; it starts 1 before the edge"
    )
    assert last_line("[conv3-4p0, fc-2]", 2) == (
        "an output sees 8 input positions on every axis; it starts at the edge"
    )
    assert last_line("[conv3-4]", 1).endswith(
        "; neighbours lie 1 apart; the first starts 1 before the edge"
    )
    row = "[{max_pool: {kernel: [8, 2]}}]"
    assert last_line(row, 1) == (
        "width: an output sees 2 input positions; neighbours lie 2 apart; "
        "the first starts at the edge"
    )


def test_branches_that_end_in_layers_called_alike_are_told_apart() -> None:
    net = """
input: 8x8x3
blocks: {half: {layers: [conv3-4, batch_norm]}}
layers:
  - {concat: {branches: [half, half, conv1-4]}}
"""
    analysis = analyze(load("net.yaml", net.encode()))
    found = explain_layer(analysis, find(analysis.network, "concat1"))
    shown = text(section(found, "receptive field"))
    assert "3, the largest of half1.batch_norm1 3, half2.batch_norm1 3, conv1 1" in shown

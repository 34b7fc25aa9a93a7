"""The rules of thumb on numbers worked out by hand, and on the nets they were made from."""

import pytest

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.findings import Finding
from convcalc.rules import RULES
from convcalc.rules.advise import Selection, wanted_findings
from convcalc.spec.load import load

EVERYTHING = Selection(select=frozenset(rule.code for rule in RULES))


def advice(text: str, selection: Selection = EVERYTHING) -> dict[str, Finding]:
    """Advice by the rule's name."""
    findings = wanted_findings(analyze(load("a.yaml", text.encode())), selection)
    assert not [f.message for f in findings if f.severity == "error"]
    return {finding.name: finding for finding in findings if finding.code >= "CC2"}


def of_net(name: str) -> dict[str, Finding]:
    found = wanted_findings(analyze(load(name, zoo.read(name))), Selection())
    return {finding.name: finding for finding in found if finding.code >= "CC2"}


def test_vgg16_gets_its_two_remarks_and_its_pattern() -> None:
    found = of_net("vgg16")
    assert set(found) == {"first-fc-dominates", "early-layers-dominate", "notes-pattern"}
    # 7*7*512*4096 weights + 4096 biases of 138,357,544
    message = found["first-fc-dominates"].message
    assert message == "fc1 holds 102,764,544 of 138,357,544 parameters (74 %)"
    # 2 volumes of 224*224*64, one of 112*112*64, 2 of 112*112*128, of 15,237,608
    early = found["early-layers-dominate"]
    assert (2 * 224 * 224 * 64 + 112 * 112 * 64 + 2 * 112 * 112 * 128) == 10_436_608
    assert early.label == "10,436,608 of 15,237,608"
    assert early.message.startswith("68 % of the activations") and "conv2_2" in early.message
    assert "N = 2, 2, 3, 3, 3" in found["notes-pattern"].message


@pytest.mark.parametrize(
    ("net", "names"),
    [
        ("vgg19", {"first-fc-dominates", "early-layers-dominate"}),  # N = 4 is no recipe
        ("resnet50", {"padded-pool"}),
        ("vgg16_bn", {*of_net("vgg16"), "bias-before-batch-norm"}),
        (
            "lenet5",
            {"unpadded-conv", "stack-of-small-kernels", "first-fc-dominates", "average-pool"},
        ),
        ("mobilenet_v1", set()),
        ("resnet20-b", set()),
    ],
)
def test_the_famous_nets_stay_readable(net: str, names: set[str]) -> None:
    assert set(of_net(net)) == names


def test_no_bundled_net_gets_more_than_a_handful() -> None:
    assert max(len(of_net(name)) for name in zoo.names()) <= 6


@pytest.mark.parametrize(
    ("name", "layers"),
    [
        ("padded-pool", "[conv3-8, {max_pool: {kernel: 3, stride: 1, pad: 1}}]"),
        ("large-pool", "[conv3-8, {max_pool: {kernel: 5, stride: 1, pad: 2}}]"),
        ("large-pool", "[conv3-8, {avg_pool: {kernel: 32}}]"),  # a global pool
        ("large-kernel", "[conv3-8, {conv: {filters: 8, kernel: 32}}]"),  # an fc
        ("large-kernel", "[conv3-8, {conv: {filters: 8, kernel: [1, 7], pad: [0, 3]}}]"),
        ("large-kernel", "[conv3-8, {depthwise_conv: {kernel: 7, pad: 3}}]"),
        ("large-kernel", "[conv7-8]"),
        ("even-kernel", "[{conv: {filters: 8, kernel: 4, stride: 4}}]"),  # patches
        ("even-kernel", "[{conv: {filters: 8, kernel: 32}}]"),
        ("unpadded-conv", "[conv1-8]"),
        ("unpadded-conv", "[{conv: {filters: 8, kernel: 4, stride: 4}}]"),
        # 25 C^2 on 9x9: four 3x3 have 36 C^2
        (
            "stack-of-small-kernels",
            "[conv3-8, {conv: {filters: 8, kernel: 5, dilation: 2, pad: 4}}]",
        ),
        ("stack-of-small-kernels", "[conv3-8, {conv: {filters: 8, kernel: 5, groups: 8}}]"),
        ("bias-before-batch-norm", "[conv3-8, {concat: {branches: [batch_norm, identity]}}]"),
        ("bias-before-batch-norm", "[conv3-8, relu, batch_norm]"),
        ("first-fc-dominates", "[fc-100, relu, fc-10]"),  # no convolutional net
        ("notes-pattern", "[conv3-8, relu, {concat: {branches: [relu, relu]}}, fc-10]"),
        ("odd-size-at-pool", "[pool2, pool2]"),
        ("little-left-after-pools", "[conv3-1, {avg_pool: {kernel: 32}}]"),
    ],
)
def test_what_a_rule_leaves_alone(name: str, layers: str) -> None:
    assert name not in advice(f"input: 32x32x3\nlayers: {layers}")


def test_halvings_beyond_five_are_not_asked_for() -> None:
    spec = "input: {0}x{0}x3\nrounding: floor\nlayers: '[pool2]*6 conv1-8'"
    # 160 = 5 * 32, and the sixth pool takes 5 to 2
    assert "input-hardly-halves" not in advice(spec.format(160))
    finding = advice(spec.format(176))["input-hardly-halves"]  # 11 * 16
    assert finding.message == "height 176 can be halved 4 times, the net halves it 5 times"
    assert finding.help == ("`160x160x3` or `192x192x3`: multiples of 32",)


@pytest.mark.parametrize(
    "layers",
    [
        # 16 by 4 is 4; what a global pool makes of it and what is copied from it is no coarser
        "'[conv3-8 pool2]*2 global_avg_pool conv1-8 fc-10'",
        "['[conv3-8 pool2]*2', global_avg_pool, upsample: {size: 2}, conv3-8]",
        "'pool2 pool3s3p1 pool2'",  # 12 has two halves in it, not three
    ],
)
def test_only_halves_of_what_has_positions_are_counted(layers: str) -> None:
    spec = f"input: NxNx3\nrounding: floor\nlayers: {layers}"
    assert "input-hardly-halves" not in advice(spec.replace("N", "36"))
    message = advice(spec.replace("N", "38"))["input-hardly-halves"].message
    assert message == "height 38 can be halved once, the net halves it twice"


def test_behind_a_global_pool_nothing_is_at_fine_resolution() -> None:
    """The decoder of an image pooling net steps by 8, as what it is joined to."""
    text = """
        input: 130x130x3
        rounding: floor
        layers:
          - {conv7-8s2: }
          - {conv3-8s2: }
          - {conv3-8s2: , name: c3}
          - {global_avg_pool: }
          - {upsample: {like: c3}, name: copied}
          - {concat: , from: [c3, copied]}
          - '[conv3-64 relu]*8'
    """
    assert "early-layers-dominate" not in advice(text)


def test_one_finding_names_the_other_layers() -> None:
    layers = ", ".join(["conv3-8", *["conv7-8"] * 5])
    finding = advice(f"input: 32x32x3\nlayers: [{layers}]")["large-kernel"]
    assert finding.layer == "conv2"
    assert finding.message.endswith("; also conv3, conv4 and 2 more")
    assert [related.message for related in finding.related] == [
        "conv3 too",
        "conv4 too",
        "conv5 too",
    ]


def test_a_layer_can_ignore_a_rule() -> None:
    spec = "input: 32x32x3\nlayers:\n  - conv3-8\n  - {{conv7-8: , ignore: {0}}}\n  - conv7-8"
    assert advice(spec.format("[CC202]"))["large-kernel"].layer == "conv3"
    assert advice(spec.format("[CC204]"))["large-kernel"].layer == "conv2"


@pytest.mark.parametrize(
    ("name", "rules", "text"),
    [
        ("large-kernel", "{largest: 7}", 'layers: "conv3-8 conv7-8 fc-10"'),
        ("large-pool", "{largest: 4}", 'layers: "conv3-8 pool4 fc-10"'),
        ("first-fc-dominates", "{percent: 100}", 'layers: "conv3-8 pool2 fc-90 fc-10"'),
        ("early-layers-dominate", "{percent: 100}", 'layers: "[conv3-8 pool2]*4 fc-10"'),
        ("little-left-after-pools", "{percent: 0}", 'layers: "[conv3-1 pool2]*4 fc-10"'),
        ("notes-pattern", "{most_convs: 1}", 'layers: "[conv3-8 relu]*2 pool2 fc-10"'),
        ("stack-of-small-kernels", "{smallest: 6}", 'layers: "conv3-8 conv5-8 fc-10"'),
    ],
)
def test_thresholds_can_be_set_in_the_spec(name: str, rules: str, text: str) -> None:
    assert name in advice(f"input: 64x64x3\n{text}")
    assert name not in advice(f"input: 64x64x3\nrules: {{{name}: {rules}}}\n{text}")


def test_every_threshold_is_documented_in_its_page() -> None:
    for rule in RULES:
        for threshold in rule.thresholds:
            assert f"`{threshold.name}`" in rule.page, rule.code
            assert threshold.doc


def test_sequences_and_volumes_get_advice_too() -> None:
    assert "large-kernel" in advice("input: 4000x8\nlayers: [conv3-8, conv9-8, fc-10]")
    assert "large-kernel" in advice("input: 16x32x32x3\nlayers: [conv3-8, conv7-8, fc-10]")


def test_a_broken_net_gets_no_advice() -> None:
    text = b"input: 9x9x3\nlayers: [lrn, pool2, conv7-8, conv7-8]"
    findings = wanted_findings(analyze(load("a.yaml", text)), EVERYTHING)
    assert {finding.code for finding in findings} == {"CC101"}


def test_an_odd_size_at_a_pool_says_what_becomes_of_it() -> None:
    found = advice("input: 9x9x3\nlayers: [conv3-8, pool3s2, fc-10]")["odd-size-at-pool"]
    assert found.message == "max_pool1 has stride 2 on an odd size: 9 becomes 4"
    found = advice("input: 9x9x3\nlayers: [conv3-8, pool5s2, fc-10]")["odd-size-at-pool"]
    assert found.message == "max_pool1 has stride 2 on an odd size: 9 becomes 3"


def test_an_input_whose_size_unpadded_convs_change_gets_no_halvings() -> None:
    # 32 -> 28 -> 14 -> 10 -> 5: what is halved are 28 and 10
    text = "input: {0}x{0}x3\nlayers: '[conv5-8p0 pool2]*2 fc-10'"
    assert "input-hardly-halves" not in advice(text.format(34) + "\nrounding: floor")
    assert "input-hardly-halves" in advice(
        "input: 34x34x3\nrounding: floor\nlayers: '[conv5-8 pool2]*2 fc-10'"
    )


def test_fine_layers_at_both_ends_of_a_net_are_no_range() -> None:
    message = of_net("unet")["early-layers-dominate"].message
    assert "in layers at fine resolution (stride below 4): down1.conv1, " in message
    assert " to " not in message
    assert message.endswith(" more")


def test_what_is_nearly_all_of_the_parameters_is_not_all() -> None:
    # 26*26*4*5000 + 5000 beside 40 of the conv
    net = load("net.yaml", b"input: 28x28x1\nlayers: [conv3-4p0, flatten, fc-5000]\n")
    (found,) = [f for f in wanted_findings(analyze(net), EVERYTHING) if f.code == "CC208"]
    assert found.message == "fc1 holds 13,525,000 of 13,525,040 parameters (99 %)"


def test_a_pool_that_reaches_one_position_halves_too() -> None:
    """30, 15, 7, 3 and 1: the last window leaves a third position out, it is no global one."""
    spec = 'input: 30x30x3\nrounding: floor\nlayers: "[conv3-16 relu pool2]*4 fc-10"\n'
    found = wanted_findings(analyze(load("net.yaml", spec.encode())), Selection())
    told = [f for f in found if f.code == "CC201"]
    assert [f.message for f in told] == ["height 30 can be halved once, the net halves it 4 times"]
    assert "16" in " ".join(told[0].help)

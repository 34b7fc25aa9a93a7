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


def test_a_stack_saves_what_the_notes_say() -> None:
    text = 'input: 56x56x64\nlayers: "conv3-64 relu conv7-64 relu fc-10"'
    finding = advice(text)["stack-of-small-kernels"]
    assert f"{49 * 64 * 64:,} weights" in finding.message
    assert f"{27 * 64 * 64:,} (55 %)" in finding.message
    assert finding.help == ('`"conv3-64 relu conv3-64 relu conv3-64"`',)


def test_a_stack_that_saves_nothing_is_not_advised() -> None:
    # 5x5 from 256 channels to 1 has 6,400 weights, two 3x3 through 1 channel 2,304 + 9
    saves = advice('input: 16x16x3\nlayers: "conv3-256 relu conv5-1 fc-10"')
    assert "6,400 weights" in saves["stack-of-small-kernels"].message
    assert "2,313 (36 %)" in saves["stack-of-small-kernels"].message
    text = (
        "input: 16x16x3\nlayers: [conv3-16, {conv: {filters: 16, kernel: 3, dilation: 2, pad: 2}}]"
    )
    assert "stack-of-small-kernels" not in advice(text)  # 3x3 dilated sees 5x5 with 9 C^2


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


def test_an_input_is_only_sent_to_sizes_that_come_out() -> None:
    layers = "layers: [conv3-16s2, conv3-32s2, global_avg_pool, fc-10]\n"
    # exactly: 61 -> 31 -> 16, but 60 and 64 leave half a step
    assert "input-hardly-halves" not in advice(f"input: 61x61x3\n{layers}")
    floored = advice(f"input: 61x61x3\nrounding: floor\n{layers}")["input-hardly-halves"]
    assert floored.help == ("`60x60x3` or `64x64x3`: multiples of 4",)


@pytest.mark.parametrize(
    ("layer", "help"),
    [
        ("conv3-128", "`conv: {filters: 128, kernel: 3, pad: 1, bias: false}`"),
        (
            "conv3x5-8s2",
            "`conv: {filters: 8, kernel: [3, 5], stride: 2, pad: [1, 2], bias: false}`",
        ),
        ("conv: {filters: 8, kernel: 3}", "`bias: false`"),
    ],
)
def test_a_bias_is_left_out_in_a_way_that_works(layer: str, help: str) -> None:
    text = "input: 31x31x3\nrounding: floor\nlayers:\n  - {}\n  - batch_norm\n"
    assert advice(text.format(layer))["bias-before-batch-norm"].help == (help,)
    written = help.strip("`") if help.startswith("`conv") else f"{layer[:-1]}, bias: false}}"
    assert "bias-before-batch-norm" not in advice(text.format(written))


def test_what_a_large_pool_leaves_is_counted() -> None:
    # 9x9, a 5x5 window every 5: one position of 81 an axis step, (9 - 5)/5 + 1 does not divide
    spec = "input: 9x9x3\nrounding: floor\nlayers: [conv3-8, pool5s2, fc-10]"
    found = advice(spec)["large-pool"]
    assert found.message == (  # 3*3 of 9*9, not 1/S^2 = 25 %
        "max_pool1 pools windows of 5x5: 9x9 becomes 3x3, 11 % of the positions are left"
    )
    assert found.help == ("2x2 with stride 2 or 3x3 with stride 2",)


def test_a_pool_is_only_exchanged_for_one_that_fits() -> None:
    # exact: 2x2 on 9 leaves half a step, 3x3 makes 4
    spec = "input: 9x9x3\nlayers: [conv3-8, pool5s2, fc-10]"
    assert advice(spec)["large-pool"].help == ("3x3 with stride 2",)


@pytest.mark.parametrize(
    ("layer", "offer"),
    [
        ("conv7-64", '`"conv3-64 relu conv3-64 relu conv3-64"`'),
        ("conv7-64p0", '`"conv3-64p0 relu conv3-64p0 relu conv3-64p0"`'),
        ("conv7-64p1", '`"conv3-64 relu conv3-64p0 relu conv3-64p0"`'),
        ("conv7-64p5", '`"conv3-64p2 relu conv3-64p2 relu conv3-64"`'),
        (
            "conv: {filters: 64, kernel: 5, pad: [0, 1, 2, 3], bias: false}",
            "`[{conv: {filters: 64, kernel: 3, pad: [0, 1, 1, 2], bias: false}}, relu, "
            "{conv: {filters: 64, kernel: 3, pad: [0, 0, 1, 1], bias: false}}]`",
        ),
    ],
)
def test_a_stack_makes_the_same_volume_as_the_one_window(layer: str, offer: str) -> None:
    text = "input: 56x56x64\nlayers:\n  - conv3-64\n  - {}\n"
    assert advice(text.format(layer))["stack-of-small-kernels"].help == (offer,)
    one = load("a.yaml", text.format(layer).encode()).steps[-1].output
    stack = offer.strip("`")
    layers = f"[conv3-64, {stack[1:-1] if stack.startswith('[') else stack}]"
    if not stack.startswith("["):
        layers = stack.replace('"', '"conv3-64 ', 1)
    assert load("a.yaml", f"input: 56x56x64\nlayers: {layers}".encode()).steps[-1].output == one


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


@pytest.mark.parametrize(
    ("text", "name", "help"),
    [
        # 3x3 without padding keeps 30 even, `pad: 1` makes 32, which pool3 cannot take exactly
        ("input: 32x32x3\nlayers: [conv3-8p0, pool3, fc-10]", "unpadded-conv", ()),
        (
            "input: 34x34x3\nlayers: [conv3-8p0, pool2, fc-10]",
            "unpadded-conv",
            ("`pad: 1` keeps the size",),
        ),
        # 33 - 4 + 2*1 + 1 = 32; of 3 and 5, 33 and 31: both odd
        ("input: 33x33x3\nlayers: [conv4-8p1, pool2, fc-10]", "even-kernel", ()),
        (
            "input: 33x33x3\nrounding: floor\nlayers: [conv4-8p1, pool2, fc-10]",
            "even-kernel",
            ("`kernel: 3` or `kernel: 5`",),
        ),
        (
            "input: 32x32x3\nlayers: [conv3-8, {max_pool: {kernel: 4, stride: 2, pad: 1}}, fc-10]",
            "padded-pool",
            ("`pad: 0`",),
        ),
        (
            "input: 31x31x3\nlayers: [conv3-8, {max_pool: {kernel: 3, stride: 2, pad: 1}}, "
            "pool4, fc-10]",
            "padded-pool",
            ("`pad: 0` with an input of 33x33",),
        ),
    ],
)
def test_only_replacements_that_the_net_takes_are_offered(
    text: str, name: str, help: tuple[str, ...]
) -> None:
    assert advice(text)[name].help == help


def test_a_pool_that_a_strided_conv_can_replace() -> None:
    """Pooling Layer, Getting rid of pooling: the conv in its place, counted by hand."""
    finding = advice('input: 32x32x3\nlayers: "conv3-16 relu pool2 conv3-32 relu fc-10"')[
        "pool-for-conv"
    ]
    # 2*2*16 weights a filter, 16 filters and biases, at 16*16 places
    cost = f"{2 * 2 * 16 * 16 + 16:,} parameters and {2 * 2 * 16 * 16 * 16 * 16:,} MACs more"
    assert finding.message == f"max_pool1 could be a convolution of stride 2: {cost}"
    offer = "{conv: {filters: 16, kernel: 2, stride: 2}}"
    assert finding.help == (f"`{offer}, relu` in its place",)
    replaced = analyze(
        load("b.yaml", f"input: 32x32x3\nlayers: [conv3-16, relu, {offer}, relu]".encode())
    )
    assert replaced.output == (16, 16, 16)
    assert replaced.rows[3].params == 1040


def test_pools_of_other_roundings_are_no_convs() -> None:
    """A pool that rounds up makes a size that a conv under `exact` cannot."""
    text = "input: 7x7x3\nrounding: {conv: exact, pool: ceil}\nlayers: [conv3-8, pool2, fc-10]"
    assert "pool-for-conv" not in advice(text)

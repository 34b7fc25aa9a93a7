"""What rules offer in a layer's place: it makes the same volume, and the net takes it."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.rules.advise import Selection
from convcalc.sizes.resize import Resizer, SizeCheck
from convcalc.spec.load import load
from tests.rules.advised import CODE, advice


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


def test_an_input_beside_another_is_only_sent_to_sizes_that_fit_beside_it() -> None:
    text = (
        "inputs: {a: 96x96x3, b: 50x50x3}\nrounding: floor\nlayers:\n"
        "  - {conv3-8: , from: a}\n  - pool2\n  - pool2\n  - {pool2: , name: v}\n"
        "  - {conv3-8: , from: b}\n  - pool2\n  - {pool2: , name: w}\n"
        "  - concat:\n    from: [v, w]\n"
    )
    # 96 and 50 make 12x12 to join; 48 makes 12x12 of b as well, 56 would make 14x14
    assert advice(text)["input-hardly-halves"].help == ("`48x48x3`: a multiple of 4",)
    assert not advice(text.replace("50x50", "48x48")).get("input-hardly-halves")
    moved = text.replace("96x96", "100x100").replace("50x50", "48x48")  # 104 makes 13x13
    assert advice(moved)["input-hardly-halves"].help == ("`96x96x3`: a multiple of 8",)


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


_DEEP = "input: 64x64x3\nrounding: floor\nlayers: [{}, relu, '[conv3-16 relu pool2]*4', fc-10]"


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        (_DEEP.format("conv3-64"), "a stride in conv1, such as 7x7/2 with `pad: 3`"),
        (_DEEP.replace("rounding: floor\n", "").format("conv3-64"), "`pad: same`"),
        # 2 by 2 is left of 32 after four pools, nothing after five
        (_DEEP.replace("64x64x3", "16x16x3").format("conv3-64"), ""),
        (_DEEP.format("conv7-512s2"), ""),  # it has one
    ],
)
def test_a_stride_is_offered_where_there_is_none_and_the_net_takes_it(
    text: str, offers: str
) -> None:
    help = advice(text)["early-layers-dominate"].help
    assert help[-1] == "a smaller batch: activations grow with it"
    assert len(help) == 1 + bool(offers)
    assert offers in help[0]


@pytest.mark.parametrize(
    ("between", "place"),
    [
        ("relu", "it"),
        ("flatten", "flatten1"),
        ("dropout-0.5, flatten", "dropout1"),
        ("global_avg_pool", ""),  # there is one
        ("{conv: {filters: 4, kernel: 8}}", ""),
    ],
)
def test_a_global_pool_is_offered_where_there_are_positions_to_pool(
    between: str, place: str
) -> None:
    text = f"input: 8x8x3\nlayers: [conv3-4, {between}, fc-4000]"
    help = advice(text.replace("dropout-0.5", "{dropout: {rate: 0.5}}"))["first-fc-dominates"].help
    expected = f"`- global_avg_pool` before {place}: 256 inputs become 4"
    assert help == (
        (expected, "as a conv of 8x8 it also slides over larger images") if place else ()
    )


def test_a_padded_pool_is_exchanged_for_one_without_padding() -> None:
    pool = "{max_pool: {kernel: 4, stride: 2, pad: %d}}"
    text = "input: 8x8x3\nrounding: floor\nlayers: [conv3-4, %s]"
    assert advice(text % pool % 1)["large-pool"].help == (
        "2x2 with stride 2 without padding or 3x3 with stride 2 without padding",
    )
    assert advice(text % pool % 0)["large-pool"].help == ("2x2 with stride 2 or 3x3 with stride 2",)


def test_a_max_pool_has_no_padding_to_count() -> None:
    text = "input: 8x8x3\nlayers: [conv3-4, {avg_pool: {kernel: 2%s}}]"
    plain, without = (
        advice(text % more)["average-pool"].help[0] for more in ("", ", count_padding: false")
    )
    assert plain.startswith("`max_pool` with the same options has")
    assert without.startswith("`max_pool` with the same options but `count_padding` has")


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


@pytest.mark.parametrize(
    ("layer", "rule"),
    [
        ("conv4-8, conv2-8p1", "even-kernel"),
        ("conv3-8p0, conv3-8p2", "unpadded-conv"),
        ("{max_pool: {kernel: 4, stride: 2, pad: 1}}, upsample", "padded-pool"),
        ("{max_pool: {kernel: 4, stride: 2, pad: 1}}, upsample", "large-pool"),
        ("pool2, upsample", "pool-for-conv"),
    ],
)
def test_a_net_is_sized_again_for_one_of_many_layers_alike(
    layer: str, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the first one's help is shown; 3,000 layers took 25 s."""
    passes: list[int] = []
    own = Resizer._judged

    def counted(self: Resizer, spatial: tuple[int, ...]) -> SizeCheck:
        passes.append(1)
        return own(self, spatial)

    monkeypatch.setattr(Resizer, "_judged", counted)
    layer = layer.replace("upsample", "{upsample: {scale: 2}}")
    text = f"input: 64x64x8\nlayers: [{', '.join([layer] * 40)}]\n"
    found = advice(text, Selection(select=frozenset({CODE[rule]})))[rule]
    assert "; also " in found.message
    assert len(passes) <= 4

"""What other tools write and a spec says in another way: the help names it, --fix writes it."""

import pytest

from tests.fix.repairs import offered


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        (
            "reshape: (-1,8,8)",
            "`reshape: {shape: 8x8x3}`: channels come last, and the batch is left",
        ),
        ("reshape: [-1, 3, 8, 8]", "`reshape: {shape: 8x8x3}`: channels come last"),
        ("reshape: (-1, 12, 4, 4)", "`reshape: {shape: 4x4x12}`: channels come last"),
        ("reshape: (1, -1)", "`reshape: {shape: 192x1}`: channels come last"),
        ("reshape: (-1, 7)", "8x8x3 = 192 numbers arrive, not 7: if the net is right, it is"),
        ("reshape: (-1, -1)", "-1 is not worked out: write every size, without the batch"),
        ("reshape: {shape: [-1, 8, 8]}", "`shape: 8x8x3`: channels come last, and the batch is"),
        ("reshape: (8, 8, 3)", "write `reshape: {shape: [8, 8, 3]}`"),
        ("conv: (8, 3)", "write `conv: {filters: 8, kernel: 3}`"),
        ("Sequential: [conv3-8, relu]", "layers stand in one list, in order: write those inside"),
        ("nn.Sequential: [conv3-8]", "layers stand in one list, in order: write those inside"),
        ("nn.Sequential(conv3-8, relu)", "the layers inside stand in the list themselves"),
        ("'Sequential(relu)'", "layers stand in one list, in order: write those inside"),
        (
            "depthwise_conv: {filters: 8, kernel: 3}",
            "it has one filter a channel, or `multiplier` of them: "
            "to mix 3 channels into 8, `conv1-8` after it",
        ),
        (
            "depthwise_conv: {filters: =8, kernel: 3}",
            "it has one filter a channel, or `multiplier`",
        ),
        (
            "conv: {filters: 4, kernel: 3, padding_mode: reflect}",
            "a layer before it pads so: `- pad: {sides: 1, mode: reflect}`, and no `pad` here",
        ),
        (
            "conv: {filters: 4, kernel: 3, padding_mode: replicate}",
            "a layer before it pads so: `- ",
        ),
        (
            "conv: {filters: 4, kernel: 3, padding_mode: circular}",
            "leave out `padding_mode` if only",
        ),
        (
            "{conv: {filters: 4, kernel: 3}, padding_mode: reflect}",
            "a layer before it pads so: `- ",
        ),
        ("conv3-8 x2", "`[conv3-8]*2`"),
        ("'3x[conv3-8 relu]'", "the number is behind a group: `[...]*3`"),
        ("'3*[conv3-8 relu]'", "a group is repeated behind it: `[conv3-64 relu]*2`"),
        ("'relu 2'", "a number alone is not a layer: `conv3-64` is 3x3 with 64 filters"),
    ],
)
def test_what_other_tools_write_is_answered(layers, entry: str, help: str) -> None:
    assert layers(f"- {entry}").help.startswith(help)


@pytest.mark.parametrize(
    ("entry", "repaired"),
    [
        ("reshape: (-1, 192)", "flatten"),
        ("view: (-1, 192)", "flatten"),
        ("reshape: {shape: [-1, 192]}", "reshape: {shape: 192}"),
        ("reshape: {shape: -1}", "reshape: {shape: 192}"),
        ("depthwise_conv: {filters: 3, kernel: 3}", "depthwise_conv: {kernel: 3}"),
        ("DepthwiseConv2D: {filters: 6, kernel: 3}", "depthwise_conv: {multiplier: 2, kernel: 3}"),
        ("'[conv3-8 relu]x2'", "'[conv3-8 relu]*2'"),
        ("'[conv3-8 relu] x 2 pool2'", "'[conv3-8 relu] *2 pool2'"),
        ("'[conv3-8 relu]\u00d72'", "'[conv3-8 relu]*2'"),
        ("'[conv3-8 relu]2'", "'[conv3-8 relu]*2'"),
        ("[conv3-8, relu]x2  # twice", '"[conv3-8 relu]*2"  # twice'),
        ("[conv3-8 relu] * 2", '"[conv3-8 relu]*2"'),
        ("[[conv3-8, relu]x2, pool2]", None),
    ],
)
def test_what_is_unambiguous_is_repaired(entry: str, repaired: str | None) -> None:
    found = offered(f"input: 8x8x3\nlayers:\n  - {entry}\n")
    texts = [offer.text for offer in found if not offer.errors]
    assert texts[:1] == ([f"input: 8x8x3\nlayers:\n  - {repaired}\n"] if repaired else [])


def test_a_list_of_layers_may_be_repeated_in_brackets_or_have_another_name() -> None:
    (best,) = offered("input: 8x8x3\nlayers: [[conv3-8, relu]x2, pool2]\n")
    assert best.text == 'input: 8x8x3\nlayers: ["[conv3-8 relu]*2", pool2]\n'
    (best,) = offered("input: 8x8x3\nSequential: [conv3-8, relu]\n")
    assert best.text == "input: 8x8x3\nlayers: [conv3-8, relu]\n"


def test_a_pattern_whose_quote_is_open_is_no_multiplied_list(read) -> None:
    (told,) = read('input: 8x8x3\nlayers: "[conv3-8 relu]*2\n').told
    assert "a quote is not closed" in told


def test_a_block_may_be_called_x2(layers) -> None:
    assert layers("- 'relu x2'", head="blocks: {x2: {layers: [pool2]}}\n").output == (4, 4, 3)

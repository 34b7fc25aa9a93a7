"""A layer entry: its letters, its name, and what stands beside the kind."""

import pytest


def test_the_letters_of_the_notes(layers) -> None:
    assert layers("- conv: {K: 4, F: 3, S: 1, P: 1}").layers == [("conv1", (8, 8, 4))]
    assert layers("- max_pool: {F: 2, S: 2}").output == (4, 4, 3)
    assert layers("- conv: {K: 4, filters: 4, F: 1}").told == [
        "3:16: error[CC003] filters is given twice, as K and filters"
    ]


def test_a_pool_without_a_size_is_asked_for_it(layers) -> None:
    assert layers("- maxpool").help == "write its sizes into the word: `pool2`"
    assert layers("- MaxPool2d").help == "write its sizes into the word: `pool2`"
    average = "write its sizes into the word: `avgpool2`"
    whole = "the average of a whole map is `global_avg_pool`"
    assert " ".join(layers("- avgpool").help.split("\n")) == f"{average} {whole}"


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("out_channels", "filters"),
        ("kernel_size", "kernel"),
        ("strides", "stride"),
        ("padding", "pad"),
        ("dilation_rate", "dilation"),
        ("use_bias", "bias"),
        ("fitlers", "filters"),
    ],
)
def test_options_of_other_tools_are_named_not_accepted(layers, wrong, meant) -> None:
    others = ", ".join(f"{key}: 3" for key in ("filters", "kernel") if key != meant)
    spec = layers(f"- conv: {{{others}, {wrong}: 1}}")
    column = len(f"- conv: {{{others}, ") + 1
    assert spec.told == [f"3:{column}: error[CC012] conv has no option {wrong!r}"]
    assert f"did you mean `{meant}`?" in spec.help
    assert spec.layers == [("conv1", None)]


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("BatchNorm2d", "batch_norm"), ("rleu", "relu"), ("swish", "silu"),
        ("conv3_64", "conv3-64"),
    ],
)  # fmt: skip
def test_kinds_of_other_tools_are_named_not_accepted(layers, wrong, meant) -> None:
    spec = layers(f"- {wrong}")
    assert spec.told == [f"3:3: error[CC011] unknown layer kind {wrong!r}"]
    assert spec.help == f"did you mean `{meant}`?"


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("Conv2d", "conv: {filters: 64, kernel: 3, pad: 1}"), ("linear", "fc: {units: 10}"),
        ("FC", "fc: {units: 10}"),
        ("cat", "concat: {branches: [[conv3-64], identity]}"),
        ("deconv", "conv_transpose: {filters: 64, kernel: 3}"), ("Resize", "upsample: {scale: 2}"),
    ],
)  # fmt: skip
def test_kinds_that_need_options_are_named_with_them(layers, wrong, meant) -> None:
    spec = layers(f"- {wrong}")
    assert spec.told == [f"3:3: error[CC011] unknown layer kind {wrong!r}"]
    assert f"`{meant}`" in spec.help


def test_a_word_that_is_two_kinds_on_a_volume_says_so(layers) -> None:
    told = "Keras's Dense works on each place of 8x8x3, as a conv with kernel 1 (`conv1-10`); an fc"
    assert layers("- Dense").help.startswith(told)


@pytest.mark.parametrize("key", ["name", "from", "times", "when", "weights", "expect", "ignore"])
def test_what_stands_beside_a_kind_is_not_an_option(layers, key) -> None:
    spec = layers(f"- conv: {{filters: 4, kernel: 1, {key}: input}}")
    assert spec.told == [f"3:33: error[CC012] {key} goes beside conv, not inside its options"]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("- relu:\n  nmae: x", "4:3: error[CC010] unknown key 'nmae' beside relu"),
        ("- relu:\n  pool2:", "4:3: error[CC010] unknown key 'pool2' beside relu"),
        ("- name: x", "3:3: error[CC019] this entry has no layer kind"),
        ("- relu:\n  conv3-4: {}", "4:3: error[CC010] unknown key 'conv3-4' beside relu"),
        (
            "- relu:\n  softmax:",
            "4:3: error[CC019] one entry holds several layers: relu and softmax",
        ),
        ("- [relu]", "3:3: error[CC019] expected a layer, got a list"),
        ("- ''\n", "3:3: error[CC011] unknown layer kind ''"),
        ("-\n- relu", "3:2: error[CC019] an empty entry"),
        ("- 3", "3:3: error[CC011] unknown layer kind '3'"),
        (
            "- relu\n  name: x",
            "3:3: error[CC001] not YAML: `- relu` needs a colon: keys follow below",
        ),
        (
            '- "relu"  # r\n  name: x',
            '3:3: error[CC001] not YAML: `- "relu"` needs a colon: keys follow below',
        ),
        (
            "- conv3-8 -> relu\n  name: x",
            "3:3: error[CC001] not YAML: keys cannot follow below several layers",
        ),
    ],
)
def test_an_entry_that_is_none(layers, entry, told) -> None:
    assert layers(entry).told == [told]


def test_shared_weights_count_once(layers) -> None:
    spec = layers("- {conv3-3: , name: a}\n- {conv3-3: , weights: a}")
    assert (spec.analysis.totals.params, spec.told) == (3 * 3 * 3 * 3 + 3, [])
    assert layers("- {conv3-3: , weights: b}").told == ["3:24: error[CC017] no layer 'b'"]
    mismatch = layers("- {conv3-3: , name: a}\n- {conv3-4: , weights: a}")
    assert mismatch.told == ["4:4: error[CC123] conv1 needs 112 parameters, a has 84"]


def test_expect_holds_a_layers_shape(layers) -> None:
    assert layers("- {conv3-4: , expect: 8x8x4}").told == []
    spec = layers("- conv3-4:\n  expect: 8x8x5")
    assert spec.told == ["4:11: error[CC130] expected 8x8x5, got 8x8x4"]
    assert layers("- {relu: , expect: [8]}").codes == ["CC014"]


def test_ignore_silences_a_warning_here_but_no_error(layers) -> None:
    entry = "- {{max_pool: {{kernel: 3, rounding: floor}}, {}}}"
    assert layers(entry.format("times: 1")).codes == ["CC103"]
    assert layers(entry.format("ignore: CC103")).codes == []
    assert layers(entry.format("ignore: [CC103]")).codes == []
    assert layers(entry.format("ignore: input-lost")).codes == []
    assert layers("- {relu: , ignore: inputlost}").help == "did you mean `input-lost`?"
    strict = layers("- {max_pool: {kernel: 3}, ignore: CC101}")
    assert strict.codes == ["CC101"]
    assert "`ignore` silences warnings and notes, not errors" in strict.help
    spec = layers("- {relu: , ignore: [CC999]}")
    assert spec.told == ["3:21: error[CC014] unknown code 'CC999'"]


def test_a_reference_is_looked_for_and_named(layers) -> None:
    spec = layers("- {conv3-4: , name: stem}\n- {relu: , from: stme}")
    assert spec.told == ["4:18: error[CC017] no layer 'stme'"]
    assert spec.help == "did you mean `stem`?"
    later = layers("- {relu: , from: x}\n- {tanh: , name: x}")
    assert later.told == ["3:18: error[CC017] 'x' is defined later (line 4)"]


def test_only_merges_read_several(layers) -> None:
    spec = layers("- {relu: , from: [input, input]}")
    assert spec.told == ["3:18: error[CC019] relu reads one layer, from names 2"]


def test_entries_are_alike_only_with_their_quotes(layers) -> None:
    plain, quoted = "{conv: {F: 4, K: 3, pad: [1, 1]}}", '{conv: {F: 4, K: 3, pad: [1, "1"]}}'
    assert layers(f"- {plain}\n- {quoted}").codes == ["CC014"]
    assert layers("- {conv: {F: 4, K: 3}}\n- {conv: {F: 4, K: '3'}}").codes == ["CC014"]


def test_a_warning_about_the_net_is_ignored_where_the_layer_says_so(layers) -> None:
    assert layers("- conv3-4\n- {add: , from: [conv1]}").codes == ["CC125"]
    assert layers("- conv3-4\n- {add: , from: [conv1], ignore: CC125}").codes == []


def test_numbers_of_18_digits_are_read(layers) -> None:
    assert layers(f"- {{lrn: {{k: {'9' * 18}}}}}").told == []
    assert layers(f"- {{lrn: {{k: {'9' * 19}}}}}").codes == ["CC004"]


@pytest.mark.parametrize("pad", ["[0, 0, 3, 0]", "[0, 0, 0, 3]"])
def test_no_window_of_a_pool_lies_in_the_padding_alone(layers, pad) -> None:
    assert layers(f"- max_pool: {{kernel: 3, stride: 1, pad: {pad}}}").codes == ["CC014"]

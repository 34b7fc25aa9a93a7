"""What to type instead: the help of messages about entries that say what is meant, but wrongly."""

import pytest


def test_what_is_missing_is_added_to_what_is_there(layers) -> None:
    assert layers("- conv: {filters: 64, pad: 1}").help == "add `kernel: 3`"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("fc10", "did you mean `fc-10`?"),
        ("conv-10", "the size of the window is missing: `conv3-10` is 3x3 with 10 filters"),
        ("conv64", "the size of the window is missing: `conv3-64` is 3x3 with 64 filters"),
        ("conv2d-64", "the size of the window is missing: `conv3-64` is 3x3 with 64 filters"),
        ("conv3x3x32", "did you mean `conv3-32`?"),
        ("conv64x3x3", "did you mean `conv3-64`?"),
        ("conv1x7x32", "did you mean `conv1x7-32`?"),
        ("conv3x3x3", "write `conv3-3` if 3 are the filters: 3 channels arrive"),
        ("conv7", "the number of filters is missing: `conv7-64` has 64"),
        ("conv3x3", "the number of filters is missing: `conv3x3-64` has 64"),
        ("convv3-8s2", "did you mean `conv3-8s2`?"),
        ("conv3-8/2", "did you mean `conv3-8s2`?"),
        ("poool2", "did you mean `pool2`?"),
        ("maxpol2s1", "did you mean `maxpool2s1`?"),
        ("conv3_64", "did you mean `conv3-64`?"),
        ("pool", "write its sizes into the word: `pool2`"),
        ("conv03-8", "did you mean `conv3-8`?"),
        ("conv3-008", "did you mean `conv3-8`?"),
        ("pool02", "did you mean `pool2`?"),
        ("fc-99999999999", "a size is from 1 to 2,147,483,648"),
        ("conv3-0", "a size is from 1 to 2,147,483,648"),
        ("pool-2", "did you mean `pool2`?"),
        ("max_pool2", "did you mean `maxpool2`?"),
        ("pool: {kernel: 2}", "did you mean `max_pool`?"),
        ("fc", "write `fc: {units: 10}`, or in short `fc-10`"),
        ("pool2k3", "after `pool2` come s (stride) and p (pad), each once with a number"),
    ],
)
def test_a_word_that_is_nearly_a_short_form(layers, word, meant) -> None:
    assert layers(f"- {word}").help == meant


@pytest.mark.parametrize(
    ("kind", "help"),
    [
        ("conv", "write `conv: {filters: 64, kernel: 3, pad: 1}`, or in short `conv3-64`"),
        ("avg_pool", "write `avg_pool: {kernel: 2, stride: 2}`, or in short `avgpool2`"),
        ("l2_pool", "write `l2_pool: {kernel: 3}`"),
    ],
)
def test_the_long_form_says_what_the_short_one_says(layers, kind, help) -> None:
    assert layers(f"- {kind}").help == help


def test_letters_that_a_short_form_does_not_have(layers) -> None:
    for word in ("conv3-10k2", "conv3-10s2s2"):
        assert layers(f"- {word}").help.startswith("after `conv3-10` come s (stride), p (pad), d")


@pytest.mark.parametrize("beside", ["conv:\n    filters: 4\n    kernel: 3\n  {}", "conv3-4:\n  {}"])
def test_an_activation_is_a_layer_of_its_own(layers, beside) -> None:
    spec = layers(f"- {beside.format('activation: ReLU')}")
    assert spec.codes == ["CC010"]
    assert spec.help == "an activation is a separate layer: `- relu` on the next line"


def test_an_activation_inside_the_options(layers) -> None:
    spec = layers("- conv: {filters: 4, kernel: 1, activation: tanh}")
    assert spec.codes == ["CC012"]
    assert spec.help.startswith("an activation is a separate layer: `- tanh` on the next line\n")


@pytest.mark.parametrize(
    ("entry", "code", "help"),
    [
        ("concat: {branch: [conv3-8, conv3-9]}", "CC012", "did you mean `branches`?"),
        ("concat: {from: [input, input]}", "CC012", "write `from:` on its own line below"),
        ("concat: [conv3-8, conv3-9]", "CC014", "did you mean `{branches: [conv3-8, conv3-9]}`?"),
        ("concat", "CC013", "give `concat: {branches: [[conv3-64], identity]}`, or"),
    ],
)
def test_a_merge_that_lacks_its_branches(layers, entry, code, help) -> None:
    spec = layers(f"- {entry}")
    assert spec.codes == [code]
    assert spec.help.startswith(help)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("input: 8x8x3\nlayer: [relu]", "CC010"),
        ("imput: 8x8x3\nlayers: [relu]", "CC010"),
        ("input: 8x8x3\nvariables: {a: 1}\nlayers: [conv: {filters: =a, kernel: 1}]", "CC010"),
        ("input: 8x8x3\nblock: {b: {layers: [relu]}}\nlayers: [b]", "CC010"),
        ("input: 8x8x3\nblocks: {b: {layer: [relu]}}\nlayers: [b, b]", "CC010"),
        ("input: 8x8x3\nblocks: {b: {arg: {n: }, layers: [fc: =n]}}\nlayers: [b: 2]", "CC010"),
        ("input: 8x8x3\nblocks: {b: {args: {n: 1}}}\nlayers: [b, b: 2]", "CC020"),
        ("input: 8x8x3\nblocks: {b: [relu]}\nlayers: [b, b]", "CC020"),
        ("input: 8x8x3\nblocks: {9b: {layers: [relu]}}\nlayers: [9b]", "CC020"),
    ],
)  # fmt: skip
def test_a_root_cause_is_told_without_what_follows_from_it(read, text, code) -> None:
    assert read(text).codes == [code]


@pytest.mark.parametrize(
    ("entry", "told", "help"),
    [
        ("- conv:{filters: 3}", "3:3: error[CC011] unknown", "a space after `conv:`"),
        (
            "- conv:{filters: 3, kernel: 3}",
            "3:3: error[CC001] not YAML: a colon needs a space",
            "did you mean `conv: {filters: 3, kernel: 3}`?",
        ),
        (
            "- conv: {filters:64, kernel: 3}",
            "3:10: error[CC012]",
            "did you mean `filters: 64`?",
        ),
        ("- conv:\n    filters:64", "4:5: error[CC014]", "did you mean `filters: 64`?"),
        (
            "- relu:\n  name:x",
            "4:3: error[CC001] not YAML: a colon needs",
            "did you mean `name: x`?",
        ),
        (
            "- conv3-8\n\n  name: x",
            "3:3: error[CC001] not YAML: `- conv3-8` needs a colon",
            "did you mean `conv3-8:`?",
        ),
        ("- reshape: {shape: 8,8,3}", "3:20: list [8, 8, 3]", ""),
        ("- reshape: {shape: 3, 8, 8}", "3:20: list [3, 8, 8]", ""),
        ("- conv: {filters: 3, kernel: (3, 3)}", "3:30: list [3, 3]", ""),
        ("- conv: {filters: 3, kernel: (3, 3,)}", "3:30: list [3, 3]", ""),
        ("- conv: {filters: 3, kernel: (, )}", "3:30: error[CC014] kernel: expected", ""),
        ("- conv: {filters: 3, kernel: 3, 5}", "3:30: list [3, 5]", ""),
        (
            "- max_pool:\n    kernel: (2, 2)",
            "4:13: error[CC014] kernel",
            "a list needs square brackets: `[2, 2]`",
        ),
    ],
)
def test_what_yaml_reads_otherwise(layers, entry, told, help) -> None:
    spec = layers(entry)
    assert len(spec.told) == 1
    list_told = "error[CC014] a list needs square brackets: "
    assert spec.told[0].replace(list_told, "list ").startswith(told)
    assert help in spec.help


def test_a_top_key_without_a_space(read) -> None:
    for text in ("input:8x8x3\nlayers: [relu]", "input: 8x8x3\nlayers:[relu]"):
        spec = read(text)
        assert (spec.codes, spec.help[:13]) == (["CC001"], "did you mean ")


def test_sizes_one_an_axis_as_shapes_are_written(layers) -> None:
    spec = layers("- conv: {filters: 4, kernel: 3x5, stride: 1 X 1}")
    assert (spec.output, spec.told) == ((6, 4, 4), [])
    for wrong in ("3x0", "3x", "x", "1x2x3x4"):
        assert layers(f"- max_pool: {{kernel: {wrong}}}").codes == ["CC014"]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("[conv3-32 relu pool2*2 fc-10", "column 4 is not closed before *2"),
        ("[relu]*2 [[tanh]*2 relu*3", "column 13 is not closed before *3"),
        ("[conv3-32 relu*2] fc-10", "*2 follows no group"),
        ("relu*2", "*2 follows no group"),
    ],
)
def test_a_bracket_that_is_open_where_its_number_stands(layers, pattern, told) -> None:
    spec = layers(f"- '{pattern}'")
    assert spec.codes == ["CC021"]
    assert spec.told[0].endswith(told)

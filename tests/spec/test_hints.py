"""What to type instead: the help of messages about entries that say what is meant, but wrongly."""

import pytest

from convcalc.spec.load import load


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
    ("entries", "told"),
    [
        ("- {relu: , from: fc1}\n- fc-10", "'fc1' is defined later (line 5)"),
        ("- {add: , from: [input, b1.conv1]}\n- b", "'b1.conv1' is defined later"),
        ("- {relu: , from: relu1}", "'relu1' is this layer itself"),
        ("- relu\n- {tanh: , from: fc1}", "no layer 'fc1'"),
    ],
)
def test_a_layer_further_down_is_known_by_its_automatic_name(layers, entries, told) -> None:
    spec = layers(entries, head="blocks: {b: {layers: [conv3-3]}}\n")
    assert spec.codes == ["CC017"]
    assert spec.told[0].endswith(f"error[CC017] {told}")
    below = told.startswith("'")
    assert spec.help == ("a layer can only read layers above it" if below else _KNOWN)


_KNOWN = "known here: input, relu1"


def test_a_reference_that_counts_backwards_names_the_layer(layers) -> None:
    head = "blocks: {b: {layers: [conv3-3, tanh, {relu: , from: -2}]}}\n"
    for back, name in {"-1": "relu1", "-2": "conv1", "-3": "input"}.items():
        told = f"did you mean `{name}`?\nlayers are read by name, not by number"
        assert layers(f"- conv3-3\n- relu\n- {{tanh: , from: {back}}}").help == told
    assert layers("- b", head=head).help.startswith("did you mean `conv1`?")
    assert layers("- relu\n- {tanh: , from: -3}").help == _KNOWN
    for odd in ("-0", "-99999999", "-\u0661"):
        assert "number" not in layers(f"- relu\n- {{tanh: , from: '{odd}'}}").help


def test_a_layer_that_has_another_name_on_every_turn_is_not_named(layers) -> None:
    rule = "layers are read by name, not by number"
    named = f"{rule}: write a `name:` beside that layer, and the name here"
    turn = "- repeat: {{times: 2, layers: [conv3-3, {}, {{add: , from: [{}]}}]}}"
    assert layers(turn.format("relu", "-1, -2")).help == f"{named}\n{named}"
    given = layers(turn.format("{relu: , name: r}", "-1, input")).help
    assert given == f"did you mean `r`?\n{rule}"
    broken = layers("- {conv3-3: , from: -9}\n- {tanh: , from: -1}").help
    assert broken.splitlines()[-1] == named


def test_layers_that_are_not_listed_are_counted(layers) -> None:
    spec = layers("- conv3-3\n- relu\n- pool2\n- {tanh: , from: stem}")
    assert spec.help == "known here: conv1, relu1, max_pool1 and 1 above them"


def test_layers_of_a_call_are_listed_by_its_name(layers) -> None:
    """Nobody writes `e2.relu1` where the whole call is meant; a file may have very many of them."""
    head = "blocks: {b: {layers: [conv3-3, relu, {tanh: , from: nix}]}}\n"
    good = head.replace(", {tanh: , from: nix}", "")
    calls = "- {b: , name: e1}\n- pool2\n- {b: , name: mid}\n- {tanh: , from: e11}"
    assert layers(calls, head=good).help == "known here: e1, max_pool1, mid and 1 above them"
    assert layers("- b", head=head).help == "known here: input, conv1, relu1"


VARIABLE = "`=width` is the variable"
WIDTH = (
    "vars: {width: 8}\nblocks: {b: {args: {n: }, layers: [{conv: {filters: =n, kernel: 1}}] }}\n"
)


@pytest.mark.parametrize(
    ("entry", "told", "help"),
    [
        ("conv: {filters: width, kernel: 1}", "5:19: error[CC014] filters", VARIABLE),
        ("conv: {filters: 2*width, kernel: 1}", "5:19: error[CC014] filters", "`=2*width`"),
        ("conv: {filters: 2*4, kernel: 1}", "5:19: error[CC014] filters", "`=2*4`"),
        ("{relu: , times: width}", "5:19: error[CC014] times", VARIABLE),
        ("{b: 2*width}", "5:7: error[CC014] '2*width' is text", "`=2*width`"),
        ("b: {n: in_channels//2}", "5:10: error[CC014] 'in_channels//2' is", "`=in_channels//2`"),
        ("b: {n: width}", "5:10: error[CC014] filters", VARIABLE),
        ("b: {n: 2*height}", "5:10: error[CC014] filters", ""),
    ],
)  # fmt: skip
def test_a_formula_without_its_equals_sign(layers, entry, told, help) -> None:
    spec = layers(f"- {entry}", head=WIDTH)
    assert len(spec.told) == 1
    assert spec.told[0].startswith(told)
    assert spec.help == help


def test_a_variable_that_lacks_its_equals_sign(layers) -> None:
    spec = layers("- conv: {filters: =b, kernel: 1}", head="vars: {a: 4, b: 2*a}\n")
    assert spec.told == ["2:17: error[CC014] '2*a' is text: a formula starts with ="]


@pytest.mark.parametrize("text", ["conv3-8", "conv1-2 -> relu", "relu"])
def test_texts_that_are_layers_stay_texts(layers, text) -> None:
    head = "vars: {conv3: 1, relu: 2}\nblocks: {b: {args: {x: }, layers: [=x]}}\n"
    assert "CC014" not in layers(f"- b: {{x: {text}}}", head=head).codes


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
    ("formula", "help"),
    [
        ("=2width", "a product needs its sign: `2*width`"),
        ("=width**2", "a power is written out: `width*width`"),
        ("=width^3", "a power is written out: `width*width*width`"),
        ("=width || 1", "write `or`"),
        ("=width && 1", "write `and`"),
        ("=width <> 1", "write `!=`"),
        ("=!width", "write `not`"),
        ("=width +", ""),
    ],
)
def test_operators_of_other_languages(layers, formula, help) -> None:
    spec = layers(f"- {{relu: , when: {formula}}}", head=WIDTH)
    assert (spec.codes, spec.help) == (["CC015"], help)


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


@pytest.mark.parametrize("variables", ["{double: =2*width, width: 32}", "{width: =2*width}"])
def test_a_variable_that_stands_below_is_said_to(variables: str) -> None:
    text = f"input: 8x8x3\nvars: {variables}\nlayers:\n- conv3-8\n"
    (finding, *_) = load("net.yaml", text.encode()).findings
    assert finding.message == "unknown variable 'width'"
    assert finding.help == ("width has no value yet: a variable can use those above it",)

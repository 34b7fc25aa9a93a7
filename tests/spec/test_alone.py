"""A value alone where options were expected, and options that other tools have."""

import pytest


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("dropout: 0.5", "write `dropout: {rate: 0.5}`"),
        ("leaky_relu: 0.1", "write `leaky_relu: {negative_slope: 0.1}`"),
        ("elu: 1.0", "write `elu: {alpha: 1.0}`"),
        ("relu: true", "write `relu` in place of `relu: true`"),
        ("batch_norm: True", "write `batch_norm` in place of `batch_norm: True`"),
        ("dropout: yes", "write `dropout` in place of `dropout: yes`"),
        ("flatten: on", "write `flatten` in place of `flatten: on`"),
        ("relu: false", "leave out `relu: false`: every entry is a layer"),
        ("batch_norm: off", "leave out `batch_norm: off`: every entry is a layer"),
        ("conv: false", "leave out `conv: false`: every entry is a layer"),
        (
            "conv: true",
            "it needs filters and kernel: `conv: {filters: 64, kernel: 3, pad: 1}`, "
            "or in short `conv3-64`",
        ),
        ("reshape: true", "it needs shape: `reshape: {shape: [1, 1, 64]}`"),
        ("upsample: bilinear", "write `upsample: {mode: bilinear}`"),
        ("upsample: 2", "write `upsample: {scale: 2}`"),
        ("upsample: 2.0", "write `upsample: {scale: 2}`"),
        ("upsample: 2x4", "write `upsample: {scale: 2x4}`"),
        (
            "upsample: 0.5",
            "a pool or a stride makes volumes smaller: the factors of `upsample` are whole numbers",
        ),
        (
            "upsample: 64",
            "as a factor it is `upsample: {scale: 64}`, as the size of the output "
            "`upsample: {size: 64}`",
        ),
        ("max_pool: [2, 2]", "write `max_pool: {kernel: [2, 2]}`"),
        ("conv: =8", "write `conv: {filters: =8, kernel: 3}`"),
        ("relu: loud", "relu takes in_place"),
        ("identity: 1", "`identity` has no number: write `- identity`"),
    ],
)
def test_a_bare_value_goes_to_the_option_that_takes_it(layers, entry, help) -> None:
    spec = layers(f"- {entry}")
    assert spec.codes == ["CC014"]
    assert spec.help == help


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("conv: [32, 3]", "write `conv: {filters: 32, kernel: 3}`"),
        ("conv: [=2*4, [3, 5]]", "write `conv: {filters: =2*4, kernel: [3, 5]}`"),
        ("conv: {filters: 4, kernel: 1, bn: true}", "batch_norm is a separate layer: `- batch_n"),
        ("conv: {filters: 4, kernel: 1, use_bn: 1}", "batch_norm is a separate layer: `- batch_n"),
        (
            "conv: {filters: 4, kernel: 1, dropout: 0.5}",
            "dropout is a separate layer: `- dropout: {rate: 0.5}` on the next line",
        ),
        ("conv: {filters: 4, kernel: 1, relu: false}", "leave out `relu`: a layer that is not"),
        ("conv: {filters: 4, kernel: 1, bn: off}", "leave out `bn`: a layer that is not there"),
        ("conv: {filters: 4, kernel: 1, act: no}", "leave out `act`: a layer without an activ"),
        ("conv: {filters: 4, kernel: 1, act: tanh}", "an activation is a separate layer: `- tan"),
        ("conv: {filters: 4, kernel: 1, act: true}", "an activation is a separate layer, such as"),
        ("{conv: {filters: 4, kernel: 1}, bn: false}", "leave out `bn`: a layer that is not ther"),
        ("{conv: {filters: 4, kernel: 1}, bn: true}", "batch_norm is a separate layer: `- batch"),
    ],
)
def test_what_other_code_gives_a_conv(layers, entry, help) -> None:
    assert layers(f"- {entry}").help.startswith(help)


@pytest.mark.parametrize(
    ("value", "help"),
    [
        ("yes", "did you mean `true`?"),
        ("Off", "did you mean `false`?"),
        ("1", "did you mean `true`?"),
        ("0", "did you mean `false`?"),
        ("None", "did you mean `false`?"),
        ("'True'", "did you mean `true`?"),
        ("2", ""),
        ("", ""),
    ],
)
def test_a_flag_as_other_languages_write_it(layers, value, help) -> None:
    spec = layers(f"- conv: {{filters: 4, kernel: 1, bias: {value}}}")
    assert (len(spec.codes), spec.help) == (1, help)


MERGES = """\
- {conv3-8: , name: d3}
- conv3-8
- VALUE
"""


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("concat: [d3]", "write `from: [conv1, d3]` on its own line below `concat:`"),
        ("add: d3", "write `from: [conv1, d3]` on its own line below `add:`"),
        ("concat: [d3, conv1]", "write `from: [d3, conv1]` on its own line below `concat:`"),
        ("concat: [-1, d3]", "write `from: [conv1, d3]` on its own line below `concat:`"),
        (
            "concat: [d3, input]",
            "write `from: [d3, input]` on its own line below `concat:`\n"
            "or `from: [conv1, d3, input]`, to read the layer above it too",
        ),
        ("concat: d3, conv1", "write `from: [d3, conv1]` on its own line below `concat:`"),
        ('concat: "d3,conv1"', "write `from: [d3, conv1]` on its own line below `concat:`"),
        ("concat: d3 conv1", "write `from: [d3, conv1]` on its own line below `concat:`"),
        ("concat: (d3, -1)", "write `from: [d3, conv1]` on its own line below `concat:`"),
        ("concat: [d3 conv1]", "write `from: [d3, conv1]` on its own line below `concat:`"),
        ("concat: d3,", "write `from: [conv1, d3]` on its own line below `concat:`"),
        ("add: d3 + conv1", "write `from: [d3, conv1]` on its own line below `add:`"),
        ("multiply: d3*conv1", "write `from: [d3, conv1]` on its own line below `multiply:`"),
        ("subtract: d3 - conv1", "write `from: [d3, conv1]` on its own line below `subtract:`"),
        (
            "add: d3 - conv1",
            "`from: [a, b]` on its own line below `add:` names the layers that it reads",
        ),
        ("concat: {inputs: d3 conv1}", "write `from: [d3, conv1]` on its own line below the kind"),
        ("add: conv1-8, relu", "did you mean `{branches: [conv1-8, relu]}`?"),
        ("add: conv1-8 relu", "`add: {branches: [...]}`"),
        ("concat: true", "`concat: {branches: [...]}`"),
        ("concat: [relu]", "`concat: {branches: [...]}`"),
    ],
)
def test_names_given_to_a_merge_are_all_kept_with_the_layer_above(layers, entry, help) -> None:
    spec = layers(MERGES.replace("VALUE", entry), head="")
    code = "CC012" if "inputs" in entry else "CC014"
    assert (spec.codes, spec.help.partition("\nconcat takes")[0]) == ([code], help)


@pytest.mark.parametrize("names", ["d3 + conv1", "(d3 conv1)", "d3 and conv1", "d3; conv1"])
def test_the_names_of_a_from_without_brackets(layers, names) -> None:
    spec = layers(MERGES.replace("VALUE", f"{{concat: , from: {names}}}"), head="")
    assert spec.help == "commas are missing: did you mean `[d3, conv1]`?"


def test_a_merge_in_a_repeat_is_told_no_name_that_another_turn_has(layers) -> None:
    inside = "- {conv3-8: , name: d3}\n- repeat: {times: 2, layers: [ABOVE, {add: d3}]}\n"
    spec = layers(inside.replace("ABOVE", "relu"))
    assert (
        spec.help
        == "give the layer above a `name:`, and write `from: [that name, d3]` beside `add:`"
    )
    spec = layers(inside.replace("ABOVE", "{relu: , name: r}"))
    assert spec.help == "write `from: [r, d3]` on its own line below `add:`"


@pytest.mark.parametrize("entry", ["pad: same", "pad: {sides: same}"])
def test_padding_that_keeps_the_size_is_no_layer(layers, entry) -> None:
    option = "padding that keeps the size is an option of the layer behind: `pad: same` in its"
    assert layers(f"- {entry}").help == f"{option} braces"


@pytest.mark.parametrize("entry", ["concat: 2", "concat: [2, 3]", "add: [-1, 2]"])
def test_a_merge_of_numbers_is_told_to_read_names(layers, entry) -> None:
    assert layers(f"- {entry}").help.startswith("layers are read by name: write a `name:` beside")

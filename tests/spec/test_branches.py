"""from, branches and merges: any directed acyclic graph."""

import pytest


def test_from_goes_back(layers) -> None:
    spec = layers(
        "- {conv3-4: , name: a}\n- relu\n- {conv1-4: , from: a}\n- {add: , from: [relu1, conv1]}"
    )
    assert [step.inputs for step in spec.network.steps] == [(), (0,), (1,), (1,), (2, 3)]
    assert spec.told == []


@pytest.mark.parametrize(
    ("branches", "names"),
    [
        ("[conv1-3, identity]", ["conv1", "identity1", "add1"]),
        ("[conv1-3, []]", ["conv1", "add1"]),
        ("[[conv1-3, relu], []]", ["conv1", "relu1", "add1"]),
        ("{main: [conv1-3, relu], skip: []}", ["conv1", "relu1", "add1"]),
        ("{main: conv1-3, skip: identity}", ["conv1", "identity1", "add1"]),
        ("[conv1-3 -> relu, []]", ["conv1", "relu1", "add1"]),
        ("[{conv: {filters: 3, kernel: 1}}, []]", ["conv1", "add1"]),
        ("[[], []]", ["add1"]),
    ],
)
def test_branches_are_written_as_is_convenient(layers, branches, names) -> None:
    spec = layers(f"- add: {{branches: {branches}}}")
    assert (spec.names, spec.output, spec.told) == (names, (8, 8, 3), [])


def test_one_branch_alone_is_a_copy_with_a_warning(layers) -> None:
    spec = layers("- add: {branches: [[]]}")
    assert (spec.names, spec.output) == (["add1"], (8, 8, 3))
    assert spec.told == ["3:3: warning[CC125] add1 has one input: nothing to add"]


def test_branches_start_where_from_says(layers) -> None:
    spec = layers("- {conv3-4: , name: a}\n- conv3-5\n- {add: {branches: [[], []]}, from: a}")
    assert spec.output == (8, 8, 4)
    wrong = layers("- {add: {branches: [[], []]}, from: [input, input]}")
    assert wrong.told == ["3:37: error[CC019] add reads one layer, from names 2"]


def test_one_input_is_a_copy_and_the_same_twice_is_allowed(layers) -> None:
    assert layers("- {concat: , from: input}").output == (8, 8, 3)
    assert layers("- {concat: , from: [input, input]}").output == (8, 8, 6)
    assert layers("- {add: , from: [input, input]}").output == (8, 8, 3)
    assert layers("- {multiply: , from: [input, input]}").output == (8, 8, 3)


def test_concat_joins_channels_and_multiply_spreads_a_gate(layers) -> None:
    assert layers("- concat: {branches: [conv1-4, conv1-5]}").output == (8, 8, 9)
    assert layers("- multiply: {branches: [[], [global_avg_pool, sigmoid]]}").output == (8, 8, 3)
    assert layers("- add: {branches: [[], [global_avg_pool]]}").codes == ["CC107"]


def test_a_mismatch_names_branches_shapes_and_the_parting(layers) -> None:
    entry = (
        "- {conv3-4: , name: stem}\n"
        "- add:\n    branches:\n      wide: [conv3-6, relu]\n      skip: identity\n"
    )
    spec = layers(entry)
    assert spec.told == [
        "4:3: error[CC107] add needs equal shapes: wide gives 8x8x6, skip gives 8x8x4, "
        "branches split after stem"
    ]
    places = [(r.span.line, r.message) for r in spec.analysis.findings[0].related]
    assert places == [
        (6, "wide ends here: 8x8x6"),
        (7, "skip ends here: 8x8x4"),
        (3, "the branches split after stem: 8x8x4"),
    ]


def test_a_mismatch_of_layers_behind_from_names_them(layers) -> None:
    spec = layers("- {conv3-4: , name: a}\n- {pool2: , name: b}\n- {concat: , from: [a, b]}")
    assert spec.told == [
        "5:4: error[CC107] concat needs equal spatial sizes: a gives 8x8x4, b gives 4x4x4, "
        "branches split after a"
    ]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("- add: {branches: []}", "3:3: error[CC013] add has no inputs"),
        ("- {add: , from: []}", "3:17: error[CC014] from is empty"),
        ("- {add: , from: [nope, input]}", "3:18: error[CC017] no layer 'nope'"),
        ("- add: {branches: [[conv3-4, foo], []]}", "3:30: error[CC011] unknown layer kind 'foo'"),
    ],
)
def test_a_merge_that_cannot_be_made_is_told_once(layers, entry, told) -> None:
    assert layers(entry).told == [told]


def test_every_unknown_layer_of_a_merge_is_named(layers) -> None:
    spec = layers("- {add: , from: [nope, input, gone]}\n- relu")
    assert spec.told == [
        "3:18: error[CC017] no layer 'nope'",
        "3:31: error[CC017] no layer 'gone'",
    ]
    assert spec.names == ["add1", "relu1"]


def test_an_unknown_input_stops_its_own_path_only(layers) -> None:
    spec = layers("- {relu: , from: nope}\n- conv3-4\n- {conv1-5: , from: input}")
    assert spec.told == ["3:18: error[CC017] no layer 'nope'"]
    assert spec.layers == [("relu1", None), ("conv1", None), ("conv2", (8, 8, 5))]
    assert spec.analysis.totals.activations is None


@pytest.mark.parametrize(
    ("branches", "help"),
    [
        (
            "{body: [conv1-3, conv: {filters: 3, kernel: 2}, relu], skip: []}",
            "body: conv2 outputs 7x7, 8x8 expected",
        ),
        (
            "[[conv3-3], [pool2, relu], [relu]]",
            "branch 2: max_pool1 outputs 4x4, 8x8 expected",
        ),
        (
            "{a: [pool2, relu], b: [conv1-3, relu], c: pool2}",
            "b stays 8x8, 4x4 expected",
        ),
        ("[pool2, pool4]", ""),
        ("[[], fc-10, relu]", "branch 2: fc1 outputs a vector, 8x8 expected"),
        ("[conv1-4, conv1-5]", "try as many filters in conv2 or conv1"),
        ("[conv1-4, conv1-5, conv1-6]", ""),
        (
            "{a: [conv: {filters: 3, kernel: 3}], b: []}",
            "a: conv1 outputs 6x6, 8x8 expected\ntry half of the window as padding of conv1",
        ),
    ],
)
def test_a_mismatch_names_the_layer_that_left_the_common_size(layers, branches, help) -> None:
    spec = layers(f"- add: {{branches: {branches}}}")
    assert spec.codes == ["CC107"]
    assert spec.help == help


@pytest.mark.parametrize(
    ("branches", "help"),
    [
        ("{body: [conv3-6], skip: identity}", "skip: `conv1-6` in place of the identity (8x8x6)"),
        ("{body: [conv3-6], skip: []}", "skip: `conv1-6` in place of the identity (8x8x6)"),
        (
            "{body: [conv: {filters: 6, kernel: 3, stride: 2, pad: same}], skip: identity}",
            "skip: `conv: {filters: 6, kernel: 1, stride: 2, pad: same}` in place of the identity",
        ),
        ("{body: [conv3-6], skip: relu}", "try as many filters in conv1"),
        ("{body: [conv3-6], other: [conv3-5], skip: identity}", ""),
        ("{body: [conv3-6, fc-10], skip: identity}", "body: fc1 outputs a vector"),
        ("{body: [global_avg_pool], skip: identity}", "body: global_avg_pool1 outputs 1x1"),
    ],
)
def test_a_mismatch_offers_the_conv_that_an_identity_has_to_become(layers, branches, help) -> None:
    spec = layers(f"- add: {{branches: {branches}}}")
    assert spec.codes == ["CC107"]
    assert spec.help.startswith(help) and bool(spec.help) == bool(help)


def test_all_convs_without_padding_are_counted_and_the_first_ones_named(layers) -> None:
    convs = ", ".join(["conv: {filters: 3, kernel: 3}"] * 3)
    spec = layers(
        f"- concat: {{branches: [[{convs}, conv: {{filters: 2, kernel: 3}}], []]}}", "9x9x3"
    )
    assert spec.help.endswith("as padding of conv1, conv2, conv3 and 1 more")


def test_the_conv_offered_for_an_identity_repairs_the_net(layers) -> None:
    entry = "- add: {{branches: {{body: [conv3-6s2, relu, conv3-6], skip: {}}}}}"
    head = "input: 8x8x3\nrounding: {conv: floor}\n"
    broken = layers(entry.format("identity"), head=head)
    assert "skip: `conv1-6s2` in place of the identity (4x4x6)" in broken.help
    assert layers(entry.format("conv1-6s2"), head=head).output == (4, 4, 6)


def test_inside_a_block_the_conv_is_that_of_one_call(layers) -> None:
    entry = "add: {branches: [[conv: {filters: =x, kernel: 1}], []]}"
    head = f"blocks: {{b: {{args: {{x: }}, layers: [{entry}]}}}}\n"
    assert layers("- b: 6", head=head).help == (
        "branch 2: `conv1-6` in place of the identity (8x8x6) in this call, "
        "as an argument of the block where its other calls need another"
    )


def test_a_vector_that_gates_channels_needs_its_axes_back(layers) -> None:
    gate = "global_avg_pool, fc-2, relu, fc-3, sigmoid"
    entry = "- multiply: {{branches: {{x: [], se: [{}]}}}}"
    broken = layers(entry.format(gate))
    assert broken.help == "se: `reshape: {shape: 1x1x3}` after sigmoid1"
    assert layers(entry.format(gate + ", reshape: {shape: 1x1x3}")).codes == []


def test_a_volume_beside_a_vector_has_to_be_flattened(layers) -> None:
    pooled = "- {global_avg_pool: , name: img}\n- {fc-5: , name: m}\n"
    broken = layers(f"{pooled}- {{concat: , from: [img, m]}}")
    assert broken.help == "img: `flatten` after img (3 numbers), and its name in `from`"
    assert (
        layers(f"{pooled}- {{flatten: , from: img}}\n- {{concat: , from: [flatten1, m]}}").codes
        == []
    )
    inside = layers("- concat: {branches: {a: [global_avg_pool], b: fc-5}}")
    assert inside.help == "a: `flatten` after global_avg_pool1 (3 numbers)"


def test_what_went_down_and_up_again_is_cropped(layers) -> None:
    net = "- pool2:\n- conv3-3\n- upsample: {scale: 2}\n- concat:\n  from: [upsample1, input]"
    broken = layers(net, "9x9x3", "rounding: floor\n")
    assert "CC107" in broken.codes
    assert "`crop: {like: upsample1}` that reads input" in broken.help
    assert "outputs 4x4" not in broken.help


def test_an_empty_branch_says_how_the_input_itself_is_written(layers) -> None:
    spec = layers("- add:\n    branches:\n      body: [conv3-3]\n      skip:")
    assert spec.codes == ["CC019"] and "skip is empty" in spec.told[0]
    assert spec.help == "a branch that is the input itself is `skip: []`"


def test_a_condition_without_its_equals_sign_is_given_one(layers) -> None:
    spec = layers("- relu:\n  when: stride > 1")
    assert spec.help == "did you mean `=stride > 1`?"


def test_a_gate_of_other_channels_says_how_many_it_needs(layers) -> None:
    spec = layers(
        "- {conv3-64: , name: x}\n- global_avg_pool\n- fc-32\n- reshape: {shape: 1x1x32}\n"
        "- {multiply: , from: [x, reshape1]}"
    )
    assert spec.codes == ["CC107"]
    assert spec.help == "reshape1 has 32 channels, a gate one for each of 64"


def test_a_gate_of_other_channels_is_told_so_wherever_it_is_written(layers) -> None:
    gate = "gate: [global_avg_pool, conv1-8, relu, conv1-16, sigmoid]"
    for branches in (f"{gate}, x: identity", f"x: identity, {gate}"):
        spec = layers(f"- conv3-32\n- multiply: {{branches: {{{branches}}}}}")
        said = "gate has 16 channels, a gate one for each of 32"
        assert spec.help == f"{said}\ntry as many filters in conv3"


def test_a_vector_of_another_length_is_told_of_the_channels_it_gates(layers) -> None:
    spec = layers(
        "- {conv3-16: , name: x}\n- global_avg_pool\n- fc-32\n- {multiply: , from: [x, fc1]}"
    )
    assert spec.help == "fc1 has 32 channels, a gate one for each of 16"


def test_what_was_pooled_twice_is_not_cropped(layers) -> None:
    net = "- pool2\n- pool2\n- upsample: {scale: 2}\n- concat:\n  from: [upsample1, input]"
    said = layers(net, "16x16x3").help
    assert said.split("\n")[-1].strip() == "an `upsample` of upsample1 to 16x16"
    assert said.startswith("`scale: 4` of upsample1 (16x16)") and "crop" not in said

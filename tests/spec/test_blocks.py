"""Blocks: arguments, scopes, names, lists of layers, and what is wrong with them."""

import pytest

B = "blocks:\n  b: {{args: {{{}}}, layers: [{}]}}\n"
LISTED = "arguments of a block are a list, or a mapping of their names"
CONV = "{conv: {filters: =w, kernel: 1, stride: =s}}, relu"


def test_arguments_by_name_by_position_and_by_default(layers) -> None:
    head = B.format("w: , s: 1", CONV)
    for call in ("b: {w: 4}", "b: [4]", "b: 4", "b: [4, 1]", "b: {s: 1, w: 4}"):
        spec = layers(f"- {call}", head=head)
        assert spec.layers == [("b1.conv1", (8, 8, 4)), ("b1.relu1", (8, 8, 4))], call


def test_a_default_uses_earlier_arguments_and_in_channels(layers) -> None:
    head = B.format("w: , v: =2*w, u: =v+in_channels", "{conv: {filters: =u, kernel: 1}}")
    assert layers("- b: 4", head=head).output == (8, 8, 11)
    assert layers("- b: {w: 4, v: 1}", head=head).output == (8, 8, 4)


def test_arguments_are_worked_out_at_the_call(layers) -> None:
    head = B.format("w: ", "conv1-5, {conv: {filters: =w, kernel: 1}}")
    assert layers("- b: =2*in_channels", head=head).output == (8, 8, 6)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("b: {w: 4, z: 3}", "5:13: error[CC012] b has no argument 'z'"),
        ("b: {wi: 3}", "5:7: error[CC012] b has no argument 'wi'"),
        ("b: [5, 6, 7]", "5:13: error[CC012] 3 arguments for b, which takes 2"),
        ("b", "5:3: error[CC013] b needs w"),
        ("b: {s: 1}", "5:3: error[CC013] b needs w"),
        ("b: {w: =q}", "5:10: error[CC016] unknown variable 'q'"),
        ("bb: {w: 1}", "5:3: error[CC011] unknown layer kind 'bb'"),
    ],
)
def test_a_call_that_is_wrong(layers, call, told) -> None:
    spec = layers(f"- {call}\n- relu", head=B.format("w: , s: 1", CONV))
    assert spec.told == [told]
    assert spec.layers[-1] == ("relu1", None)


@pytest.mark.parametrize(
    ("call", "help"),
    [
        ("b", "write `b: {w: ..., s: ...}`"),
        ("b: {}", "write `b: {w: ..., s: ...}`"),
        ("b: {s: 1}", "add `w: ...`"),
        ("b: [4]", "write `b: [4, ...]`"),
        ("b: 4", "write `b: [4, ...]`"),
        ("b: 4, 1", f"write `b: [4, 1]` in place of `b: 4, 1`\n{LISTED}"),
        ("b(4, 1)", "did you mean `b: [4, 1]`?"),
    ],
)
def test_a_call_without_all_arguments_keeps_those_it_has(layers, call, help) -> None:
    assert layers(f"- {call}", head=B.format("w: , s: ", CONV)).help == help


def test_a_list_of_layers_splices_in_or_is_a_branch(layers) -> None:
    head = B.format("l: []", "=l, relu")
    assert layers("- b", head=head).names == ["b1.relu1"]
    assert layers("- b: {l: [conv1-4, tanh]}", head=head).names == [
        "b1.conv1", "b1.tanh1", "b1.relu1",
    ]  # fmt: skip
    assert layers("- b: {l: tanh}", head=head).names == ["b1.tanh1", "b1.relu1"]
    branch = B.format("l: []", "{add: {branches: [conv1-3, =l]}}")
    assert layers("- b", head=branch).names == ["b1.conv1", "b1.add1"]
    assert layers("- b: {l: [tanh]}", head=branch).names == ["b1.conv1", "b1.tanh1", "b1.add1"]
    spec = layers("- b: {l: 3}", head=head)
    assert spec.told == ["5:10: error[CC014] =l is 3, not a layer or a list of layers"]


def test_a_list_of_layers_keeps_the_callers_scope(layers) -> None:
    head = "vars: {w: 7}\n" + B.format("l: , w: 5", "=l")
    assert layers("- b: {l: [{conv: {filters: =w, kernel: 1}}]}", head=head).output == (8, 8, 7)
    nested = layers("- b: {l: [{b: {l: [relu]}}]}", head=B.format("l: ", "=l"))
    assert (nested.names, nested.told) == (["b1.b1.relu1"], [])


def test_automatic_names_step_aside_for_names_that_are_spliced_in(layers) -> None:
    named = "[{conv3-8: , name: conv1}]"
    spec = layers(f"- b: {{l: {named}}}", head=B.format("l: []", "conv3-8, =l"))
    assert (spec.names, spec.told) == (["b1.conv2", "b1.conv1"], [])
    spec = layers("- conv3-8\n- =l", head=f"vars: {{l: {named}}}\n")
    assert (spec.names, spec.told) == (["conv2", "conv1"], [])
    twice = layers("- conv3-8\n- =m", head=f"vars: {{l: {named}, m: [=l, =m]}}\n")
    assert "CC002" in twice.codes  # a list within itself ends all the same


def test_automatic_names_step_aside_for_a_given_name_with_a_dot(layers) -> None:
    head = B.format("", "conv3-8")
    first = layers("- {conv3-8: , name: b1.conv1}\n- b\n- {relu: , from: b1.conv1}", head=head)
    assert (first.names, first.told) == (
        ["b1.conv1", "b1.conv2", "relu1"],
        ["3:26: warning[CC120] b1.conv2 (8x8x8) is unused"],
    )
    assert first.network.steps[-1].inputs == (1,)
    later = layers("- b\n- {conv3-8: , name: b1.conv1}", head=head)
    assert later.codes == ["CC018"]


def test_an_argument_names_whose_weights_are_shared_and_what_is_expected(layers) -> None:
    head = B.format("s: , e: 8x8x3", "{conv3-3: , weights: =s, expect: =e}")
    spec = layers("- {conv3-3: , name: base}\n- b: [base]\n- b: [base, 8x8x4]", head=head)
    assert [step.shares for step in spec.network.steps] == [None, None, 1, 1]
    assert [line.partition(" ")[2] for line in spec.told] == [
        "error[CC130] expected 8x8x4, got 8x8x3"
    ]


@pytest.mark.parametrize(
    ("value", "output"),
    [("3", (6, 6, 4)), ("[1, 7]", (8, 2, 4))],
)
def test_an_argument_alone_passes_numbers_and_lists(layers, value, output) -> None:
    head = B.format("k: ", "{conv: {filters: 4, kernel: =k}}")
    assert layers(f"- b: {{k: {value}}}", head=head).output == output


def test_an_argument_alone_passes_words_and_names(layers) -> None:
    head = B.format("p: ", "{conv: {filters: 4, kernel: 3, pad: =p}}")
    assert layers("- b: same", head=head).output == (8, 8, 4)
    head = B.format("skip: ", "{conv1-4: , from: =skip}")
    spec = layers("- {conv3-5: , name: a}\n- relu\n- b: {skip: a}", head=head)
    assert [step.inputs for step in spec.network.steps][-1] == (1,)
    assert layers("- b: {skip: nope}", head=head).told == ["5:13: error[CC017] no layer 'nope'"]


def test_names_go_from_the_inner_block_outwards(layers) -> None:
    head = "blocks:\n  b: {layers: [{conv1-4: , name: x}, {relu: , from: x}, {tanh: , from: y}]}\n"
    spec = layers("- {conv1-5: , name: x}\n- {conv1-6: , name: y}\n- b", head=head)
    assert [(step.name, step.inputs) for step in spec.network.steps][-2:] == [
        ("b1.relu1", (3,)),
        ("b1.tanh1", (2,)),
    ]


def test_layers_of_a_call_are_named_after_it(layers) -> None:
    head = B.format("", "conv1-4, relu")
    spec = layers(
        "- {b: , name: stem}\n- b\n- {tanh: , from: stem.conv1}\n- {selu: , from: stem}\n",
        head=head,
    )
    assert spec.names == [
        "stem.conv1", "stem.relu1", "b1.conv1", "b1.relu1", "tanh1", "selu1",
    ]  # fmt: skip
    inputs = {step.name: step.inputs for step in spec.network.steps}
    assert (inputs["tanh1"], inputs["selu1"]) == ((1,), (2,))
    assert layers("- {relu: , name: b1}\n- b", head=head).names == ["b1", "b2.conv1", "b2.relu1"]


def test_a_repeated_call(layers) -> None:
    head = B.format("", "conv1-4")
    assert layers("- {b: , times: 2}", head=head).names == ["b1.conv1", "b2.conv1"]
    assert layers("- {b: , times: 2, name: q}", head=head).names == ["q.1.conv1", "q.2.conv1"]
    spec = layers(
        "- repeat: {times: 2, layers: [b, relu]}\n  name: r\n- {tanh: , from: r}", head=head
    )
    assert spec.names[:-1] == ["b1.conv1", "relu1", "b2.conv1", "relu2"]
    assert spec.network.steps[-1].inputs == (4,)


def test_expect_and_ignore_hold_for_a_call(layers) -> None:
    head = B.format("", "{max_pool: {kernel: 3, rounding: floor}}")
    assert layers("- {b: , ignore: CC103, expect: 2x2x3}", head=head).told == []
    assert layers("- {b: , ignore: CC103, expect: 3x3x3}", head=head).codes == ["CC130"]
    spec = layers("- {b: , ignore: CC103, weights: x}", head=head)
    assert spec.told == ["5:33: error[CC017] no layer 'x'"]


@pytest.mark.parametrize("name", ["conv", "repeat", "conv3-64", "pool2", "fc-10", "input"])
def test_a_block_may_not_take_a_kinds_name(layers, name) -> None:
    spec = layers("- relu", head=f"blocks:\n  {name}: {{layers: [relu]}}\n")
    assert spec.told == [f"3:3: error[CC020] a block cannot be called {name!r}"]


def test_a_block_may_not_call_itself(layers) -> None:
    spec = layers("- b", head=B.format("", "relu, b"))
    assert spec.told == ["3:32: error[CC020] block b calls itself"]
    head = "blocks:\n  a: {layers: [b]}\n  b: {layers: [c]}\n  c: {layers: [a]}\n"
    assert layers("- a", head=head).told == ["5:16: error[CC020] block a calls itself through b, c"]


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("b: {args: {w: 1}}", "3:3: error[CC020] block b needs `layers:`"),
        ("b: [relu]", "3:3: error[CC020] block b needs `layers:`"),
        ("b: {args: [w], layers: [relu]}", "3:13: error[CC020] args must be a mapping"),
        ("b: {arg: {w: 1}, layers: [relu]}", "3:7: error[CC010] a block has no key 'arg'"),
        ("b: {args: {a b: 1}, layers: [relu]}", "3:14: error[CC018] 'a b' cannot be an argument"),
        ("b: {args: {not: 1}, layers: [relu]}", "3:14: error[CC018] 'not' cannot be an argument"),
        ("'a b': {layers: [relu]}", "3:3: error[CC020] 'a b' is not a valid block name"),
    ],
)
def test_a_definition_that_is_wrong(layers, block, told) -> None:
    assert layers("- relu", head=f"blocks:\n  {block}\n").told == [told]


def test_a_fault_in_a_block_names_its_line_and_the_calls(read) -> None:
    spec = read(
        "input: 8x8x3\nblocks:\n  a:\n    args: {k: }\n    layers:\n"
        "      - conv: {filters: 4, kernel: =k}\n"
        "  b:\n    layers:\n      - a: 9\nlayers:\n  - relu\n  - b\n"
    )
    (finding,) = spec.analysis.findings
    assert (finding.code, finding.span.line, finding.layer) == ("CC102", 6, "b1.a1.conv1")
    calls = [(r.span.line, r.message) for r in finding.related if "called" in r.message]
    assert calls == [(9, "in the block called here"), (12, "in the block called here")]


def test_a_fault_behind_an_alias_names_the_anchors_line(read) -> None:
    spec = read(
        "input: 8x8x3\nlayers:\n  - &c\n    conv: {filters: 4, kernel: 3}\n  - *c\n  - *c\n  - *c\n"
    )
    (finding,) = spec.analysis.findings
    assert (finding.code, finding.span.line, finding.layer) == ("CC102", 4, "conv4")

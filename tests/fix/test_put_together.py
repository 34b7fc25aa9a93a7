"""Keys of one thing in two places are put together: a key given again, `repeat` beside `layers`."""

import pytest

import convcalc

IN = "input: 32x32x3\n"
ROW = "  - repeat:\n      times: 3\n      layers:\n"
TWICE = [
    ("layers:\n  - conv3-8\nlayers:\n  - relu\n", "layers:\n  - conv3-8\n  - relu\n"),
    ("layers:\n  - conv3-8\nlayers:  # b\n- relu", "layers:\n  - conv3-8\n  # b\n  - relu"),
    (
        "layers:\n- conv3-8\nname: x\nlayers:\n  - conv:\n      filters: 8\n\n      kernel: 1\n",
        "layers:\n- conv3-8\n- conv:\n    filters: 8\n\n    kernel: 1\nname: x\n",
    ),
    (
        "layers:\n- conv3-8\nlayers:\n- relu\nlayers:\n- pool2\n",
        "layers:\n- conv3-8\n- relu\n- pool2\n",
    ),
    ("layers: [conv3-8]\nlayers: [relu]\n", "layers: [conv3-8, relu]\n"),
    (
        "blocks:\n  b:\n    layers: [relu]\nblocks:\n  c:\n    layers: [relu]\nlayers: [b, c]\n",
        "blocks:\n  b:\n    layers: [relu]\n  c:\n    layers: [relu]\nlayers: [b, c]\n",
    ),
]


@pytest.mark.parametrize(("twice", "once"), TWICE)
def test_a_key_that_is_given_again_joins_the_first(twice: str, once: str) -> None:
    first = convcalc.load(f"{IN}{twice}").repairs[0]
    assert first.text == f"{IN}{once}" and convcalc.load(first.text).ok


def test_a_list_in_brackets_and_one_of_lines_stay() -> None:
    assert not convcalc.load(f"{IN}layers: [conv3-8]\nlayers:\n- relu\n").repairs


@pytest.mark.parametrize("number", ["repeat", "times"])
@pytest.mark.parametrize(
    ("beside", "inside"),
    [
        (
            "  - {{layers: [conv3-8, relu], {}: 3}}\n",
            "  - {repeat: {times: 3, layers: [conv3-8, relu]}}\n",
        ),
        (
            "  - {{{}: 3, layers: [conv3-8, relu], name: r}}\n",
            "  - {repeat: {times: 3, layers: [conv3-8, relu]}, name: r}\n",
        ),
        ("  - layers: [conv3-8]\n    {}: 3\n", f"{ROW[:-1]} [conv3-8]\n"),
        ("  - layers:\n      - conv3-8\n    {}: 3\n", f"{ROW}        - conv3-8\n"),
        ("  - layers:\n    - conv3-8\n    {}: 3  # x\n", f"{ROW}      - conv3-8\n    # x\n"),
        (
            "  - {}: 3\n    name: r\n    layers:\n    - conv3-8\n",
            f"{ROW}      - conv3-8\n    name: r\n",
        ),
    ],
)
def test_layers_and_their_number_go_inside_repeat(number: str, beside: str, inside: str) -> None:
    net = convcalc.load(f"{IN}layers:\n{beside.format(number)}  - fc-10\n")
    first = net.repairs[0]
    assert first.text == f"{IN}layers:\n{inside}  - fc-10\n" and convcalc.load(first.text).ok


@pytest.mark.parametrize(
    ("without", "keyed"),
    [
        (
            "blocks:\n  b:\n  - conv3-8\n\n  - relu\nlayers: [b]\n",
            "blocks:\n  b:\n    layers:\n    - conv3-8\n\n    - relu\nlayers: [b]\n",
        ),
        (
            "layers:\n  - add:\n    - conv3-3\n    - identity\n",
            "layers:\n  - add:\n      branches:\n      - conv3-3\n      - identity\n",
        ),
        (
            "layers:\n  - add:\n      - conv3-3\n      - identity\n",
            "layers:\n  - add:\n      branches:\n      - conv3-3\n      - identity\n",
        ),
        (
            "layers:\n  - add: [conv3-3, identity]\n",
            "layers:\n  - add: {branches: [conv3-3, identity]}\n",
        ),
    ],
)
def test_a_list_gets_its_key_in_each_layout(without: str, keyed: str) -> None:
    first = convcalc.load(f"{IN}{without}").repairs[0]
    assert first.text == f"{IN}{keyed}" and convcalc.load(first.text).ok


@pytest.mark.parametrize(
    "listed",
    [
        "  - conv3-3:\n    weights: {}\n",
        "  - upsample: {{like: {}}}\n",
        "  - crop: {{like: {}}}\n",
    ],
)
def test_a_list_of_one_name_is_the_name(listed: str) -> None:
    head = f"{IN}layers:\n  - conv3-3:\n    name: a\n"
    first = convcalc.load(head + listed.format("[a]")).repairs[0]
    assert first.text == head + listed.format("a") and convcalc.load(first.text).ok


@pytest.mark.parametrize("call", ["{}: [1, [64, 7, 7]]", "nn.{}(1, (64, 7, 7))"])
def test_a_vector_is_unflattened_as_the_units_of_a_layer_may_be(call: str) -> None:
    entry = call.format("Unflatten")
    first = convcalc.load(f"input: 3136\nlayers:\n  - {entry}\n  - conv3-8\n").repairs[0]
    assert "- reshape: {shape: [7, 7, 64]}\n" in first.text and convcalc.load(first.text).ok


@pytest.mark.parametrize("names", ["a, b", '"a, b"', "a b", "(a, b)", "[a b]", "a + b"])
def test_a_merge_of_names_without_brackets_reads_them_alone(names: str) -> None:
    net = "input: 32x32x3\nlayers:\n- {conv3-8: , name: a}\n- {conv3-16: , name: b}\n- concat: "
    first = convcalc.load(f"{net}{names}\n").repairs[0]
    assert first.text == f"{net.rstrip()}\n  from: [a, b]\n"

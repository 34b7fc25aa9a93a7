"""What to type instead of a formula that lacks its sign or is written as in other languages."""

import pytest

from convcalc.spec.load import load

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
        ("==width", "a formula has one equals sign before it: `=width`"),
        ("=1e2*width", "a number is written out: `100*width`"),
        ("=2.5E-1", "a number is written out: `0.25`"),
        ("=0x10", "a number is written out: `16`"),
        ("=width is not 1", "write `width != 1`"),
    ],
)
def test_operators_of_other_languages(layers, formula, help) -> None:
    spec = layers(f"- {{relu: , when: {formula}}}", head=WIDTH)
    assert (spec.codes, spec.help) == (["CC015"], help)


@pytest.mark.parametrize("variables", ["{double: =2*width, width: 32}", "{width: =2*width}"])
def test_a_variable_that_stands_below_is_said_to(variables: str) -> None:
    text = f"input: 8x8x3\nvars: {variables}\nlayers:\n- conv3-8\n"
    (finding, *_) = load("net.yaml", text.encode()).findings
    assert finding.message == "unknown variable 'width'"
    assert finding.help == ("width has no value yet: a variable can use those above it",)


def test_the_operators_are_listed_for_a_power_of_a_variable(layers) -> None:
    spec = layers("- conv: {filters: =2**width, kernel: 1}", head=WIDTH)
    assert spec.help.startswith("formulas have + - * /")


@pytest.mark.parametrize(("word", "number"), [("True", 1), ("false", 0)])
def test_truth_is_a_number_in_a_formula(layers, word: str, number: int) -> None:
    spec = layers(f"- {{relu: , when: =width == {word}}}", head=WIDTH)
    assert spec.help == f"a formula has no `{word}`: write `{number}`"


@pytest.mark.parametrize(
    ("formula", "meant"),
    [
        ("=width in [1, 2]", "width == 1 or width == 2"),
        ("=width not in (1, 2)", "width != 1 and width != 2"),
    ],
)
def test_a_list_is_compared_one_by_one(layers, formula: str, meant: str) -> None:
    spec = layers(f'- {{relu: , when: "{formula}"}}', head=WIDTH)
    assert spec.help == f"write `{meant}`"

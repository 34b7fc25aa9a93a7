"""Formulas, variables and --set."""

import pytest

from convcalc.formula import FormulaError, evaluate
from convcalc.formula.inverse import solved
from convcalc.quantity import parse_bytes, parse_count
from convcalc.spec.document import Overrides


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("=1+2*3", 7), ("=(1+2)*3", 9), ("=7//2", 3), ("=-7//2", -4), ("=7%3", 1), ("=8/2", 4),
        ("=-3+5", 2), ("=2-3-4", -5), ("=24/4/3", 2), ("=min(3, 2)", 2), ("=max(1, 2, 3)", 3),
        ("=0 == 1 and 1/0 == 2", False), ("=1 == 1 or 1/0 == 2", True), ("=2 or 0", True),
        ("=1 == 1 and 0 == 1", False), ("=0 == 1 or 1 == 2", False), ("=3 and 2", True),
        ("=1 < 2", True), ("=1 >= 2", False), ("=1 == 1 and not 2 == 2 or 3 != 4", True),
        ("=0.5*4", 2), ("=1.5", 1.5), ("=w", 3), ("=2*w+w%2", 7), ("=  w ", 3), ("=s", "same"),
    ],
)  # fmt: skip
def test_the_value_of_a_formula(text: str, value: object) -> None:
    found = evaluate(text, {"w": 3, "s": "same"}.__getitem__)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("dropout: {rate: =percent/100}", 0.3),
        ("dropout: {rate: =1 - percent/100}", 0.7),
        ("leaky_relu: {negative_slope: =1/5}", 0.2),
        ("elu: {alpha: =3/2*2}", 3.0),
        ("scale: {by: =1/8}", 0.125),
        ("lrn: {alpha: =1/10000}", 0.0001),
    ],
)
def test_a_quotient_is_none_where_the_option_is_no_size(layers, entry: str, value: float) -> None:
    spec = layers(f"- {entry}\n- dropout: {{rate: =percent/50}}", head="vars: {percent: 30}\n")
    assert spec.told == []
    layer = spec.network.steps[1].layer
    assert getattr(layer, entry.partition("{")[2].partition(":")[0]) == value


@pytest.mark.parametrize("size", ["filters: =percent/4, kernel: 3", "filters: 4, kernel: =15/2"])
def test_a_quotient_of_sizes_is_an_integer(layers, size: str) -> None:
    spec = layers(f"- conv: {{{size}}}", head="vars: {percent: 30}\n")
    assert spec.codes == ["CC015"] and "where a fraction is meant" not in spec.help
    assert "` is 7, `" in spec.help and spec.help.endswith("` is 8")


def test_a_quotient_that_is_passed_on_names_the_fraction(layers) -> None:
    head = "vars: {percent: 30}\nblocks: {b: {args: {r: }, layers: [{dropout: {rate: =r}}]}}\n"
    spec = layers("- b: {r: =percent/100}", head=head)
    assert (spec.codes, spec.help) == (["CC015"], "where a fraction is meant: `=percent*0.01`")
    assert layers("- b: {r: =percent*0.01}", head=head).told == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("=7/2", "7/2 is not an integer: 7 = 2*3 + 1; // rounds down"),
        ("=1/0", "division by zero"),
        ("=1//0", "division by zero"),
        ("=1%0", "division by zero"),
        ("=2**3", "'*' was not expected here"),
        ("=(1", "expected ')', got the end"),
        ("=1+", "the formula ends too early"),
        ("=1 2", "'2' was not expected here"),
        ("=1.2.3", "'.' cannot be used in a formula"),
        ("=f(1)", "f is not a function: use min, max or round"),
        ("=__import__('os')", "__import__ is not a function"),
        ("=s+1", "s is not a number here"),
        ("=1 < 5 < 3", "two comparisons in a row: write `1 < 5 and 5 < 3`"),
        ("=not 1 < 2+3 <= 3 or 1", "two comparisons in a row: write `1 < 2+3 and 2+3 <= 3`"),
        ("=1 == 1 != 0", "two comparisons in a row"),
        ("=9999999999*9999999999", "a number beyond 2**63"),
        ("=" + "9" * 19, "a number of 19 digits: at most 18 are read"),
        ("=" + "(" * 40 + "1" + ")" * 40, "nested deeper than 32 levels"),
        ("=" + "-" * 40 + "1", "nested deeper than 32 levels"),
        ("=" + "not " * 40 + "1", "nested deeper than 32 levels"),
        ("=" + "1+" * 300 + "1", "a formula of 602 characters: at most 500 are read"),
    ],
)
def test_a_formula_that_has_no_value(text: str, told: str) -> None:
    with pytest.raises(FormulaError) as caught:
        evaluate(text, {"s": "same"}.__getitem__)
    assert told in str(caught.value)


def test_a_division_that_does_not_come_out_is_shown_with_its_numbers(layers) -> None:
    spec = layers("- conv: {filters: =in_channels/2, kernel: 1}")
    assert spec.told == [
        "3:19: error[CC015] =in_channels/2: 3/2 is not an integer: 3 = 2*1 + 1; // rounds down"
    ]


@pytest.mark.parametrize(
    ("entry", "quoted"),
    [
        ("conv: {filters: =min(64, in_channels), kernel: 1}", "=min(64, in_channels)"),
        ("conv: {kernel: 1, filters: =max(6, in_channels)}", "=max(6, in_channels)"),
        ("conv: {filters: =min(6, 2, in_channels) * 2, kernel: 1}", "=min(6, 2, in_channels) * 2"),
        ("conv: {filters: 4, kernel: [=min(1, 2), 1]}", "=min(1, 2)"),
        ("repeat: {times: =min(2, 3), layers: [relu]}", "=min(2, 3)"),
    ],
)  # fmt: skip
def test_a_comma_in_a_formula_without_quotes_is_told_exactly(layers, entry, quoted) -> None:
    spec = layers(f"- {entry}")
    column = entry.index(quoted.partition(",")[0]) + 3
    assert spec.told == [
        f'3:{column}: error[CC015] a formula with a comma must be quoted: "{quoted}"'
    ]
    assert spec.output is not None, "the rest is judged as it was meant"
    whole = entry.replace(quoted, f'"{quoted}"')
    assert (layers(f"- {whole}").told, layers(f"- {whole}").layers) == ([], spec.layers)


def test_two_formulas_with_the_same_end_are_told_apart(layers) -> None:
    entry = "conv: {filters: =min(4, in_channels), kernel: =min(1, in_channels)}"
    assert layers(f"- {entry}").codes == ["CC015", "CC015"]


def test_variables_stand_in_formulas_and_may_use_earlier_ones(layers) -> None:
    head = "vars: {w: 3, v: =2*w, k: [1, 3], p: same}\n"
    spec = layers("- conv: {filters: =v, kernel: =k, pad: =p}", head=head)
    assert (spec.output, spec.told) == ((8, 8, 6), [])


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ("{v: =2*w, w: 3}", "2:11: error[CC016] unknown variable 'w'"),
        ("{v: =v}", "2:11: error[CC016] unknown variable 'v'"),
        ("{v: 010}", "2:11: error[CC004] 010 is read differently by YAML parsers: write 10"),
    ],
)
def test_a_wrong_variable_is_told_once_where_it_is_made(layers, variables, told) -> None:
    entry = "- conv: {filters: =v, kernel: 1}\n- conv: {filters: =2*v, kernel: 1}"
    assert layers(entry, head=f"vars: {variables}\n").told == [told]


@pytest.mark.parametrize("name", ["2x", "a-b", "in_channels", "min", "and", "not", "ä", "''"])
def test_names_that_no_variable_may_have(layers, name) -> None:
    told = layers("- relu", head=f"vars: {{{name}: 1}}\n").told
    word = name.strip("'")
    assert told == [f"2:8: error[CC018] {word!r} cannot be a variable"]


def test_an_unknown_variable_gets_a_suggestion(layers) -> None:
    spec = layers("- conv: {filters: =groth, kernel: 1}", head="vars: {growth: 3}\n")
    assert spec.told == ["4:19: error[CC016] unknown variable 'groth'"]
    assert spec.help == "did you mean `=growth`?"


def test_set_goes_over_the_files_value(read) -> None:
    text = "input: 8x8x3\nvars: {w: 3, v: =2*w}\nlayers: [{conv: {filters: =v, kernel: 1}}]"
    assert read(text).output == (8, 8, 6)
    assert read(text, Overrides(variables=(("w", 5),))).output == (8, 8, 10)
    assert read(text, Overrides(variables=(("v", 5),))).output == (8, 8, 5)


@pytest.mark.parametrize(
    ("text", "value"),
    [("140M", 140_000_000), ("16G", 16 * 10**9), ("1.5K", 1500), ("138357544", 138357544),
     ("2T", 2 * 10**12), ("140 m", 140_000_000), ("12GiB", None), ("1.5", None), ("-1", None),
     ("M", None), ("1e6", None), ("", None), ("1,000", None)],
)  # fmt: skip
def test_counts(text: str, value: int | None) -> None:
    assert parse_count(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("12GiB", 12 * 2**30), ("80MB", 80_000_000), ("1.5KiB", 1536), ("602112", 602112),
     ("1KB", 1000), ("2TiB", 2**41), ("7B", 7), ("80M", None), ("0.1B", None), ("x", None)],
)  # fmt: skip
def test_bytes(text: str, value: int | None) -> None:
    assert parse_bytes(text) == value


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("=c", 16, {"c": 16}), ("=2*c", 16, {"c": 8}), ("=c*2", 15, {}), ("=c//4", 16, {"c": 64}),
        ("=c/4", 16, {"c": 64}), ("=64//c", 16, {"c": 4}), ("=64/c", 16, {"c": 4}),
        ("=c*e", 16, {"c": 8, "e": 4}), ("=c + 1", 16, {"c": 15}), ("=1 - c", 0, {"c": 1}),
        ("=-c", 16, {"c": -16}), ("=(c + e)*2", 16, {"c": 6, "e": 4}), ("=c + c", 16, {}),
        ("=max(c, 20)", 16, {}), ("=max(c, 8)", 16, {"c": 16}), ("=round(c*1.1)", 11, {"c": 10}),
        ("=c*0", 16, {}), ("=c % 3", 2, {}), ("=c == 4", 1, {}), ("=b + c", 16, {}), ("=", 1, {}),
        ("=16//c", 0, {}), ("=9", 9, {}),
    ],
)  # fmt: skip
def test_the_variable_with_which_a_formula_has_a_value(
    text: str, wanted: int, found: dict[str, int]
) -> None:
    assert dict(solved(text, wanted, {"c": 4, "e": 2})) == found

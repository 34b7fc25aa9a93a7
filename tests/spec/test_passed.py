"""What a call passes to its block is wrong in the call: there it is marked, with what to type."""

import pytest

from convcalc.findings import Severity
from convcalc.spec.load import load

HEAD = """\
input: 8x8x4
vars: {width: 8}
blocks:
  b:
    args: {x: }
    layers:
      - {conv3-4: , name: t}
      - LAYER
layers:
  - {conv3-4: , name: one}
  - {conv3-4: , name: three}
"""


def told(spec: str) -> list[tuple[str, int, str, str, str]]:
    """Code, line, message, first help and first related place of every error."""
    found = [f for f in load("net.yaml", spec.encode()).findings if f.severity is Severity.ERROR]
    return [
        (
            f.code,
            f.line or 0,
            f.message,
            f.help[0] if f.help else "",
            f.related[0].message if f.related else "",
        )
        for f in found
    ]


@pytest.mark.parametrize(
    ("layer", "right", "wrong", "message", "help"),
    [
        ("{add: , from: [=x, t]}", "one", "threee", "no layer 'threee'", "did you mean `three`?"),
        ("{add: , from: =x}", "[[one, t]]", "[[one, threee]]", "no layer 'threee'", "`three`"),
        ("{conv3-4: , weights: =x}", "one", "threee", "no layer 'threee'", "did you mean `three`"),
        ("upsample: {like: =x}", "one", "threee", "no layer 'threee'", "did you mean `three`?"),
        ("=x", "relu", "rleu", "unknown layer kind 'rleu'", "did you mean `relu`?"),
        ("=x", "silu", "hswish", "unknown layer kind 'hswish'", "did you mean `hard_swish`?"),
        ("=x", "relu", "leaky", "unknown layer kind", "`[{leaky_relu: {negative_slope: 0.1}}]`"),
        ("=x", "relu", "nn.ReLU6(True)", "unknown layer kind", "`[{relu6: {in_place: true}}]`"),
        ("=x", "relu", "none", "unknown layer kind 'none'", "did you mean `[[]]`?"),
        ("=x", "relu", "conv", "conv needs filters and kernel", "write `conv:"),
        ("=x", "relu", "6", "=x is 6, not a layer or a list", "a layer such as `relu`"),
        ("=x", "relu conv3-4", "relu rleu", "unknown layer kind 'rleu'", "did you mean `relu`?"),
        ("{relu: , expect: =x}", "8x8x4", "8x8x5", "expected 8x8x5, got 8x8x4", "`expect: 8x8x4`"),
        ("{relu: , expect: =x}", "8x8x4", "relu", "expect needs a shape", ""),
        ("{relu: , from: =x}", "one", "[[one, three]]", "relu reads one layer", "add"),
        ("{add: , from: =x}", "one", "[[]]", "from is empty", ""),
        ("{conv3-4: , weights: =x}", "one", "[[one]]", "weights takes the name of one", ""),
        ("conv: {filters: =x*2, kernel: 1}", "2", "width", "x is the text 'width'", "`=width` is"),
        ("conv: {filters: =x*2, kernel: 1}", "2", "widht", "x is the text 'widht'", "`=width`?"),
        (
            "conv: {filters: =x//2, kernel: 1}",
            "2",
            "in_channels",
            "x is the text",
            "`=in_channels`",
        ),
        (
            "conv: {filters: =x*2, kernel: 1}",
            "2",
            '"16"',
            "x is the text '16'",
            "remove the quotes",
        ),
        ("conv: {filters: =x*2, kernel: 1}", "2", "[[1, 2]]", "x is no number, and formulas", ""),
    ],
)
def test_what_is_wrong_is_marked_in_its_call(
    layer: str, right: str, wrong: str, message: str, help: str
) -> None:
    head = HEAD.replace("LAYER", layer)
    assert told(f"{head}  - b: {right}\n  - b: {right}\n") == []
    ((_, line, said, first, related),) = told(f"{head}  - b: {right}\n  - b: {wrong}\n")
    assert (line, said.startswith(message), help in first) == (13, True, True), (said, first)
    assert related == ("used here" if "rleu" not in wrong or " " not in wrong else related)


def test_a_default_is_marked_where_it_is_with_the_calls_that_use_it() -> None:
    spec = HEAD.replace("LAYER", "=x").replace("{x: }", "{x: rleu}") + "  - b\n  - b: silu\n"
    ((code, line, _, _, related),) = told(spec)
    assert (code, line, related) == ("CC011", 5, "used here by calls without `x`")


def test_through_two_blocks_it_is_marked_in_the_outer_call() -> None:
    outer = "  outer: {args: {y: }, layers: [b: =y]}\nlayers:"
    spec = HEAD.replace("LAYER", "=x").replace("layers:\n  -", f"{outer}\n  -")
    ((code, line, *_),) = told(spec + "  - outer: relu\n  - outer: rleu\n")
    assert (code, line) == ("CC011", 14)


def test_a_variable_is_marked_under_vars() -> None:
    spec = "input: 8x8x4\nvars: {act: rleu, tap: oen}\nlayers:\n  - {conv3-4: , name: one}\n"
    spec += "  - =act\n  - {add: , from: [=tap, relu1]}\n  - =act\n"
    assert [(code, line) for code, line, *_ in told(spec)] == [("CC011", 2), ("CC017", 2)]


def test_a_number_that_is_passed_counts_back_from_nowhere() -> None:
    head = HEAD.replace("LAYER", "{add: , from: [=x, t]}")
    ((_, _, _, help, _),) = told(f"{head}  - b: -1\n")
    assert help.startswith("layers are read by name, not by number: write a `name:`")


@pytest.mark.parametrize(
    ("layer", "wrong", "line", "help"),
    [
        ("{add: , from: [x, t]}", "one", 8, "did you mean `=x`?"),
        ("{conv3-4: , weights: x}", "one", 8, "did you mean `=x`?"),
        ("upsample: {like: x}", "one", 8, "did you mean `=x`?"),
        ("x", "relu", 8, "did you mean `=x`?"),
        ("x", "[[relu, conv3-4]]", 8, "did you mean `=x`?"),
        ("{add: , from: [=x, t]}", "=one", 12, "did you mean `one`?"),
        ("{add: , from: [=x, t]}", "{x: =one}", 12, "did you mean `one`?"),
        ("{add: , from: =x}", "[[one, =three]]", 12, "did you mean `three`?"),
        ("{add: , from: [=t, one]}", "one", 8, "did you mean `t`?"),
        ("{conv3-4: , weights: =one}", "one", 8, "did you mean `one`?"),
        ("upsample: {like: =one}", "one", 8, "did you mean `one`?"),
    ],
)
def test_a_sign_too_few_or_too_many(layer: str, wrong: str, line: int, help: str) -> None:
    found = told(HEAD.replace("LAYER", layer) + f"  - b: {wrong}\n")
    assert [(at, said) for _, at, _, said, _ in found] == [(line, help)]


def test_no_layer_is_meant_where_a_number_is() -> None:
    ((_, _, message, help, _),) = told(
        HEAD.replace("LAYER", "conv: {filters: =one, kernel: 1}") + "  - b: 4\n"
    )
    assert (message, help[:10]) == ("unknown variable 'one'", "known here")
    spec = HEAD.replace("LAYER", "{add: , from: [x, t]}") + "  - b: 4\n"
    assert "=x" not in told(spec)[0][3]


def test_a_name_with_a_dot_too() -> None:
    spec = "input: 8x8x4\nlayers:\n  - {conv3-4: , name: a.1}\n  - {relu: , from: =a.1}\n"
    assert [(code, help) for code, _, _, help, _ in told(spec)] == [
        ("CC016", "did you mean `a.1`?")
    ]


def test_a_missing_argument_that_is_a_name_is_told_so() -> None:
    head = HEAD.replace("LAYER", "{add: , from: [=x, t]}").replace("{x: }", "{c: 4, x: }")
    (finding,) = load("net.yaml", f"{head}  - b: [8]\n".encode()).findings[:1]
    assert finding.help == ("write `b: [8, ...]`", "x is the name of a layer")


def test_a_name_inside_the_block_is_found_by_its_own_name() -> None:
    head = HEAD.replace("LAYER", "{add: , from: [strat, one]}").replace("name: t", "name: start")
    ((_, line, _, help, _),) = told(f"{head}  - b: 4\n  - b: 4\n")
    assert (line, help) == (8, "did you mean `start`?")


@pytest.mark.parametrize(
    ("slip", "code"),
    [
        ("conv: {filters: =inc, kernel_size: 1}", "CC012"),
        ("bn", "CC011"),
        ("dropout: 0.5", "CC014"),
        ("conv: {filters: =ink, kernel: 1}", "CC016"),
        ("{add: , from: [nope, conv1]}", "CC017"),
        ("{relu: , when: =inc > 3, wen: 3}", "CC010"),
    ],
)
def test_slips_of_a_block_that_waits_for_a_size_are_told_too(slip: str, code: str) -> None:
    spec = (
        "input: 9x9x3\nblocks:\n  b:\n    args: {inc: =in_channels, twice: =inc*2}\n    layers:\n"
        f"      - {slip}\nlayers:\n  - conv: {{filters: 4, kernel: 2, stride: 2}}\n  - b\n"
        "  - {relu: , from: conv1}\n"
    )
    assert {found for found, *_ in told(spec)} == {code, "CC101"}
    given = spec.replace("- b\n", "- b: =in_channels\n")
    assert {found for found, *_ in told(given)} == {code, "CC101"}

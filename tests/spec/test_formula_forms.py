"""Short forms with a formula or a word for a number: the layer with its options in braces."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

HEAD = "input: 8x8x4\nvars: {w: 8, k: 3}\nlayers:\n  - "
WHY = "a short form takes numbers only: "


def helped(entry: str) -> list[str]:
    found = analyze(load("net.yaml", f"{HEAD}{entry}\n".encode())).findings
    return [f"{f.code} {line}" for f in found if f.code < "CC1" for line in f.help]


def repaired(entry: str) -> str | None:
    offer = words_replaced(load("net.yaml", f"{HEAD}{entry}\n".encode()))
    return offer.text.removeprefix(HEAD).removesuffix("\n") if offer else None


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("conv1-=in_channels*2", "conv: {filters: =in_channels*2, kernel: 1}"),
        ("conv1-=in_channels * 2", "conv: {filters: =in_channels * 2, kernel: 1}"),
        ("conv1-4*k", "conv: {filters: =4*k, kernel: 1}"),
        ("conv3-$w", "conv: {filters: =w, kernel: 3, pad: 1}"),
        ("conv3-{w}", "conv: {filters: =w, kernel: 3, pad: 1}"),
        ("conv3-${2*w}", "conv: {filters: =2*w, kernel: 3, pad: 1}"),
        ("conv3-(w+1)*2", "conv: {filters: =(w+1)*2, kernel: 3, pad: 1}"),
        ("conv3-2w", "conv: {filters: =2*w, kernel: 3, pad: 1}"),
        ("conv3-w//2", "conv: {filters: =w//2, kernel: 3, pad: 1}"),
        ("conv3-{w}s1p0", "conv: {filters: =w, kernel: 3, stride: 1}"),
        ("conv3x1-{w}", "conv: {filters: =w, kernel: [3, 1], pad: same}"),
        ("conv{k}-8s1", "conv: {filters: 8, kernel: =k, stride: 1, pad: =k//2}"),
        ("conv=k-8", "conv: {filters: 8, kernel: =k, pad: same}"),
        ("pool$k", "max_pool: {kernel: =k}"),
        ("fc-2*w", "fc: {units: =2*w}"),
        ("conv3-8same", "conv: {filters: 8, kernel: 3, pad: same}"),
        ("conv3-8s2-valid", "conv: {filters: 8, kernel: 3, stride: 2, pad: valid}"),
        ("avgpool2same", "avg_pool: {kernel: 2, stride: 2, pad: same}"),
    ],
)
def test_the_layer_with_its_options_is_offered_and_made(word: str, meant: str) -> None:
    assert helped(word) == [f"CC011 {WHY}write `{meant}`"]
    assert repaired(word) == meant
    if " " not in word:
        assert repaired(f"{word}:\n    name: a") == f"{meant}\n    name: a"


def test_options_below_the_word_stay() -> None:
    assert helped("conv3-$w: {stride: 2, bias: false}") == [
        f"CC011 {WHY}write `conv: {{filters: =w, kernel: 3, stride: 2, pad: 1, bias: false}}`"
    ]


@pytest.mark.parametrize(
    "pattern", ["relu conv3-=w*2", "[conv3-=w*2 -> relu]*2", "conv3-=w*2->relu"]
)
def test_in_a_pattern_the_help_is_an_entry_of_a_list(pattern: str) -> None:
    meant = "conv: {filters: =w*2, kernel: 3, pad: 1}"
    told = f"CC011 a pattern has words only: in a list of layers it is `- {meant}`"
    assert helped(f'"{pattern}"') == [told]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("conv3-8*2", "[conv3-8]*2"),
        ("relu -> conv3-64*2 relu", "[conv3-64]*2"),
        ("relu -> *2", "[conv3-64 relu]*2"),
    ],
)
def test_a_layer_that_is_repeated_is_a_group(word: str, told: str) -> None:
    assert helped(word) == [f"CC021 `{told}`, in quotes where it is an entry of a list"]


@pytest.mark.parametrize("word", ["conv3-64-bn", "conv3-64bn", "conv3-2z", "conv3-64:2 relu"])
def test_what_is_no_formula_is_not_made_one(word: str) -> None:
    assert "=" not in "".join(helped(word))
    assert repaired(word) is None


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("floor(w/2)", "write `w//2`"),
        ("math.floor(w*3/2)", "`//` divides and rounds down: `n//2`"),
        ("ceil(w*3/2)", "`//` divides and rounds down: `(n + 1)//2` rounds up"),
        ("w >> 1", "write `w//2`"),
        ("w << 3", "write `w*8`"),
        ("w mod 3", "write `%`"),
        ("w div 3", "write `//`"),
        ("w x 2", "write `*`"),
        ("w = 3", "write `==`"),
        ("3 if w else 2", "`when: =stride > 1` beside an entry leaves it out where that is not "
                          "true"),
        ("sqrt(w)", "formulas have + - * / // % ( ) min max round, comparisons, and, or, not: "
                    "`//` divides and rounds down"),
        ("w & 1", "formulas have + - * / // % ( ) min max round, comparisons, and, or, not: "
                  "`//` divides and rounds down"),
    ],
)  # fmt: skip
def test_what_formulas_do_not_have_is_answered(text: str, help: str) -> None:
    spec = f'vars: {{w: 8}}\ninput: 8x8x3\nlayers: [conv: {{filters: "={text}", kernel: 1}}]\n'
    (finding,) = load("net.yaml", spec.encode()).findings
    assert (finding.code, finding.help) == ("CC015", (help,))

"""Pages of layer kinds, the list of codes, and what a wrong word may have meant."""

import re

import pytest

from convcalc.cli import run
from convcalc.explain import lookup
from convcalc.explain.kind import kind
from convcalc.findings import CODES
from convcalc.layers import BY_NAME
from convcalc.study.explain import page

KEYS = {name: {option.key for option in kind.options()} for name, kind in BY_NAME.items()}


@pytest.mark.parametrize("name", BY_NAME)
def test_every_kind_has_a_page_with_its_options(name: str) -> None:
    page = kind(name)
    assert page is not None and "Example: " in page.body
    for option in BY_NAME[name].options():
        assert f"    {option.key}" in page.body and option.doc in page.body
        assert option.wants in page.body


def test_the_words_of_a_choice_and_its_default_are_named() -> None:
    page = kind("upsample")
    assert page is not None and "    mode: nearest or bilinear; default nearest\n" in page.body


@pytest.mark.parametrize("name", [n for n in BY_NAME if "in_place" in KEYS[n]])
def test_the_default_of_in_place_is_the_kind_s_own(name: str) -> None:
    page = kind(name)
    usual = "where nothing else reads it" if BY_NAME[name].in_place_by_default else "false"
    assert page is not None and f"(default: {usual})" in " ".join(page.body.split())


def test_all_codes_are_listed_and_the_rules_alone() -> None:
    every, rules = lookup.codes().body, lookup.codes(rules_only=True).body
    assert all(code in every and name in every for code, name in CODES.items())
    assert [code for code in CODES if code in rules] == [c for c in CODES if c >= "CC2"]


@pytest.mark.parametrize(
    ("word", "hint"),
    [("upsampel", "did you mean upsample?"), ("cc1033", "did you mean CC103?"),
     ("inferenz", "did you mean inference?"), ("budgie", "`convcalc explain` lists")],
)  # fmt: skip
def test_wrong_words(word: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", word]) == 2
    assert hint in capsys.readouterr().err


#: reStructuredText: double backticks, roles, directives, doctests, links, a literal block's colons
RST = re.compile(r"``|:[a-z]+:`|^\.\. [a-z]|^ *>>>|`_\b|\|[a-z]+\|_|::$", re.MULTILINE)


@pytest.mark.parametrize(
    "page",
    [*lookup.terms(), *map(lookup.code, CODES), *map(kind, BY_NAME)],
    ids=lambda page: page.title,
)
def test_a_page_is_markdown_and_no_restructured_text(page: lookup.Page) -> None:
    for text in (page.text(None), page.text(60)):
        assert not RST.search(text)
        assert all(line.count("`") % 2 == 0 for line in text.split("\n\n"))


@pytest.mark.parametrize(
    ("word", "meant", "told"),
    [
        (
            "nn.Conv2d",
            "conv",
            "nn.Conv2d is `conv` here: `out_channels` is `filters`, `kernel_size` is `kernel`, "
            "`padding` is `pad`, `in_channels` is what arrives, and left out.",
        ),
        ("MaxPooling2D", "max_pool", "MaxPooling2D is `max_pool` here: `pool_size` is `kernel`, "
         "`strides` is `stride`, `padding` is `pad`."),
        ("InnerProduct", "fc", "InnerProduct is `fc` here."),
    ],
)  # fmt: skip
def test_another_tools_word_leads_to_the_kind(word: str, meant: str, told: str) -> None:
    found, own = page(word), kind(meant)
    assert found is not None and own is not None and found.title == meant
    assert found.body == f"{told}\n\n{own.body}"

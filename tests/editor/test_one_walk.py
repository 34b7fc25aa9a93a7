"""What is typed in a line is found in one walk, however long it is, as plain searches find it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convcalc.editor import beside, cursor
from convcalc.interop import python_source

LINES = st.text(alphabet="ab1 =:,-[]{}\"'.+*é", max_size=30)


@given(LINES)
def test_formulas_and_words_are_those_at_the_end(line: str) -> None:
    found = cursor.typing([line], 1, len(line) + 1)
    formula = re.search(r"""(?:^|[\s:,\[{"'])=[^,\]}]*\Z""", line) is not None
    word = re.search(r"\w*\Z" if formula else r"[\w.+*=-]*\Z", line)
    assert word is not None
    assert (found.formula, found.word) == (formula, word[0])


@given(
    st.recursive(
        st.text(alphabet="ab:, ", max_size=4),
        lambda inner: st.tuples(inner, st.sampled_from(["[]", "{}"]), inner, inner).map(
            lambda parts: f"{parts[0]}{parts[1][0]}{parts[2]}{parts[1][1]}{parts[3]}"
        ),
        max_leaves=12,
    )
)
def test_what_is_outside_of_brackets_is_what_is_left_without_the_innermost(text: str) -> None:
    left, before = text, ""
    while left != before:
        before, left = left, re.sub(r"\[[^\[\]{}]*\]|\{[^\[\]{}]*\}", "", left)
    assert beside._outer(text) == left


@given(st.text(alphabet="[]{}a", max_size=20))
def test_brackets_that_do_not_close_hide_what_follows(text: str) -> None:
    kept = beside._outer(text)
    assert not {"[", "{"} & set(kept)
    assert beside._outer(f"{text}[" + text.replace("]", "").replace("}", "")) == kept


LONG = ["[" * 400_000, "{" * 400_000, " " * 400_000, "={w+" + "w+" * 200_000]


@pytest.mark.parametrize("long", LONG, ids=["lists", "braces", "blanks", "formula"])
def test_a_line_may_be_as_long_as_a_file(long: str) -> None:
    """Minutes, were it gone through again from each of its letters."""
    line = f"  - conv: {{filters: 3,{long}"
    assert cursor.typing([line], 1, len(line) + 1).keys[:1] == ("conv",)
    assert beside.given([line], 1, 12) <= {"filters"}


NAMES = st.lists(st.sampled_from("ABCD"), max_size=3)


@given(
    st.lists(st.sampled_from("ABCD"), min_size=1, max_size=4, unique=True),
    st.lists(NAMES, min_size=4, max_size=4),
    NAMES,
)
def test_classes_that_others_name_come_after_those_that_none_does(
    classes: list[str], bodies: list[list[str]], rest: list[str]
) -> None:
    """The reference looks for each class in each other one."""
    bodies = bodies[: len(classes)]
    text = "".join(
        f"class {word}(nn.Module):\n" + "".join(f"    {other}()\n" for other in own) + "    pass\n"
        for word, own in zip(classes, bodies, strict=True)
    )
    text += "".join(f"print({word})\n" for word in rest)

    def rank(word: str) -> tuple[bool, bool]:
        others = (own for name, own in zip(classes, bodies, strict=True) if name != word)
        return any(word in own for own in others), word not in rest

    first, *others = sorted(classes, key=rank)
    said = python_source.advice(text.encode(), "net.py")
    assert f"--torch net:{first} " in said
    assert not others or f"others in it: net:{others[0]}" in said

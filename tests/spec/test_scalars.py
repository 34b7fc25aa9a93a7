"""Plain scalars: what is told from a look at the text is what YAML's own patterns say of it."""

import re
from itertools import product

import pytest

from convcalc.tree import scalars
from convcalc.tree.scalars import AmbiguousError, resolve

#: digits, signs and marks of numbers, letters that are in some, and some that are in none
LETTERS = "01.+-_:xeE a٣"


def _kind(text: str) -> type:
    try:
        return type(resolve.__wrapped__(text))
    except AmbiguousError:
        return AmbiguousError


def _by_pattern(text: str) -> type:
    found = {
        int: r"[-+]?(0|[1-9][0-9]*)",
        AmbiguousError: r"[-+]?(0[0-9_]+|[0-9][0-9_]*(:[0-9]+)+|[0-9]+_[0-9_]*|0x[0-9a-fA-F_]+)",
        float: r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
    }
    return next((kind for kind, pattern in found.items() if re.fullmatch(pattern, text)), str)


def test_every_text_of_four_letters_is_what_the_patterns_say() -> None:
    texts = ("".join(letters) for many in range(1, 5) for letters in product(LETTERS, repeat=many))
    assert [t for t in texts if _kind(t) is not _by_pattern(t)] == []


@pytest.mark.parametrize("text", ["3", "0.5", "24.48", "1x1x1000", "conv3-64", "same", "true", ""])
def test_what_most_specs_hold_needs_no_pattern(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scalars, "re", None)
    resolve.__wrapped__(text)

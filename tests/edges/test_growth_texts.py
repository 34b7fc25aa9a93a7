"""Texts of every form: four times the words are about four times the work of all that is said.

Counted in lines of Python. What goes over a whole text in one line (`split`, `count`, a pattern) is
seen by the time of a processor alone: `test_long_runs.py`.
"""

from collections.abc import Callable

import pytest

from convcalc.analysis.walk import analyze
from convcalc.formula import names
from convcalc.rules.advise import with_faults
from convcalc.spec.load import load
from convcalc.suggest import Suggestions
from tests.lines_run import lines_run

WORDS = (
    *("-", "relu -", "a", "[relu]*2", "[", "a:b", "a: b", "'a'", "a #", "&a", "{a: 1}"),
    *("f(x)", "=a", "*2", "rellu", "relu-relu"),
)
#: what a word is repeated in
FORMS: dict[str, Callable[[str, int], str]] = {
    "one line": lambda word, n: f"layers: conv3-8{f' {word}' * n}",
    "an entry over lines": lambda word, n: "layers:\n- conv3-8\n" + f"    {word}\n" * n,
    "a text over lines": lambda word, n: f"layers: conv3-8{f'{chr(10)}  {word}' * n}",
    "quotes over lines": lambda word, n: f"layers:\n- 'conv3-8{f'{chr(10)}   {word}' * n}'",
    "double quotes": lambda word, n: f'layers:\n- "conv3-8{f" {word}" * n}"',
    "a folded block": lambda word, n: "layers: >\n" + f"  {word}\n" * n,
    "a literal block": lambda word, n: "layers:\n- |\n" + f"   {word}\n" * n,
    "brackets": lambda word, n: f"layers: [{f'{word}, ' * n}]",
    "brackets without commas": lambda word, n: f"layers: [{f'{word}{chr(10)} ' * n}]",
    "brackets that stay open": lambda word, n: f"layers: [{f'{word}, ' * n}",
    "entries": lambda word, n: "layers:\n" + f"- {word}\n" * n,
    "entries over lines": lambda word, n: "layers:\n" + f"- relu\n  {word}\n" * n,
    "keys": lambda word, n: "layers:\n" + f"- {word}:\n" * n,
    "values": lambda word, n: "layers:\n" + f"- conv:\n    filters: {word}\n" * n,
    "names": lambda word, n: "layers:\n" + f"- relu:\n  name: {word}\n" * n,
    "variables": lambda word, n: "vars:\n" + "".join(f"  a{i}: {word}\n" for i in range(n)),
    "one key again": lambda word, n: "vars:\n" + f"  {word}: 1\n" * n,
    "blocks": lambda word, n: (
        "blocks:\n" + "".join(f"  b{i}: {{layers: [{word}]}}\n" for i in range(n)) + "layers: [b1]"
    ),
    "what is read": lambda word, n: f"layers:\n- add:\n  from: [{f'{word}, ' * n}]",
    "comments": lambda word, n: f"# {word}\n" * n + "layers: [relu]",
    "anchors": lambda word, n: (
        "layers:\n" + "".join(f"- &a{i} {word}\n- *a{i}\n" for i in range(n))
    ),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_four_times_the_words_are_about_four_times_the_work(
    form: Callable[[str, int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # compares with every name, but only so often for one file
    monkeypatch.setattr(Suggestions, "_nearest", lambda *given: ("", ""))

    def work(word: str, number: int) -> int:
        text = f"input: 32x32x3\n{form(word, number)}\n".encode()
        return lines_run(lambda: with_faults(analyze(load("a.yaml", text))))

    for word in WORDS:
        work(word, 50)  # what is made once
        small, large = work(word, 40), work(word, 160)
        assert large < 5 * small, (word, small, large)


def test_the_names_of_a_formula_are_found_in_one_walk() -> None:
    def work(terms: int) -> int:
        return lines_run(lambda: names(f"=a{' + a' * (terms - 1)}"))

    assert work(100) < 3 * work(50)

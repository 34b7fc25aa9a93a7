"""Unknown words beside many blocks and many arguments: four times of both, four times the work.

Counted in lines of Python.
"""

from collections.abc import Callable

import pytest

from convcalc.spec.load import load
from convcalc.suggest import Suggestions
from tests.lines_run import lines_run


def _blocks(number: int, *words: str) -> str:
    lines = (f"  blockname{i}: {{args: {{n: 4}}, layers: [relu]}}" for i in range(number))
    return "\n".join(["input: 8x8x4", "blocks:", *lines, "layers:", *words, ""])


def _arguments(number: int, given: str) -> str:
    names = ", ".join(f"arg{i}: 1" for i in range(number))
    return (
        f"input: 8x8x4\nblocks:\n  b: {{args: {{{names}}}, layers: [relu]}}\nlayers:\n- {given}\n"
    )


#: what a stranger writes, by how much of it
TEXTS: dict[str, Callable[[int], str]] = {
    "other words": lambda n: _blocks(n, *(f"- blokname{i}" for i in range(n))),
    "other words with options": lambda n: _blocks(n, *(f"- blokname{i}: 8" for i in range(n))),
    "calls in round brackets": lambda n: _blocks(n, *(f"- blokname{i}(8)" for i in range(n))),
    "in other letters": lambda n: _blocks(n, *(f"- BlockName{i}" for i in range(n))),
    "words of patterns": lambda n: _blocks(n, *(f"- relu blokname{i} relu" for i in range(n))),
    "branches": lambda n: _blocks(n, *(f"- add: [blokname{i}, relu]" for i in range(n))),
    "other arguments": lambda n: _arguments(
        n, f"b: {{{', '.join(f'agr{i}: 1' for i in range(n))}}}"
    ),
    "arguments in a list": lambda n: _arguments(
        n, f"b: [{', '.join(f'agr{i}' for i in range(n))}]"
    ),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_four_times_the_unknown_words_are_about_four_times_the_work(
    text: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # compare with every name, but only so often for one file
    monkeypatch.setattr(Suggestions, "_nearest", lambda *given: ("", ""))
    monkeypatch.setattr(Suggestions, "argument", lambda *given, **settings: "")

    def work(number: int) -> int:
        data = text(number).encode()
        return lines_run(lambda: load("a.yaml", data))

    work(10)  # what is made once
    small, large = work(40), work(160)
    assert large < 5.2 * small, (small, large)

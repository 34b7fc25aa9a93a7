"""`check --fix` of files with very many faults: each costs as much as the first."""

import pytest

from convcalc import suggest
from convcalc.fix import standing
from convcalc.fix.search import offers
from convcalc.report.drawing.palette import Palette
from convcalc.report.fixes.text import offers_text
from convcalc.spec.load import load

ACTIVATION = "  - conv: {filters: 8, kernel: 3, pad: 1, activation: relu}\n"


@pytest.mark.parametrize("line", [ACTIVATION, "  - relu: false\n"])
def test_the_tree_is_gone_through_once_a_trial(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = 0
    own = standing._standing

    def counted(root):
        nonlocal nodes
        for node in own(root):
            nodes += 1
            yield node

    monkeypatch.setattr(standing, "_standing", counted)
    text = f"input: 64x64x3\nlayers:\n{line * 150}  - tanh\n"
    (best,) = offers(load("net.yaml", text.encode()))
    assert best.errors == () and best.text.count(line.strip()) == 0
    assert nodes < 10_000


def test_a_word_is_compared_once_however_often_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    own = suggest._near
    monkeypatch.setattr(
        suggest, "_near", lambda word, *rest: (compared.append(word), own(word, *rest))[1]
    )
    text = "input: 8x8x3\nlayers:\n" + "  - rellu\n" * 3000
    found = load("net.yaml", text.encode()).findings
    assert {finding.help for finding in found} == {("did you mean `relu`?",)}
    assert len(found) == 3000 and len(compared) < 5


def shown(text: str, every: bool = False) -> str:
    network = load("net.yaml", text.encode())
    return offers_text(network, offers(network), Palette(False), every=every)


def test_as_many_changes_are_listed_as_are_read() -> None:
    text = "input: 8x8x3\nlayers:\n" + "  - rellu\n" * 300 + "  - florp\n" * 3
    some, every = shown(text), shown(text, every=True)
    assert some.count("rellu -> relu") == 20 and every.count("rellu -> relu") == 300
    assert "\n     ... and 280 more changes: --all lists them\n" in some
    assert "\n     leaves CC011 unknown-kind (3 times)\n" in some
    assert some.count("\n") < 240 and every.count("\n+  - relu") == 300
    assert some.endswith(" more lines: --all shows them\n") and "more" not in every

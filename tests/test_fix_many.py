"""`check --fix` of files with very many faults: each costs as much as the first."""

import pytest

from convcalc.fix import standing
from convcalc.fix.search import offers
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

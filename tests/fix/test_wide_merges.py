"""`check --fix` of merges of very many branches: what is tried is bounded, and what is not said."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.fix import branches, candidates, filters
from convcalc.fix.search import offers
from convcalc.fix.work import Work
from convcalc.sizes import nearest
from convcalc.spec.edit import Editor
from convcalc.spec.load import load

HEAD = "input: 64x64x8\nlayers:\n"


def added(convs: Iterator[str] | list[str], before: str = "") -> str:
    return f"{HEAD}{before}  - add: {{branches: [[], {', '.join(convs)}]}}\n"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[type, str], list[object]]:
    """Counts the calls of a method."""

    def counting(owner: type, name: str) -> list[object]:
        calls: list[object] = []
        own = getattr(owner, name)
        monkeypatch.setattr(
            owner, name, lambda *given: (calls.append(None), own(*given))[1], raising=True
        )
        return calls

    return counting


def test_of_many_depths_only_the_tried_edits_are_made(
    counted: Callable[[type, str], list[object]],
) -> None:
    network = load("net.yaml", added([f"conv3-{i}" for i in range(9, 309)]).encode())
    applied, editors = counted(Editor, "apply"), counted(Editor, "__init__")
    work = Work()
    assert offers(network, work) == []
    assert len(applied) < 100 and len(editors) < 500
    assert [*work.untried] == ["more than 60 edits"]


def test_inputs_are_looked_at_so_often_over_all_depths(
    counted: Callable[[type, str], list[object]],
) -> None:
    # formulas cannot be edited, and no try counts them
    convs = [f"{{conv: {{filters: '=8+{i}', kernel: 1}}}}" for i in range(1, 400)]
    network = load("net.yaml", added(convs).encode())
    replaced = counted(Editor, "replaced")
    work = Work()
    assert offers(network, work) == []
    assert len(replaced) < 2 * filters._MOST
    assert [*work.untried] == ["every depth of every branch of add1"]


def test_the_depth_that_most_branches_have_is_tried_whatever_their_number() -> None:
    convs = ["conv3-8p1" if i != 700 else "conv3-9p1" for i in range(1500)]
    network = load("net.yaml", added(convs).encode())
    best = offers(network)[0]
    assert best.errors == () and best.text == network.source.text.replace("conv3-9p1", "conv3-8p1")


def test_branches_with_a_long_past_are_not_gone_through(tmp_path: Path, capsys) -> None:
    text = added([f"conv{i % 31 * 2 + 1}-8p0" for i in range(400)], '  - "[relu]*2000"\n')
    assert candidates._MOST < 400 * 2000
    net = tmp_path / "net.yaml"
    net.write_text(text, encoding="utf-8")
    assert run(["check", "--fix", str(net)]) == 1
    out = capsys.readouterr().out
    assert "no single edit that was tried repairs it" in out
    assert "  not tried, for the time it takes: what changes the branches of add1: they are" in out


def test_the_numbers_of_a_kind_are_looked_for_once() -> None:
    branches._has_number.cache_clear()
    text = "relu1 conv_2 max-pool3 " * 10
    for layer, known in {"relu": True, "conv1-8": False, "pool": False, "max_pool": False}.items():
        assert branches.is_numbered(text, layer) is known
        assert branches.is_numbered(text, layer) is known
    assert branches._has_number.cache_info().hits == 4


def test_sizes_are_looked_for_less_far_in_a_long_net(monkeypatch: pytest.MonkeyPatch) -> None:
    network = load("net.yaml", b"input: 10x10x3\nlayers:\n  - conv3-4s2p0\n  - conv64-4s64p0\n")
    assert nearest.nearest_sizes(network) == [(129, 129)]
    monkeypatch.setattr(nearest, "_SIZED", 3)
    assert nearest.nearest_sizes(network) == []
    short = load("net.yaml", b"input: 10x10x3\nlayers:\n  - conv3-4s2p0\n")
    assert nearest.nearest_sizes(short) == [(9, 9), (11, 11)]

"""`check --fix` of files with very many faults: each costs as much as the first."""

import pytest

from convcalc import suggest
from convcalc.dialects import Known
from convcalc.fix import standing, work
from convcalc.fix.search import offers
from convcalc.report.drawing.palette import Palette
from convcalc.report.fixes.text import offers_text
from convcalc.spec.load import load
from convcalc.spec.names import Names
from tests.lines_run import lines_run

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


def test_words_are_not_compared_with_all_blocks_anew() -> None:
    hashed = 0

    class Counted(str):
        def __hash__(self) -> int:
            nonlocal hashed
            hashed += 1
            return super().__hash__()

    names = Known(Counted(f"block{number}") for number in range(1000))
    suggest_one = suggest.Suggestions()
    assert {suggest_one.nearest("rellu", names) for _ in range(50)} == {""}
    assert hashed < 4000


def test_keys_of_one_mapping_are_looked_up() -> None:
    def work(number: int) -> int:
        lists = "".join(f"  b{i}: [conv3-8]\n" for i in range(number))
        network = load("net.yaml", f"input: 8x8x3\nblocks:\n{lists}layers: [b0]\n".encode())
        (best,) = offers(network)
        assert best.errors == () and len(best.changes) == number
        return lines_run(lambda: offers(network))

    small, large = work(30), work(120)
    assert large < 5 * small


def test_no_text_is_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    own = work.load
    monkeypatch.setattr(
        work, "load", lambda path, data, **rest: (texts.append(data), own(path, data, **rest))[1]
    )
    text = "input: 8x8x3\nlayers:\n" + "  - rellu\n" * 30 + "  - conv: {filtres: 8, kernel: 3}\n"
    (best,) = offers(load("net.yaml", text.encode()))
    assert best.errors == () and texts and len(texts) == len(set(texts))


def test_the_layer_above_is_looked_for_where_its_name_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    own = Names.shortest
    monkeypatch.setattr(Names, "shortest", lambda *given: (asked.append(given[2]), own(*given))[1])
    kinds = "input: 8x8x3\nlayers:\n" + "  - rellu\n  - dropout: high\n" * 20
    assert len(load("net.yaml", kinds.encode()).findings) == 40 and not asked
    route = "input: 8x8x3\nlayers: [conv3-8, relu, {shortcut: -2}]\n"
    (finding,) = load("net.yaml", route.encode()).findings
    assert finding.help[0].endswith("`from: [relu1, conv1]`") and asked


def test_names_are_suggested_for_as_many_references_as_words() -> None:
    text = "input: 8x8x3\nlayers:\n  - conv3-8\n" + "  - {relu: , from: florp}\n" * 5100
    helps = [finding.help for finding in load("net.yaml", text.encode()).findings]
    assert all(helps[:5000]) and not any(helps[5000:]) and len(helps) == 5100


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

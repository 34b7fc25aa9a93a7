"""Files with thousands of names and faults: a fault looks a name up, it does not list them all."""

from collections.abc import Callable
from typing import Any

import pytest

from convcalc import dialects
from convcalc.findings import Finding
from convcalc.spec import hints, reuse
from convcalc.spec.as_text import text_of
from convcalc.spec.formula_hints import in_formula
from convcalc.spec.load import load
from convcalc.tree.nodes import Scalar, Sequence


def findings(text: str) -> list[Finding]:
    return list(load("a.yaml", f"input: 8x8x8\n{text}".encode()).findings)


def listed(item: str, number: int) -> str:
    return ", ".join(item.format(n) for n in range(number))


class LookedUp(dict[str, int]):
    """Variables that nobody may go through."""

    def __iter__(self) -> Any:
        raise AssertionError("all names are listed for one fault")


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], list[str]]:
    def count(module: Any, name: str) -> list[str]:
        calls: list[str] = []
        own = getattr(module, name)

        def called(*given: Any) -> Any:
            calls.append(name)
            return own(*given)

        monkeypatch.setattr(module, name, called)
        return calls

    return count


def test_a_formula_without_its_sign_looks_its_names_up() -> None:
    known = LookedUp(width=8)
    assert hints.formula_in_text("width*2", known) == ("`=width*2`",)
    assert hints.equals_sign("width", known) == ("`=width` is the variable",)
    assert hints.equals_sign("in_channels*2", known) == ("`=in_channels*2`",)
    assert hints.formula_in_text("height*2", known) == ()


def test_blocks_are_listed_once_for_all_unknown_words(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[dialects.Known] = []
    folded = dialects.Known.folded.func

    def seen(self: dialects.Known) -> dict[str, str]:
        made.append(self)
        return folded(self)

    monkeypatch.setattr(dialects.Known.folded, "func", seen)
    blocks = listed("b{}: {{layers: [relu]}}", 300)
    found = findings(f"blocks: {{{blocks}}}\nlayers: [{listed('B{}', 200)}, {{B-1: {{a: 1}}}}]")
    assert [finding.help for finding in found[:2]] == [
        ("did you mean `b0`?",),
        ("did you mean `b1`?",),
    ]
    assert len(found) == 201
    assert len([known for known in made if len(known) > 300]) == 2  # with short forms and without


def test_what_a_block_depends_on_is_read_once_a_block(counted: Any) -> None:
    read = counted(reuse, "mentioned")
    blocks = ["b0: {layers: [relu]}"]
    for n in range(1, 300):  # 50 deep
        inner = f"{{b{n - 1}: , when: 0}}, relu" if n % 50 else "relu"
        blocks.append(f"b{n}: {{layers: [{inner}]}}")
    text = f"blocks: {{{', '.join(blocks)}}}\nlayers: [relu, {listed('b{}', 300)}]"
    assert not findings(text)
    assert len(read) == 300


def test_all_variables_are_told_apart_once_a_net(counted: Any) -> None:
    told = counted(reuse, "_told_apart")
    variables = f"vars: {{{listed('v{}: 8', 300)}}}\n"
    blocks = f"blocks: {{{listed('b{}: {{layers: relu relu}}', 100)}}}\n"
    findings(f"{variables}{blocks}layers: [relu, {listed('b{}', 100)}]")
    assert 300 <= len(told) < 600


def test_help_names_some_of_many_options_and_arguments() -> None:
    long = Sequence(0)
    long.items = [Scalar("a" * 1000, 0)] * 1000
    assert len(text_of(long)) < 10_000
    outer = Sequence(0)
    outer.items = [long, Scalar("3", 0)]
    assert text_of(outer) == "[..., 3]"
    args = f"blocks: {{b: {{args: {{{listed('a{}: 1', 500)}}}, layers: [relu]}}}}\n"
    (finding,) = findings(f"{args}layers: [{{b: {{zonk: 1}}}}]")
    assert finding.help[-1].endswith(", a39 and 460 more")
    (many, *_) = findings(f"layers: [{{conv: {{{listed('o{}: 1', 30)}}}, filter: 8}}]")
    assert many.help == ("it goes among the options of conv",)


def chain(item: str, number: int) -> str:
    """Definitions, each of the next one."""
    return ", ".join(
        item.replace("NEXT", f"b{n + 1}").replace("THIS", f"b{n}") for n in range(number)
    )


def test_what_a_very_long_word_means_is_not_guessed() -> None:
    """A search through a million letters took time by their square."""
    assert in_formula("=width**2") == ("a power is written out: `width*width`",)
    assert in_formula(f"={'w' * 500}**2") == ()
    assert hints.round_brackets("(3, 3)") == ("a list needs square brackets: `[3, 3]`",)
    assert not any(map(hints.round_brackets, ("(3)", "(3,)", "(,3)", "((3), 3)", "(3, 3", "3, 3)")))
    (finding,) = findings(f"layers: [{'conf' * 200}]")
    assert finding.help == ("`convcalc list --kinds` names the kinds",)


def test_a_bracket_that_stays_open_does_not_swallow_a_file() -> None:
    value = f"(3{', 3' * 200}"
    (finding,) = findings(f"layers: [{{conv: {{kernel: {value}), filters: 8}}}}]")[:1]
    assert finding.message.startswith("a list needs square brackets")
    found = findings(f"layers: [{{conv: {{kernel: {value}{', 4' * 300}), filters: 8}}}}]")
    assert found and "a list needs square brackets" not in found[0].message


GROUPS = f"THIS: {{layers: '{'[' * 30}NEXT{']*1' * 30}'}}"
DEEP = {
    "blocks": f"blocks: {{{chain('THIS: {layers: [NEXT]}', 300)}}}\nlayers: [b0]",
    "groups of patterns": f"blocks: {{{chain(GROUPS, 60)}}}\nlayers: [b0]",
    "variables": f"vars: {{{chain('THIS: [=NEXT]', 300)}}}\nlayers: [=b0]",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_what_is_nested_too_deep_is_refused(text: str) -> None:
    """The count of layers ran out of Python's stack."""
    found = findings(text)
    assert [f.code for f in found if "nested deeper than 64 levels" in f.message] == ["CC002"]

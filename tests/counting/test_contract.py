"""Every convention answers for every layer kind: a formula, 0 or unknown; forgetting one fails."""

import pytest

from convcalc import formula
from convcalc.counting.known import BUNDLED
from convcalc.counting.quantities import NAMES
from convcalc.counting.record import UNKNOWN
from convcalc.layers import KINDS

_KINDS = [name for name, _, _ in KINDS]


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("name", BUNDLED)
def test_a_convention_answers_for_a_kind(name: str, kind: str) -> None:
    operations = BUNDLED[name].operations
    if operations is None:
        assert name == "keras"
        return
    assert not operations.rest, "a bundled file names every kind"
    rules = operations.rules.get(kind)
    assert rules, f"{name} says nothing of {kind}: a formula, 0 or unknown"
    for rule in rules:
        assert rule.formula == UNKNOWN or set(formula.names(rule.formula)) <= set(NAMES)


def test_papers_know_every_kind() -> None:
    operations = BUNDLED["papers"].operations
    assert operations is not None
    unknown = [k for k in _KINDS if operations.of(k)[-1].formula == UNKNOWN]
    assert not unknown, "counting/conventions/papers.yaml needs a formula, or 0"


def test_no_table_of_a_bundled_convention_forgets_a_kind() -> None:
    for convention in BUNDLED.values():
        memory = (convention.memory.table,) if convention.memory else ()
        tables = (convention.parameters, convention.activations, *memory, *convention.also.values())
        for table in filter(None, tables):
            assert all(table.of(kind) for kind in _KINDS), convention.name


def test_names_and_versions_are_told_apart() -> None:
    pins = [(c.name, c.version) for c in BUNDLED.values()]
    assert len(set(pins)) == len(pins)
    assert all(c.version and c.tool and c.about for c in BUNDLED.values())

"""The notes' own words as input (CS231n notes, Architecture Overview and Layer Patterns)."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.spec.document import Overrides
from convcalc.spec.load import load_pattern
from convcalc.spec.notes_words import TooManyChoicesError, defaults, members, open_letters, split

CIFAR = (32, 32, 3)


def shapes(pattern: str, **variables: int) -> list[tuple[str, tuple[int, ...] | None]]:
    network = load_pattern(pattern, Overrides(CIFAR, variables=tuple(variables.items())))
    assert not network.findings, [str(f) for f in network.findings]
    return [(step.kind, step.output) for step in network.steps[1:]]


OVERVIEW = [
    ("conv", (32, 32, 12)),
    ("relu", (32, 32, 12)),
    ("max_pool", (16, 16, 12)),
    ("fc", (10,)),
]


@pytest.mark.parametrize(
    "pattern",
    [
        "[INPUT - CONV - RELU - POOL - FC]",
        "[INPUT-CONV-RELU-POOL-FC]",
        "INPUT \u2013 CONV \u2014 RELU \u2192 POOL -> FC",
        "INPUT CONV RELU POOL FC",
        "input conv relu maxpool fc",
        "INPUT-CONV3-12-RELU-POOL2-FC-10",
    ],
)
def test_the_overview_s_net_has_its_sizes_however_it_is_written(pattern) -> None:
    """Architecture Overview: [32x32x12], [16x16x12], 10 class scores."""
    assert shapes(pattern) == OVERVIEW


@pytest.mark.parametrize(
    ("pattern", "layers", "params"),
    [
        ("INPUT -> FC", 1, 3072 * 10 + 10),
        ("INPUT -> CONV -> RELU -> FC", 3, 336 + 32 * 32 * 12 * 10 + 10),
        ("INPUT -> [CONV -> RELU -> POOL]*2 -> FC -> RELU -> FC", 9, 51_510),
        ("INPUT -> [CONV -> RELU -> CONV -> RELU -> POOL]*3 -> [FC -> RELU]*2 -> FC", 20, 24_038),
    ],
)
def test_the_four_patterns_of_the_notes_run_as_they_are_printed(pattern, layers, params) -> None:
    """Layer Patterns, with the default sizes of bare words."""
    found = analyze(load_pattern(pattern, Overrides(CIFAR)))
    assert (found.totals.layers, found.totals.params, found.output) == (layers, params, (10,))


def test_the_rows_of_vgg_s_table() -> None:
    """VGGNet in detail: `maxpool`, `FC-4096`, `soft-max`, `LRN`, at the sizes of table 1."""
    column = (
        "conv3-64 LRN maxpool [conv3-512 conv3-512 conv1-512 maxpool]*1 FC-4096 FC-1000 soft-max"
    )
    found = shapes(column)
    assert [kind for kind, _ in found] == [
        *("conv", "lrn", "max_pool", "conv", "conv", "conv", "max_pool", "fc", "fc", "softmax")
    ]
    assert found[6][1] == (8, 8, 512)


def test_the_sizes_of_bare_words_can_be_set() -> None:
    pattern = "INPUT -> [CONV -> RELU]*N -> FC -> FC"
    found = shapes(pattern, filters=7, hidden=20, classes=5, N=2)
    assert [output for kind, output in found if kind != "relu"] == [
        *((32, 32, 7), (32, 32, 7), (20,), (5,))
    ]
    assert open_letters(pattern) == ("N", "filters", "classes", "hidden")
    assert "FC is fc-64, the last fc-10; change them" in defaults(pattern, {})
    assert defaults("conv3-4 relu fc-10", {}) == ""


@pytest.mark.parametrize(
    ("scope", "stated", "size"),
    [
        ({"hidden": 20, "classes": 5}, "conv3-12 (3x3, stride 1, pad 1)", "filters=12"),
        ({"hidden": 20, "filters": 5}, "the last FC is fc-10", "classes=10"),
        ({"filters": 8, "classes": 5}, "FC but the last is fc-64", "hidden=64"),
        ({"filters": 8, "classes": 5, "hidden": 9}, "CONV is 3x3 (stride 1, pad 1)", ""),
    ],
)
def test_only_sizes_that_are_not_set_are_stated(
    scope: dict[str, int], stated: str, size: str
) -> None:
    told, _, change = defaults("INPUT -> [CONV]*2 -> FC -> FC", scope).partition("; ")
    assert stated in told and change == (f"change it with --set {size}" if size else "")
    assert not any(f"-{value}" in told for value in scope.values())


def test_a_number_that_is_not_set_and_a_block_called_pool(read) -> None:
    told = read("input: 8x8x3\nlayers: '[relu]*N'").told
    assert told == ["2:16: error[CC021] N has no value"]
    blocks = "blocks: {pool: {layers: [tanh]}}"
    assert read(f"input: 8x8x3\n{blocks}\nlayers: relu pool").layers == [
        ("relu1", (8, 8, 3)),
        ("pool1.tanh1", (8, 8, 3)),
    ]
    assert read("input: 8x8x3\nvars: {N: 2}\nlayers: '[relu]*N'").names == ["relu1", "relu2"]


def test_a_dash_before_a_number_belongs_to_the_word() -> None:
    assert split("conv3-64") == ["conv3-64"]
    assert split("fc-10-relu") == ["fc-10", "relu"]
    assert split("my-block-relu") == ["my-block-relu"]


NOTES = "INPUT -> [[CONV -> RELU]*N -> POOL?]*M -> [FC -> RELU]*K -> FC"


def test_the_family_of_the_notes_member_by_member() -> None:
    """Layer Patterns: N >= 0 (usually N <= 3), M >= 0, K >= 0 (usually K < 3), POOL or not.

    By hand: M = 0 is one net; else N = 0 gives M pools; of the nets without pools only N * M
    counts, which is 1, 2, 3, 4, 6 or 9. That is 1 + 3 + 9 + 6 = 19 fronts with 3 ends each.
    """
    found = members(NOTES, {})
    assert len(found) == 19 * 3
    layers = [tuple(shapes(member.pattern)) for member in found]
    assert len(set(layers)) == len(layers)
    assert [member.pattern for member in members(NOTES, {"N": 2, "M": 1, "K": 0})] == [
        "INPUT -> [[CONV -> RELU]*N ]*M -> [FC -> RELU]*K -> FC",
        "INPUT -> [[CONV -> RELU]*N -> POOL]*M -> [FC -> RELU]*K -> FC",
    ]
    assert members("CONV -> FC", {}) == ()


def test_too_many_choices_are_refused() -> None:
    with pytest.raises(TooManyChoicesError, match="4 question marks"):
        members("RELU? RELU? RELU? RELU? FC", {})


def test_a_bare_fc_before_another_layer_with_weights_is_said_to_be_hidden() -> None:
    assert defaults("FC -> RELU -> fc-10", {}) == "FC is fc-64; change it with --set hidden=64"
    assert defaults("FC -> fc-10", {"hidden": 8}) == ""
    assert open_letters("FC fc-10") == ("hidden",)
    assert open_letters("FC relu") == ("classes",)

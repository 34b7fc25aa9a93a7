"""Blocks that nobody calls and variables that nobody reads are noted; whatever is used is not."""

import pytest

HEAD = "vars: {w: 8}\nblocks: {b: {args: {n: 1}, layers: [{relu: , times: =n}]}}\n"


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ("- relu", ["variable w is unused", "block b is unused"]),
        ("- b", ["variable w is unused"]),
        ("- conv: {filters: =2*w, kernel: 1}", ["block b is unused"]),
        ("- b: {n: =w}", []),
        ("- relu\n- b:\n  when: =w > 9", []),
        ("- '[b -> conv3-4]*2'\n- conv: {filters: =w, kernel: 1}", []),
        ("- 'CONV3-4 -> B'\n- {relu: , times: '=min(w, 2)'}", []),
    ],
)
def test_what_is_defined_and_not_used_is_noted(layers, entries, told) -> None:
    spec = layers(entries, head=HEAD)
    assert [line.partition("note[CC124] ")[2] for line in spec.told] == told


def test_a_block_called_by_an_unused_block_only_is_unused(layers) -> None:
    head = "blocks:\n  a: {layers: [b]}\n  b: {layers: [relu]}\n  c: {layers: [tanh]}\n"
    spec = layers("- c", head=head)
    assert spec.told == [
        "3:3: note[CC124] block a is unused",
        "4:3: note[CC124] block b is unused",
    ]


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("{args: {w: 4, n: }, layers: [{conv: {filters: =w, kernel: 1}}]}", ["n"]),
        ("{args: {w: 4, n: =2*w}, layers: [{conv: {filters: =n, kernel: 1}}]}", []),
        ("{args: {w: 4, n: 1}, layers: [conv3-4]}", ["w", "n"]),
        ("{args: {w: 4, n: []}, layers: [=n, {relu: , when: '=w > 9'}]}", []),
        ("{args: {w: 4, n: []}, layers: [c: {w: 4, n: =n}]}", ["w"]),
    ],
)
def test_arguments_that_a_block_does_not_read_are_noted(layers, block, told) -> None:
    other = "{args: {w: 1, n: []}, layers: [{conv: {filters: =w, kernel: 1}}, =n]}"
    given = "[]" if "n: []" in block else "3"
    spec = layers(f"- b: {{w: 4, n: {given}}}\n- c", head=f"blocks:\n  b: {block}\n  c: {other}\n")
    notes = [line.partition("note[CC124] ")[2] for line in spec.told]
    assert notes == [f"argument {name} of block b is unused" for name in told]


def test_of_an_unused_block_only_its_name_is_noted(layers) -> None:
    spec = layers("- relu", head="blocks: {b: {args: {w: 4}, layers: [rleu]}}\n")
    (note,) = spec.analysis.findings
    assert (note.code, note.message) == ("CC124", "block b is unused")
    assert note.help == ("use it, or remove it: what is in it is not checked",)


@pytest.mark.parametrize(
    ("variable", "pattern"),
    [("N: 2", "[relu]*N -> fc-10"), ("filters: 9", "CONV -> relu"), ("hidden: 9", "FC -> FC")],
)
def test_what_a_pattern_reads_is_used(layers, variable, pattern) -> None:
    assert layers(f"- '{pattern}'", head=f"vars: {{{variable}}}\n").told == []
    unread = layers("- '[relu]*2 -> fc-10'", head=f"vars: {{{variable}}}\n").told
    assert unread == [f"2:8: note[CC124] variable {variable.partition(':')[0]} is unused"]


def test_errors_come_first(layers) -> None:
    assert layers("- rleu", head=HEAD).codes == ["CC011"]


def test_a_layer_nobody_reads_is_a_warning(layers) -> None:
    spec = layers("- conv3-4\n- {relu: , from: input}")
    assert spec.told == ["3:3: warning[CC120] conv1 (8x8x4) is unused"]
    assert layers("- conv3-4\n- {relu: , from: input}", head="outputs: [conv1]\n").told == []


def test_copies_of_a_layer_nobody_reads_are_told_of_together(layers) -> None:
    spec = layers(
        "- conv3-4\n- relu\n- {add: , from: [conv1, relu1], times: 4}\n- {tanh: , from: conv1}"
    )
    told = "warning[CC120] add1 (8x8x4) and 3 copies of it are unused"
    assert spec.told == [f"5:4: {told}"]


@pytest.mark.parametrize(
    ("below", "how"),
    [
        ("- {concat: , from: [e]}", "read it (`from: [relu1, e]` of concat1)"),
        ("- {concat: , from: [e, e]}", "read it"),
        ("- {tanh: , from: e}", "read it"),
    ],
)
def test_a_layer_above_a_merge_of_one_is_offered_to_it(layers, below, how) -> None:
    spec = layers(f"- {{conv3-8: , name: e}}\n- relu\n{below}\n")
    (warning,) = [one for one in spec.analysis.findings if one.code == "CC120"]
    assert warning.help == (f"name it under `outputs: [relu1]`, {how}, or remove it",)


@pytest.mark.parametrize(
    ("block", "call", "unread"),
    [
        ("args: {n: 1}, layers: [{conv: {filters: =n, kernel: 1}}]", "b: 3", True),
        ("args: {n: }, layers: [{repeat: {times: =2*n, layers: [relu]}}]", "b: 3", True),
        ("args: {n: 1, m: =n}, layers: [{conv: {filters: =n*m, kernel: 1}}]", "b: 3", True),
        ("args: {n: =n}, layers: [{conv: {filters: =n, kernel: 1}}]", "b: 3", False),
        ("args: {m: =n, n: 1}, layers: [{conv: {filters: =n*m, kernel: 1}}]", "b: 3", False),
        ("args: {n: 1}, layers: [{conv: {filters: =n, kernel: 1}}]", "b: {n: =n}", False),
        ("args: {n: 1}, layers: [{conv: {filters: =n, kernel: 1}}]", "b: {n: =2*n}", False),
        ("args: {m: 1}, layers: [{conv: {filters: =m*n, kernel: 1}}]", "b: 3", False),
    ],
)
def test_an_argument_hides_the_variable_of_its_name(layers, block, call, unread) -> None:
    spec = layers(f"- {call}", head=f"vars: {{n: 2}}\nblocks:\n  b: {{{block}}}\n")
    assert spec.told == ["2:8: note[CC124] variable n is unused"] * unread
    for finding in spec.analysis.findings:
        assert finding.help == (
            "in block b, n is its argument: give it there (`b: {n: =n}`), or remove this",
        )


def test_a_call_in_a_block_gives_what_that_block_has(layers) -> None:
    head = (
        "vars: {n: 2}\nblocks:\n  a: {args: {n: 1}, layers: [{relu: , times: =n}]}\n"
        "  b: {args: {n: 1}, layers: [a: {n: =n}]}\n"
    )
    assert layers("- b", head=head).told == ["2:8: note[CC124] variable n is unused"]
    assert layers("- b: =n", head=head).told == []


def test_an_argument_called_as_a_block_is_no_call_of_it(layers) -> None:
    head = "blocks:\n  a: {layers: [relu]}\n  b: {args: {a: []}, layers: [relu, =a]}\n"
    assert layers("- b", head=head).told == ["3:3: note[CC124] block a is unused"]
    assert layers("- b: [[a]]", head=head).told == []

"""Blocks that nobody calls and variables that nobody reads are noted; whatever is used is not."""

import pytest

HEAD = "vars: {w: 8}\nblocks: {b: {args: {n: 1}, layers: [relu]}}\n"


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ("- relu", ["variable w is unused", "block b is unused"]),
        ("- b", ["variable w is unused"]),
        ("- conv: {filters: =2*w, kernel: 1}", ["block b is unused"]),
        ("- b: {n: =w}", []),
        ("- b:\n  when: =w > 9", []),
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


def test_errors_come_first(layers) -> None:
    assert layers("- rleu", head=HEAD).codes == ["CC011"]

"""`check --fix` makes the edits that the help lines of findings spell out."""

import pytest

from tests.fix.repairs import faults, offered

HEAD = "input: 8x8x3\nvars: {dim: 4}\nlayers:\n  - conv3-4\n  - conv3-4\n"


def repaired(entry: str) -> str | None:
    found = offered(f"{HEAD}{entry}\n")
    assert all(not faults(offer.text) for offer in found)
    return found[0].text.removeprefix(HEAD).removesuffix("\n") if found else None


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("filters: dim", "filters: =dim"),
        ("filters: 2*dim", "filters: =2*dim"),
        ("filters: 'dim'", "filters: =dim"),
        ("filters: =dim**2", "filters: =dim*dim"),
        ("filters: =3*dim^2 + 1", "filters: =3*dim*dim + 1"),
        ("filters: =64/dim^2", None),
        ("filters: =2dim", "filters: =2*dim"),
        ("filters: '4'", "filters: 4"),
        ("filters: 4, pad: (1, 1)", "filters: 4, pad: [1, 1]"),
        ("filters: 4, pad: 1,1", "filters: 4, pad: [1, 1]"),
        ("filters: 1,000", "filters: 1000"),
    ],
)
def test_a_value_is_written_as_the_help_says(value: str, written: str | None) -> None:
    entry = "  - conv: {{{}, kernel: 3}}"
    assert repaired(entry.format(value)) == (written and entry.format(written))


@pytest.mark.parametrize(
    ("entry", "written"),
    [
        ("  - upsample2x", "  - upsample: {scale: 2}"),
        ("  - conv3-dim", "  - conv: {filters: =dim, kernel: 3, pad: 1}"),
        ("  - conv: 'filters: 64, kernel: 3'", "  - conv: {filters: 64, kernel: 3}"),
        ("  - max_pool:\n      kernel: (2, 2)", "  - max_pool:\n      kernel: [2, 2]"),
        ("  -\u00a0relu", "  - relu"),
        ("\u00a0\u00a0-\u00a0relu", "  - relu"),
        ("  \u00a0- relu", None),
        ("  - add: [conv1, conv2]  # why", "  - add:  # why\n    from: [conv1, conv2]"),
        ("  - {add: [conv1, conv2], name: x}", "  - {add: , name: x, from: [conv1, conv2]}"),
        ("  - add: [conv1, conv2]\n    from: conv1", None),
        ("  - add: {from: [conv1, conv2]}", "  - add:\n    from: [conv1, conv2]"),
        ("  - {add: {from: [conv1, conv2]}}", "  - {add: , from: [conv1, conv2]}"),
        ("  - relu: {in_place: false, name: x}", "  - relu: {in_place: false}\n    name: x"),
        ("  - relu:\n      in_place: false\n      name: x  # why",
         "  - relu:\n      in_place: false\n    name: x  # why"),
        ("  - relu: {name: x}\n    name: y", None),
    ],
)  # fmt: skip
def test_an_entry_is_written_as_the_help_says(entry: str, written: str | None) -> None:
    assert repaired(entry) == written


@pytest.mark.parametrize(
    ("entry", "written"),
    [
        ("  - conv3-4:\n    activation: relu", "  - conv3-4:\n  - relu"),
        ("  - conv: {filters: 4, kernel: 1, bn: true}",
         "  - conv: {filters: 4, kernel: 1}\n  - batch_norm"),
        ("  - conv: {filters: 4, kernel: 1, dropout: 0.5}",
         "  - conv: {filters: 4, kernel: 1}\n  - dropout: {rate: 0.5}"),
        ("  - {conv: {filters: 4, kernel: 1}, bn: true}",
         "  - {conv: {filters: 4, kernel: 1}}\n  - batch_norm"),
        ("  - conv: {filters: 4, kernel: 1, bn: true, activation: relu}", None),
        ("  - conv3-4:\n    activation: relu\n    name: x", "  - conv3-4:\n    name: x\n  - relu"),
    ],
)  # fmt: skip
def test_what_is_a_layer_of_its_own_comes_on_the_next_line(entry: str, written: str | None) -> None:
    assert repaired(entry) == written

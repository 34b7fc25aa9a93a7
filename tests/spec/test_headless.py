"""Keys that go beside a kind in an entry of their own: ``- name: p3`` above ``- conv3-256``."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import first, offered

HEAD = "input: 32x32x3\nlayers:\n"


@pytest.mark.parametrize(
    ("entries", "repaired"),
    [
        ("  - name: p3\n  - conv3-8\n", "  - conv3-8:\n    name: p3\n"),
        ("  - name: p3\n  - conv3-8  # top\n  - relu\n",
         "  - conv3-8:  # top\n    name: p3\n  - relu\n"),
        ("  - name: a\n    expect: 32x32x8\n  - conv: {filters: 8, kernel: 3, pad: 1}\n",
         "  - conv: {filters: 8, kernel: 3, pad: 1}\n    name: a\n    expect: 32x32x8\n"),
        ("  - name: a\n  - conv3-8\n  - name: b\n  - relu\n",
         "  - conv3-8:\n    name: a\n  - relu:\n    name: b\n"),
        ("  - conv3-8\n  - name: a\n  - relu\n  - name: b\n",
         "  - conv3-8:\n    name: a\n  - relu:\n    name: b\n"),
        ("  - conv3-8:\n    name: c\n  - name: a\n  - relu\n",
         "  - conv3-8:\n    name: c\n  - relu:\n    name: a\n"),
        ("  - repeat: {times: 2, layers: [{name: q}, conv3-8]}\n",
         "  - repeat: {times: 2, layers: [{conv3-8: , name: q}]}\n"),
    ],
)  # fmt: skip
def test_they_are_taken_into_the_entry_of_their_layer(entries: str, repaired: str) -> None:
    assert first(f"{HEAD}{entries}") == f"{HEAD}{repaired}"


def test_between_two_layers_both_are_named() -> None:
    spec = f"{HEAD}  - conv3-8\n  - name: p3\n  - relu\n"
    (found,) = load("net.yaml", spec.encode()).findings
    assert found.help == (
        "`name: p3` goes into the entry of its layer, `conv3-8` above or `relu` below, "
        "on a line of its own",
    )
    assert not offered(spec)


@pytest.mark.parametrize(
    "entries",
    [
        "  - name: p3\n",
        "  - name: p3\n  - conv3-8 relu\n",
        "  - name: p3\n  - conv3-8:\n    name: p4\n",
        "  - name: p3\n  - [conv3-8, relu]\n",
    ],
)
def test_elsewhere_an_entry_is_shown(entries: str) -> None:
    found = load("net.yaml", f"{HEAD}{entries}".encode()).findings[0]
    assert found.help == ("an entry is `- relu`, `- conv: {...}`, or a block call",)
    assert not offered(f"{HEAD}{entries}") or "name: p3" in first(f"{HEAD}{entries}")

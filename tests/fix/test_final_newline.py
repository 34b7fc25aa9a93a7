"""`check --fix` of a file whose last line has no line break: the repaired file has none either."""

import pytest

from tests.fix.repairs import first, offered

HEAD = "input: 8x8x8\nlayers:\n  - conv3-8\n"

#: what is below the layers, without a line break behind it, and the same repaired
LAST = {
    "  - conv:\n      filters: 8\n      kernel: 3\n      device: cuda":
        "  - conv:\n      filters: 8\n      kernel: 3",
    "  - conv:\n      filters: 8\n      kernel: 3\n\n      device: cuda":
        "  - conv:\n      filters: 8\n      kernel: 3",
    "  - repeat: 2\n    layers: [conv3-8]":
        "  - repeat:\n      times: 2\n      layers: [conv3-8]",
    "  - conv:\n    name: a\n    filters: 8\n    kernel: 3":
        "  - conv:\n      filters: 8\n      kernel: 3\n    name: a",
    "layers:\n  - conv3-8": "  - conv3-8",
}  # fmt: skip


@pytest.mark.parametrize(("last", "repaired"), LAST.items())
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_it_has_no_line_break_behind_it(last: str, repaired: str, ends: str) -> None:
    spec, made = (f"{HEAD}{text}".replace("\n", ends) for text in (last, repaired))
    assert first(spec) == made


@pytest.mark.parametrize("last", LAST)
def test_a_line_break_stays(last: str) -> None:
    for offer in offered(f"{HEAD}{last}\n"):
        assert offer.text.endswith("\n")

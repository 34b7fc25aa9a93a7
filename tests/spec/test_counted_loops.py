"""`- repeat: 3` and the layers below it: the number and the layers have keys of their own."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.findings import Finding
from convcalc.spec.load import load


def _first(entries: str) -> Finding:
    text = f"input: 32x32x3\nlayers:\n{entries}"
    return analyze(load("net.yaml", text.encode())).findings[0]


@pytest.mark.parametrize("times", ["3", "=n", "12"])
@pytest.mark.parametrize(
    "below",
    [
        "      - conv: {filters: 8, kernel: 3, pad: 1}\n      - relu\n",
        "      - relu\n      - conv: {filters: 8, kernel: 3, pad: 1}\n",
        "    - conv3-8\n    - relu\n",
        "      # a block\n\n      - conv:\n          filters: 8\n",
        "      - relu\n        name: x\n",
    ],
)
def test_a_list_below_a_number_is_told_its_key(times: str, below: str) -> None:
    found = _first(f"  - repeat: {times}  # times\n{below}  - fc-10\n")
    assert found.code == "CC001" and found.span is not None
    assert (found.span.line, found.span.column) == (3, 5)
    assert found.message == f"not YAML: the layers below `repeat: {times}` have no key"
    assert f"`repeat: {{times: {times}, layers: [...]}}`" in found.help[0]


@pytest.mark.parametrize(
    "entries",
    [
        "  - repeat: 3\n    layers:\n    - conv3-8\n      - conv: {filters: 8}\n",
        "  - repeat: 3\n  - relu\n    - conv3-8\n",
        "  - conv3-8\n      - conv: {filters: 8}\n",
    ],
)
def test_what_is_no_such_loop_is_told_otherwise(entries: str) -> None:
    assert "have no key" not in _first(entries).message

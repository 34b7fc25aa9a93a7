"""Padding that is forgotten where a block's argument is the kernel: half of it, in every call."""

import pytest

from tests.fix.repairs import faults, offered, told

HEAD = "input: 32x32x8\nblocks:\n"


@pytest.mark.parametrize(
    ("args", "options", "calls", "pad"),
    [
        ("k: 3", "kernel: =k", ["b: 3", "b: 5"], "=k//2"),
        ("k: 3", "kernel: =k", ["b: 3"], "=k//2"),
        ("k: 3", "kernel: =k, pad: 1", ["b: 3", "b: 5"], "=k//2"),
        ("k: 1", "kernel: =2*k+1", ["b: 1", "b: 2"], "=(2*k+1)//2"),
        ("k: 3", "K: 8, F: =k", ["b: 3", "b: 5"], "=k//2"),
        ("k: 3", "kernel: =k, dilation: 2", ["b: 3", "b: 5"], "=2*(k - 1)//2"),
        ("d: 1", "kernel: 3, dilation: =d", ["b: 1", "b: 3"], "=d"),
        ("d: 1", "kernel: 5, dilation: =d", ["b: 1", "b: 3"], "=2*d"),
        ("k: 3, d: 1", "kernel: =k, dilation: =d", ["b", "b: [5, 2]"], "=d*(k - 1)//2"),
    ],
)
def test_half_of_the_window_of_each_call(
    args: str, options: str, calls: list[str], pad: str
) -> None:
    filters = "" if "K:" in options else "filters: 8, "
    layer = f"conv: {{{filters}{options}}}"
    block = f"  b: {{args: {{{args}}}, layers: [add: {{branches: [[{layer}, relu], []]}}]}}\n"
    spec = f"{HEAD}{block}layers:\n" + "".join(f"  - {call}\n" for call in calls) + "  - fc-10\n"
    assert faults(spec) == ["CC107"]
    best = offered(spec)[0]
    assert [(option, after) for _, option, after in told(best)] == [("pad", pad)]
    assert faults(best.text) == [] and best.reach == 0


def test_strided_calls_are_rounded_down_with_it() -> None:
    spec = (
        f"{HEAD}  b: {{args: {{k: 3, s: 1}}, layers: [depthwise_conv: {{kernel: =k, stride: =s}}]}}"
        "\nlayers:\n  - b: [3, 2]\n  - b: 5\n  - b: [3, 2]\n"
    )
    best = offered(spec)[0]
    assert ("pad", "=k//2") in [(option, after) for _, option, after in told(best)]
    assert "rounding: floor" in best.text and faults(best.text) == []


def test_a_number_fits_where_the_formula_has_one_value() -> None:
    spec = (
        "input: 32x32x8\nvars: {k: 5}\nlayers:\n  - {relu: , name: a}\n"
        "  - {conv: {filters: 8, kernel: =k}, name: b}\n  - {add: , from: [a, b]}\n"
    )
    assert told(offered(spec)[0]) == [("b", "pad", "2")]

"""`check --fix` where several merges read what nothing pads: a crop at each."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.spec.load import load
from tests.fix.repairs import offered


def errors(text: str) -> list[str]:
    found = analyze(load("net.yaml", text.encode())).findings
    return [f.code for f in found if f.severity is Severity.ERROR]


@pytest.mark.parametrize("levels", [2, 3])  # with three, no size is left that padding would fit
def test_a_u_net_of_several_merges_is_cropped_at_each(levels: int) -> None:
    up = (
        "  - conv_transpose: {filters: 4, kernel: 2, stride: 2}\n    name: up%d\n"
        "  - concat:\n    from: [e%d, up%d]\n  - double: 4\n"
    )
    below = range(1, levels + 1)
    spec = (
        "input: 204x204x1\nblocks:\n  double:\n    args: {f: }\n    layers:\n"
        "      - conv: {filters: =f, kernel: 3}\n      - relu\n"
        "      - conv: {filters: =f, kernel: 3}\n      - relu\nlayers:\n"
        + "".join(f"  - double: 4\n    name: e{level}\n  - pool2\n" for level in below)
        + "  - double: 4\n"
        + "".join(up % (level, level, level) for level in reversed(below))
    )
    *pads, crops = offered(spec)
    padded = spec.replace("kernel: 3}", "kernel: 3, pad: 1}")
    assert [pad.text for pad in pads] == [padded] * (levels == 2)
    expected = spec
    for level in below:
        expected = expected.replace(
            f"  - concat:\n    from: [e{level}, up{level}]\n",
            f"  - crop: {{like: up{level}}}\n    from: e{level}\n    name: e{level}_cropped\n"
            f"  - concat:\n    from: [e{level}_cropped, up{level}]\n",
        )
    assert crops.text == expected and errors(expected) == []
    assert len(crops.changes) == levels


UP = "  - conv_transpose: {filters: 4, kernel: 2, stride: 2}\n    name: up%d\n"
FLAT = (
    "input: 204x204x1\nlayers:\n  - conv3-4p0\n  - conv3-4p0\n  - relu:\n    name: e1\n  - pool2\n"
    "  - conv3-4p0\n  - conv3-4p0\n  - relu:\n    name: e2\n  - pool2\n"
    "  - conv3-4p0\n  - conv3-4p0\n"
    f"{UP % 2}  - concat:\n    from: [e2, up2]\n  - conv3-4p0\n  - conv3-4p0\n"
    f"{UP % 1}  - concat:\n    from: [e1, up1]\n  - conv3-4p0\n  - conv3-4p0\n"
)


def test_crops_come_before_padding_that_leaves_other_convs_without() -> None:
    first, *others = offered(FLAT)
    assert [change.crops for change in first.changes] == [True, True]
    assert errors(first.text) == []
    assert any(change.option == "pad" for offer in others for change in offer.changes)


def test_padding_comes_before_a_crop_where_the_file_pads() -> None:
    text = FLAT.replace("- conv3-4p0", "- conv3-4", 1).replace("204x204", "202x202")
    first, *_ = offered(text)
    assert not any(change.crops for change in first.changes)

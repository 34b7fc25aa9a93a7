"""`verify --against` of layers whose numbers are 0 in truth: rounding is all of them."""

from pathlib import Path

import pytest

from convcalc.cli import run
from tests.interop.same_numbers import in_onnxruntime

#: the mean of what an instance norm gives is 0, and so is what is made of it without a bias
ZERO = {
    "the mean of a norm": "  - instance_norm\n  - global_avg_pool\n",
    "behind a layer": "  - conv3-4\n  - instance_norm\n  - global_avg_pool\n",
    "passed on": "  - instance_norm\n  - global_avg_pool\n  - fc: {units: 5, bias: false}\n",
    "beside others": (
        "  - conv3-4\n  - {instance_norm: {}, name: n}\n  - {global_avg_pool: {}, name: zero}\n"
        "  - {relu: {}, from: n}\n  - fc-3\noutputs: [zero, fc1]\n"
    ),
}


@pytest.mark.parametrize("layers", ZERO.values(), ids=ZERO)
def test_rounding_is_no_difference(
    layers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    in_onnxruntime(f"input: 8x9x3\nlayers:\n{layers}", tmp_path, capsys)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("scale: {by: 0.0000001}", "scale: {by: 0.0000002}"),
        ("instance_norm", "group_norm: {groups: 1}"),
        ("global_avg_pool", "global_max_pool"),
    ],
)
def test_small_numbers_that_are_others_are_a_difference(
    ours: str, theirs: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "input: 8x9x3\nlayers:\n  - conv3-4\n  - {}\n  - global_avg_pool\n"
    in_onnxruntime(text.format(theirs), tmp_path, capsys)
    net = tmp_path / "ours.yaml"
    net.write_text(text.format(ours), encoding="utf-8")
    assert run(["verify", str(net), "--against", str(tmp_path / "net.onnx")]) != 0

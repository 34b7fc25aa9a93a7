"""A layer that overwrites its input leaves what others read alone, however little was computed."""

from pathlib import Path

import numpy as np
import pytest

import convcalc

NOTHING_CHANGES = (
    "pixel_shuffle: {factor: 1}",
    "space_to_depth: {factor: 1}",
    "space_to_depth: {factor: 2, order: dcr}",
    "pixel_shuffle: {factor: 2, order: dcr}",
    "channel_shuffle: {groups: 1}",
    "channel_shuffle: {groups: 4}",
    "slice: {stop: 4}",
    "crop: {sides: 0}",
    "pad: {sides: 0}",
    "pad: {sides: 0, mode: edge}",
    "upsample: {scale: 1}",
    "upsample: {scale: 1, mode: bilinear}",
    "max_pool: {kernel: 1}",
    "avg_pool: {kernel: 1}",
    "adaptive_avg_pool: {output: SIZE}",
    "adaptive_max_pool: {output: SIZE}",
    "scale: {by: 1}",
    "dropout",
    "batch_norm: {affine: false}",
    "concat: {branches: [[]]}",
)


#: of these PyTorch gives the input itself back
GIVEN_BACK = ("dropout", "channel_shuffle: {groups: 1}")


@pytest.mark.parametrize("size", ["6", "1x1", "6x1", "4x6"])
@pytest.mark.parametrize("layer", NOTHING_CHANGES)
def test_the_next_layer_does_not_overwrite_what_a_third_one_reads(
    tmp_path: Path, layer: str, size: str
) -> None:
    entry = layer.replace("SIZE", f"[{size.replace('x', ', ')}]")
    text = f"""
input: {size}x4
layers:
  - tanh
  - {entry}
  - relu
  - abs:
    from: tanh1
outputs: [relu1]
"""
    net = convcalc.load(text)
    if any(found.severity == "error" for found in net.findings):
        pytest.skip("the layer does not take this size")
    overwrites = convcalc.analyze(net)["relu1"].in_place
    assert overwrites == (layer not in GIVEN_BACK)
    convcalc.verify(net, save=str(tmp_path / "out.npz"), keep=("tanh1", "abs1"))
    kept = np.load(tmp_path / "out.npz")
    assert np.array_equal(kept["abs1"], np.abs(kept["tanh1"]))

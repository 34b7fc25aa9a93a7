"""Layers as PyTorch prints them, with `bias` beside `affine`, and functions of TF-Slim."""

import pytest

from convcalc.spec.load import load


def told(layer: str) -> str:
    text = f"input: 32x32x8\nlayers:\n  - {layer}\n"
    return load("net.yaml", text.encode()).findings[0].help[0]


@pytest.mark.parametrize(
    ("layer", "entry"),
    [
        ("nn.BatchNorm2d(8, eps=1e-05, affine=True, bias=True, track_running_stats=True)",
         "batch_norm: {affine: true}"),
        ("nn.BatchNorm2d(8, affine=False, bias=False)", "batch_norm: {affine: false}"),
        ("nn.BatchNorm2d(8, bias=False)", "batch_norm: {affine: scale}"),
        ("nn.GroupNorm(2, 8, eps=1e-05, affine=True, bias=True)",
         "group_norm: {groups: 2, affine: true}"),
        ("nn.GroupNorm(2, 8, affine=False, bias=False)", "group_norm: {groups: 2, affine: false}"),
        ("InstanceNorm2d(8, affine=False, bias=False, track_running_stats=False)",
         "instance_norm: {affine: false}"),
        ("LayerNorm((8, 32, 32), eps=1e-05, elementwise_affine=True, bias=True)",
         "layer_norm: {axes: all, affine: true}"),
        ("Upsample(scale_factor=2.0, mode='nearest')", "upsample: {scale: 2, mode: nearest}"),
        ("Upsample(scale_factor=(2.0, 3.0))", "upsample: {scale: [2, 3]}"),
        ("slim.conv2d(x, 32, [3, 3])", "conv: {filters: 32, kernel: [3, 3], pad: same}"),
        ("slim.conv2d(x, 32, [3, 5], 2)",
         "conv: {filters: 32, kernel: [3, 5], stride: 2, pad: same}"),
        ("slim.conv2d(x, 32, 3, padding='VALID')", "conv: {filters: 32, kernel: 3}"),
        ("slim.max_pool2d(x, [2, 2])", "pool2"),
    ],
)  # fmt: skip
def test_what_is_printed_is_read(layer: str, entry: str) -> None:
    assert f"`{entry}`" in told(layer)


def test_a_group_norm_without_its_shift_is_refused() -> None:
    assert told("nn.GroupNorm(2, 8, bias=False)").startswith("`bias=False` cannot be said here")

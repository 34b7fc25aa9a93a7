"""Nets that show every layer kind, asked by the tests that hold all kinds to one thing."""

from convcalc.layers import MERGES
from convcalc.spec.document import Overrides
from convcalc.spec.load import load
from convcalc.tree.decode import Limits

#: (input, layers): every kind, on one, two and three axes where it matters
NETS = [
    ("17x19x6", "{conv: {filters: 4, kernel: [3, 5], stride: 2, pad: [0, 1, 2, 3], groups: 2}}"),
    ("17x19x6", "{conv: {filters: 4, kernel: 4, stride: 3, pad: same, dilation: 2}}"),
    ("40x3", "{conv: {filters: 4, kernel: 5, stride: 2, pad: [2, 1]}}"),
    ("5x6x7x3", "{conv: {filters: 4, kernel: 2, pad: 1, bias: false}}"),
    ("30x31x40", "{conv: {filters: 50, kernel: 3, pad: 1}}"),
    ("12x13x4", "{depthwise_conv: {kernel: 3, stride: 2, multiplier: 3, pad: same}}"),
    ("6x7x4", "{conv_transpose: {filters: 6, kernel: 3, stride: 2, output_pad: 1, groups: 2}}"),
    ("6x7x4", "{conv_transpose: {filters: 6, kernel: 3, stride: 2, pad: same}}"),
    ("6x4", "{conv_transpose: {filters: 6, kernel: 4, stride: 3, pad: 1, dilation: 2}}"),
    ("9x8x3", "{locally_connected: {filters: 4, kernel: 3, stride: 2, pad: 1}}"),
    ("11x12x3", "{max_pool: {kernel: 3, stride: 2, rounding: ceil}}"),
    ("11x12x3", "{max_pool: {kernel: 2, pad: same, stride: 3}}"),
    ("11x3", "{max_pool: {kernel: 3, stride: 1, dilation: 3}}"),
    ("10x12x3", "{avg_pool: {kernel: [3, 4], stride: 3, pad: 1, rounding: ceil}}"),
    ("5x7x6x3", "{avg_pool: {kernel: 2, pad: 1, count_padding: false}}"),
    ("10x12x3", "{l2_pool: {kernel: 3}}"),
    ("13x14x3", "{fractional_max_pool: {ratio: 0.7}}"),
    ("13x14x3", "{fractional_max_pool: {ratio: 1.5}}"),
    ("13x14x3", "{fractional_max_pool: {output: [9, 5]}}"),
    ("13x14x3", "{fractional_max_pool: {ratio: 1.5, overlapping: false}}"),
    ("6x7x3", "global_avg_pool"),
    ("6x7x3", "global_max_pool"),
    ("13x9x3", "{adaptive_avg_pool: {output: [7, 4]}}"),
    ("3x4x3", "{adaptive_max_pool: {output: 5}}"),
    ("4x5x3", "{fc: {units: 7}}"),
    ("9", "{fc: {units: 7, bias: false}}"),
    ("4x5x6", "batch_norm"),
    ("4x5x6", "{batch_norm: {affine: false}}"),
    ("4x5x6", "instance_norm"),
    ("4x5x6", "{instance_norm: {affine: true}}"),
    ("4x5x6", "{group_norm: {groups: 3}}"),
    ("4x5x6", "layer_norm"),
    ("4x5x6", "{layer_norm: {axes: all}}"),
    ("4x5x6", "lrn"),
    ("4x5x6", "scale"),
    ("4x5x6", "{scale: {bias: true}}"),
    *(("4x5x6", kind) for kind in (
        "relu", "relu6", "leaky_relu", "prelu", "elu", "selu", "gelu", "silu", "mish",
        "hard_swish", "hard_sigmoid", "sigmoid", "tanh", "softmax", "dropout", "flatten",
        "identity", "add", "subtract", "multiply", "maximum", "average", "concat", "abs",
    )),
    ("4x5x6", "{scale: {parameters: one, bias: true}}"),
    ("4x5x6", "{scale: {by: 0.17}}"),
    ("4x5x6", "{batch_norm: {affine: scale}}"),
    ("4x5x6", "{batch_norm: {affine: shift}}"),
    ("4x5x6", "{lrn: {size: 3, alpha: 0.5, alpha_over: size}}"),
    ("4x5x6", "multiply: {branches: [[conv3-1], []]}"),
    ("4x5x6", "average: {branches: [[conv3-6], [conv1-6], []]}"),
    ("4x5x6", "{pad: {sides: [1, 2, 3, 0], mode: reflect}}"),
    ("4x5x6", "{pad: {sides: 4, mode: edge}}"),
    ("4x6x3", "{space_to_depth: {factor: 2}}"),
    ("6x3", "{space_to_depth: {factor: 3, order: dcr}}"),
    ("4x5x8", "{pixel_shuffle: {factor: 2, order: dcr}}"),
    ("4x5x6", "{relu: {in_place: true}}"),
    ("4x5x6", "{prelu: {parameters: channel}}"),
    ("4x5x6", "{slice: {start: 2, stop: 5}}"),
    ("4x5x6", "{pad: {sides: [1, 2, 3, 0], channels: [1, 2]}}"),
    ("9x8x6", "{crop: {size: [4, 5]}}"),
    ("9x8x6", "{crop: {sides: [1, 2, 3, 0]}}"),
    ("9x8x6", "max_pool: {kernel: 2}, name: p}, {crop: {like: p}, from: input"),
    ("4x5x6", "{upsample: {scale: [2, 3]}}"),
    ("4x5x6", "{upsample: {size: [7, 5], mode: bilinear}}"),
    ("9x8x6", "max_pool: {kernel: 3}, name: p}, {upsample: {like: input}"),
    ("4x5x6", "{reshape: {shape: 10x12}}"),
    ("4x5x8", "{pixel_shuffle: {factor: 2}}"),
    ("4x5x6", "{channel_shuffle: {groups: 2}}"),
]  # fmt: skip


def text_of(shape, layers):
    """The spec of one line of NETS; its last layer is the one that is meant."""
    body = layers if layers[0] == "{" or ":" not in layers else f"{{{layers}}}"
    if layers in MERGES:
        body = f"{{{layers}: {{branches: [[conv3-6], []]}}}}"
    return f"input: {shape}\nrounding: floor\nlayers: [{body}]\n"


def network(shape, layers):
    """The net of one line of NETS."""
    return load("net.yaml", text_of(shape, layers).encode(), Overrides(), Limits())

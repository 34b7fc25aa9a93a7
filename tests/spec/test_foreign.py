"""Layers and options of other tools that say something else than ours with their words put in."""

import pytest

from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

#: an entry behind a volume of 32x32x16 -> the one that `--fix` writes
WRITTEN = {
    "UpSampling2D: {size: 2}": "upsample: {scale: 2}",
    "UpSampling2D: {size: [2, 3], interpolation: bilinear}": (
        "upsample: {scale: [2, 3], mode: bilinear}"
    ),
    "UpSampling2D: {size: =width}": "upsample: {scale: =width}",
    "nn.Upsample: {size: 64}": "upsample: {size: 64}",
    "nn.Upsample: {scale_factor: 2, mode: bilinear}": "upsample: {scale: 2, mode: bilinear}",
    "upsample: {stride: 2}": "upsample: {scale: 2}",
    "upsample: {factor: 2}": "upsample: {scale: 2}",
    "upsample: {output_size: 64}": "upsample: {size: 64}",
    "AveragePooling2D: {pool_size: 2, strides: 1, padding: same}": (
        "avg_pool: {kernel: 2, stride: 1, pad: same, count_padding: false}"
    ),
    "avg_pool: {kernel: 2, padding: same}": (
        "avg_pool: {kernel: 2, pad: same, count_padding: false}"
    ),
    "avg_pool:\n      padding: same\n      kernel: 2": (
        "avg_pool:\n      pad: same\n      count_padding: false\n      kernel: 2"
    ),
    "MaxPooling2D": "pool2",
    "LocalResponseNorm: {size: 5, alpha: 0.0001, beta: 0.75, k: 1.0}": (
        "lrn: {size: 5, alpha: 0.0001, alpha_over: size, beta: 0.75, k: 1.0}"
    ),
    "LRN: {local_size: 5, alpha: 0.01}": (
        "lrn: {size: 5, alpha: 0.01, alpha_over: size, beta: 0.75, k: 1.0}"
    ),
    "depth_to_space: {block_size: 2}": "pixel_shuffle: {factor: 2, order: dcr}",
    "DepthToSpace: {blocksize: 2, mode: CRD}": "pixel_shuffle: {factor: 2, order: crd}",
    "layers.LeakyReLU": "leaky_relu: {negative_slope: 0.3}",
    "nn.LeakyReLU": "leaky_relu: {negative_slope: 0.01}",
    "LeakyReLU: {alpha: 0.1}": "leaky_relu: {negative_slope: 0.1}",
    "leaky": "leaky_relu: {negative_slope: 0.1}",
    "lrelu": "leaky_relu",
    "leaky_relu: {slope: 0.1}": "leaky_relu: {negative_slope: 0.1}",
    "ReLU: {max_value: 6}": "relu6",
    "ReLU: {negative_slope: 0.1}": "leaky_relu: {negative_slope: 0.1}",
    "PReLU: {channel_shared: true}": "prelu: {parameters: one}",
    "InstanceNormalization": "instance_norm: {affine: true}",
    "GroupNormalization: {groups: 4}": "group_norm: {groups: 4}",
    "BatchNormalization: {center: false}": "batch_norm: {affine: scale}",
    "BatchNormalization: {axis: 3}": "batch_norm",
    "LayerNorm: {normalized_shape: [16, 32, 32]}": "layer_norm: {axes: all}",
    "ZeroPadding2D: {padding: [[1, 2], [3, 4]]}": "pad: {sides: [1, 2, 3, 4]}",
    "nn.ZeroPad2d: {padding: [1, 2, 3, 4]}": "pad: {sides: [3, 4, 1, 2]}",
    "pad: {padding: 1}": "pad: {sides: 1}",
    "Cropping2D: {cropping: 2}": "crop: {sides: 2}",
    "Pooling: {pool: AVE, kernel_size: 3, stride: 2}": (
        "avg_pool: {kernel: 3, stride: 2, rounding: ceil}"
    ),
    "Pooling: {kernel_size: 3}": "max_pool: {kernel: 3, stride: 1, rounding: ceil}",
    "Pooling: {pool: AVE, global_pooling: true}": "global_avg_pool",
    "maxpool: {size: 2, stride: 2}": "pool2",
    "connected: {output: 10, activation: linear}": "fc-10",
    "conv: {filters: 8, kernel: 3, no_bias: true}": "conv: {filters: 8, kernel: 3, bias: false}",
    "fc: {neurons: 10}": "fc: {units: 10}",
    # Keras's word, and so Keras's slope
    "conv: {filters: 4, kernel: 3, activation: leaky_relu}": (
        "conv: {filters: 4, kernel: 3}\n  - leaky_relu: {negative_slope: 0.2}"
    ),
    "fc: {out: 10}": "fc: {units: 10}",
    "slice: {begin: 0, end: 8}": "slice: {start: 0, stop: 8}",
    "softmax: {axis: 3}": "softmax: {}",
    "dropout: {probability: 0.3}": "dropout: {rate: 0.3}",
    "dropout: {keep_prob: 0.8}": "dropout: {rate: 0.2}",
    "dropout: {keep_prob: 0.95}": "dropout: {rate: 0.05}",
    "Conv: {features: 8, kernel_size: [3, 3]}": "conv3-8",
    "Conv: {features: 8, kernel_size: [3, 3], padding: VALID}": "conv3-8p0",
    "Conv: {features: 8, kernel_size: 3, padding: [[1, 1], [1, 1]]}": "conv3-8p1",
    "nn.Conv(features=8, kernel_size=(3, 3))": "conv3-8",
    "hk.Conv2D(8, 3)": "conv3-8",
    "nn.max_pool(x, window_shape=(3, 3))": "pool3s1",
    "nn.avg_pool(x, window_shape=(2, 2), strides=(2, 2))": "avgpool2",
    "slim.max_pool2d([2, 2])": "pool2",
    "slim.max_pool2d([2, 2], stride=1)": "pool2s1",
    "F.relu(x)": "relu",
}
#: what is said and not edited, with a word of the reason
SAID = {
    "LeakyReLU": "`negative_slope: 0.3` if it is Keras's",
    "PReLU": "`channel`",
    "LRN: {local_size: 5}": "alpha is 1 in Caffe",
    "Pooling: {pool: STOCHASTIC, kernel_size: 3}": "STOCHASTIC",
    "Conv3D: {filters: 8, kernel_size: 3}": "3 axes, and 32x32x16 has 2",
    "Dense: {units: 10}": "`conv1-10`",
    "Linear: {in_features: 100, out_features: 10}": "not 100",
    "Conv2d: {in_channels: 3, out_channels: 8, kernel_size: 3}": "16 channels, not 3",
    "GroupNorm: {num_groups: 4, num_channels: 32}": "16 channels, not 32",
    "softmax: {dim: -1}": "`dim: -1` is the width",
    "concat: {axis: 1}": "`axis: 1` is the height",
    "space_to_depth: {block_size: 2}": "`order: dcr`",
    "connected: {output: 10}": "a layer behind it",
    "maxpool: {size: 2, stride: 1}": "write `pad` as it falls here",
    "shortcut: {from: -3}": "`from: [a, b]`",
    "route: {layers: -4}": "`from: [a, b]`",
    "Merge": "`add`, `concat` or `multiply`",
    "UpSampling2D:\n      size: 2\n      name_of: x": "with the options scale",
    "minus_one": "`convcalc list --kinds`",
    "transpose": "height, width, channels",
    "layer": "`convcalc list --kinds`",
    "logsoftmax": "no layer kind does this",
    "local_avgpool": "`avg_pool` with a `kernel`",
    "nn.AlphaDropout": "another in training",
    "nn.BatchNorm3d": "3 axes, and 32x32x16 has 2",
    "celu": "no layer kind does this",
    "BatchNorm": "Caffe's, which a Scale follows",
    "BatchNorm: {use_global_stats: true}": "`batch_norm: {affine: false}`",
    "slim.conv2d(64, [3, 3])": "`conv: {filters: 64, kernel: [3, 3], pad: same}`, and `relu`",
    "conv2d: {num_outputs: 64, kernel_size: 3}": "pad: same}`, and `relu`",
    "slim.fully_connected(10)": "`fc-10`, and `relu`",
    "unflatten": "`reshape: {shape: 8x8x64}`",
    "Unflatten: {dim: 1, unflattened_size: [256, 8, 8]}": "`reshape: {shape: 8x8x256}`",
    "nn.Unflatten(1, (256, 8, 8))": "`reshape: {shape: 8x8x256}`: channels come last",
    "Unflatten: {unflattened_size: [-1, 8, 8]}": "? x 8 x 8",
    "nn.Dropout(p)": "the kind is `dropout`",
}
HEAD = "input: 32x32x16\nvars: {width: 2}\nlayers:\n  - "


@pytest.mark.parametrize(("entry", "ours"), WRITTEN.items())
def test_the_fix_keeps_what_the_tool_means(entry: str, ours: str) -> None:
    found = words_replaced(load("net.yaml", f"{HEAD}{entry}\n".encode()))
    assert found is not None and found.text == f"{HEAD}{ours}\n"


@pytest.mark.parametrize(("entry", "why"), SAID.items())
def test_what_may_mean_something_else_is_said_and_not_edited(entry: str, why: str) -> None:
    network = load("net.yaml", f"{HEAD}{entry}\n".encode())
    assert why in " ".join(line for finding in network.findings for line in finding.help)
    assert words_replaced(network) is None


def test_a_vector_has_one_axis() -> None:
    text = "input: 16\nlayers:\n  - Softmax: {dim: -1}\n  - Dense: {units: 10}\n"
    found = words_replaced(load("net.yaml", text.encode()))
    assert found is not None
    assert found.text == "input: 16\nlayers:\n  - softmax: {}\n  - fc: {units: 10}\n"


def test_one_place_is_a_vector_to_a_dense_layer() -> None:
    text = "input: 8x8x3\nlayers:\n  - GlobalAveragePooling2D\n  - Dense: {units: 10}\n"
    found = words_replaced(load("net.yaml", text.encode()))
    assert found is not None and found.errors == ()
    assert found.text == "input: 8x8x3\nlayers:\n  - global_avg_pool\n  - fc: {units: 10}\n"


def test_comments_stay() -> None:
    text = "input: 32x32x16\nlayers:\n  - UpSampling2D:%s\n      size: 2  # twice\n"
    found = words_replaced(load("net.yaml", (text % "").encode()))
    assert found is not None
    assert found.text == "input: 32x32x16\nlayers:\n  - upsample: {scale: 2}  # twice\n"
    assert words_replaced(load("net.yaml", (text % "  # why").encode())) is None


TOP = "input: 32x32x8\nlayers:\n"


@pytest.mark.parametrize(
    ("entry", "ours"),
    [("- fc: {10}", "- fc: {units: 10}"), ("- dropout: {0.5}", "- dropout: {rate: 0.5}")],
)
def test_the_number_of_a_layer_that_has_one_is_its_option(entry: str, ours: str) -> None:
    found = words_replaced(load("net.yaml", f"{TOP}{entry}\n".encode()))
    assert found is not None and found.text == f"{TOP}{ours}\n"


@pytest.mark.parametrize("kind", ["conv", "depthwise_conv"])
def test_the_rounding_of_convs_is_said_at_the_top(kind: str) -> None:
    filters = "filters: 4, " if kind == "conv" else ""
    entry = f"- {kind}: {{{filters}kernel: 3, rounding: ceil}}"
    (finding, *_) = load("net.yaml", f"{TOP}{entry}\n".encode()).findings
    assert "at the top of the file: `rounding: {conv: ceil}`" in finding.help[0]
    assert words_replaced(load("net.yaml", f"{TOP}{entry}\n".encode())) is None

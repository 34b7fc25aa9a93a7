"""Small nets, each as a spec and as the PyTorch module that it stands for.

`python tests/backend/torch_cases.py` (with the dependency group `torch`) runs the modules and
stores their parameters, inputs and outputs in cases/torch.npz, which the tests then need no PyTorch
for. Volumes are stored channels last, parameters as in a state_dict.
"""

from pathlib import Path

STORED = Path(__file__).parent / "cases" / "torch.npz"

_FUNCTIONS = {
    "relu": "ReLU()", "relu6": "ReLU6()", "leaky_relu: {negative_slope: 0.2}": "LeakyReLU(0.2)",
    "elu: {alpha: 0.7}": "ELU(0.7)", "selu": "SELU()", "gelu": "GELU()", "silu": "SiLU()",
    "mish": "Mish()", "hard_swish": "Hardswish()", "hard_sigmoid": "Hardsigmoid()",
    "sigmoid": "Sigmoid()", "tanh": "Tanh()", "softmax": "Softmax(1)",
}  # fmt: skip

#: name -> (input, layers in YAML, the PyTorch modules in a sequence by the names of the spec)
SEQUENCES = {
    "conv": ("11x9x3", "[{conv: {filters: 4, kernel: 5, stride: 2, pad: [1, 2]}, name: a}]",
             "a=Conv2d(3, 4, 5, 2, (1, 2))"),
    "conv_dilated_groups": ("12x13x4",
             "[{conv: {filters: 6, kernel: [3, 2], stride: [1, 2], pad: 2, dilation: [2, 3],"
             " groups: 2, bias: false}, name: a}]",
             "a=Conv2d(4, 6, (3, 2), (1, 2), 2, (2, 3), 2, bias=False)"),
    "conv_sides": ("8x9x2", "[{conv: {filters: 3, kernel: 3, pad: [0, 2, 1, 3]}, name: a}]",
             "_pad=ZeroPad2d((1, 3, 0, 2)), a=Conv2d(2, 3, 3)"),
    "conv_large": ("29x28x32", "[{conv: {filters: 33, kernel: 3, pad: 1}, name: a}]",
             "a=Conv2d(32, 33, 3, padding=1)"),
    "conv_pointwise": ("5x6x7", "[{conv: {filters: 4, kernel: 1, stride: 2}, name: a},"
             " {conv: {filters: 5, kernel: 1}, name: b}]",
             "a=Conv2d(7, 4, 1, 2), b=Conv2d(4, 5, 1)"),
    "conv_1d": ("20x3", "[{conv: {filters: 5, kernel: 4, stride: 3, pad: 1}, name: a}]",
             "a=Conv1d(3, 5, 4, 3, 1)"),
    "conv_3d": ("5x6x7x2", "[{conv: {filters: 3, kernel: [2, 3, 3], stride: [1, 2, 1],"
             " pad: 1}, name: a}]", "a=Conv3d(2, 3, (2, 3, 3), (1, 2, 1), 1)"),
    "depthwise": ("9x8x3", "[{depthwise_conv: {kernel: 3, stride: 2, pad: 1, multiplier: 2},"
             " name: a}]", "a=Conv2d(3, 6, 3, 2, 1, groups=3)"),
    "conv_transpose": ("5x4x6", "[{conv_transpose: {filters: 4, kernel: [3, 4], stride: [2, 3],"
             " pad: 1, output_pad: 1, groups: 2}, name: a}]",
             "a=ConvTranspose2d(6, 4, (3, 4), (2, 3), 1, 1, 2)"),
    "conv_transpose_dilated": ("4x5x2", "[{conv_transpose: {filters: 3, kernel: 3, stride: 2,"
             " dilation: 2, bias: false}, name: a}]",
             "a=ConvTranspose2d(2, 3, 3, 2, dilation=2, bias=False)"),
    "max_pool": ("10x11x3", "[max_pool: {kernel: 3, stride: 2, pad: 1}]", "p=MaxPool2d(3, 2, 1)"),
    "max_pool_ceil": ("10x11x2", "[max_pool: {kernel: [3, 2], stride: [3, 2], pad: [1, 0],"
             " rounding: ceil}]", "p=MaxPool2d((3, 2), (3, 2), (1, 0), ceil_mode=True)"),
    "max_pool_dilated": ("12x11x2", "[max_pool: {kernel: 3, stride: 1, dilation: 2}]",
             "p=MaxPool2d(3, 1, dilation=2)"),
    "avg_pool_ceil": ("10x11x2", "[avg_pool: {kernel: 3, stride: 2, pad: 1, rounding: ceil}]",
             "p=AvgPool2d(3, 2, 1, ceil_mode=True)"),
    "avg_pool_real": ("10x12x2", "[avg_pool: {kernel: 3, stride: 2, pad: 1, rounding: ceil,"
             " count_padding: false}]",
             "p=AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False)"),
    "l2_pool": ("8x9x2", "[l2_pool: {kernel: 3, stride: 2}]", "p=LPPool2d(2, 3, 2)"),
    "pool_3d": ("5x6x7x2", "[max_pool: {kernel: 2, stride: [1, 2, 2], pad: 1}]",
             "p=MaxPool3d(2, (1, 2, 2), 1)"),
    "adaptive": ("13x9x3", "[adaptive_avg_pool: {output: [5, 4]}]", "p=AdaptiveAvgPool2d((5, 4))"),
    "adaptive_max": ("13x9x3", "[adaptive_max_pool: {output: [7, 2]}]",
             "p=AdaptiveMaxPool2d((7, 2))"),
    "global": ("6x7x5", "[global_avg_pool]", "p=AdaptiveAvgPool2d(1)"),
    "batch_norm": ("5x6x4", "[{batch_norm: , name: n}]", "n=BatchNorm2d(4)"),
    "instance_norm": ("5x6x4", "[{instance_norm: {affine: true}, name: n}]",
             "n=InstanceNorm2d(4, affine=True)"),
    "group_norm": ("5x6x6", "[{group_norm: {groups: 3}, name: n}]", "n=GroupNorm(3, 6)"),
    "layer_norm_all": ("4x5x3", "[{layer_norm: {axes: all}, name: n}]", "n=LayerNorm((3, 4, 5))"),
    "lrn": ("4x5x9", "[lrn: {size: 5, alpha: 0.02, k: 2}]", "l=LocalResponseNorm(5, 0.1, k=2)"),
    "lrn_even": ("4x5x9", "[lrn: {size: 4, alpha: 0.02, beta: 0.5, k: 1}]",
             "l=LocalResponseNorm(4, 0.08, 0.5, 1)"),
    "prelu": ("5x6x3", "[{prelu: {parameters: channel}, name: a}, {prelu: , name: b}]",
             "a=PReLU(3), b=PReLU()"),
    "nearest": ("4x5x2", "[upsample: {scale: [2, 3]}]", "u=Upsample(scale_factor=(2, 3))"),
    "nearest_size": ("4x5x2", "[upsample: {size: [7, 6]}]", "u=Upsample((7, 6))"),
    "bilinear": ("4x5x2", "[upsample: {size: [9, 7], mode: bilinear}]",
             "u=Upsample((9, 7), mode='bilinear')"),
    "pixel_shuffle": ("3x4x12", "[pixel_shuffle: {factor: 2}]", "p=PixelShuffle(2)"),
    "channel_shuffle": ("3x4x12", "[channel_shuffle: {groups: 3}]", "p=ChannelShuffle(3)"),
    "pad": ("3x4x2", "[pad: {sides: [1, 2, 0, 3]}]", "p=ZeroPad2d((0, 3, 1, 2))"),
    "fc_over_volume": ("4x3x5",
             "[{fc: {units: 6}, name: a}, {fc: {units: 2, bias: false}, name: b}]",
             "_f=Flatten(), a=Linear(60, 6), b=Linear(6, 2, bias=False)"),
    "flatten_then_fc": ("4x3x5",
             "[flatten, {batch_norm: , name: n}, relu, dropout, {fc: {units: 6}, name: a}]",
             "_f=Flatten(), n=BatchNorm1d(60), _r=ReLU(), _d=Dropout(), a=Linear(60, 6)"),
    "lenet": ("16x16x1", "[{conv: {filters: 4, kernel: 5}, name: c1}, tanh, avg_pool: {kernel: 2},"
             " {conv: {filters: 6, kernel: 3}, name: c2}, relu, max_pool: {kernel: 2},"
             " {fc: {units: 10}, name: f}, softmax]",
             "c1=Conv2d(1, 4, 5), t=Tanh(), p1=AvgPool2d(2), c2=Conv2d(4, 6, 3), r=ReLU(),"
             " p2=MaxPool2d(2), fl=Flatten(), f=Linear(24, 10), s=Softmax(1)"),
    **{
        f"function_{text.partition(':')[0]}": ("4x5x6", f"[{text}]", f"f={module}")
        for text, module in _FUNCTIONS.items()
    },
}  # fmt: skip

#: name -> (input, layers in YAML, what PyTorch computes from x (NCHW) and parameters p)
GRAPHS = {
    "residual": ("6x6x4", """
- add:
    branches:
      - - {conv: {filters: 4, kernel: 3, pad: 1}, name: a}
        - relu
        - {conv: {filters: 4, kernel: 3, pad: 1}, name: b}
      - []
- relu
""", "F.relu(F.conv2d(F.relu(F.conv2d(x, p['a.weight'], p['a.bias'], 1, 1)),"
         " p['b.weight'], p['b.bias'], 1, 1) + x)", {"a": (4, 4, 3, 3), "b": (4, 4, 3, 3)}),
    "gate": ("5x4x3", """
- multiply:
    branches:
      - []
      - - global_avg_pool
        - {conv: {filters: 3, kernel: 1}, name: g}
        - sigmoid
""", "x * torch.sigmoid(F.conv2d(x.mean((2, 3), keepdim=True), p['g.weight'], p['g.bias']))",
         {"g": (3, 3, 1, 1)}),
    "concat_of_flattened": ("4x4x2", """
- concat:
    branches:
      - [flatten]
      - [max_pool: {kernel: 2}, flatten]
- {fc: {units: 3}, name: f}
""", "F.linear(torch.cat([x.flatten(1), F.max_pool2d(x, 2).flatten(1)], 1),"
         " p['f.weight'], p['f.bias'])", {"f": (3, 40)}),
    "cut": ("6x7x5", """
- slice: {start: 1, stop: 4}
- crop: {size: [3, 4]}
- pad: {channels: [1, 2]}
""", "F.pad(x[:, 1:4, 1:4, 1:5], (0, 0, 0, 0, 1, 2))", {}),
    "layer_norm": ("4x5x6", "- {layer_norm: , name: n}",
         "F.layer_norm(x.permute(0, 2, 3, 1), (6,), p['n.weight'], p['n.bias'])"
         ".permute(0, 3, 1, 2)", {"n": (6,)}),
    "scale": ("4x5x6", "- {scale: {bias: true}, name: s}",
         "x * p['s.weight'][:, None, None] + p['s.bias'][:, None, None]", {"s": (6,)}),
}  # fmt: skip


def spec(name):
    """The spec of a case as YAML."""
    shape, layers = (SEQUENCES.get(name) or GRAPHS[name])[:2]
    body = f" {layers}\n" if layers.lstrip().startswith("[") else f"\n{layers}\n"
    return f"input: {shape}\nrounding: floor\nlayers:{body}"


def run_torch(name, batch=None):
    """x and y channels last and the parameters, all as NumPy arrays, computed by PyTorch."""
    import torch
    from torch import nn
    from torch.nn import functional as F  # noqa: N812

    batch = batch or (1 if name == "conv_large" else 2)  # a small file
    torch.manual_seed(sum(map(ord, name)))
    shape = [int(n) for n in (SEQUENCES.get(name) or GRAPHS[name])[0].split("x")]
    x = torch.randn(batch, shape[-1], *shape[:-1])
    with torch.inference_mode():
        if name in SEQUENCES:
            modules = eval(f"dict({SEQUENCES[name][2]})", vars(nn))
            net = nn.Sequential()
            for key, module in modules.items():
                net.add_module(key, module)
            for key, value in net.state_dict().items():  # nothing at its neutral value
                if key.endswith("running_var"):
                    value.uniform_(0.5, 2)
                elif value.is_floating_point():
                    value.normal_(0.2, 0.5)
            y, parameters = net.eval()(x), net.state_dict()
        else:
            parameters = {}
            for layer, dims in GRAPHS[name][3].items():
                parameters[f"{layer}.weight"] = torch.randn(dims) * 0.5
                parameters[f"{layer}.bias"] = torch.randn(dims[0])
            y = eval(GRAPHS[name][2], {"x": x, "p": parameters, "F": F, "torch": torch})
    arrays = {k: v.numpy() for k, v in parameters.items() if "num_batches" not in k}
    return last(x.numpy()), last(y.numpy()), arrays


def last(array):
    """Channels first to channels last."""
    import numpy as np

    return np.ascontiguousarray(np.moveaxis(array, 1, -1))


if __name__ == "__main__":
    import numpy

    found = {}
    for case in (*SEQUENCES, *GRAPHS):
        x, y, parameters = run_torch(case)
        found |= {f"{case}/x": x, f"{case}/y": y}
        found |= {f"{case}/p/{key}": value for key, value in parameters.items()}
    STORED.parent.mkdir(exist_ok=True)
    numpy.savez_compressed(STORED, **found)
    print(f"{len(SEQUENCES) + len(GRAPHS)} cases, {STORED.stat().st_size:,} bytes")

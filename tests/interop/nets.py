"""What the tests of export ask of nets: all bundled ones, and small ones of a few layers."""

from collections.abc import Hashable, Iterator
from typing import Any

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.spec.load import load

NAMES = zoo.names()


def analysis(name: str) -> Analysis:
    return analyze(load(name, zoo.read(name)))


def one(layers: str, shape: str = "12x14x8") -> Analysis:
    found = analyze(load("x.yaml", f"input: {shape}\nrounding: floor\nlayers:\n{layers}".encode()))
    assert not [f for f in found.findings if f.severity == "error"], found.findings
    return found


LAYERS = [
    "  - conv: {filters: 6, kernel: 4, stride: 3, pad: same}\n",
    "  - conv: {filters: 6, kernel: [3, 5], pad: [1, 0, 2, 1], groups: 2}\n",
    "  - conv_transpose: {filters: 6, kernel: 3, stride: 2, pad: 1, output_pad: 1}\n",
    "  - max_pool: {kernel: 3, stride: 2, rounding: ceil}\n",
    "  - avg_pool: {kernel: 3, stride: 2, pad: 1, count_padding: false}\n",
    "  - l2_pool: {kernel: 2}\n",
    "  - adaptive_avg_pool: {output: [6, 7]}\n",
    "  - global_max_pool\n  - fc-5\n",
    "  - batch_norm: {affine: false}\n  - instance_norm: {affine: true}\n",
    "  - group_norm: {groups: 4}\n  - layer_norm\n  - layer_norm: {axes: all}\n",
    "  - lrn: {alpha: 0.1}\n  - lrn: {alpha: 0.1, alpha_over: size}\n",
    "  - scale: {bias: true}\n  - scale: {by: 0.5}\n",
    "  - prelu: {parameters: channel}\n  - prelu\n  - elu\n  - selu\n  - gelu\n  - mish\n",
    "  - silu\n  - hard_swish\n  - hard_sigmoid\n  - leaky_relu\n  - abs\n  - softmax\n",
    "  - pad: {sides: [1, 2, 3, 4]}\n  - crop: {sides: [1, 0, 2, 0]}\n",
    "  - pad: {channels: [2, 2]}\n  - slice: {start: 2, stop: 6}\n",
    "  - upsample: {scale: 2}\n  - upsample: {size: [30, 40], mode: bilinear}\n",
    "  - pixel_shuffle: {factor: 2}\n  - space_to_depth: {factor: 2}\n",
    "  - channel_shuffle: {groups: 2}\n  - fc-16\n  - reshape: {shape: 2x2x4}\n",
    "  - scale: {parameters: one}\n  - scale: {parameters: one, bias: true}\n",
    "  - batch_norm\n  - average: {branches: [[], relu]}\n",
    "  - {conv: {filters: 8, kernel: 1}, name: a}\n  - relu\n"
    "  - {conv: {filters: 8, kernel: 1}, weights: a}\n",
    "  - add: {branches: [conv3-8, [], relu]}\n  - multiply: {branches: [[], global_avg_pool]}\n",
    "  - subtract: {branches: [[], avgpool3s1p1]}\n  - maximum: {branches: [[], relu]}\n",
    "  - {conv: {filters: 4, kernel: 1}, name: '3x3'}\n  - {relu: {}, name: class}\n",
]


#: options that `Step.size` has: windows with kernel, stride, padding of each side and dilation
_SIZED = {"kernel", "stride", "pad", "dilation", "rounding", "output_pad", "scale", "size", "like"}


def options(step: Any, arrive: Any) -> tuple[Hashable, ...]:
    """All options of a layer, those that are said in several ways in one."""
    own = dict(step.layer.__dict__)
    own.pop("in_place", None)  # what is decided without it a .pt2 file says
    kind = step.layer.kind
    if kind == "lrn":
        own["alpha"] = f"{own['alpha'] * (own['size'] if own['alpha_over'] == 'one' else 1):.6g}"
        own["over"] = own["size"]
        del own["alpha_over"]
    if kind == "slice":
        own["stop"] = own["stop"] or arrive[-1]
    if kind == "crop":
        cut = [a - b for a, b in zip(arrive, step.output, strict=True)][:-1]
        sides = own["sides"] if len(own["sides"]) == 2 * len(cut) else own["sides"] * 2 * len(cut)
        own["sides"] = tuple(sides[::2]) or tuple(c // 2 for c in cut)  # where it begins
    if kind == "conv_transpose":  # it has no windows of its own
        own["axes"] = step.layer.axes_of(arrive[:-1])
    if kind == "scale":
        own["times"] = own["by"]
    return tuple(sorted((key, str(own[key])) for key in own.keys() - _SIZED))


def faces(steps: Any) -> Iterator[Hashable]:
    """Each layer by kind, options, windows, shape and what it reads.

    Left out is a flatten before an fc; a pool of one window over all is a global one.
    """
    found: list[Hashable] = []
    for step in steps:
        output = step.output
        if step.layer is None:
            found.append(("input", output))
        elif step.layer.kind in {"identity", "flatten"}:
            found.append(found[step.inputs[0]])
            continue
        else:
            windows = tuple((*w[:6], w.overhang) for w in step.size.windows)
            kind, own = step.layer.kind, options(step, steps[step.inputs[0]].output)
            if kind.endswith("_pool") and set(output[:-1]) == {1}:
                kind, windows, own = f"global_{kind.removeprefix('global_')}", (), ()
            reads = tuple(found[i] for i in step.inputs)
            owner = None if step.shares is None else found[step.shares]
            said = (kind, windows, own, hash(reads), output, owner)
            found.append(hash(said))
        yield found[-1]

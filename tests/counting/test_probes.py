"""Single layers, as other tools counted them: in eval and train mode, batches, shared weights."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from measured import DATA

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.counting.known import find
from convcalc.counting.tally import Counter
from convcalc.spec.load import load

TORCH: dict[str, Any] = json.loads((DATA / "probes" / "torch.json").read_text())
SPECS: dict[str, Any] = json.loads((DATA / "probes" / "specs.json").read_text())

_VOLUME = "12x10x8"
_K3 = "conv: {filters: 16, kernel: 3, pad: 1"
_CONV8 = "conv: {filters: 8, kernel: 3, pad: 1}"
_TWICE = "{}:\n    from: [input, input]"
_UP = "conv_transpose: {filters: 6, kernel: 2, stride: 2"

#: probes of PyTorch modules as a layer of ours; (input, layers)
_LAYERS = {
    "conv3x3 8->16 bias p1": f"{_K3}}}",
    "conv3x3 8->16 nobias p1": f"{_K3}, bias: false}}",
    "conv3x3 8->16 bias s2 p1": f"{_K3}, stride: 2}}",
    "conv g4 8->16 bias": f"{_K3}, groups: 4}}",
    "depthwise 8 nobias": "depthwise_conv: {kernel: 3, pad: 1, bias: false}",
    "conv dil2 bias": "conv: {filters: 16, kernel: 3, pad: 2, dilation: 2}",
    "conv padding_mode=reflect": f"{_K3}, bias: false}}",
    "convT 8->6 k2 s2 bias": f"{_UP}}}",
    "convT 8->6 k2 s2 nobias": f"{_UP}, bias: false}}",
    "convT 8->6 k4 s2 p1 bias": "conv_transpose: {filters: 6, kernel: 4, stride: 2, pad: 1}",
    "convT 8->8 g8 k2 s2 nobias": (
        "conv_transpose: {filters: 8, kernel: 2, stride: 2, groups: 8, bias: false}"
    ),
    "convT 8->12 g2 k3 s2 op1 bias": (
        "conv_transpose: {filters: 12, kernel: 3, stride: 2, pad: 1, output_pad: 1, groups: 2}"
    ),
    "batchnorm2d": "batch_norm",
    "batchnorm2d noaffine": "batch_norm: {affine: false}",
    "groupnorm 4": "group_norm: {groups: 4}",
    "groupnorm noaffine": "group_norm: {groups: 4, affine: false}",
    "layernorm CHW": "layer_norm: {axes: all}",
    "instancenorm": "instance_norm",
    "instancenorm affine": "instance_norm: {affine: true}",
    "lrn5": "lrn: {size: 5}",
    "ReLU": "relu",
    "ReLU6": "relu6",
    "LeakyReLU": "leaky_relu",
    "ELU": "elu",
    "SELU": "selu",
    "GELU": "gelu",
    "SiLU": "silu",
    "Mish": "mish",
    "Hardswish": "hard_swish",
    "Hardsigmoid": "hard_sigmoid",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "ReLU inplace": "relu: {in_place: true}",
    "PReLU one": "prelu",
    "PReLU channel": "prelu: {parameters: channel}",
    "maxpool 2": "max_pool: {kernel: 2}",
    "maxpool 3 s2 p1": "max_pool: {kernel: 3, stride: 2, pad: 1}",
    "avgpool 2": "avg_pool: {kernel: 2}",
    "avgpool 3 s2 p1": "avg_pool: {kernel: 3, stride: 2, pad: 1}",
    "lppool 2": "l2_pool: {kernel: 2}",
    "adaptive avg 1": "global_avg_pool",
    "adaptive avg (3,5)": "adaptive_avg_pool: {output: [3, 5]}",
    "adaptive avg (5,3)": "adaptive_avg_pool: {output: [5, 3]}",
    "adaptive max 1": "global_max_pool",
    "adaptive max (3,5)": "adaptive_max_pool: {output: [3, 5]}",
    "upsample nearest x2": "upsample: {scale: 2}",
    "upsample bilinear x2": "upsample: {scale: 2, mode: bilinear}",
    "upsample bilinear size(20,30)": "upsample: {size: [20, 30], mode: bilinear}",
    "upsample nearest size(20,30)": "upsample: {size: [20, 30]}",
    "dropout": "dropout",
    "flatten": "flatten",
    "identity": "identity",
    "pixelshuffle 2": "pixel_shuffle: {factor: 2}",
    "channelshuffle 4": "channel_shuffle: {groups: 4}",
    "zeropad": "pad: {sides: 1}",
    "f: x + x": _TWICE.format("add"),
    "f: x * x": _TWICE.format("multiply"),
    "f: torch.cat": _TWICE.format("concat"),
}
_VECTORS = {
    "linear 40->7 bias": "fc: {units: 7}",
    "linear 40->7 nobias": "fc: {units: 7, bias: false}",
    "Softmax": "softmax",
}


def _analysis(shape: str, *layers: str) -> Analysis:
    lines = [f"  - {layer}\n" for layer in layers]
    text = f"input: {shape}\nrounding: floor\nlayers:\n{''.join(lines)}"
    found = analyze(load("probe", text.encode()))
    assert not found.broken, (text, found.findings)
    return found


def _cases() -> list[tuple[str, Analysis, int, bool]]:
    found = []
    for name, probe in TORCH.items():
        batch = int(name.rpartition("[batch ")[2].rstrip("]")) if "[batch" in name else 1
        base = name.partition(" [batch")[0].removesuffix(" [train]")
        training = name.endswith("[train]")
        if base in _LAYERS:
            found.append((name, _analysis(_VOLUME, _LAYERS[base]), batch, training))
        elif base in _VECTORS:
            found.append((name, _analysis("40", _VECTORS[base]), batch, training))
        elif base == "batchnorm1d":
            found.append((name, _analysis("40", "batch_norm"), probe["_"]["input"][0], training))
        elif base == "reuse: relu twice":
            found.append((name, _analysis(_VOLUME, "relu", "relu"), 1, training))
        elif base == "reuse: conv twice":
            shared = f"{_CONV8}\n    weights: a"
            found.append((name, _analysis(_VOLUME, f"{_CONV8}\n    name: a", shared), 1, False))
    return found


@pytest.mark.parametrize(("name", "net", "batch", "training"), _cases())
def test_a_pytorch_module(name: str, net: Analysis, batch: int, training: bool) -> None:
    counter = Counter(net, batch, training)
    held = 0
    for tool, measured in TORCH[name].items():
        if tool == "_" or "error" in measured:
            continue
        count = counter.count(find(tool.replace("_", "-")))
        assert count.operations == measured["total"], tool
        assert count.params == measured.get("params", count.params), tool
        assert count.also.get("macs") == measured.get("macs"), tool
        if tool == "fvcore":
            assert count.activations == measured["activations"]
        if tool == "torchinfo":
            assert count.memory == measured["output_bytes"]
            for key in ("param_bytes", "input_bytes"):
                ours = count.also["parameter_bytes" if key == "param_bytes" else key]
                assert ours == measured.get(key, ours), key
        held += 1
    assert held >= 8


def test_the_probes_cover_nearly_all_that_was_measured() -> None:
    left = set(TORCH) - {name for name, *_ in _cases()}
    assert {name for name in left if not name.startswith("f: ")} == {
        "conv padding='same' bias",  # counted as with padding in numbers, with a note
        "linear 40->7 bias on [1,5,40]",  # an fc reads the whole volume here
        "linear nobias on [1,5,40]",
        "batchnorm2d notrack",  # running statistics are always kept here
        "batchnorm2d notrack [train]",
        "layernorm last",  # over the width alone
        "layernorm last [train]",
        "layernorm noaffine",
        "layernorm noaffine [train]",
        "shared weight tensor",  # one module called twice is what a spec means
        "same module under two parents",
        "frozen weight",
        "unused conv beside",
        "own Parameter unused in container",
    }


#: probes of ONNX, Keras and netscope layers
_OTHERS = {
    "adaptive": "adaptive_avg_pool: {output: [3, 5]}",
    "add": _TWICE.format("add"),
    "avg_pool": "avg_pool: {kernel: 2}",
    "avg_pool3": "avg_pool: {kernel: 3, stride: 2, pad: 1}",
    "batch_norm": "batch_norm",
    "channel_shuffle": "channel_shuffle: {groups: 4}",
    "concat": _TWICE.format("concat"),
    "convT_bias": f"{_UP}}}",
    "convT_k3": "conv_transpose: {filters: 6, kernel: 3, stride: 2, bias: false}",
    "convT_nobias": f"{_UP}, bias: false}}",
    "conv_bias": f"{_K3}}}",
    "conv_dil": "conv: {filters: 16, kernel: 3, pad: 2, dilation: 2, bias: false}",
    "conv_g4": f"{_K3}, groups: 4}}",
    "conv_nobias": f"{_K3}, bias: false}}",
    "conv_s2": f"{_K3}, stride: 2}}",
    "depthwise": "depthwise_conv: {kernel: 3, pad: 1}",
    "depthwise_nobias": "depthwise_conv: {kernel: 3, pad: 1, bias: false}",
    "dropout": "dropout",
    "elu": "elu",
    "fc_bias": "fc: {units: 7}",
    "fc_nobias": "fc: {units: 7, bias: false}",
    "flatten": "flatten",
    "gelu": "gelu",
    "global_avg": "global_avg_pool",
    "group_norm": "group_norm: {groups: 4}",
    "hard_sigmoid": "hard_sigmoid",
    "hard_swish": "hard_swish",
    "identity": "identity",
    "instance_norm": "instance_norm",
    "layer_norm": "layer_norm: {axes: all}",
    "leaky_relu": "leaky_relu",
    "lrn": "lrn: {size: 5}",
    "max_pool": "max_pool: {kernel: 2}",
    "max_pool3": "max_pool: {kernel: 3, stride: 2, pad: 1}",
    "mish": "mish",
    "multiply": _TWICE.format("multiply"),
    "pixel_shuffle": "pixel_shuffle: {factor: 2}",
    "prelu": "prelu: {parameters: channel}",
    "relu": "relu",
    "relu6": "relu6",
    "selu": "selu",
    "sigmoid": "sigmoid",
    "silu": "silu",
    "slice": "slice: {stop: 4}",
    "softmax": "softmax",
    "tanh": "tanh",
    "upsample": "upsample: {scale: 2, mode: bilinear}",
    "upsample_nearest": "upsample: {scale: 2}",
}
#: what these tools cannot run, or what was measured once and has no rule: unknown, never zero
_UNKNOWN = {
    "onnx-tool": {"group_norm", "mish", "selu"},
    "tensorflow-profiler": {"group_norm", "instance_norm", "layer_norm"},
}


@pytest.mark.parametrize("name", _OTHERS)
def test_a_layer_of_onnx_keras_and_netscope(name: str) -> None:
    flat = ("flatten",) if name == "softmax" else ()
    counter = Counter(_analysis(_VOLUME, *flat, _OTHERS[name]))
    onnx, ours = SPECS["onnx"][name], counter.count(find("onnx-tool"))
    assert ours.operations == (None if name in _UNKNOWN["onnx-tool"] else onnx["total"])
    if "error" not in onnx:
        assert (ours.params, ours.memory) == (onnx["params"], onnx["memory"])
    keras = SPECS["keras"][name]
    if "error" not in keras:
        assert counter.count(find("keras")).params == keras["keras"]["params"]
        found = counter.count(find("tensorflow-profiler")).operations
        unknown = name in _UNKNOWN["tensorflow-profiler"]
        assert found == (None if unknown else keras["tensorflow"]["total"])
    scope, ours = SPECS["netscope"][name], counter.count(find("netscope"))
    if not scope["supported"]:
        assert ours.operations is None
    elif not scope["shapes_differ"]:
        totals = {"macc": ours.operations, "param": ours.params, "activation": ours.activations}
        assert {**totals, **ours.also} == scope["totals"]
    else:
        assert any("rounds every pool up" in note.text for note in ours.notes)


def test_every_other_probe_has_its_layer() -> None:
    assert set(SPECS["onnx"]) - set(_OTHERS) == {"gate"}

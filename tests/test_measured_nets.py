"""Every measured net, row by row, against counts measured on executed PyTorch modules.

tests/data/nets.json has a row for every layer of 38 nets. Rows that only one side has are listed
with the reason, never skipped.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis, Row
from convcalc.analysis.walk import analyze
from convcalc.spec.load import load

MEASURED: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "nets.json").read_text("utf-8")
)["nets"]

#: the measured net -> the bundled one, where they are not called the same
CALLED = {
    "alexnet": "alexnet-one-tower",
    "alexnet_caffe": "alexnet",
    "alexnet_ungrouped": "alexnet-ungrouped",
    "all_cnn_c": "all-cnn-c",
    "googlenet": "googlenet-torchvision",
    "googlenet_bvlc": "googlenet",
    "lenet5_modern": "lenet5",
    "lenet_caffe": "lenet-caffe",
    "nin_cifar10": "nin-cifar10",
    "nin_imagenet": "nin",
    "resnet20_cifar10_A": "resnet20-a",
    "resnet20_cifar10_B": "resnet20-b",
    "resnet50_v1_stride_on_1x1": "resnet50-v1",
    "resnet56_cifar10_A": "resnet56-a",
    "resnext50_32x4d": "resnext50",
    "unet_572": "unet",
    "vgg_A": "vgg11",
    "vgg_A-LRN": "vgg11-lrn",
    "vgg_B": "vgg13",
    "vgg_C": "vgg16-c",
    "vgg_D": "vgg16",
    "vgg_E": "vgg19",
}

#: PyTorch's module or function -> the kinds that a spec may write for it
KINDS = {
    "AdaptiveAvgPool2d": {"global_avg_pool"},
    "AvgPool2d": {"avg_pool", "global_avg_pool"},  # over the whole volume it is the global one
    "BatchNorm2d": {"batch_norm"},
    "Conv2d": {"conv", "depthwise_conv"},
    "ConvTranspose2d": {"conv_transpose"},
    "Dropout": {"dropout"},
    "Linear": {"fc"},
    "LocalResponseNorm": {"lrn"},
    "MaxPool2d": {"max_pool"},
    "ReLU": {"relu"},
    "ReLU6": {"relu6"},
    "Tanh": {"tanh"},
    "adaptive_avg_pool2d": {"global_avg_pool"},
    "add": {"add"},
    "cat": {"concat"},
    "getitem": {"crop", "avg_pool"},  # U-Net's centre crop; every second pixel is a 1x1 of stride 2
    "pad": {"pad"},
    "relu": {"relu"},
}

_FC = "fc reads the volume as it is: nothing has to be flattened for it"

_END = "bundled nets stop at the class scores, as the notes' listing does"

_AS_IT_IS = "torchvision's pool to the size that the volume has already, which changes nothing"

_BEFORE = "a dropout that torch applies to the flattened vector, and the file to the volume"

_SLIDES = "the slides' listing normalises after the pool, the measured net before it"

_GATHERED = "torchvision gathers all pieces once more, the file has joined them already"

_FLATTEN = {"flatten": _FC}

_VGG_TORCH = {"avgpool": _AS_IT_IS, "flatten": _FC}

_CAFFE = {"flatten": _FC, "prob": _END}

_SCORES = {"flatten": "the scores stay 1x1xC: nothing reads them"}

#: rows of the measured nets without a counterpart in the file: name -> reason
THEIRS_ALONE: dict[str, dict[str, str]] = {
    "alexnet": {"avgpool": _AS_IT_IS, "flatten": _FC, "classifier.0": _BEFORE},
    "alexnet_caffe": _CAFFE,
    "alexnet_ungrouped": {**_CAFFE, "norm1": _SLIDES, "norm2": _SLIDES},
    "all_cnn_c": {**_SCORES, "prob": _END},
    "densenet121": {
        "cat": _GATHERED, "cat_7": _GATHERED, "cat_20": _GATHERED, "cat_45": _GATHERED,
        "flatten": _FC,
    },
    "googlenet": {"flatten": _FC, "dropout": _BEFORE},
    "googlenet_bvlc": _CAFFE,
    "lenet5_modern": _FLATTEN,
    "lenet_caffe": _CAFFE,
    "mobilenet_v1": _FLATTEN,
    "mobilenet_v2": {"flatten": _FC, "classifier.0": _BEFORE},
    "nin_cifar10": _SCORES,
    "nin_imagenet": {**_SCORES, "prob": _END},
    "resnet18": _FLATTEN,
    "resnet34": _FLATTEN,
    "resnet50": _FLATTEN,
    "resnet101": _FLATTEN,
    "resnet152": _FLATTEN,
    "resnet20_cifar10_A": _FLATTEN,
    "resnet20_cifar10_B": _FLATTEN,
    "resnet50_v1_stride_on_1x1": _FLATTEN,
    "resnet56_cifar10_A": _FLATTEN,
    "resnext50_32x4d": _FLATTEN,
    "squeezenet1_0": _SCORES,
    "squeezenet1_1": _SCORES,
    "unet_572": {},
    "vgg11": _VGG_TORCH,
    "vgg13": _VGG_TORCH,
    "vgg16": _VGG_TORCH,
    "vgg16_bn": _VGG_TORCH,
    "vgg19": _VGG_TORCH,
    "vgg_A": _CAFFE,
    "vgg_A-LRN": _CAFFE,
    "vgg_B": _CAFFE,
    "vgg_C": _CAFFE,
    "vgg_D": _CAFFE,
    "vgg_E": _CAFFE,
    "zfnet": _CAFFE,
}  # fmt: skip

#: layers of the files without a counterpart in the measured net
OURS_ALONE: dict[str, dict[str, str]] = {
    "alexnet": {"dropout1": _BEFORE},
    "alexnet_ungrouped": {"norm1": _SLIDES, "norm2": _SLIDES},
    "googlenet": {"dropout1": _BEFORE},
    "mobilenet_v2": {"dropout1": _BEFORE},
}


@cache
def analysis(name: str) -> Analysis:
    return analyze(load(name, zoo.read(name)))


class Line(NamedTuple):
    """What both sides say of a layer."""

    shape: tuple[int, ...]
    params: int | None
    macs: int | None


def _ours(row: Row) -> Line:
    assert row.step.output is not None
    return Line(row.step.output, row.params, row.macs)


def _theirs(row: list[Any]) -> Line:
    channels, *spatial = row[2]
    return Line((*spatial, channels), row[3], row[4])


@pytest.mark.parametrize("measured", MEASURED)
def test_every_layer_agrees_with_the_measured_net(measured: str) -> None:
    net = MEASURED[measured]
    found = analysis(CALLED.get(measured, measured))
    alone = OURS_ALONE.get(measured, {})
    theirs = [row for row in net["layers"] if row[0] not in THEIRS_ALONE[measured]]
    ours = [row for row in found.rows[1:] if row.step.name not in alone]
    # the listed rows exist, once each, and cost nothing: a list that is out of date fails
    assert len(theirs) == len(net["layers"]) - len(THEIRS_ALONE[measured])
    assert len(ours) == len(found.rows) - 1 - len(alone)
    dropped = [row for row in net["layers"] if row[0] in THEIRS_ALONE[measured]]
    assert all(row[3] == row[4] == 0 for row in dropped)
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.step.kind in KINDS[other[1]], (mine.step.name, other)
        assert _ours(mine) == _theirs(other), (mine.step.name, other)


@pytest.mark.parametrize("measured", MEASURED)
def test_totals_agree_with_the_measured_net(measured: str) -> None:
    net = MEASURED[measured]
    found = analysis(CALLED.get(measured, measured))
    channels, *spatial = net["input"]
    assert found.rows[0].step.output == (*spatial, channels)
    totals, params = found.totals, net["params"]
    assert totals.params == totals.trainable == params["total"]
    assert (totals.weights, totals.biases, totals.norm) == (
        params["weights"],
        params["biases"],
        params["norm"],
    )
    assert totals.macs == net["macs"]["total"]
    # PyTorch counts each norm's batches too; that counter is no statistic of the net
    assert totals.buffers == net["buffers"]["running_stats"]


def test_every_required_net_is_bundled() -> None:
    assert {CALLED.get(name, name) for name in MEASURED} <= set(zoo.names())

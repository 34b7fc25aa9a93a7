"""What a layer is called now, and whether it takes part outside training."""

from convcalc.interop.read.caffe.layers import OUTSIDE, TYPES
from convcalc.interop.read.caffe.text import TextFields

#: the dialect before 2014: names in capitals, `layers` in place of `layer`
OLD_NAMES = {
    "".join(name.upper().split("_")): name for name in (*TYPES, *OUTSIDE, "Split", "Slice", "Power")
}
OLD_NAMES |= {
    "INNER_PRODUCT": "InnerProduct",
    "SOFTMAX_LOSS": "SoftmaxWithLoss",
    "EUCLIDEAN_LOSS": "EuclideanLoss",
    "HINGE_LOSS": "HingeLoss",
    "IMAGE_DATA": "ImageData",
    "HDF5_DATA": "HDF5Data",
    "MEMORY_DATA": "MemoryData",
    "WINDOW_DATA": "WindowData",
    "SIGMOID_CROSS_ENTROPY_LOSS": "SigmoidCrossEntropyLoss",
}


def type_of(layer: TextFields) -> str:
    """The type of a layer, old names in capitals turned into new ones."""
    found = layer.word("type")
    return OLD_NAMES.get(found) or OLD_NAMES.get(found.replace("_", ""), found)


def in_deploy(layer: TextFields) -> bool:
    """Whether a layer takes part when the net is not trained."""
    phases = [rule.word("phase") for rule in layer.messages("include")]
    if any(phases) and all(phase in {"TRAIN", "0"} for phase in phases if phase):
        return False
    excluded = [rule.word("phase") for rule in layer.messages("exclude")]
    return "TEST" not in excluded
